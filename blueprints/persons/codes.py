"""The person's access code, replaced at the desk (REQ-42)."""

from flask import request

from models.base import N_
from models.permissions import Permission
from models.persons import caseload, codes

from ..access import actor, opens_file
from ..languages import gettext
from ..pages import go_to, render_page
from .views import blueprint


@blueprint.route("/personnes/<code:code>/code", methods=["GET", "POST"])
@opens_file(Permission.CODE_RENEW)
def code(person):
    """Asked for, then shown to be handed over; as long as it shows, no other one is drawn."""
    fresh = codes.fresh_of(person, actor())
    if request.method == "GET":
        return render_page("persons/code.html", person=person, access=fresh)
    if fresh is None:
        [link, *_] = caseload.links_with(actor(), person)
        codes.renew(person, by=actor(), organisation=link.organisation)
    return go_to("persons.code", code=person.code)


@blueprint.post("/personnes/<code:code>/code/remis")
@opens_file(Permission.CODE_RENEW)
def code_given(person):
    codes.forget_fresh(person)
    return go_to("persons.show", code=person.code, say=gettext(N_("Le code ne s’affiche plus.")))
