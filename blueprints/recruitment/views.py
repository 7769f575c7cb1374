"""The operations of recruitment of the network, and one of them on one page (REQ 28)."""

from flask import Blueprint, abort, redirect, request, url_for

from models.network.organisations import Organisation
from models.permissions import Permission
from models.plain_language import remarks
from models.recruitment import (
    PAGE_SIZE,
    OperationState,
    RecruitmentOperation,
    funnel,
    remarks_on,
    shown_outside,
    takes_part,
    total,
)

from ..access import actor, allowed_to, may
from ..languages import say
from ..pages import page_asked, render_page

blueprint = Blueprint("recruitment", __name__)


def readable(code):
    """The operation of this code; one in preparation exists for who prepares it alone."""
    found = RecruitmentOperation.reading(code)
    is_hidden = found and found.state == OperationState.DRAFT and not may_lead(found)
    return None if is_hidden else found


def may_lead(subject):
    return bool(actor()) and may(Permission.RECRUITMENT_WRITE, subject)


@blueprint.get("/recrutements")
@allowed_to(Permission.RECRUITMENT_READ)
def index():
    state = request.args.get("etat", "")
    states = [one for one in OperationState if one != OperationState.DRAFT]
    if state not in ("", *states):
        abort(404)
    page, page_count = page_asked(RecruitmentOperation.count_shown(state), PAGE_SIZE)
    return render_page(
        "recruitment/index.html",
        operations=RecruitmentOperation.page(page, state),
        drafts=[one for one in RecruitmentOperation.drafts() if may_lead(one)],
        page=page,
        page_count=page_count,
        state=state,
        states=states,
        may_start=bool(leaders()),
    )


def leaders():
    """The organisations of the network for which the reader may lead an operation."""
    return [one for one in Organisation.network() if may_lead(one)]


@blueprint.get("/recrutements/nouveau")
@allowed_to(Permission.RECRUITMENT_READ)
def choose():
    """Which organisation leads it: straight to the form when there is only one."""
    found = leaders()
    if len(found) == 1:
        return redirect(url_for("recruitment.new", code=found[0].code), 303)
    return render_page("recruitment/choose.html", leaders=found)


@blueprint.get("/recrutements/<code:code>")
@allowed_to(Permission.RECRUITMENT_READ, load=readable)
def show(operation):
    return show_operation(operation)


def show_operation(operation, *, status=200, refusal=None):
    """Counts as they are for who takes part or leads; above the threshold for the others."""
    partners = operation.partners_by_name()
    is_lead = may_lead(operation)
    is_inside = is_lead or takes_part(actor(), operation, partners)
    levels = funnel(partners)
    return render_page(
        "recruitment/show.html",
        status=status,
        refusal=refusal,
        operation=operation,
        action=operation.linked_action,
        stages=operation.ordered_stages(),
        partners=partners,
        quota=total(partners, "quota"),
        levels=levels if is_inside else shown_outside(levels),
        is_inside=is_inside,
        is_lead=is_lead,
        own={one.code for one in partners if may_lead(one)},
        lacks=operation.lacks() if is_lead and operation.state == OperationState.DRAFT else [],
        remarks=[say(one) for one in remarks_on(operation, partners)] if is_inside else [],
        hard=[say(one) for one in remarks(operation.profile)] if is_lead else [],
        State=OperationState,
    )
