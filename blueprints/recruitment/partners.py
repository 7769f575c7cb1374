"""The organisations of an operation, and the figures they give or tell (REQ 28)."""

from flask import redirect, request, url_for

from models.editing import EditConflict
from models.network.organisations import Organisation
from models.permissions import Permission
from models.recruitment import OperationState, RecruitmentOperation, RecruitmentPartner

from ..access import actor, allowed_to
from ..forms import once
from ..pages import render_page
from .forms import FiguresForm, LeadFiguresForm, PartnerForm, shown
from .preparing import edit, has_ended, leading, seen, with_its
from .views import blueprint, may_lead

of_partner = with_its(RecruitmentOperation.partner)


@blueprint.route("/recrutements/<code:code>/organismes/nouveau", methods=["GET", "POST"])
@leading
def add_partner(operation):
    present = {one.organisation_id for one in operation.partners_by_name()}
    known = {one.code: one for one in Organisation.network()}
    form = PartnerForm()
    form.organisme.choices = [(code, one.name) for code, one in known.items()]

    def act():
        chosen, quota = known[form.organisme.data], form.quota.number
        once(lambda: operation.add_partner(chosen, by=actor(), quota=quota).code)

    return edit(
        "add_partner",
        form,
        act,
        lambda: _to_results(operation),
        about="organisme",
        operation=operation,
        choices=[(code, one.name) for code, one in known.items() if one.id not in present],
    )


def _to_results(operation):
    return redirect(url_for("recruitment.show", code=operation.code, _anchor="resultats"), 303)


@blueprint.route("/recrutements/<code:code>/organismes/<code:partner>", methods=["GET", "POST"])
@of_partner
def edit_partner(operation, partner):
    """The lead enters what an organisation told it, and how many people it is asked for."""
    return _enter(operation, partner, LeadFiguresForm, _asked_and_entered)


@blueprint.route("/recrutements/chiffres/<code:code>", methods=["GET", "POST"])
@allowed_to(Permission.RECRUITMENT_WRITE, load=RecruitmentPartner.reading)
def figures(partner):
    """An organisation that takes part enters its own figures."""
    operation = RecruitmentOperation.reading(partner.operation.code)
    if operation.state != OperationState.OPEN:
        return has_ended(operation)
    return _enter(operation, partner, FiguresForm, _entered)


def _enter(operation, partner, form_class, read):
    form = form_class(data=read(partner))
    return edit(
        "figures",
        form,
        lambda: partner.enter(by=actor(), seen=seen(), **form.values()),
        lambda: _to_results(operation),
        row=partner,
        read=read,
        about="proposes",
        operation=operation,
        partner=partner,
        may_lead=may_lead(operation),
    )


def _entered(partner):
    names = ("proposes", "preselectionnes", "recrutes")
    counts = dict(zip(names, map(shown, partner.figures), strict=True))
    return counts | {"definitifs": partner.is_confirmed}


def _asked_and_entered(partner):
    return {"quota": shown(partner.quota)} | _entered(partner)


@blueprint.route(
    "/recrutements/<code:code>/organismes/<code:partner>/retirer", methods=["GET", "POST"]
)
@of_partner
def remove_partner(operation, partner):
    """Its figures go with it: they are shown before, and again when they changed meanwhile."""
    status = 200
    if request.method == "POST":
        try:
            operation.remove_partner(partner, by=actor(), seen=seen())
            return _to_results(operation)
        except EditConflict:
            partner, status = operation.partner(partner.code), 409
    return render_page(
        "recruitment/remove_partner.html", status=status, operation=operation, partner=partner
    )
