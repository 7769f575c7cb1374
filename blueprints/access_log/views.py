"""Who opens many files, and who opened which files between two moments: counts and traces."""

from flask import Blueprint, make_response, request

from models.audit import KEPT_MONTHS
from models.base import N_
from models.exchange.spreadsheets.writing import csv_of
from models.permissions import Permission
from models.persons import incidents, questions
from models.persons.watch import SHOWN_DAYS, accounts_above, threshold

from ..access import actor, allowed_to
from ..display import full_moment
from ..languages import gettext
from ..pages import go_to, page_asked, render_page
from .forms import IncidentForm

blueprint = Blueprint("access_log", __name__)

HERSELF = N_("La personne, dans son espace")
OTHER_ACT = N_("Autre acte")
# Every act recorded in the file of a person (`tests/architecture`).
ACTS = {
    "accompaniment:answer": N_("Réponse à une demande de suivi"),
    "accompaniment:ask": N_("Demande de suivi"),
    "accompaniment:end": N_("Fin d’un suivi"),
    "accompaniment:start": N_("Début d’un suivi"),
    "agreement:give": N_("Accord donné"),
    "agreement:withdraw": N_("Accord retiré ou rendu"),
    "code:refuse": N_("Mauvais code"),
    "code:renew": N_("Code d’accès remplacé"),
    "diagnostic:assess": N_("Domaine noté"),
    "diagnostic:need": N_("Besoin choisi"),
    "diagnostic:print": N_("Impression du diagnostic"),
    "diagnostic:read": N_("Lecture du diagnostic"),
    "diagnostic:review": N_("Relecture du diagnostic"),
    "diagnostic:start": N_("Début d’un diagnostic"),
    "diagnostic:validate": N_("Diagnostic validé"),
    "diagnostic:write": N_("Diagnostic complété"),
    "employment:answer": N_("Réponse à un point d’emploi"),
    "employment:ask": N_("Question posée sur l’emploi"),
    "employment:end": N_("Fin d’un suivi d’emploi"),
    "employment:late": N_("Point d’emploi sans réponse"),
    "employment:read": N_("Lecture du suivi d’emploi"),
    "employment:record": N_("Entrée en emploi notée"),
    "file:abandon": N_("Dossier jamais remis, effacé"),
    "file:anonymise": N_("Dossier anonymisé"),
    "file:close": N_("Dossier fermé"),
    "file:duplicate": N_("Recherche d’un dossier semblable"),
    "file:export": N_("Export"),
    "file:hand-out": N_("Remise du code d’accès"),
    "file:print": N_("Impression"),
    "file:read": N_("Lecture du dossier"),
    "file:reopen": N_("Dossier rouvert"),
    "file:start": N_("Dossier ouvert"),
    "file:tell-ending": N_("Préavis d’effacement"),
    "file:write": N_("Dossier complété"),
    "handover:end": N_("Fin d’un relais"),
    "handover:propose": N_("Relais proposé"),
    "liaison:hide": N_("Employeur retiré de la fiche de liaison"),
    "liaison:lift": N_("Difficulté levée"),
    "liaison:link": N_("Nouveau lien à l’employeur"),
    "liaison:note": N_("Difficulté signalée"),
    "liaison:open": N_("Fiche de liaison ouverte"),
    "liaison:print": N_("Impression de la fiche de liaison"),
    "liaison:read": N_("Lecture de la fiche de liaison"),
    "liaison:share": N_("Fiche de liaison partagée avec un employeur"),
    "liaison:stop": N_("Fiche de liaison arrêtée"),
    "liaison:take": N_("Difficulté prise en charge"),
    "log:question": N_("Question sur une lecture"),
    "log:read": N_("Lecture du journal"),
    "pathway:end": N_("Fin d’un parcours"),
    "pathway:start": N_("Début d’un parcours"),
    "plan:agree": N_("Accord donné au plan"),
    "plan:ask-change": N_("Changement du plan demandé"),
    "plan:close": N_("Plan terminé"),
    "plan:decline": N_("Proposition refusée"),
    "plan:done": N_("Point du plan fait"),
    "plan:due": N_("Rappel d’un plan à faire"),
    "plan:meet": N_("Prochain point fixé"),
    "plan:print": N_("Impression du plan"),
    "plan:prioritise": N_("Priorités choisies"),
    "plan:propose": N_("Étape proposée"),
    "plan:read": N_("Lecture du plan"),
    "plan:start": N_("Début d’un plan"),
    "plan:stop": N_("Étape arrêtée"),
    "plan:waive": N_("Moins d’heures proposées"),
    "plan:withdraw": N_("Proposition retirée"),
    "prescription:accept": N_("Demande acceptée"),
    "prescription:cancel": N_("Demande annulée"),
    "prescription:conclude": N_("Issue d’une demande"),
    "prescription:decline": N_("Demande refusée"),
    "prescription:expire": N_("Demande close sans réponse"),
    "prescription:link": N_("Nouveau lien d’une demande"),
    "prescription:offer-day": N_("Autre jour proposé"),
    "prescription:open": N_("Demande lue par l’organisme"),
    "prescription:read": N_("Lecture des demandes"),
    "prescription:remind": N_("Demande rappelée"),
    "prescription:send": N_("Demande envoyée"),
    "prescription:start": N_("Demande préparée"),
    "prescription:write": N_("Demande changée"),
    "prescription:attach": N_("Papier joint à une demande"),
    "prescription:detach": N_("Papier retiré d’une demande"),
    "prescription:download": N_("Papier d’une demande téléchargé"),
    "proposal:make": N_("Changement d’une question proposé"),
    "proposal:vote": N_("Vote sur une question"),
    "rectification:accept": N_("Correction faite"),
    "rectification:ask": N_("Correction demandée"),
    "rectification:decline": N_("Correction refusée"),
    "referent:name": N_("Référent nommé"),
    "space:close": N_("Espace fermé"),
    "space:open": N_("Espace ouvert"),
    "time:end": N_("Fin d’un temps du parcours"),
    "time:start": N_("Début d’un temps du parcours"),
    "who:ask": N_("« Qui me suit ? »"),
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


@blueprint.get("/acces/questions")
@allowed_to(Permission.ACCESS_WATCH)
def asked():
    """What persons asked about the log of their file: the looks, and nobody’s name but the
    professionals’."""
    count = questions.count()
    page, page_count = page_asked(count, questions.PAGE_SIZE)
    return render_page(
        "access_log/questions.html",
        questions=questions.of_page(page),
        count=count,
        page=page,
        page_count=page_count,
        act_words=act_words,
        herself=HERSELF,
        months=KEPT_MONTHS,
    )


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
