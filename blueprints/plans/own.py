"""« Mon plan »: she reads it, accepts, refuses, says what is done, asks to change it (REQ-71)."""

from flask import abort, request

from models.base import N_, RuleBroken
from models.permissions import Permission
from models.persons.agreements import Given
from models.plans.plan import Plan
from models.plans.steps import Engagement, PlanStep
from models.plans.waivers import WEEKLY_HOURS, Waiver

from ..access import opens_file
from ..languages import gettext, say
from ..pages import go_to, render_page
from .views import blueprint, living, seen_revision, whole_of


@blueprint.get("/mon-espace/plan")
@opens_file(Permission.PLAN_AGREE, act="plan:read")
def mine(person):
    return _show(person)


def _show(person, problems=()):
    plans = Plan.of_person(person)
    plan = next((one for one in plans if one.is_living), None)
    return render_page(
        "plans/mine.html",
        status=422 if problems else 200,
        person=person,
        whole=plan and whole_of(person, plan),
        former=[one for one in plans if not one.is_living],
        problems=dict(problems),
        wanted=WEEKLY_HOURS,
    )


@blueprint.get("/mon-espace/plan/imprimer")
@opens_file(Permission.PLAN_AGREE, act="plan:print")
def print_mine(person):
    plan = Plan.current_of(person)
    if plan is None:
        return go_to("plans.mine")
    whole = whole_of(person, plan)
    return render_page("plans/contract.html", person=person, whole=whole, is_hers=True)


@blueprint.get("/mon-espace/plan/<code:plan>")
@opens_file(Permission.PLAN_AGREE, act="plan:read")
def mine_before(person, plan):
    found = Plan.of_hers(person, plan) or abort(404)
    whole = whole_of(person, found)
    return render_page("plans/former.html", person=person, whole=whole, is_hers=True)


@blueprint.post("/mon-espace/plan/accepter")
@opens_file(Permission.PLAN_AGREE)
def agree(person):
    """All that waits for her, as she has just read it."""
    plan, seen = Plan.current_of(person), seen_revision(request.form.get("vu", ""))
    if plan is None:
        return go_to("plans.mine")
    try:
        plan.agree(by=person, given=Given.OWN_SPACE, seen=seen)
    except RuleBroken as broken:
        return _show(person, {"accepter": say(broken)})
    return _back(N_("Vous êtes d’accord : votre plan est en cours."))


@blueprint.post("/mon-espace/plan/etapes/<code:step>/refuser")
@opens_file(Permission.PLAN_AGREE)
def refuse(person, step):
    """Refused before her agreement, stopped after it: no reason is asked."""
    found = PlanStep.of_hers(living(person), step) or abort(404)
    found.refuse(by=person)
    return _back(N_("Cette étape n’est plus dans votre plan."))


@blueprint.post("/mon-espace/plan/heures/<code:waiver>/refuser")
@opens_file(Permission.PLAN_AGREE)
def refuse_waiver(person, waiver):
    found = Waiver.of_hers(living(person), waiver) or abort(404)
    found.refuse(by=person)
    return _back(N_("Cette demande n’est plus dans votre plan."))


@blueprint.post("/mon-espace/plan/engagements/<code:engagement>/fait")
@opens_file(Permission.PLAN_AGREE)
def keep_mine(person, engagement):
    found = Engagement.of_hers(living(person), engagement) or abort(404)
    found.keep(by=person)
    return _back(N_("C’est noté : vous avez fait votre part."))


@blueprint.post("/mon-espace/plan/changer")
@opens_file(Permission.PLAN_AGREE)
def ask_change(person):
    plan = Plan.current_of(person)
    if plan is None:
        return go_to("plans.mine")
    plan.ask_change(by=person)
    return _back(N_("Votre référent lira que vous voulez changer votre plan."))


def _back(words):
    return go_to("plans.mine", say=gettext(words))
