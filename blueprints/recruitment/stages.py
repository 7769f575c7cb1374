"""The steps of an operation: written, put in order, done (REQ 28)."""

from flask import redirect, request, url_for

from models.base import N_
from models.recruitment import RecruitmentOperation

from ..access import actor
from ..forms import once
from ..pages import render_page
from .forms import StageForm, shown
from .preparing import edit, leading, seen, with_its
from .views import blueprint

of_stage = with_its(RecruitmentOperation.stage)


@blueprint.route("/recrutements/<code:code>/etapes/nouvelle", methods=["GET", "POST"])
@leading
def add_stage(operation):
    form = StageForm()
    known = _offer_organisations(form, operation)

    def act():
        values = _stage_values(form, known)
        once(lambda: operation.write_stage(by=actor(), **values).code)

    return edit(
        "stage",
        form,
        act,
        lambda: _to_stages(operation),
        about="etape",
        operation=operation,
        stage=None,
    )


def _offer_organisations(form, operation):
    """`{code: organisation}` of those that lead or take part."""
    partners = [one.organisation for one in operation.partners_by_name()]
    known = {one.code: one for one in (operation.organisation, *partners)}
    form.organisme.choices = [("", N_("L’entreprise, ou pas encore dit"))]
    form.organisme.choices += [(code, one.name) for code, one in known.items()]
    return known


def _stage_values(form, known):
    chosen = known.get(form.organisme.data)
    return {
        "kind": form.etape.data,
        "day": form.jour.day,
        "place": form.lieu.data or "",
        "organisation_id": chosen and chosen.id,
    }


def _to_stages(operation):
    return redirect(url_for("recruitment.show", code=operation.code, _anchor="etapes"), 303)


@blueprint.route("/recrutements/<code:code>/etapes/<code:stage>", methods=["GET", "POST"])
@of_stage
def edit_stage(operation, stage):
    kept = stage.organisation
    form = StageForm(data=_planned(stage))
    known = _offer_organisations(form, operation)
    if kept and kept.code not in known:
        # It took part when the stage was written: leaving the choice alone changes nothing.
        known[kept.code] = kept
        form.organisme.choices.append((kept.code, kept.name))

    def act():
        values = _stage_values(form, known)
        operation.write_stage(stage, by=actor(), seen=seen(), **values)

    return edit(
        "stage",
        form,
        act,
        lambda: _to_stages(operation),
        row=stage,
        read=_planned,
        about="etape",
        operation=operation,
        stage=stage,
        count=len(operation.ordered_stages()),
    )


def _planned(stage):
    return {
        "etape": stage.kind.value,
        "jour": shown(stage.day),
        "lieu": stage.place,
        "organisme": stage.organisation.code if stage.organisation else "",
    }


@blueprint.post("/recrutements/<code:code>/etapes/<code:stage>/deplacer")
@of_stage
def move_stage(operation, stage):
    """To a place rather than up or down: the same form sent twice moves once."""
    place = request.form.get("place", "")
    if place.isascii() and place.isdecimal() and len(place) <= 3:
        operation.move_stage(stage, int(place), by=actor())
    return _to_stages(operation)


@blueprint.post("/recrutements/<code:code>/etapes/<code:stage>/faite")
@of_stage
def mark_stage(operation, stage):
    """Ask for one of the two states, never for the other one: sent twice, it is the same."""
    if (wanted := request.form.get("faite")) in ("oui", "non"):
        operation.set_stage_done(stage, wanted == "oui", by=actor())
    return _to_stages(operation)


@blueprint.route("/recrutements/<code:code>/etapes/<code:stage>/retirer", methods=["GET", "POST"])
@of_stage
def remove_stage(operation, stage):
    if request.method == "GET":
        return render_page("recruitment/remove_stage.html", operation=operation, stage=stage)
    operation.remove_stage(stage, by=actor())
    return _to_stages(operation)
