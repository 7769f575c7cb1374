"""« Mes listes »: actions put in order, handed over on paper or by a link."""

import segno
from flask import abort, request, url_for

from models.action_bank.sheets import Action
from models.base import N_, RuleBroken, typed_code
from models.following.lists import ActionList
from models.permissions import Permission

from ..access import actor, allowed_to, may, oneself
from ..forms import once
from ..languages import gettext, say
from ..pages import go_to, render_page
from .forms import ListForm, NewListForm
from .views import action_of_form, blueprint

NEW = "nouvelle"


@blueprint.get("/mes-listes")
@allowed_to(Permission.KEPT_WRITE, load=oneself)
def lists(account):
    return _show_lists(account, NewListForm(formdata=None))


def _show_lists(account, form, problems=()):
    """`action` comes from a sheet: it goes into the list that is started here."""
    return render_page(
        "following/lists.html",
        status=422 if problems else 200,
        lists=ActionList.of_account(account),
        form=form,
        problems=dict(problems),
        action=_action_to_add(),
    )


def _action_to_add():
    code = typed_code(request.values.get("action", ""))
    action = code and Action.sheet(code)
    return action if action and action.is_public and may(Permission.ACTION_READ, action) else None


@blueprint.post("/mes-listes")
@allowed_to(Permission.KEPT_WRITE, load=oneself)
def start_list(account):
    form = NewListForm()
    if not form.validate():
        return _show_lists(account, form, form.problems)
    try:
        code = once(lambda: _start(form.nom.data, account))
    except RuleBroken as broken:
        return _show_lists(account, form, {"nom": say(broken)})
    return go_to("following.edit_list", code=code, say=gettext(N_("La liste est prête.")))


def _start(name, account):
    started = ActionList.start(name, by=account)
    if action := _action_to_add():
        started.add(action, by=account)
    return started.code


@blueprint.post("/mes-listes/choisir")
@allowed_to(Permission.KEPT_WRITE, load=oneself)
def choose_list(account):
    """From a sheet: into one of one’s lists, or to the page that starts another."""
    action = action_of_form()
    if (chosen := request.form.get("liste")) == NEW:
        return go_to("following.lists", action=action.code)
    mine = ActionList.of_code(typed_code(chosen or "") or abort(400))
    if mine is None or not may(Permission.KEPT_WRITE, mine):
        abort(404)
    return _add(mine, action)


@blueprint.get("/mes-listes/<code:code>")
@allowed_to(Permission.KEPT_WRITE, load=ActionList.of_code)
def edit_list(mine):
    return _show_list(mine, _form_of(mine, formdata=None))


def _form_of(mine, **kwargs):
    places = [membership.organisation for membership in actor().rights.memberships]
    held = mine.prepared_by
    return ListForm.among(places, nom=mine.name, organisme=held.code if held else "", **kwargs)


def _show_list(mine, form, problems=(), sentence=None):
    return render_page(
        "following/list.html",
        status=422 if problems or sentence else 200,
        list=mine,
        items=mine.items(),
        addable=mine.addable(),
        form=form,
        problems=dict(problems),
        sentence=sentence,
    )


@blueprint.post("/mes-listes/<code:code>")
@allowed_to(Permission.KEPT_WRITE, load=ActionList.of_code)
def describe_list(mine):
    form = _form_of(mine)
    if not form.validate():
        return _show_list(mine, form, form.problems)
    mine.describe(form.nom.data, _own_organisation(form.organisme.data), by=actor())
    return _back(mine, gettext(N_("La liste est enregistrée.")))


def _own_organisation(code):
    """The organisation of this code among the actor’s own (I13)."""
    own = (membership.organisation for membership in actor().rights.memberships)
    return next((one for one in own if one.code == code), None)


def _back(mine, sentence=None):
    return go_to("following.edit_list", code=mine.code, say=sentence)


@blueprint.post("/mes-listes/<code:code>/ajouter")
@allowed_to(Permission.KEPT_WRITE, load=ActionList.of_code)
def add_to_list(mine):
    return _add(mine, action_of_form())


def _add(mine, action):
    try:
        mine.add(action, by=actor())
    except RuleBroken as broken:
        return _show_list(mine, _form_of(mine, formdata=None), sentence=say(broken))
    return _back(mine, gettext(N_("L’action est dans la liste.")))


@blueprint.post("/mes-listes/<code:code>/enlever")
@allowed_to(Permission.KEPT_WRITE, load=ActionList.of_code)
def withdraw_from_list(mine):
    mine.withdraw(action_of_form(), by=actor())
    return _back(mine, gettext(N_("L’action n’est plus dans la liste.")))


@blueprint.post("/mes-listes/<code:code>/deplacer")
@allowed_to(Permission.KEPT_WRITE, load=ActionList.of_code)
def move_in_list(mine):
    place = request.form.get("place", "")
    if not (place.isascii() and place.isdigit()):
        abort(400)
    mine.move(action_of_form(), int(place[:4]), by=actor())
    return _back(mine)


@blueprint.post("/mes-listes/<code:code>/partager")
@allowed_to(Permission.KEPT_WRITE, load=ActionList.of_code)
def share_list(mine):
    """Ask for one of the two states: sent twice, it is the same."""
    if (wanted := request.form.get("partage")) not in ("oui", "non"):
        abort(400)
    mine.share(wanted == "oui", by=actor())
    words = N_("La liste est partagée.") if wanted == "oui" else N_("La liste n’est plus partagée.")
    return _back(mine, gettext(words))


@blueprint.route("/mes-listes/<code:code>/supprimer", methods=["GET", "POST"])
@allowed_to(Permission.KEPT_WRITE, load=ActionList.of_code)
def delete_list(mine):
    if request.method == "GET":
        return render_page("following/delete_list.html", list=mine)
    mine.discard(by=actor())
    return go_to("following.lists", say=gettext(N_("La liste est supprimée.")))


@blueprint.get("/listes/<code:code>")
@allowed_to(Permission.KEPT_READ, load=ActionList.of_code)
def shared_list(shown):
    """For a person at the desk: on paper first. It says nothing of who prepared it but where."""
    answer = render_page(
        "following/shared.html",
        list=shown,
        items=shown.items(),
        picture=_picture_of(shown) if shown.is_public else None,
        is_mine=may(Permission.KEPT_WRITE, shown),
    )
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _picture_of(shown):
    address = url_for("following.shared_list", code=shown.code, _external=True)
    return segno.make(address, micro=False, error="m").svg_data_uri(scale=4, border=4, light="#fff")
