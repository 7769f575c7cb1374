"""Entering one's own space, its first page, and leaving it without a trace."""

from flask import Blueprint, g, make_response, session, url_for

from models.base import RuleBroken
from models.permissions import Permission
from models.persons.sessions import enter as open_space

from .. import cookies
from ..access import accompanied, cookie_name, open_to_all, opens_file
from ..entering import welcome
from ..languages import say
from ..pages import go_to, render_page
from .forms import EnterForm

blueprint = Blueprint("my_space", __name__)


@blueprint.get("/mon-espace")
@opens_file(Permission.SPACE_USE)
def home(person):
    return render_page("my_space/home.html", person=person)


@blueprint.route("/mon-espace/entrer", methods=["GET", "POST"])
@open_to_all
def enter():
    form, problems = EnterForm(), {}
    if form.validate_on_submit():
        try:
            is_shared = not form.appareil_a_moi.data
            opened = open_space(form.identifiant.data, form.code.data, is_shared=is_shared)
            return welcome(*opened, to=url_for("my_space.home"))
        except RuleBroken as broken:
            problems = {"identifiant": say(broken)}
    problems = problems or form.problems
    status = 422 if problems else 200
    return render_page("my_space/enter.html", form=form, problems=problems, status=status)


@blueprint.post("/mon-espace/quitter")
@open_to_all
def leave():
    if accompanied():
        g.person_session.end()
    session.clear()
    response = make_response(go_to("my_space.left"))
    cookies.forget(response, cookie_name())
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


@blueprint.get("/mon-espace/au-revoir")
@open_to_all
def left():
    return render_page("my_space/left.html")
