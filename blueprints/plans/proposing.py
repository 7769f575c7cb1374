"""Proposing: the priorities, the steps towards them, fewer hours. She answers (REQ-31, REQ-71)."""

from flask import abort, request

from models.base import N_, RuleBroken, typed_code
from models.diagnostics.matching import Circumstances
from models.diagnostics.openness import Openness
from models.diagnostics.synthesis import Synthesis
from models.permissions import Permission
from models.plans.plan import Plan
from models.plans.priorities import MOST, PlanPriority, offers_of
from models.plans.proposing import choices_for
from models.plans.steps import PlanStep
from models.plans.waivers import WEEKLY_HOURS, Waiver, WaiverReason

from ..access import actor, asking, opens_file
from ..forms import once
from ..languages import say
from ..pages import go_to, render_page
from .forms import PrioritiesForm, StepForm, WaiverForm
from .views import back, blueprint, living, seen_revision, step_shown, writer_for


@blueprint.route("/personnes/<code:code>/plan/priorites", methods=["GET", "POST"])
@opens_file(Permission.PLAN_WRITE)
def prioritise(person):
    plan = Plan.current_of(person)
    if plan is None:
        return go_to("plans.show", code=person.code)
    opened = Openness.of_asker(person, asking())
    present = [(row.offer, row.offer.is_open(opened)) for row in PlanPriority.of_plan(plan)]
    hidden = {at: offer for at, (offer, is_open) in enumerate(present) if not is_open}
    offers = [one for one in offers_of(person, plan) if one.is_open(opened)]
    shown = [offer.need for offer, is_open in present if is_open]
    form = PrioritiesForm.among(offers, shown, MOST - len(hidden))
    problems = form.problems if form.is_submitted() and not form.validate() else {}
    if form.is_submitted() and not problems:
        problems = _chosen(person, plan, _in_place(form.chosen, hidden))
        if not problems:
            return back(person, N_("Les priorités sont notées : proposez une étape pour chacune."))
    return _ask_priorities(person, form, hidden, problems)


def _in_place(chosen, hidden):
    """What was chosen, with what one may not read at the places where it was."""
    for at, offer in sorted(hidden.items()):
        chosen.insert(at, offer)
    return chosen


def _chosen(person, plan, offers):
    """`{field: sentence}` of what refuses it."""
    seen = seen_revision(request.form.get("vu", ""))
    try:
        PlanPriority.choose(plan, offers, writer=writer_for(person), seen=seen)
    except RuleBroken as broken:
        return {"besoin1": say(broken)}
    return {}


def _ask_priorities(person, form, hidden, problems):
    return render_page(
        "plans/prioritise.html",
        status=422 if problems else 200,
        person=person,
        plan=Plan.current_of(person),
        form=form,
        hidden=hidden,
        problems=problems,
    )


@blueprint.route("/personnes/<code:code>/plan/<code:priority>/etape", methods=["GET", "POST"])
@opens_file(Permission.PLAN_WRITE)
def add_step(person, priority):
    """`?action=` names a sheet chosen elsewhere."""
    plan = living(person)
    row = PlanPriority.of_hers(plan, priority) or abort(404)
    opened = Openness.of_asker(person, asking())
    if not row.offer.is_open(opened):
        abort(404)
    asked = typed_code(request.values.get("action", ""))
    lived = Circumstances.of(person, Synthesis(row.diagnostic, opened))
    choices = choices_for(row.offer.said, lived, actor(), asked=asked)
    form = StepForm.among(choices.actions, plan, asked=asked)
    problems = form.problems if form.is_submitted() and not form.validate() else {}
    if form.is_submitted() and not problems:
        problems = _proposed(person, row, form)
        if not problems:
            return back(person, N_("L’étape est proposée : elle attend l’accord de la personne."))
    return render_page(
        "plans/step.html",
        status=422 if problems else 200,
        person=person,
        row=row,
        choices=choices,
        form=form,
        problems=problems,
    )


def _proposed(person, row, form):
    """`{field: sentence}` of what refuses it."""
    action = form.actions.get(form.action.data)

    def act():
        return PlanStep.propose(
            row, action, form.parts, writer=writer_for(person), starts_on=form.debut.day
        ).code

    try:
        once(act)
    except RuleBroken as broken:
        return {"elle_avant": say(broken)}
    return {}


@blueprint.post("/personnes/<code:code>/plan/etapes/<code:step>/retirer")
@opens_file(Permission.PLAN_WRITE)
def withdraw_step(person, step):
    found = step_shown(person, living(person), step)
    found.withdraw(by=actor(), organisation=writer_for(person).organisation)
    return back(person, N_("Cette étape n’est plus proposée."))


@blueprint.route("/personnes/<code:code>/plan/heures", methods=["GET", "POST"])
@opens_file(Permission.PLAN_WRITE)
def waive(person):
    plan = Plan.current_of(person)
    if plan is None:
        return go_to("plans.show", code=person.code)
    form = WaiverForm.among(_reasons(person), plan)
    problems = form.problems if form.is_submitted() and not form.validate() else {}
    if form.is_submitted() and not problems:
        problems = _waived(person, plan, form)
        if not problems:
            return back(person, N_("C’est proposé : la personne doit encore accepter."))
    return render_page(
        "plans/waive.html",
        status=422 if problems else 200,
        person=person,
        form=form,
        problems=problems,
        wanted=WEEKLY_HOURS,
    )


def _reasons(person):
    """Those of the domains that she shares: the others are for whom she shares them with."""
    opened = Openness.of_asker(person, asking())
    return [one for one in WaiverReason if opened.shows_domain(one.domain)]


def _waived(person, plan, form):
    try:
        once(lambda: Waiver.propose(plan, *form.wanted, writer=writer_for(person)).code)
    except RuleBroken as broken:
        return {"heures": say(broken)}
    return {}


@blueprint.post("/personnes/<code:code>/plan/heures/<code:waiver>/retirer")
@opens_file(Permission.PLAN_WRITE)
def withdraw_waiver(person, waiver):
    found = Waiver.of_hers(living(person), waiver)
    if found is None or found.reason not in _reasons(person):
        abort(404)
    found.withdraw(by=actor(), organisation=writer_for(person).organisation)
    return back(person, N_("Cette demande n’est plus proposée."))
