"""Asking to accompany somebody by her identifier; receiving one whom another hands over."""

from models.base import N_, RuleBroken
from models.permissions import Permission
from models.persons.agreements import Agreement, Given
from models.persons.handover import Handover
from models.persons.requests import OPEN_DAYS, AccompanimentRequest

from ..access import actor, allowed_to, oneself
from ..forms import once
from ..languages import gettext, say
from ..pages import go_to, render_page
from .forms import AskForm, OnlyCodeForm, ReceiveForm
from .views import blueprint


@blueprint.route("/personnes/demander", methods=["GET", "POST"])
@allowed_to(Permission.FILE_START, load=oneself)
def ask(account):
    """The same answer, whoever has this identifier or nobody."""
    form = AskForm.of(account.rights.writing)
    problems = form.problems if form.is_submitted() and not form.validate() else {}
    if form.is_submitted() and not problems:
        problems = _asked(form)
        if not problems:
            return go_to("referents.ask", say=gettext(ANSWERED))
    status = 422 if problems else 200
    return render_page(
        "referents/ask.html", status=status, form=form, problems=problems, days=OPEN_DAYS
    )


ANSWERED = N_(
    "Si une personne a cet identifiant, elle lit votre demande dans son espace. Vous la verrez "
    "dans vos personnes quand elle aura accepté."
)


def _asked(form):
    """`{field: sentence}` of what refuses it."""
    try:
        once(lambda: AccompanimentRequest.ask(form.identifiant.data, form.membership, by=actor()))
    except RuleBroken as broken:
        return {"identifiant": say(broken)}
    return {}


@blueprint.get("/personnes/relais")
@allowed_to(Permission.FILE_START, load=oneself)
def received(account):
    """The persons whom one is proposed to accompany: nothing of their files."""
    return render_page("referents/received.html", handovers=Handover.waiting_for(account))


@blueprint.route("/personnes/relais/<code:code>", methods=["GET", "POST"])
@allowed_to(Permission.FILE_START, load=Handover.waiting_of_code)
def receive(handover):
    """She is there, and types her own code on this screen."""
    has_agreed = Agreement.between(handover.person, handover.organisation) is not None
    form, problems = OnlyCodeForm() if has_agreed else ReceiveForm(), {}
    if form.is_submitted():
        problems = form.refusal(handover.person) or _received(handover, form)
        if not problems:
            done = gettext(N_("Vous êtes maintenant son référent unique."))
            return go_to("referents.show", code=handover.person.code, say=done)
    return render_page(
        "referents/receive.html",
        status=422 if problems else 200,
        handover=handover,
        form=form,
        problems=problems,
        has_agreed=has_agreed,
    )


def _received(handover, form):
    """`{field: sentence}` of what refuses it."""
    how = {"given": Given.CODE, "shared": form.agreed()}
    try:
        once(lambda: handover.accept(by=actor(), **how).code)
    except RuleBroken as broken:
        return {"code": say(broken)}
    return {}
