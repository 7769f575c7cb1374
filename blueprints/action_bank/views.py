"""The shared action bank, reading side: search, the sheet, its short link (REQ 15–28, 186)."""

from flask import Blueprint, abort, redirect, request, url_for

from models.action_bank.asking import PARAMETERS
from models.action_bank.search import RADII, search, similar_to
from models.action_bank.sheets import Action
from models.following.lists import shelf_of
from models.permissions import Permission
from models.prescriptions.answering_time import usual_paces
from models.prescriptions.eligibility import may_prescribe
from models.unmet_needs import UnmetNeed

from ..access import actor, allowed_to, may, open_to_all
from ..pages import render_page, wants_fragment
from . import wording
from .facets import active_filters, facets
from .request import read_search

blueprint = Blueprint("action_bank", __name__)
wording.register(blueprint)


@blueprint.get("/actions")
@open_to_all
def index():
    asked = read_search()
    if asked.problems or asked.communes:
        status = 422 if asked.problems else 200
        return render_page("action_bank/ask_again.html", status=status, asked=asked)
    results = search(asked.search)
    return render_page(
        "action_bank/index.html",
        fragment="results",
        asked=asked,
        results=results,
        facets=facets(asked.search, results),
        filters=active_filters(asked.search, results),
        radii=RADII,
        is_counted=_is_counted(asked.search, results),
        saving=_address_that_saves() if may(Permission.KEPT_WRITE, actor()) else None,
    )


def _is_counted(wanted, results):
    """A whole page asked for by a person, rather than the same list refined by a script."""
    is_first = request.method == "GET" and not wants_fragment()
    return is_first and UnmetNeed.note(wanted, results)


def _address_that_saves():
    given = {name: request.args.getlist(name) for name in PARAMETERS if name in request.args}
    return url_for("following.new_search", **given)


@blueprint.get("/actions/<code:code>")
@allowed_to(Permission.ACTION_READ, load=Action.sheet)
def show(action):
    if action.is_archived:
        return render_page(
            "action_bank/archived.html", status=410, action=action, others=similar_to(action)
        )
    return render_page(
        "action_bank/show.html",
        action=action,
        backers=action.backers(),
        attached=action.attached_sheets(),
        pace=usual_paces([action.organisation_id]).get(action.organisation_id),
        shelf=shelf_of(actor(), action) if may(Permission.KEPT_WRITE, actor()) else None,
        is_prescribable=may(Permission.PRESCRIPTION_LIST, actor()) and may_prescribe(action),
    )


@blueprint.get("/a/<code:code>")
@open_to_all
def short(code):
    """The short link of the printed sheet; what it leads to decides who may read."""
    return redirect(url_for("action_bank.show", code=code), 301)


@blueprint.get("/actions/<path:source_id>")
@open_to_all
def of_source(source_id):
    """The national identifier leads to the sheet too: partners' links stay true."""
    action = Action.of_source(source_id)
    if action is None or not may(Permission.ACTION_READ, action):
        abort(404)
    return redirect(url_for("action_bank.show", code=action.code), 301)
