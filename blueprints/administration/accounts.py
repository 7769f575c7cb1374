"""The accounts of the platform: opening, closing, giving a role. No person's file is in reach."""

from flask import request

from models.accounts import links, second_factor
from models.accounts.account import Account, Role
from models.accounts.links import Purpose
from models.accounts.second_factor import SecondFactor
from models.accounts.sessions import Session
from models.base import N_, RuleBroken, transaction
from models.permissions import Permission
from models.text import one_line

from ..access import actor, allowed_to
from ..forms import once
from ..languages import gettext, say
from ..pages import go_to, render_page
from .forms import AccountForm, RoleForm
from .views import blueprint

SHOWN = 200


@blueprint.get("/administration/comptes")
@allowed_to(Permission.ACCOUNT_READ)
def accounts():
    return _list_accounts("")


@blueprint.post("/administration/comptes")
@allowed_to(Permission.ACCOUNT_READ)
def find_accounts():
    """By POST: what is looked for is somebody’s name, which no address may hold."""
    return _list_accounts(one_line(request.form.get("q", ""), 254))


def _list_accounts(text):
    found = Account.directory(text, limit=SHOWN + 1)
    has_more = len(found) > SHOWN
    return render_page(
        "administration/accounts.html", accounts=found[:SHOWN], text=text, has_more=has_more
    )


@blueprint.get("/administration/comptes/nouveau")
@allowed_to(Permission.ACCOUNT_MANAGE)
def new_account():
    return _ask(AccountForm(role=Role.PROFESSIONAL))


@blueprint.post("/administration/comptes/nouveau")
@allowed_to(Permission.ACCOUNT_MANAGE)
def open_account():
    form = AccountForm()
    if not form.validate():
        return _ask(form, form.problems)
    try:
        code = once(lambda: _open(form))
    except RuleBroken as refusal:
        return _ask(form, {"courriel": say(refusal)})
    return _back(code, N_("Le compte est ouvert, un courriel part."))


@transaction
def _open(form):
    account = Account.register(
        form.courriel.data, form.nom.data, role=Role(form.role.data), by=actor()
    )
    links.send(Purpose.WELCOME, account, by=actor())
    return account.code


def _ask(form, problems=None):
    return render_page(
        "administration/open_account.html",
        status=422 if problems else 200,
        form=form,
        problems=problems or {},
    )


def _back(code, sentence):
    return go_to("administration.account", code=code, say=gettext(sentence))


@blueprint.get("/administration/comptes/<code:code>")
@allowed_to(Permission.ACCOUNT_READ, load=Account.by_code)
def account(held):
    factor = SecondFactor.of(held)
    return render_page(
        "administration/account.html",
        account=held,
        memberships=held.rights.memberships,
        open_sessions=len(Session.live_of(held)),
        has_second_factor=bool(factor and factor.is_ready),
        roles=Role.choices(),
        is_self=held.id == actor().id,
    )


@blueprint.post("/administration/comptes/<code:code>/role")
@allowed_to(Permission.ACCOUNT_MANAGE, load=Account.by_code)
def give_role(held):
    form = RoleForm()
    if not form.validate():
        raise RuleBroken(form.role.wrong)
    held.give_role(Role(form.role.data), by=actor())
    return _back(held.code, N_("Le rôle est enregistré."))


@blueprint.post("/administration/comptes/<code:code>/fermeture")
@allowed_to(Permission.ACCOUNT_MANAGE, load=Account.by_code)
def close_account(held):
    held.deactivate(by=actor())
    return _back(held.code, N_("Le compte est fermé, et ses connexions aussi."))


@blueprint.post("/administration/comptes/<code:code>/ouverture")
@allowed_to(Permission.ACCOUNT_MANAGE, load=Account.by_code)
def reopen_account(held):
    held.reactivate(by=actor())
    return _back(held.code, N_("Le compte est rouvert."))


@blueprint.post("/administration/comptes/<code:code>/second-code")
@allowed_to(Permission.ACCOUNT_MANAGE, load=Account.by_code)
def reset_second_factor(held):
    second_factor.reset(held, by=actor())
    return _back(held.code, N_("La personne installera un nouveau second code."))
