"""Signing in, with a password or with a link, and signing out."""

from flask import Blueprint, current_app, g, make_response, request, session, url_for

from models.accounts import links
from models.accounts.links import OneTimeLink, Purpose
from models.accounts.sessions import Step
from models.accounts.signing_in import sign_in as open_session
from models.base import RuleBroken

from .. import cookies
from ..access import cookie_name, open_to_all, signing_in
from ..devices import device_of
from ..entering import welcome
from ..pages import go_to, render_page
from .answers import ask_form
from .forms import AddressForm, SignInForm

blueprint = Blueprint("accounts", __name__)


def provider():
    """The name of the identity provider, when the installation has one."""
    return current_app.config["OIDC_NAME"] if current_app.config["OIDC_ISSUER"] else None


@blueprint.route("/connexion", methods=["GET", "POST"])
@open_to_all
def sign_in():
    form = SignInForm()
    refusal = None
    if form.validate_on_submit():
        try:
            given = form.identifiant.data, form.mot_de_passe.data
            return welcome(*open_session(*given, **device_of(request)))
        except RuleBroken as broken:
            refusal = broken
    return ask_form(
        "accounts/sign_in.html", form, refusal=refusal, about="identifiant", provider=provider()
    )


@blueprint.route("/connexion/lien", methods=["GET", "POST"])
@open_to_all
def ask_link():
    return ask_for(Purpose.SIGN_IN, "accounts/ask_link.html")


def ask_for(purpose, template):
    """The address to write to, then the same answer whether it is known or not."""
    form = AddressForm()
    refusal = None
    if form.validate_on_submit():
        try:
            links.ask(purpose, form.identifiant.data, language=g.language)
            return go_to("accounts.link_sent")
        except RuleBroken as broken:
            refusal = broken
    return ask_form(template, form, refusal=refusal, about="identifiant")


@blueprint.get("/connexion/lien-envoye")
@open_to_all
def link_sent():
    return render_page("accounts/link_sent.html")


@blueprint.route("/connexion/lien/<token>", methods=["GET", "POST"])
@open_to_all
def use_link(token):
    """Opening the link changes nothing: mail filters do it too. The button signs in."""
    if request.method == "POST":
        try:
            return welcome(*links.sign_in(token, **device_of(request)))
        except links.DeadLink:
            return dead_link("accounts.ask_link")
    link = OneTimeLink.of_token(token, Purpose.SIGN_IN)
    if link is None:
        return dead_link("accounts.ask_link")
    return render_page("accounts/use_link.html", token=token, account=link.account)


def dead_link(endpoint):
    """Say that the link has served or expired, and offer another."""
    return render_page("accounts/dead_link.html", status=410, again=url_for(endpoint))


@blueprint.post("/deconnexion")
@signing_in(*Step)
def sign_out():
    g.session.end()
    session.clear()
    response = make_response(go_to("accounts.signed_out", code=_ended_code()))
    cookies.forget(response, cookie_name())
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


def _ended_code():
    """The session to end at the provider too, when it came from there."""
    return g.session.code if g.session.is_of_provider else None


@blueprint.get("/deconnexion")
@blueprint.get("/deconnexion/<code:code>")
@open_to_all
def signed_out(code=None):
    return render_page("accounts/signed_out.html", provider=provider(), ended=code)
