"""Entering one's own space, and its first page."""

from flask import Blueprint, g, session, url_for

from models.base import RuleBroken
from models.permissions import Permission
from models.persons.agreements import Agreement
from models.persons.circle import circle
from models.persons.journal import looks_of
from models.persons.notices import PersonNotice
from models.persons.sessions import enter as open_space

from ..access import open_to_all, opens_file
from ..entering import welcome
from ..languages import say
from ..pages import go_to, render_page
from .forms import EnterForm

blueprint = Blueprint("my_space", __name__)


@blueprint.get("/mon-espace")
@opens_file(Permission.SPACE_USE)
def home(person):
    return render_page(
        "my_space/home.html",
        person=person,
        own=g.person_session,
        news=PersonNotice.named(PersonNotice.unread(person)),
        referents=circle(person).present,
        agreements=[one for one in Agreement.of_person(person) if one.is_current],
        looks=looks_of(person),
    )


@blueprint.post("/mon-espace/lu")
@opens_file(Permission.SPACE_USE)
def mark_read(person):
    PersonNotice.read_all(person)
    return go_to("my_space.home")


@blueprint.route("/mon-espace/entrer", methods=["GET", "POST"])
@open_to_all
def enter():
    form, problems = EnterForm(), {}
    if form.validate_on_submit():
        try:
            is_shared = not form.appareil_a_moi.data
            opened = open_space(form.identifiant.data, form.code.data, is_shared=is_shared)
            # What the person before her was told on this screen is not for her.
            session.clear()
            return welcome(*opened, to=url_for("my_space.home"))
        except RuleBroken as broken:
            problems = {"identifiant": say(broken)}
    problems = problems or form.problems
    status = 422 if problems else 200
    return render_page("my_space/enter.html", form=form, problems=problems, status=status)
