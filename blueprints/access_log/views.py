"""Who opens many files, and who opened which files between two moments: counts and traces."""

from flask import Blueprint, make_response, request

from models.audit import KEPT_MONTHS
from models.base import N_
from models.exchange.spreadsheets.writing import csv_of
from models.permissions import Permission
from models.persons import incidents
from models.persons.watch import SHOWN_DAYS, accounts_above, threshold

from ..access import actor, allowed_to
from ..display import full_moment
from ..languages import gettext
from ..pages import go_to, render_page
from .forms import IncidentForm

blueprint = Blueprint("access_log", __name__)

HERSELF = N_("La personne, dans son espace")
OTHER_ACT = N_("Autre acte")
ACTS = {
    "file:read": N_("Lecture du dossier"),
    "file:write": N_("Dossier complété"),
    "file:print": N_("Impression"),
    "file:export": N_("Export"),
}
HEADERS = (
    N_("Moment"), N_("Temps universel"), N_("Compte"), N_("Adresse"), N_("Organisme"),
    N_("Acte"), N_("Code de l’acte"), N_("Personne"),
)  # fmt: skip


@blueprint.get("/acces/surveillance")
@allowed_to(Permission.ACCESS_WATCH)
def watch():
    peaks = accounts_above()
    return render_page("access_log/watch.html", peaks=peaks, threshold=threshold(), days=SHOWN_DAYS)


@blueprint.get("/acces/incident")
@allowed_to(Permission.ACCESS_TRACE)
def incident():
    form = IncidentForm(request.args, meta={"csrf": False})
    is_asked = "du" in request.args
    is_valid = is_asked and form.validate()
    found = is_valid and incidents.trace(
        form.period, by=actor(), form="page", limit=incidents.MOST_SHOWN
    )
    return render_page(
        "access_log/incident.html",
        status=200 if is_valid or not is_asked else 422,
        form=form,
        problems=form.problems,
        found=found,
        act_words=act_words,
        herself=HERSELF,
        most_shown=incidents.MOST_SHOWN,
        most_days=incidents.MOST_DAYS,
        months=KEPT_MONTHS,
    )


@blueprint.get("/acces/incident.csv")
@allowed_to(Permission.ACCESS_TRACE)
def incident_file():
    form = IncidentForm(request.args, meta={"csrf": False})
    if not form.validate():
        return go_to("access_log.incident", **request.args)
    found = incidents.trace(form.period, by=actor(), form="csv")
    rows = [[gettext(words) for words in HEADERS], *map(_row, found.openings)]
    response = make_response(csv_of(rows))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="acces.csv"'
    return response


def act_words(act):
    return gettext(ACTS.get(act, OTHER_ACT))


def _row(opening):
    account, place = opening.account, opening.organisation
    return [
        full_moment(opening.moment),
        f"{opening.moment.isoformat(timespec='milliseconds')}Z",
        account.name if account else gettext(HERSELF),
        account.identifier if account else "",
        place.name if place else "",
        act_words(opening.act),
        opening.act,
        opening.person,
    ]
