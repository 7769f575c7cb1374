"""Preparing a prescription: from a need, a step of the plan, or a sheet; whom it is for."""

import functools

from flask import request

from models.action_bank.sheets import Action
from models.base import N_, RuleBroken, typed_code
from models.following.bookmarks import Bookmark
from models.permissions import Permission
from models.persons import caseload
from models.plans.plan import Plan
from models.plans.priorities import PlanPriority, offers_of
from models.plans.steps import PlanStep
from models.prescriptions import acting, reading
from models.prescriptions.eligibility import checks_of, may_prescribe

from ..access import actor, allowed_to, oneself, opens_file
from ..forms import once, written
from ..languages import gettext, say
from ..pages import go_to, render_page
from .forms import AskForm
from .views import ALL, ONE, blueprint, hers, mover_for, opened_to_reader


@blueprint.get("/prescriptions/pour-qui")
@allowed_to(Permission.PRESCRIPTION_LIST, load=oneself)
def choose_person(account):
    """From a sheet: which of the persons one accompanies."""
    action = _action_asked()
    if action is None:
        return go_to("action_bank.index")
    return render_page(
        "prescriptions/choose_person.html",
        action=action,
        may=may_prescribe(action),
        followed=caseload.list_of(account),
    )


class Known:
    """What who asks may know of her plan and of her needs, each read once."""

    def __init__(self, person):
        self._person = person

    @functools.cached_property
    def _opened(self):
        return opened_to_reader(self._person)

    @functools.cached_property
    def _plan(self):
        return Plan.current_of(self._person)

    @functools.cached_property
    def offers(self):
        """The needs (`Offer`) for which something may be asked."""
        return [one for one in offers_of(self._person, self._plan) if one.is_open(self._opened)]

    @functools.cached_property
    def steps(self):
        """The living steps of her plan that have a sheet, and whose need may be read here."""
        priorities = PlanPriority.of_plan(self._plan) if self._plan else []
        shown = [one for one in priorities if one.offer.is_open(self._opened)]
        found = PlanStep.of_priorities(shown)
        return [one for one in found if one.action_code and not one.ended_at]

    def step(self, code):
        """The one of this public identifier, as it was typed, or None."""
        code = typed_code(code)
        return next((one for one in self.steps if one.code == code), None) if code else None

    def among_offers(self, keys):
        """Those of these needs for which something may be asked."""
        known = {one.need for one in self.offers}
        return [key for key in keys if key in known]


def _action_asked():
    code = typed_code(request.values.get("action", ""))
    return Action.sheet(code) if code else None


@blueprint.get(f"{ALL}/choisir")
@opens_file(Permission.PRESCRIPTION_WRITE, act="prescription:read")
def choose_action(person):
    """The steps of her plan, then one’s bookmarks; any other sheet leads here by itself."""
    return render_page(
        "prescriptions/choose_action.html",
        person=person,
        steps=Known(person).steps,
        kept=[one.action for one in Bookmark.of_account(actor()) if one.action.is_listed_now],
    )


@blueprint.route(f"{ALL}/nouvelle", methods=["GET", "POST"])
@opens_file(Permission.PRESCRIPTION_WRITE, act="prescription:read")
def create(person):
    """`?etape=` names a step of her plan, which gives its action and its need; else `?action=`,
    with `?suite=`, the request that nobody took, which gives its needs: they are never words of an
    address."""
    known = Known(person)
    step = known.step(request.values.get("etape", ""))
    action = Action.sheet(step.action_code) if step else _action_asked()
    if action is None:
        return go_to("prescriptions.choose_action", code=person.code)
    needs = [step.priority.need] if step else _needs_before(person)
    form = AskForm.among(person, known.offers, needs=known.among_offers(needs))
    problems = form.problems if form.is_submitted() and not form.validate() else {}
    if form.is_submitted() and not problems:
        code, problems = _prepared(person, action, form, step)
        if code:
            return go_to("prescriptions.show", code=person.code, prescription=code)
    return _ask(person, action, form, problems, step)


def _needs_before(person):
    code = typed_code(request.values.get("suite", ""))
    before = code and reading.of_hers(person, code)
    return [one.key for one in before.shared.needs] if before else []


def _prepared(person, action, form, step):
    """`(code, {})`, or `(None, {field: sentence})` of what refuses it."""
    try:
        shared = form.shared(person, action)
        return once(
            lambda: acting.prepare(person, action, shared, mover=mover_for(person), step=step).code
        ), {}
    except RuleBroken as broken:
        return None, {"joindre": say(broken)}


def _ask(person, action, form, problems, step=None, prescription=None):
    return render_page(
        "prescriptions/ask.html",
        status=422 if problems else 200,
        person=person,
        action=action,
        form=form,
        problems=problems,
        step=step,
        one=prescription,
        checks=checks_of(person, action),
    )


@blueprint.route(f"{ONE}/changer", methods=["GET", "POST"])
@opens_file(Permission.PRESCRIPTION_WRITE, act="prescription:read")
@hers
def edit(person, prescription):
    """As long as she has not agreed."""
    shared, action = prescription.shared, prescription.action
    if not prescription.is_draft or action is None:
        return go_to("prescriptions.show", code=person.code, prescription=prescription.code)
    needs = [one.key for one in shared.needs]
    form = AskForm.among(person, Known(person).offers, reach=shared.reach.value, needs=needs)
    problems = {}
    if form.is_submitted():
        problems = written(form, "joindre", lambda: _rewrite(person, prescription, form))
        if not problems:
            return go_to(
                "prescriptions.show", code=person.code, prescription=prescription.code,
                say=gettext(N_("La demande est changée : la personne la relit.")),
            )  # fmt: skip
    return _ask(person, action, form, problems, prescription=prescription)


def _rewrite(person, prescription, form):
    shared = form.shared(person, prescription.action)
    prescription.rewrite(shared, mover=mover_for(person))
