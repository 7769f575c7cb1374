"""« Mes référents »: who accompanies her, what she answers, whom she names, whom she stops."""

from flask import abort

from models.base import N_, RuleBroken
from models.permissions import Permission
from models.persons.accompaniments import Accompaniment, ReferentRole
from models.persons.agreements import Agreement, Given
from models.persons.circle import circle
from models.persons.handover import (
    Handover,
    link_of,
    name_lead,
    successors,
)
from models.persons.handover import stop as stop_link
from models.persons.orphans import is_orphan, organisations_agreed
from models.persons.requests import AccompanimentRequest

from ..access import accompanied, opens_file
from ..forms import once
from ..languages import gettext, say
from ..pages import go_to, render_page
from ..sharing_form import Consent, OwnSharingForm
from .forms import AnswerForm, NameForm
from .views import blueprint


@blueprint.get("/mon-espace/mes-referents")
@opens_file(Permission.SPACE_USE)
def mine(person):
    around = circle(person)
    return render_page(
        "referents/mine.html",
        present=around.present,
        former=around.former,
        lacks=around.lacks(),
        requests=AccompanimentRequest.waiting_for(person),
        handover=Handover.waiting_of(person),
        may_choose=is_orphan(person),
    )


@blueprint.route("/mon-espace/demandes/<code:asked>", methods=["GET", "POST"])
@opens_file(Permission.AGREEMENT_GIVE)
def answer(person, asked):
    """She accepts, and chooses what she shares; somebody else's request is a 404 (I13)."""
    found = AccompanimentRequest.of_person(person, asked) or abort(404)
    form, is_free = AnswerForm(), Accompaniment.free_role(person) is ReferentRole.LEAD
    if not is_free:
        form.role.data = ReferentRole.OTHER.value

    def accept():
        role = ReferentRole(form.role.data)
        return found.accept(role, form.agreed(), by=person).code

    return _answer(found, form, accept, is_free=is_free, kind="demande")


@blueprint.post("/mon-espace/demandes/<code:asked>/refuser")
@opens_file(Permission.AGREEMENT_GIVE)
def decline(person, asked):
    return _declined(AccompanimentRequest.of_person(person, asked), person)


@blueprint.route("/mon-espace/relais/<code:handover>", methods=["GET", "POST"])
@opens_file(Permission.AGREEMENT_GIVE)
def agree(person, handover):
    """She accepts another référent unique. What she agreed to meanwhile is not asked again."""
    found = Handover.of_person(person, handover) or abort(404)
    has_agreed = Agreement.between(person, found.organisation) is not None
    form = Consent() if has_agreed else OwnSharingForm()

    def accept():
        return found.accept(by=person, given=Given.OWN_SPACE, shared=form.agreed()).code

    return _answer(found, form, accept, has_agreed=has_agreed, kind="relais")


@blueprint.post("/mon-espace/relais/<code:handover>/refuser")
@opens_file(Permission.AGREEMENT_GIVE)
def refuse(person, handover):
    return _declined(Handover.of_person(person, handover), person)


def _answer(found, form, accept, **context):
    problems, refusal = {}, None
    if form.is_submitted():
        problems = form.refusal(accompanied())
        refusal = None if problems else _refusal_of(accept)
        if not problems and refusal is None:
            return _back(N_("C’est accepté. Vous pouvez changer d’avis à tout moment."))
    return render_page(
        "referents/answer.html",
        status=422 if problems or refusal else 200,
        found=found,
        form=form,
        problems=problems,
        refusal=refusal,
        **context,
    )


def _refusal_of(act):
    """Do it once; the sentence of the rule that refuses, or None."""
    try:
        once(act)
    except RuleBroken as broken:
        return say(broken)
    return None


def _declined(found, person):
    if found is None:
        abort(404)
    try:
        found.decline(by=person)
    except RuleBroken as broken:
        return go_to("referents.mine", say=say(broken))
    return _back(N_("C’est refusé. Rien de votre dossier n’a été montré."))


def _back(words):
    return go_to("referents.mine", say=gettext(words))


@blueprint.route("/mon-espace/mes-referents/<code:link>/terminer", methods=["GET", "POST"])
@opens_file(Permission.AGREEMENT_GIVE)
def stop(person, link):
    """Asking that an accompaniment ends is enough to end it."""
    form = Consent()
    found = link_of(person, link) or abort(404)
    if found.ended_at is not None:
        return go_to("referents.mine")
    if form.validate_on_submit():
        stop_link(found, by=person)
        return _back(N_("Ce professionnel ne vous accompagne plus, et ne lit plus rien."))
    return render_page("referents/stop.html", link=found)


@blueprint.route("/mon-espace/mes-referents/choisir", methods=["GET", "POST"])
@opens_file(Permission.AGREEMENT_GIVE)
def choose(person):
    """Without référent, she names one where she agrees already (I14)."""
    known = successors(organisations=organisations_agreed(person), leads_only=True)
    form = NameForm.among(known)
    problems = form.problems if form.is_submitted() and not form.validate() else {}
    if form.is_submitted() and not problems:
        refusal = _refusal_of(lambda: name_lead(person, form.who, by=person).code)
        problems = {"vers": refusal} if refusal else {}
        if not problems:
            return _back(N_("Votre référent unique est choisi. Il est prévenu."))
    return render_page(
        "referents/choose.html",
        status=422 if problems else 200,
        form=form,
        problems=problems,
        may_choose=is_orphan(person),
    )
