"""« Toujours à jour » : by the link of an e-mail, without account, or signed in (REQ 20)."""

from flask import Blueprint, request, url_for

from models.action_bank import freshness
from models.action_bank.freshness import LinkState, ReviewReminder
from models.action_bank.sheets import Action
from models.action_bank.versions import Conflict
from models.base import N_, RuleBroken
from models.permissions import Permission

from ..access import actor, allowed_to, open_to_all
from ..forms import whole_number
from ..languages import gettext, say
from ..pages import go_to, render_page
from . import wording

blueprint = Blueprint("freshness", __name__)
wording.register(blueprint)
MOST_PLACES = 9999
GONE = (LinkState.EXPIRED, LinkState.WITHDRAWN, LinkState.OVER)


@blueprint.route("/verifier/<token>", methods=["GET", "POST"])
@open_to_all
def verify(token):
    """Opening the link writes nothing: mail filters open it too. The button confirms.

    The token is the right, read again at each request: no account is asked for.
    """
    reminder = ReviewReminder.of_token(token)
    if reminder is None:
        return render_page("freshness/unknown_link.html", status=404)
    if request.method == "POST" and reminder.state in (LinkState.OPEN, LinkState.USED):
        reminder.use()
        return go_to("freshness.verify", token=token)
    return render_page(
        "freshness/verify.html",
        status=410 if reminder.state in GONE else 200,
        reminder=reminder,
        action=reminder.action,
        state=reminder.state.value,
        token=token,
        sign_in=url_for(
            "accounts.sign_in", suite=url_for("sheets.show", code=reminder.action.code)
        ),
    )


@blueprint.route("/fiches/<code:code>/confirmer", methods=["GET", "POST"])
@allowed_to(Permission.ACTION_WRITE, load=Action.sheet)
def confirm(action):
    """One click when nothing changed, and the free places, which age fastest."""
    if request.method == "GET":
        return _ask(action, places=action.places_left, seen=action.edition)
    text = request.form.get("places", "").strip()
    seen = whole_number(request.form.get("vu", ""), action.edition)
    places = whole_number(text, MOST_PLACES)
    if text and places is None:
        problem = gettext(N_("écrivez un nombre de places, de 0 à 9999."))
        return _ask(action, places=text[:10], seen=seen, problems={"places": problem})
    try:
        freshness.confirm(action, by=actor(), places_left=places, seen=seen)
    except Conflict as conflict:
        return _ask(conflict.action, places=places, seen=conflict.action.edition, conflict=conflict)
    except RuleBroken as broken:
        return _ask(action, places=text, seen=seen, problems={"places": say(broken)})
    done = gettext(N_("La fiche est confirmée : elle est à jour."))
    return go_to("action_bank.show", code=action.code, say=done)


def _ask(action, *, problems=(), conflict=None, **context):
    status = 409 if conflict else 422 if problems else 200
    return render_page(
        "freshness/confirm.html",
        status=status,
        action=action,
        problems=dict(problems),
        conflict=conflict,
        **context,
    )
