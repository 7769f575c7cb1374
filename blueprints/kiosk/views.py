"""A terminal that anybody touches: three doors, and a question whose answer goes elsewhere."""

from flask import Blueprint, g

from models.base import RuleBroken
from models.persons.who import ask

from ..access import open_to_all
from ..languages import say
from ..pages import go_to, render_page
from .forms import WhoForm

blueprint = Blueprint("kiosk", __name__)


@blueprint.get("/borne")
@open_to_all
def home():
    return render_page("kiosk/home.html")


@blueprint.route("/qui-me-suit", methods=["GET", "POST"])
@open_to_all
def who():
    """The same answer to everybody: only the contact already on file learns more (REQ-206)."""
    form, problems = WhoForm(), {}
    if form.validate_on_submit():
        try:
            ask(form.nom.data, form.prenom.data, form.annee.data, language=g.language)
            return go_to("kiosk.asked")
        except RuleBroken as broken:
            problems = {"nom": say(broken)}
    problems = problems or form.problems
    status = 422 if problems else 200
    return render_page("kiosk/who.html", form=form, problems=problems, status=status)


@blueprint.get("/qui-me-suit/demande")
@open_to_all
def asked():
    return render_page("kiosk/asked.html")
