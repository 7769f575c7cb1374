"""The plan of a person as her référent reads it; its next point; what is done of it."""

from flask import Blueprint, abort

from models.base import N_, RuleBroken, today
from models.diagnostics.diagnostic import Writer
from models.diagnostics.openness import Openness
from models.permissions import Permission
from models.plans.lateness import late_plan_of
from models.plans.plan import MeetingBy, Plan
from models.plans.reading import WholePlan
from models.plans.steps import Engagement, PlanStep
from models.plans.waivers import WEEKLY_HOURS

from ..access import actor, asking, opens_file
from ..forms import once
from ..languages import gettext, say
from ..pages import go_to, render_page
from .forms import PointForm

blueprint = Blueprint("plans", __name__)


def whole_of(person, plan):
    """The plan as whoever asks may read it."""
    return WholePlan(plan, Openness.of_asker(person, asking()))


def writer_for(person):
    """Who writes, and for which organisation the file was opened."""
    return Writer(actor(), person.opened_through.organisation)


def living(person):
    return Plan.current_of(person) or abort(404)


def back(person, words):
    return go_to("plans.show", code=person.code, say=gettext(words))


def seen_revision(text):
    """The revision that a form says it showed; none when it says nothing of the kind."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


@blueprint.get("/personnes/<code:code>/plan")
@opens_file(Permission.PLAN_READ, act="plan:read")
def show(person):
    return show_plan(person)


def show_plan(person, form=None, problems=()):
    plans = Plan.of_person(person)
    plan = next((one for one in plans if one.is_living), None)
    return render_page(
        "plans/show.html",
        status=422 if problems else 200,
        person=person,
        whole=plan and whole_of(person, plan),
        former=[one for one in plans if not one.is_living],
        late=late_plan_of(person),
        form=form or _point_form(plan),
        problems=dict(problems),
        wanted=WEEKLY_HOURS,
        day=today(),
    )


def _point_form(plan):
    """What the plan says already; nothing when its day has passed: another one is asked for."""
    said = {} if plan is None else {"comment": plan.meets_by.value}
    if plan and not plan.is_overdue:
        said["point"] = plan.meets_on.isoformat()
    return PointForm(formdata=None, data=said)


@blueprint.get("/personnes/<code:code>/plan/imprimer")
@opens_file(Permission.PLAN_READ, act="plan:print")
def print_plan(person):
    return render_page(
        "plans/contract.html", person=person, whole=whole_of(person, living(person)), is_hers=False
    )


@blueprint.get("/personnes/<code:code>/plan/<code:plan>")
@opens_file(Permission.PLAN_READ, act="plan:read")
def former(person, plan):
    found = Plan.of_hers(person, plan) or abort(404)
    return render_page(
        "plans/former.html", person=person, whole=whole_of(person, found), is_hers=False
    )


@blueprint.post("/personnes/<code:code>/plan")
@opens_file(Permission.PLAN_WRITE)
def start(person):
    """Begin it, with the day of the next point: there is no plan without one."""
    writer = writer_for(person)

    def act(day, how):
        return Plan.start(person, day, how, writer.organisation, by=actor()).code

    return _pointed(person, act, N_("Le plan est commencé : choisissez les priorités."))


@blueprint.post("/personnes/<code:code>/plan/point")
@opens_file(Permission.PLAN_WRITE)
def meet(person):
    plan, writer = living(person), writer_for(person)

    def act(day, how):
        plan.meet(day, how, by=actor(), organisation=writer.organisation)

    return _pointed(person, act, N_("Le prochain point est enregistré. La personne le lit."))


def _pointed(person, act, words):
    form = PointForm()
    if not form.validate():
        return show_plan(person, form, form.problems)
    try:
        once(lambda: act(form.point.day, MeetingBy(form.comment.data)))
    except RuleBroken as broken:
        return show_plan(person, form, {"point": say(broken)})
    return back(person, words)


@blueprint.post("/personnes/<code:code>/plan/engagements/<code:engagement>/fait")
@opens_file(Permission.PLAN_WRITE)
def keep(person, engagement):
    """The référent says what is done, of his own part and, beside her, of hers."""
    plan = living(person)
    found = engagement_shown(person, plan, engagement)
    found.keep(by=actor(), organisation=writer_for(person).organisation)
    return back(person, N_("C’est noté : cet engagement est tenu."))


@blueprint.post("/personnes/<code:code>/plan/etapes/<code:step>/faite")
@opens_file(Permission.PLAN_WRITE)
def finish(person, step):
    found = step_shown(person, living(person), step)
    found.finish(True, by=actor(), organisation=writer_for(person).organisation)
    return back(person, N_("C’est noté : cette étape est faite."))


def step_shown(person, plan, code):
    """Her step, when who asks may read its need; otherwise a 404 (I13)."""
    found = PlanStep.of_hers(plan, code)
    opened = Openness.of_asker(person, asking())
    if found is None or not found.priority.offer.is_open(opened):
        abort(404)
    return found


def engagement_shown(person, plan, code):
    """The same for what one side committed to."""
    found = Engagement.of_hers(plan, code) or abort(404)
    step_shown(person, plan, found.step.code)
    return found
