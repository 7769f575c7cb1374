"""What is asked of the questions, by whom (a role) and why; the votes of all (REQ-39)."""

from flask import Blueprint, abort, g, request

from models.base import N_, RuleBroken
from models.permissions import Permission
from models.persons.sharing import Domain
from models.questionnaire import drafting
from models.questionnaire.asking import AskedWhy, Asker
from models.questionnaire.proposals import (
    Ballot,
    Outcome,
    QuestionProposal,
    QuestionVote,
    Reason,
    current_templates,
    labels_in,
    question_of,
)

from ..access import allowed_to, asking, may
from ..forms import once
from ..languages import gettext, say
from ..pages import go_to, render_page
from .forms import ChangeForm, MissingForm

MOST_SHOWN = 50

blueprint = Blueprint("proposals", __name__)


@blueprint.get("/trame/propositions")
@allowed_to(Permission.TEMPLATE_PROPOSE)
def index():
    """The living ones with most voices first, then those that have an answer."""
    found = QuestionProposal.tallied()
    return render_page(
        "proposals/index.html",
        living=[one for one in found if one.is_open][:MOST_SHOWN],
        answered=[one for one in found if not one.is_open][:MOST_SHOWN],
        **_shown(),
    )


def _shown():
    """What every list of proposals is shown with."""
    return {
        "mine": QuestionVote.of_voter(asking()),
        "labels": labels_in(g.language),
        "ballots": Ballot,
        "roles": Asker,
        "outcomes": Outcome,
        "decides": may(Permission.TEMPLATE_WRITE),
        "is_person": asking().is_accompanied,
    }


@blueprint.get("/trame/propositions/question/<key>")
@allowed_to(Permission.TEMPLATE_PROPOSE)
def question(key):
    """One question: where it comes from, who asked for it and why, what is asked of it."""
    version, found = question_of(key) or abort(404)
    return render_page(
        "proposals/question.html",
        version=version,
        question=found,
        asked_for=[_requested(one) for one in found.asked_for],
        proposals=QuestionProposal.tallied(question=key),
        **_shown(),
    )


def _requested(line):
    """`(role, reason, date)` of a line of the history."""
    return Asker(line["role"]).label, AskedWhy(line["raison"]).label, line["date"]


@blueprint.route("/trame/propositions/proposer", methods=["GET", "POST"])
@allowed_to(Permission.TEMPLATE_PROPOSE)
def propose():
    """A change of the question of the address, or a subject that is missing."""
    key = request.values.get("question")
    found = key and question_of(key)
    form = ChangeForm() if found else MissingForm()
    problems = {}
    if form.is_submitted():
        problems = form.problems if not form.validate() else _proposed(form, found)
        if not problems:
            words = gettext(N_("Votre proposition est notée, avec votre vote."))
            return go_to("proposals.index", say=words)
    return render_page(
        "proposals/change.html" if found else "proposals/missing.html",
        status=422 if problems else 200,
        form=form,
        problems=problems,
        question=found and found[1],
        templates=current_templates(),
        domains=Domain.choices(),
    )


def _proposed(form, found):
    """`{field: sentence}` of what refuses it; nothing when it is written."""
    if found:
        version, asked = found
        told, field = {"question": asked.key, "reason": Reason(form.raison.data)}, "raison"
        template = version.key
    else:
        told, field = {"domain": Domain(form.domaine.data), "reason": Reason.MISSING}, "domaine"
        template = form.trame.data
    try:
        once(lambda: QuestionProposal.propose(template, by=asking(), **told).code)
        return {}
    except RuleBroken as broken:
        return {field: say(broken)}


@blueprint.post("/trame/propositions/<code:code>/voter")
@allowed_to(Permission.TEMPLATE_PROPOSE, load=QuestionProposal.by_code)
def vote(proposal):
    QuestionVote.cast(proposal, _chosen(Ballot, "vote"), by=asking())
    return go_to("proposals.index", say=gettext(N_("Votre vote est noté.")))


@blueprint.post("/trame/propositions/<code:code>/repondre")
@allowed_to(Permission.TEMPLATE_WRITE, load=QuestionProposal.by_code)
def decide(proposal):
    drafting.answer(proposal, _chosen(Outcome, "reponse"), by=asking())
    return go_to("proposals.index", say=gettext(N_("Votre réponse est enregistrée.")))


def _chosen(vocabulary, field):
    value = request.form.get(field)
    if value not in list(vocabulary):
        raise RuleBroken(N_("Ce formulaire est incomplet : rouvrez la page et recommencez."))
    return vocabulary(value)
