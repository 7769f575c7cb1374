"""The agreement of one's organisation: given again, changed, given back (REQ-73)."""

import functools

from flask import request

from models.base import N_
from models.permissions import Permission
from models.persons import caseload
from models.persons.agreements import Agreement

from ..access import actor, opens_file
from ..forms import is_done, once
from ..languages import gettext
from ..pages import go_to, render_page
from .forms import AgreementForm
from .views import blueprint


def ask_agreement(template, form, problems=(), **context):
    return render_page(
        f"persons/{template}.html",
        status=422 if problems else 200,
        form=form,
        problems=dict(problems),
        **context,
    )


def _places(person):
    """The organisations for which one accompanies her today."""
    return [link.organisation for link in caseload.links_with(actor(), person)]


@blueprint.route("/personnes/<code:code>/accord", methods=["GET", "POST"])
@opens_file(Permission.AGREEMENT_RECORD)
def agreement(person):
    places = _places(person)
    form = AgreementForm.among(places)
    held = [(place, Agreement.between(person, place)) for place in places]
    if request.method == "GET":
        return ask_agreement("agreement", form, person=person, held=held)
    problems = form.write(person, functools.partial(_give, form, person))
    if problems:
        return ask_agreement("agreement", form, problems, person=person, held=held)
    return go_to("persons.show", code=person.code, say=gettext(N_("L’accord est enregistré.")))


def _give(form, person, **agreed):
    return Agreement.give(person, form.place, by=actor(), **agreed)


def unless_given_back(view):
    """Sent twice, the form finds the file closed by its first sending: the answer is the same."""

    @functools.wraps(view)
    def checked(code):
        return _to_list() if actor() and is_done() else view(code=code)

    return checked


def _to_list():
    return go_to(
        "persons.index", say=gettext(N_("L’accord est rendu : ce dossier vous est fermé."))
    )


@blueprint.route("/personnes/<code:code>/accord/rendre", methods=["GET", "POST"])
@unless_given_back
@opens_file(Permission.AGREEMENT_RECORD)
def give_back(person):
    wanted = request.values.get("organisme")
    place = next((one for one in _places(person) if one.code == wanted), None)
    if place is None:
        return go_to("persons.show", code=person.code)
    held = Agreement.between(person, place)
    if request.method == "GET":
        return render_page("persons/give_back.html", person=person, place=place, agreement=held)
    once(lambda: held.withdraw(by=actor()))
    return _to_list()
