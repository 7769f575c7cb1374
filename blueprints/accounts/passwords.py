"""Choosing a password: forgotten, first, or another."""

from flask import flash, g, make_response

from models.accounts import links
from models.accounts.links import PASSWORD_PURPOSES, OneTimeLink, Purpose
from models.accounts.signing_in import WrongPassword, change_password
from models.accounts.throttling import TooManyFailures
from models.base import N_, RuleBroken

from ..access import open_to_all, signed_in
from ..entering import keep_signed_in
from ..languages import gettext
from ..pages import go_to
from .answers import ask_form
from .forms import ChangePasswordForm, NewPasswordForm
from .views import ask_for, blueprint, dead_link

CHOSEN = N_("Connectez-vous avec votre nouveau mot de passe.")


@blueprint.route("/mot-de-passe/oublie", methods=["GET", "POST"])
@open_to_all
def forgotten_password():
    return ask_for(Purpose.RESET, "accounts/forgotten_password.html")


@blueprint.route("/mot-de-passe/<token>", methods=["GET", "POST"])
@open_to_all
def choose_password(token):
    link = OneTimeLink.of_token(token, *PASSWORD_PURPOSES)
    if link is None:
        return dead_link("accounts.forgotten_password")
    form = NewPasswordForm()
    refusal = None
    if form.validate_on_submit():
        try:
            links.choose_password(token, form.nouveau.data)
            return go_to("accounts.sign_in", say=gettext(CHOSEN))
        except links.DeadLink:
            return dead_link("accounts.forgotten_password")
        except RuleBroken as broken:
            refusal = broken
    return ask_form(
        "accounts/choose_password.html",
        form,
        refusal=refusal,
        about="nouveau",
        token=token,
        account=link.account,
        is_first=link.purpose is Purpose.WELCOME,
    )


@blueprint.route("/mon-compte/mot-de-passe", methods=["GET", "POST"])
@signed_in
def edit_password():
    form = ChangePasswordForm()
    refusal, about = None, "nouveau"
    if form.validate_on_submit():
        try:
            token = change_password(g.session, form.actuel.data, form.nouveau.data)
            return _changed(token)
        except RuleBroken as broken:
            is_current = isinstance(broken, (WrongPassword, TooManyFailures))
            refusal, about = broken, "actuel" if is_current else "nouveau"
    return ask_form("accounts/edit_password.html", form, refusal=refusal, about=about)


def _changed(token):
    flash(gettext(N_("Votre mot de passe est changé. Vos autres connexions sont fermées.")))
    return keep_signed_in(token, make_response(go_to("accounts.show")))
