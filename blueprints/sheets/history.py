"""The history of a sheet: who did what, what each version changed, and going back to one."""

from flask import abort, request

from models.action_bank import versions
from models.action_bank.sheets import Action
from models.action_bank.versions import CONTENT, ActionVersion, content_of
from models.base import N_, RuleBroken
from models.charter.comparison import pieces
from models.permissions import Permission

from ..access import actor, allowed_to
from ..languages import gettext, say
from ..pages import go_to, render_page
from .views import blueprint
from .wording import Teller, lead_of
from .writing import version_seen

SHOWN = 50


@blueprint.get("/fiches/<code:code>/historique")
@allowed_to(Permission.ACTION_HISTORY, load=Action.sheet)
def history(action):
    """The latest first; the address says from which number one reads on."""
    asked = request.args.get("avant", "")
    before = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) <= 9 else None
    found = ActionVersion.of(action, before=before, limit=SHOWN + 1)
    return render_page(
        "sheets/history.html",
        action=action,
        versions=found[:SHOWN],
        next_before=found[SHOWN - 1].number if len(found) > SHOWN else None,
    )


@blueprint.get("/fiches/<code:code>/historique/<int:number>")
@allowed_to(Permission.ACTION_HISTORY, load=Action.sheet)
def version(action, number):
    """What this version changed; going back is proposed when the sheet says something else."""
    version = _version(action, number)
    after = ActionVersion.content_at(action, number)
    return render_page(
        "sheets/version.html",
        action=action,
        version=version,
        changes=_changes(ActionVersion.content_at(action, number - 1), after),
        is_current=after == content_of(action),
    )


def _version(action, number):
    # Larger numbers are no row number of any engine.
    found = number < 2**31 and ActionVersion.numbered(action, number)
    return found or abort(404)


def _changes(before, after):
    """`[(question, pieces)]` of what differs; without a `before`, everything that is answered."""
    teller = Teller(before, after)
    leads = dict.fromkeys(
        lead_of(name) for name in CONTENT if before is None or before[name] != after[name]
    )
    texts = [
        (lead, before and teller.text(lead, before), teller.text(lead, after)) for lead in leads
    ]
    return [(lead, pieces(old or "", new)) for lead, old, new in texts if (old or "") != new]


@blueprint.route("/fiches/<code:code>/historique/<int:number>/revenir", methods=["GET", "POST"])
@allowed_to(Permission.ACTION_WRITE, load=Action.sheet)
def roll_back(action, number):
    """What will change is read before it changes."""
    version = _version(action, number)
    if request.method == "GET":
        return _before_going_back(action, version)
    try:
        versions.roll_back(action, number, by=actor(), seen=version_seen())
    except RuleBroken as broken:
        again = Action.sheet(action.code) or abort(404)
        return _before_going_back(again, version, status=409, sentence=say(broken))
    done = gettext(N_("La fiche dit de nouveau ce qu’elle disait."))
    return go_to("sheets.show", code=action.code, say=done)


def _before_going_back(action, version, *, status=200, sentence=None):
    after = ActionVersion.content_at(action, version.number)
    return render_page(
        "sheets/roll_back.html",
        status=status,
        action=action,
        version=version,
        changes=_changes(content_of(action), after),
        sentence=sentence,
    )
