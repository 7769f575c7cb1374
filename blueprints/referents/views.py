"""Who accompanies a person, since when and why; how one of them ends his part."""

import functools

from flask import Blueprint, abort

from models.base import N_, RuleBroken
from models.permissions import Permission, Standing
from models.persons.accompaniments import Accompaniment, EndReason
from models.persons.circle import circle
from models.persons.handover import Handover, leave, link_of
from models.persons.pathways import Pathway, timeline

from ..access import actor, may, opens_file
from ..forms import is_done, once
from ..languages import gettext, say
from ..pages import go_to, render_page
from .forms import EndForm

blueprint = Blueprint("referents", __name__)


def unless_done(endpoint):
    """A form sent twice may have closed its own page: the second answer is not a refusal."""

    def decorate(view):
        @functools.wraps(view)
        def checked(*args, **kwargs):
            return go_to(endpoint) if is_done() else view(*args, **kwargs)

        return checked

    return decorate


def acting_for(person):
    """The organisation for which the account opens this file."""
    mine = actor().rights.standings.get(Standing.PROFESSIONAL, ())
    return Accompaniment.opening(actor(), mine, person).organisation


@blueprint.get("/personnes/<code:code>/accompagnement")
@opens_file(Permission.FILE_READ)
def show(person):
    around = circle(person)
    return render_page(
        "referents/show.html",
        person=person,
        present=around.present,
        former=around.former,
        lacks=around.lacks(),
        account=actor(),
        handover=Handover.waiting_of(person),
        pathways=Pathway.of_person(person),
        stretches=timeline(person),
    )


@blueprint.route("/personnes/<code:code>/accompagnement/<code:link>/finir", methods=["GET", "POST"])
@unless_done("persons.index")
@opens_file(Permission.REFERENT_WRITE)
def end(person, link):
    """One's own part alone: somebody else's is a 404 (I13)."""
    found = link_of(person, link)
    if found is None or found.account_id != actor().id or found.ended_at:
        abort(404)
    form = EndForm()
    problems = form.problems if form.is_submitted() and not form.validate() else {}
    if form.is_submitted() and not problems:
        problems = _left(found, form)
        if not problems:
            return _after(person, N_("Vous n’accompagnez plus cette personne. Elle est prévenue."))
    status = 422 if problems else 200
    return render_page(
        "referents/end.html", status=status, person=person, link=found, form=form, problems=problems
    )


def _left(link, form):
    """`{field: sentence}` of what refuses it."""
    reason, alone = EndReason(form.motif.data), form.sans_referent.data
    try:
        once(lambda: leave(link, reason, by=actor(), without_lead=alone))
    except RuleBroken as broken:
        return {"sans_referent": say(broken)}
    return {}


def _after(person, words):
    """Back to the file if it is still open to who acted, else to one's own list."""
    if may(Permission.FILE_READ, person):
        return go_to("referents.show", code=person.code, say=gettext(words))
    return go_to("persons.index", say=gettext(words))
