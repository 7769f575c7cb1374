"""« Mes favoris »: the actions one keeps, each with a note on the action (issue of the bank)."""

from flask import Blueprint, abort, request

from models.action_bank.sheets import Action
from models.base import N_, RuleBroken, typed_code
from models.following.bookmarks import LONGEST_NOTE, Bookmark
from models.identifiers import holds_social_security_number
from models.permissions import Permission
from models.text import tidy

from ..access import actor, allowed_to, may, oneself
from ..languages import gettext, say
from ..pages import go_to, render_page
from . import wording

blueprint = Blueprint("following", __name__)
wording.register(blueprint)
# The hidden field of a form that stands on the page of a sheet, and comes back to it.
FROM_SHEET = "fiche"


def action_of_form():
    """The action that the form names, which its sender may read (I13)."""
    code = typed_code(request.form.get("action", "")) or abort(400)
    action = Action.sheet(code)
    if action is None or not may(Permission.ACTION_READ, action):
        abort(404)
    return action


@blueprint.get("/mes-favoris")
@allowed_to(Permission.KEPT_WRITE, load=oneself)
def bookmarks(account):
    return render_page(
        "following/bookmarks.html",
        bookmarks=Bookmark.of_account(account),
        removed=_just_removed(account),
    )


def _just_removed(account):
    """The bookmark whose removal may be undone on this page, or None."""
    code = typed_code(request.args.get("retiree", ""))
    bookmark = code and Bookmark.of_code(code)
    is_own = bookmark and bookmark.account_id == account.id
    return bookmark if is_own and bookmark.removed_at else None


@blueprint.post("/mes-favoris")
@allowed_to(Permission.KEPT_WRITE, load=oneself)
def keep(account):
    action = action_of_form()
    Bookmark.keep(action, by=account)
    done = gettext(N_("La fiche est dans vos favoris."))
    return go_to("action_bank.show", code=action.code, say=done)


@blueprint.route("/mes-favoris/<code:code>/note", methods=["GET", "POST"])
@allowed_to(Permission.KEPT_WRITE, load=Bookmark.of_code)
def annotate(bookmark):
    if request.method == "GET":
        return _show_note(bookmark, bookmark.note)
    note = tidy(request.form.get("note", ""))
    try:
        bookmark.annotate(note, by=actor())
    except RuleBroken as broken:
        # What must not be written is not shown back either: it may be read over a shoulder.
        kept = "" if holds_social_security_number(note) else note[: 2 * LONGEST_NOTE]
        return _show_note(bookmark, kept, {"note": say(broken)})
    return go_to("following.bookmarks", say=gettext(N_("Votre note est enregistrée.")))


def _show_note(bookmark, note, problems=()):
    return render_page(
        "following/note.html",
        status=422 if problems else 200,
        bookmark=bookmark,
        note=note,
        problems=dict(problems),
    )


@blueprint.post("/mes-favoris/<code:code>/retirer")
@allowed_to(Permission.KEPT_WRITE, load=Bookmark.of_code)
def drop(bookmark):
    """Removed from its sheet, the button that keeps it is there again; from the list, a notice
    puts it back."""
    bookmark.remove(by=actor())
    if request.form.get("depuis") == FROM_SHEET:
        done = gettext(N_("La fiche n’est plus dans vos favoris."))
        return go_to("action_bank.show", code=bookmark.action.code, say=done)
    return go_to("following.bookmarks", retiree=bookmark.code)


@blueprint.post("/mes-favoris/<code:code>/remettre")
@allowed_to(Permission.KEPT_WRITE, load=Bookmark.of_code)
def restore(bookmark):
    bookmark.restore(by=actor())
    done = gettext(N_("La fiche est de nouveau dans vos favoris, avec sa note."))
    return go_to("following.bookmarks", say=done)
