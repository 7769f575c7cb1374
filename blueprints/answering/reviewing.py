"""Reading again what is written of her: each box, then each need (L7, REQ-35)."""

from flask import request

from models.base import N_
from models.diagnostics.diagnostic import Writer
from models.diagnostics.domains import Opinion
from models.diagnostics.needs import NeedDecision, Wish
from models.diagnostics.reviewing import boxes_of, needs_of, strengths_of
from models.diagnostics.reviewing import review as write_review
from models.permissions import Permission
from models.questionnaire.deriving import DomainState
from models.questionnaire.reference import LEVERS, SKILLS
from models.questionnaire.shape import HIGHEST

from ..access import opens_file
from ..languages import gettext
from ..pages import go_to, render_page
from .showing import reading_of
from .views import blueprint, hers

OPINIONS = {one.value: one for one in Opinion}
WISHES = {one.value: one for one in Wish}


@blueprint.get("/mon-espace/diagnostic/<code:diagnostic>/relire")
@opens_file(Permission.DIAGNOSTIC_ANSWER, act="diagnostic:read")
def review(person, diagnostic):
    found = hers(person, diagnostic)
    boxes = boxes_of(found)
    return render_page(
        "answering/review.html",
        diagnostic=found,
        boxes=[box for box in boxes if box.state is not DomainState.NOT_DISCUSSED],
        silent=[box.domain for box in boxes if box.state is DomainState.NOT_DISCUSSED],
        has_lines=any(box.lines for box in boxes),
        opinions=Opinion.choices(),
        levers={key: said.said(reading_of(found.template)) for key, said in LEVERS.items()},
        highest=HIGHEST,
        states=DomainState,
    )


@blueprint.post("/mon-espace/diagnostic/<code:diagnostic>/relire")
@opens_file(Permission.DIAGNOSTIC_ANSWER, act="diagnostic:read")
def give_opinions(person, diagnostic):
    """An unknown word is nobody’s opinion: it is passed over."""
    found = hers(person, diagnostic)
    write_review(found, _fields("avis-", OPINIONS), by=person)
    return go_to("answering.review", diagnostic=found.code, say=gettext(N_("Votre avis est noté.")))


def _fields(prefix, words):
    """`{name without its prefix: member}` of the fields that hold a word of this vocabulary."""
    return {
        name.removeprefix(prefix): words[value]
        for name, value in request.form.items()
        if name.startswith(prefix) and value in words
    }


@blueprint.get("/mon-espace/diagnostic/<code:diagnostic>/besoins")
@opens_file(Permission.DIAGNOSTIC_ANSWER, act="diagnostic:read")
def needs(person, diagnostic):
    found = hers(person, diagnostic)
    language = reading_of(found.template)
    asked = needs_of(found, language)
    return render_page(
        "answering/needs.html",
        diagnostic=found,
        strengths=[SKILLS[key].said(language) for key in strengths_of(found)],
        needs=[one for one in asked if one.sensitivity < HIGHEST],
        secret=[one for one in asked if one.sensitivity >= HIGHEST],
        wishes=Wish.choices(),
    )


@blueprint.post("/mon-espace/diagnostic/<code:diagnostic>/besoins")
@opens_file(Permission.DIAGNOSTIC_ANSWER, act="diagnostic:read")
def keep_needs(person, diagnostic):
    """What she ticked of each need; one she says nothing of stays as it was."""
    found = hers(person, diagnostic)
    asked = {one.key for one in needs_of(found, reading_of(found.template))}
    NeedDecision.decide_known(found, _fields("besoin-", WISHES), asked, writer=Writer(person))
    return go_to(
        "answering.needs", diagnostic=found.code, say=gettext(N_("Vos choix sont gardés."))
    )
