"""Her agreements: given, changed and withdrawn by herself (REQ-73)."""

import functools

from flask import abort, request

from models.base import N_
from models.network.organisations import Organisation
from models.permissions import Permission
from models.persons.agreements import Agreement, Given
from models.persons.circle import circle

from ..access import opens_file
from ..languages import gettext
from ..pages import go_to, render_page
from ..sharing_form import OwnSharingForm
from .views import blueprint


@blueprint.get("/mon-espace/accords")
@opens_file(Permission.AGREEMENT_GIVE)
def agreements(person):
    given = Agreement.of_person(person)
    return render_page(
        "my_space/agreements.html",
        living=[one for one in given if one.is_current],
        past=[one for one in given if not one.is_current],
    )


@blueprint.get("/mon-espace/accords/donner")
@opens_file(Permission.AGREEMENT_GIVE)
def choose_organisation(person):
    """To whom: an organisation of the network, then the form about this one."""
    choices = [(one.code, one.name) for one in _admitted()]
    return render_page("my_space/choose_organisation.html", choices=choices)


def _admitted():
    return [one for one in Organisation.network() if one.is_admitted]


@blueprint.route("/mon-espace/accords/organisme", methods=["GET", "POST"])
@opens_file(Permission.AGREEMENT_GIVE)
def give(person):
    organisation = next((o for o in _admitted() if o.code == request.values.get("organisme")), None)
    if organisation is None:
        return go_to("my_space.choose_organisation")
    form, problems = OwnSharingForm(), {}
    if form.is_submitted():
        problems = form.write(person, functools.partial(_give, person, organisation))
        if not problems:
            return _back(N_("Votre accord est enregistré."))
    return render_page(
        "my_space/give.html",
        status=422 if problems else 200,
        form=form,
        problems=problems,
        organisation=organisation,
        former=Agreement.between(person, organisation),
    )


def _give(person, organisation, **agreed):
    return Agreement.give(person, organisation, given=Given.OWN_SPACE, by=person, **agreed)


@blueprint.route("/mon-espace/accords/<code:agreement>/retirer", methods=["GET", "POST"])
@opens_file(Permission.AGREEMENT_GIVE)
def withdraw(person, agreement):
    """Who accompanies her stays written: only reading ends, and an agreement given again finds the
    same people. To end an accompaniment is another wish, and another page."""
    found = Agreement.of_hers(person, agreement) or abort(404)
    if request.method == "POST":
        found.withdraw(by=person)
        return _back(N_("Votre accord est retiré : cet organisme ne lit plus rien."))
    if not found.is_current:
        return go_to("my_space.agreements")
    readers = [one for one in circle(person).present if one.link.organisation == found.organisation]
    return render_page("my_space/withdraw.html", agreement=found, readers=readers)


def _back(words):
    return go_to("my_space.agreements", say=gettext(words))
