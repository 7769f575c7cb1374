"""The same pages for the person herself, in her space: all of it is open to her."""

from models.diagnostics.diagnostic import Diagnostic
from models.permissions import Permission

from ..access import opens_file
from ..pages import render_page
from .views import blueprint, show_actions, show_comparison, show_paper, show_synthesis


@blueprint.get("/mon-espace/synthese")
@opens_file(Permission.DIAGNOSTIC_ANSWER, act="diagnostic:read")
def mine(person):
    return render_page("syntheses/mine.html", diagnostics=Diagnostic.of_person(person))


@blueprint.get("/mon-espace/synthese/<code:diagnostic>")
@opens_file(Permission.DIAGNOSTIC_ANSWER, act="diagnostic:read")
def my_show(person, diagnostic):
    return show_synthesis(person, diagnostic)


@blueprint.get("/mon-espace/synthese/<code:diagnostic>/imprimer")
@opens_file(Permission.DIAGNOSTIC_ANSWER, act="diagnostic:print")
def my_paper(person, diagnostic):
    return show_paper(person, diagnostic)


@blueprint.get("/mon-espace/synthese/<code:diagnostic>/actions")
@opens_file(Permission.DIAGNOSTIC_ANSWER, act="diagnostic:read")
def my_actions(person, diagnostic):
    return show_actions(person, diagnostic)


@blueprint.get("/mon-espace/synthese/<code:diagnostic>/comparer/<code:other>")
@opens_file(Permission.DIAGNOSTIC_ANSWER, act="diagnostic:read")
def my_compare(person, diagnostic, other):
    return show_comparison(person, diagnostic, other)
