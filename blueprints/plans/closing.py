"""Ending a plan: its balance, then the needs still there begin the next one."""

from flask import request

from models.base import N_, RuleBroken
from models.permissions import Permission
from models.plans.closing import close as close_plan
from models.plans.plan import Plan

from ..access import actor, opens_file
from ..languages import say
from ..pages import go_to, render_page
from .forms import BalanceForm
from .views import back, blueprint, seen_revision, whole_of, writer_for


@blueprint.route("/personnes/<code:code>/plan/finir", methods=["GET", "POST"])
@opens_file(Permission.PLAN_WRITE)
def close(person):
    plan = Plan.current_of(person)
    if plan is None:
        return go_to("plans.show", code=person.code)
    form, whole, problems = BalanceForm(), whole_of(person, plan), {}
    if form.is_submitted():
        problems = _closed(person, whole, form)
        if not problems:
            return back(person, N_("Le plan est terminé, et son bilan est écrit."))
        whole = whole_of(person, Plan.current_of(person))
    return render_page(
        "plans/close.html",
        status=422 if problems else 200,
        person=person,
        whole=whole,
        sent=request.form,
        problems=problems,
    )


def _closed(person, whole, form):
    """`{field: sentence}` of what refuses it."""
    done, outcomes, problems = form.read(whole, request.form)
    if problems:
        return problems
    writer = writer_for(person)
    try:
        close_plan(
            whole.plan, done, outcomes, by=actor(), organisation=writer.organisation,
            seen=seen_revision(request.form.get("vu", "")),
        )  # fmt: skip
    except RuleBroken as broken:
        return {"bilan": say(broken)}
    return {}
