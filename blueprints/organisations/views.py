"""The partners: every organisation of the network with its sheets (REQ 1, 5–8)."""

from flask import Blueprint, abort

from models.action_bank import Action
from models.organisations import Organisation

from ..access import open_to_all
from ..pages import render_page

blueprint = Blueprint("organisations", __name__)


@blueprint.get("/partenaires")
@open_to_all
def index():
    return render_page("organisations/index.html", groups=Organisation.by_category())


@blueprint.get("/partenaires/<code:code>")
@open_to_all
def show(code):
    organisation = Organisation.by_code(code) or abort(404)
    return render_page(
        "organisations/show.html",
        organisation=organisation,
        actions=Action.listed_of(organisation),
    )
