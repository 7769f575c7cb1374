"""The first page, the pages the law asks for, and the health of the service."""

from flask import Blueprint, jsonify

from models.database import check_answers
from models.permissions import by_standing
from models.search_index import current_index

from ..access import open_to_all
from ..pages import render_page
from .subjects import EMERGENCY_NUMBERS, SUBJECTS

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@open_to_all
def index():
    counts = current_index().theme_counts([subject.value for subject in SUBJECTS])
    return render_page(
        "home/index.html",
        subjects=SUBJECTS,
        counts=counts,
        emergency_numbers=EMERGENCY_NUMBERS,
    )


@blueprint.get("/plan-du-site")
@open_to_all
def site_map():
    return render_page("home/site_map.html")


@blueprint.get("/mes-droits-a-la-formation")
@open_to_all
def training_rights():
    """Linked from every training sheet (REQ 22)."""
    return render_page("home/training_rights.html")


@blueprint.get("/accessibilite")
@open_to_all
def accessibility():
    return render_page("home/accessibility.html")


@blueprint.get("/vos-donnees")
@open_to_all
def privacy():
    return render_page("home/privacy.html")


@blueprint.get("/mentions-legales")
@open_to_all
def legal():
    return render_page("home/legal.html")


@blueprint.get("/qui-peut-faire-quoi")
@open_to_all
def rights():
    """The authorisation matrix itself, in words: never a copy of it (I12)."""
    return render_page("home/rights.html", columns=by_standing())


@blueprint.get("/sante")
@open_to_all
def health():
    """For the proxy: 200 while the database answers; a silent one ends as 503."""
    check_answers()
    return jsonify(etat="en service")
