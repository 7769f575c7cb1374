"""« Personnes sans référent »: a successor is named without reading anything of the file (I14)."""

from flask import abort

from models.base import N_, RuleBroken
from models.permissions import Permission
from models.persons.handover import Handover, name_lead, successors
from models.persons.orphans import (
    PAGE_SIZE,
    is_orphan,
    organisations_agreed,
    orphan,
    orphan_ids,
)
from models.persons.orphans import orphans as orphans_of

from ..access import actor, allowed_to, opens_file
from ..forms import once
from ..languages import gettext, say
from ..pages import go_to, page_asked, render_page
from .forms import NameForm
from .views import blueprint, unless_done


@blueprint.get("/animation/sans-referent")
@allowed_to(Permission.REFERENT_NAME)
def orphans():
    rows = orphan_ids()
    page, page_count = page_asked(len(rows), PAGE_SIZE)
    return render_page(
        "referents/orphans.html",
        orphans=orphans_of(rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]),
        count=len(rows),
        page=page,
        page_count=page_count,
    )


@blueprint.route("/animation/sans-referent/<code:code>", methods=["GET", "POST"])
@unless_done("referents.orphans")
@opens_file(Permission.REFERENT_NAME, act="referent:name")
def name(person):
    """Only whoever is without référent is there to be named one."""
    if not is_orphan(person):
        abort(404)
    form = NameForm.among(successors())
    if not form.is_submitted():
        return _show(person, form, {})
    return _named(person, form) if form.validate() else _show(person, form, form.problems)


def _show(person, form, problems):
    """The page is given an `Orphan`, which holds no name."""
    agreed = organisations_agreed(person)
    known = list(form.memberships.values())
    return render_page(
        "referents/name.html",
        status=422 if problems else 200,
        orphan=orphan(person),
        waiting=Handover.waiting_of(person),
        here=[one for one in known if one.organisation_id in agreed],
        elsewhere=[one for one in known if one.organisation_id not in agreed],
        form=form,
        problems=problems,
    )


def _named(person, form):
    try:
        done = Handover.by_code(once(lambda: name_lead(person, form.who, by=actor()).code))
    except RuleBroken as broken:
        return _show(person, form, {"vers": say(broken)})
    if done.is_waiting:
        words = N_("La demande est envoyée à la personne : elle accepte, ou non.")
    else:
        words = N_("Le référent est nommé. La personne et lui sont prévenus.")
    return go_to("referents.orphans", say=gettext(words))
