"""Answering alone: one question per page, forward and back, stopped and gone on with (REQ-30)."""

from flask import Blueprint, abort, g, request

from models.base import N_, RuleBroken
from models.diagnostics import filling
from models.diagnostics.diagnostic import Diagnostic, Writer
from models.diagnostics.guiding import Guide, begin, comfort_of, paths_of
from models.diagnostics.openness import Openness
from models.permissions import Permission
from models.questionnaire.guide_words import tell
from models.questionnaire.versions import POTENTIALS_GRID, SINGLE_TEMPLATE

from ..access import opens_file
from ..forms import once, whole_number
from ..pages import go_to, render_page
from .showing import Screen, reading_of

MOST_REVISIONS = 10**9
FIELD = "reponse"
# The rank of a question in its version, rather than its key: an address tells nothing.
QUESTION = "/mon-espace/diagnostic/<code:diagnostic>/<int(min=1, max=999):rank>"

blueprint = Blueprint("answering", __name__)


@blueprint.get("/mon-espace/diagnostic")
@opens_file(Permission.DIAGNOSTIC_ANSWER, act="diagnostic:read")
def home(person):
    """What she may answer; the grid is proposed by her own answers, and never imposed (REQ-38)."""
    return render_page("answering/home.html", paths=paths_of(person), reading_of=reading_of)


@blueprint.post("/mon-espace/diagnostic/commencer")
@opens_file(Permission.DIAGNOSTIC_ANSWER, act="diagnostic:read")
def start(person):
    key = request.form.get("trame")
    if key not in (SINGLE_TEMPLATE, POTENTIALS_GRID):
        raise RuleBroken(N_("Ce formulaire est incomplet : rouvrez la page et recommencez."))
    return go_to("answering.resume", diagnostic=once(lambda: begin(person, key).code))


def hers(person, code):
    """Her diagnostic of this address; 404 for any other (I13)."""
    return Diagnostic.of_hers(person, code) or abort(404)


def guide_of(person, diagnostic):
    return Guide(diagnostic, Openness.of_asker(person, person))


@blueprint.get("/mon-espace/diagnostic/<code:diagnostic>")
@opens_file(Permission.DIAGNOSTIC_ANSWER, act="diagnostic:read")
def resume(person, diagnostic):
    """Stopped here or elsewhere, alone or with a référent: she goes on at the right question."""
    found = hers(person, diagnostic)
    if not found.is_draft:
        return go_to("answering.review", diagnostic=found.code)
    return _to(found, guide_of(person, found).resume())


def _to(diagnostic, rank, *, say=None):
    """The page of this rank; past the last one, the end."""
    if rank is None:
        return go_to("answering.done", diagnostic=diagnostic.code, say=say)
    return go_to("answering.question", diagnostic=diagnostic.code, rank=rank, say=say)


@blueprint.get(QUESTION)
@opens_file(Permission.DIAGNOSTIC_ANSWER, act="diagnostic:read")
def question(person, diagnostic, rank):
    """One question; what is not asked here leads to the next one that is."""
    found, guide, asked = _at(person, diagnostic, rank)
    if asked is None:
        return go_to("answering.resume", diagnostic=found.code)
    return _page(person, found, guide, asked)


@blueprint.post(QUESTION)
@opens_file(Permission.DIAGNOSTIC_ANSWER, act="diagnostic:read")
def answer(person, diagnostic, rank):
    """Kept at once; an answer to what is not asked here writes nothing, and it is said."""
    found, guide, asked = _at(person, diagnostic, rank)
    if asked is None:
        words = tell("not-asked", reading_of(guide.template))
        return go_to("answering.resume", diagnostic=found.code, say=words)
    typed = request.form.getlist(FIELD)
    if _is_masked(guide, asked) and not _says_something(asked, typed):
        return _to(found, guide.after(rank))
    saved = _saved(person, found, asked, typed)
    if fault := saved.faults.get(asked.key):
        return _page(person, found, guide, asked, typed=typed, fault=fault)
    return _to(found, guide_of(person, found).after(rank), say=_told(saved, guide))


def _at(person, code, rank):
    """`(diagnostic, Guide, question)`; no question once validated, or when it is not asked."""
    found = hers(person, code)
    guide = guide_of(person, found)
    return found, guide, guide.question(rank) if found.is_draft else None


def _is_masked(guide, asked):
    return guide.is_masked(asked, is_shared=g.person_session.is_shared)


def _page(person, diagnostic, guide, asked, *, typed=None, fault=None):
    comfort, is_masked = comfort_of(person), _is_masked(guide, asked)
    return render_page(
        "answering/question.html",
        status=422 if fault else 200,
        diagnostic=diagnostic,
        screen=Screen(guide, asked, comfort, typed=typed, is_masked=is_masked),
        fault=fault,
    )


def _says_something(asked, typed):
    """Whether a form that did not show the former answer says another one; « not now » does."""
    return bool(typed) if asked.is_list else any(typed)


def _saved(person, diagnostic, asked, typed):
    seen = whole_number(request.form.get("vu", ""), MOST_REVISIONS)
    if seen is None:
        raise RuleBroken(N_("Ce formulaire est incomplet : rouvrez la page et recommencez."))
    writer = Writer(person)
    return filling.save(diagnostic, {asked.key: typed}, seen=seen, writer=writer, keys=[asked.key])


def _told(saved, guide):
    """What else the answer did, in the language she reads."""
    language = reading_of(guide.template)
    if saved.contested:
        return tell("contested", language)
    return tell("lost", language) if saved.lost else None


@blueprint.get("/mon-espace/diagnostic/<code:diagnostic>/fin")
@opens_file(Permission.DIAGNOSTIC_ANSWER, act="diagnostic:read")
def done(person, diagnostic):
    """What she answered, strengths first; the grid when her answers propose it."""
    found = hers(person, diagnostic)
    guide = guide_of(person, found)
    return render_page(
        "answering/done.html",
        diagnostic=found,
        guide=guide,
        screen=Screen(guide, None, comfort_of(person)),
        is_shared=g.person_session.is_shared,
        proposes_grid=any(path.is_news for path in paths_of(person)),
    )
