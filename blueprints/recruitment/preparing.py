"""Preparing an operation, entering its figures, opening and ending it (REQ 28)."""

import functools

from flask import redirect, request, url_for

from models.action_bank.sheets import Action
from models.base import N_, RuleBroken
from models.editing import EditConflict
from models.network.organisations import Organisation
from models.permissions import Permission
from models.recruitment import OperationState, RecruitmentOperation, RecruitmentPartner, funnel

from ..access import actor, allowed_to
from ..forms import once
from ..languages import gettext, say
from ..pages import go_to, render_page
from .forms import FiguresForm, LeadFiguresForm, OperationForm, PartnerForm, StageForm, shown
from .views import blueprint, may_lead, show_operation


def leading(view):
    """For who may lead the operation of the address, as long as it has not ended."""

    @allowed_to(Permission.RECRUITMENT_WRITE, load=RecruitmentOperation.reading)
    @functools.wraps(view)
    def checked(operation, **kwargs):
        return view(operation, **kwargs) if operation.is_running else _has_ended(operation)

    return checked


def of_stage(view):
    """With the stage of the address; one that somebody removed leads back to the operation."""

    @leading
    @functools.wraps(view)
    def checked(operation, stage):
        found = operation.stage(stage)
        return view(operation, found) if found else _back(operation)

    return checked


def of_partner(view):
    """With the participation of the address; one that somebody removed leads back."""

    @leading
    @functools.wraps(view)
    def checked(operation, partner):
        found = operation.partner(partner)
        return view(operation, found) if found else _back(operation)

    return checked


def _has_ended(operation):
    return _back(operation, N_("L’opération est finie : rouvrez-la pour la modifier."))


def _back(operation, words=None):
    return go_to("recruitment.show", code=operation.code, say=words and gettext(words))


def _seen():
    """The stamp of the values that were on the page, or one that no values have."""
    return request.form.get("vu") or "-"


def _edit(template, form, act, done, *, row=None, read=None, about, **context):
    """Ask, check, act, then answer what `done()` says. A rule is said at the field `about`; what
    somebody else wrote meanwhile, as `read` gives it, is shown (409), and nothing typed is lost."""

    def ask(status=200, problems=(), theirs=None):
        stamp = theirs.stamp if theirs else request.form.get("vu") or (row.stamp if row else "")
        return render_page(
            f"recruitment/{template}.html",
            status=status,
            form=form,
            problems=dict(problems),
            stamp=stamp,
            theirs=theirs and _theirs(form, read(theirs)),
            **context,
        )

    if request.method == "GET":
        return ask()
    if not form.validate():
        return ask(422, form.problems)
    try:
        act()
    except EditConflict as conflict:
        return ask(409, theirs=conflict.theirs)
    except RuleBroken as broken:
        return ask(422, {about: say(broken)})
    return done()


def _theirs(form, recorded):
    """`{label: words}` of what is recorded and differs from what was typed."""
    return {
        form[name].label.text: _in_words(form[name], value)
        for name, value in recorded.items()
        if value != (form[name].data or type(value)())
    }


def _in_words(field, value):
    if isinstance(value, bool):
        return gettext(N_("oui")) if value else gettext(N_("non"))
    words = gettext(dict(field.choices).get(value, "")) if hasattr(field, "choices") else value
    return words or gettext(N_("non renseigné"))


# The operation


@blueprint.route("/recrutements/nouveau/<code:code>", methods=["GET", "POST"])
@allowed_to(Permission.RECRUITMENT_WRITE, load=Organisation.by_code)
def new(organisation):
    form = OperationForm()
    _offer_sheets(form, organisation)
    made = []

    def act():
        start = functools.partial(RecruitmentOperation.start, organisation, by=actor())
        made.append(once(lambda: start(**form.values()).code))

    return _edit(
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
    return _edit(
        "edit",
        form,
        lambda: operation.describe(by=actor(), seen=_seen(), **form.values()),
        lambda: _back(operation, N_("Enregistré.")),
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


# Its steps


@blueprint.route("/recrutements/<code:code>/etapes/nouvelle", methods=["GET", "POST"])
@leading
def add_stage(operation):
    form = StageForm()
    known = _offer_organisations(form, operation)

    def act():
        values = _stage_values(form, known)
        once(lambda: operation.write_stage(by=actor(), **values).code)

    return _edit(
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
        operation.write_stage(stage, by=actor(), seen=_seen(), **values)

    return _edit(
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


# Its organisations and their figures


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

    return _edit(
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
        return _has_ended(operation)
    return _enter(operation, partner, FiguresForm, _entered)


def _enter(operation, partner, form_class, read):
    form = form_class(data=read(partner))
    return _edit(
        "figures",
        form,
        lambda: partner.enter(by=actor(), seen=_seen(), **form.values()),
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
            operation.remove_partner(partner, by=actor(), seen=_seen())
            return _to_results(operation)
        except EditConflict:
            partner, status = operation.partner(partner.code), 409
    return render_page(
        "recruitment/remove_partner.html", status=status, operation=operation, partner=partner
    )


# Its states


def _turn(operation, act, words):
    try:
        act(by=actor())
    except RuleBroken as broken:
        return show_operation(operation, status=409, refusal=say(broken))
    return _back(operation, words)


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
        return _back(operation)
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
