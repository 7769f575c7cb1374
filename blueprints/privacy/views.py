"""The rights of people, and the register of what is kept of them: open to all, as they are held."""

from flask import Blueprint, abort

from models import register
from models.register.risks import RISKS, SECURITY, TO_DECIDE

from ..access import open_to_all
from ..pages import render_page

blueprint = Blueprint("privacy", __name__)


@blueprint.get("/mes-droits")
@open_to_all
def my_rights():
    """REQ-206: in plain words, on one printed page."""
    return render_page("privacy/my_rights.html")


@blueprint.get("/registre")
@open_to_all
def index():
    return render_page(
        "privacy/register.html",
        activities=register.ACTIVITIES,
        others=register.entries_of(None),
        security=SECURITY,
    )


@blueprint.get("/registre/<name>")
@open_to_all
def activity(name):
    one = register.activity(name) or abort(404)
    return render_page("privacy/activity.html", activity=one, entries=register.entries_of(one))


@blueprint.get("/registre/analyse-d-impact")
@open_to_all
def impact():
    """The draft of article 35, about the activities that concern accompanied persons."""
    return render_page(
        "privacy/impact.html",
        activities=[one for one in register.ACTIVITIES if one.is_of_persons],
        risks=RISKS,
        to_decide=TO_DECIDE,
    )
