"""An operation: describing it, opening it, ending it, taking it up again (REQ 28)."""

import functools

from flask import request

from models.action_bank.sheets import Action
from models.base import N_, RuleBroken
from models.network.organisations import Organisation
from models.permissions import Permission
from models.recruitment import RecruitmentOperation, funnel

from ..access import actor, allowed_to
from ..forms import once
from ..languages import gettext, say
from ..pages import go_to, render_page
from .forms import OperationForm, shown
from .preparing import back, edit, leading, seen
from .views import blueprint, show_operation


@blueprint.route("/recrutements/nouveau/<code:code>", methods=["GET", "POST"])
@allowed_to(Permission.RECRUITMENT_WRITE, load=Organisation.by_code)
def new(organisation):
    form = OperationForm()
    _offer_sheets(form, organisation)
    made = []

    def act():
        start = functools.partial(RecruitmentOperation.start, organisation, by=actor())
        made.append(once(lambda: start(**form.values()).code))

    return edit(
        "edit",
        form,
        act,
        lambda: go_to("recruitment.show", code=made[0], say=gettext(N_("C’est en préparation."))),
        about="fin",
        organisation=organisation,
        operation=None,
    )


def _offer_sheets(form, organisation, held=None):
    """The sheets of the organisation that leads, and the one already linked."""
    sheets = {one.code: one for one in Action.listed_of(organisation)}
    if held:
        sheets.setdefault(held.code, held)
    form.sheets = {code: one.id for code, one in sheets.items()}
    form.fiche.choices = [("", N_("Aucune"))]
    form.fiche.choices += [(code, one.name) for code, one in sheets.items()]


@blueprint.route("/recrutements/<code:code>/modifier", methods=["GET", "POST"])
@leading
def describe(operation):
    form = OperationForm(data=_described(operation))
    _offer_sheets(form, operation.organisation, operation.action)
    return edit(
        "edit",
        form,
        lambda: operation.describe(by=actor(), seen=seen(), **form.values()),
        lambda: back(operation, N_("Enregistré.")),
        row=operation,
        read=_described,
        about="fin",
        organisation=operation.organisation,
        operation=operation,
    )


def _described(operation):
    return {
        "titre": operation.title,
        "entreprise": operation.employer,
        "commune": operation.commune,
        "postes": shown(operation.places),
        "debut": shown(operation.opens_on),
        "fin": shown(operation.closes_on),
        "profil": operation.profile,
        "fiche": operation.action.code if operation.action else "",
    }


# Its states


def _turn(operation, act, words):
    try:
        act(by=actor())
    except RuleBroken as broken:
        return show_operation(operation, status=409, refusal=say(broken))
    return back(operation, words)


@blueprint.post("/recrutements/<code:code>/ouvrir")
@allowed_to(Permission.RECRUITMENT_WRITE, load=RecruitmentOperation.reading)
def open_operation(operation):
    return _turn(operation, operation.open, N_("L’opération est ouverte à tout le réseau."))


@blueprint.route("/recrutements/<code:code>/clore", methods=["GET", "POST"])
@allowed_to(Permission.RECRUITMENT_WRITE, load=RecruitmentOperation.reading)
def close(operation):
    if request.method == "GET":
        return _before_ending(operation, "close")
    return _turn(operation, operation.close, N_("L’opération est close."))


@blueprint.route("/recrutements/<code:code>/annuler", methods=["GET", "POST"])
@allowed_to(Permission.RECRUITMENT_WRITE, load=RecruitmentOperation.reading)
def cancel(operation):
    if request.method == "GET":
        return _before_ending(operation, "cancel")
    return _turn(operation, operation.cancel, N_("L’opération est annulée."))


def _before_ending(operation, verb):
    if not operation.is_running:
        return back(operation)
    return render_page(
        "recruitment/end.html",
        operation=operation,
        verb=verb,
        awaited=operation.awaited(),
        levels=funnel(operation.partners_by_name()),
    )


@blueprint.post("/recrutements/<code:code>/rouvrir")
@allowed_to(Permission.RECRUITMENT_WRITE, load=RecruitmentOperation.reading)
def reopen(operation):
    return _turn(operation, operation.reopen, N_("L’opération reprend."))
