"""Signing in and out, and the account of whoever is signed in."""

from flask import Blueprint, g, make_response, redirect, request, session, url_for

from models.accounts import SESSION_LENGTH, TooManyFailures
from models.accounts import sign_in as open_session
from models.base import RuleBroken

from .. import cookies
from ..access import cookie_name, is_local, open_to_all, signed_in
from ..languages import say
from ..pages import go_to, render_page
from .forms import SignInForm

blueprint = Blueprint("accounts", __name__)


@blueprint.route("/connexion", methods=["GET", "POST"])
@open_to_all
def sign_in():
    form = SignInForm()
    if request.method == "GET":
        return _ask(form)
    if not form.validate():
        return _ask(form, status=422)
    try:
        _, token = open_session(form.identifiant.data, form.mot_de_passe.data)
    except TooManyFailures as wait:
        return _ask(form, status=429, refusal=wait)
    except RuleBroken as refusal:
        return _ask(form, status=422, refusal=refusal)
    return _welcome(token)


def _ask(form, *, status=200, refusal=None):
    problems = {field.name: field.errors[0] for field in form.fields_in_error}
    if refusal:
        problems["identifiant"] = say(refusal)
    return render_page(
        "accounts/sign_in.html", status=status, form=form, problems=problems, suite=_next()
    )


def _next():
    """Where to go once signed in: a page of this very site, or nothing."""
    address = request.values.get("suite", "")
    return address if is_local(address) else ""


def _welcome(token):
    """A new session under a new cookie: what a visitor's cookie held is forgotten."""
    session.clear()
    response = redirect(_next() or url_for("accounts.show"), 303)
    cookies.keep(response, cookie_name(), token, seconds=int(SESSION_LENGTH.total_seconds()))
    return response


@blueprint.get("/mon-compte")
@signed_in
def show():
    account = g.session.account
    return render_page(
        "accounts/show.html",
        account=account,
        places=account.rights.places,
        opened_at=g.session.created_at,
    )


@blueprint.post("/deconnexion")
@signed_in
def sign_out():
    g.session.end()
    session.clear()
    response = make_response(go_to("accounts.signed_out"))
    cookies.forget(response, cookie_name())
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


@blueprint.get("/deconnexion")
@open_to_all
def signed_out():
    return render_page("accounts/signed_out.html")
