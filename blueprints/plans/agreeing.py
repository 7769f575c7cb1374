"""Her agreement on the screen of her référent: she reads, and types her own code (REQ-71)."""

from flask import request

from models.base import N_, RuleBroken
from models.permissions import Permission
from models.persons import codes
from models.persons.agreements import Given
from models.plans.plan import Plan

from ..access import actor, opens_file
from ..languages import say
from ..pages import go_to, render_page
from .forms import CodeForm
from .views import back, blueprint, seen_revision, whole_of, writer_for


@blueprint.route("/personnes/<code:code>/plan/accord", methods=["GET", "POST"])
@opens_file(Permission.PLAN_WRITE)
def agree_here(person):
    plan = Plan.current_of(person)
    whole = plan and whole_of(person, plan)
    if not (whole and whole.waiting_shown):
        return go_to("plans.show", code=person.code)
    form, problems = CodeForm(), {}
    if form.is_submitted():
        problems = _agreed(person, whole, form) if form.validate() else form.problems
        if not problems:
            return back(person, N_("La personne est d’accord : le plan est en cours."))
        whole = whole_of(person, Plan.current_of(person))
    return render_page(
        "plans/agree.html",
        status=422 if problems else 200,
        person=person,
        whole=whole,
        problems=problems,
    )


def _agreed(person, whole, form):
    """`{field: sentence}` of what refuses it. The code is judged before the act: it takes long."""
    seen = request.form.get("vu", "")
    try:
        codes.recognise(person.identifier, form.code.data, by=actor())
        whole.plan.agree(
            by=actor(), given=Given.CODE, seen=seen_revision(seen), items=whole.waiting_shown,
            organisation=writer_for(person).organisation,
        )  # fmt: skip
    except RuleBroken as broken:
        return {"code": say(broken)}
    return {}
