"""An invitation: read without using it, then accepted by its owner and nobody else."""

import contextlib

from flask import flash, request, url_for

from models.accounts.sessions import Session
from models.accounts.signing_in import sign_in
from models.base import N_, RuleBroken
from models.network.joining import Invitation, WeakPassword

from ..access import actor, open_to_all, signed_in
from ..devices import device_of
from ..entering import welcome
from ..languages import gettext, say
from ..pages import go_to, render_page
from .forms import NewcomerForm
from .views import blueprint


@blueprint.route("/invitation/<token>", methods=["GET", "POST"])
@open_to_all
def invitation(token):
    """Opening the link changes nothing: mail filters do it too. The button accepts."""
    found = Invitation.of_token(token)
    form = NewcomerForm()
    if found is None or not found.is_open or not found.organisation.is_admitted:
        return _sign_in_again(found, form) or _closed(found, token)
    if request.method == "GET" or found.account():
        return _show(found, form, token)
    if not form.validate():
        return _show(found, form, token, problems=form.problems)
    try:
        return _open_account(found, form)
    except RuleBroken as broken:
        about = "mot_de_passe" if isinstance(broken, WeakPassword) else "nom"
        return _show(found, form, token, problems={about: say(broken)})


def _open_account(found, form):
    account = found.open_account(form.nom.data, form.mot_de_passe.data)
    return _enter(found, *Session.open(account, by_means="invitation", **device_of(request)))


def _enter(found, session, token):
    flash(_joined(found))
    return welcome(session, token, to=url_for("team.home"))


def _joined(found):
    return gettext(N_("Vous avez rejoint : %(organisation)s.")) % {
        "organisation": found.organisation.name
    }


def _sign_in_again(found, form):
    """The form that made the account, sent twice: its password opens the account it made."""
    if found is None or not found.accepted_at or not form.validate_on_submit():
        return None
    with contextlib.suppress(RuleBroken):
        return _enter(found, *sign_in(found.email, form.mot_de_passe.data, **device_of(request)))
    return None


def _show(found, form, token, *, problems=()):
    account = found.account()
    return render_page(
        "joining/invitation.html",
        status=422 if problems else 200,
        invitation=found,
        form=form,
        problems=problems,
        token=token,
        account=account,
        is_own=actor() is not None and account is not None and actor().id == account.id,
    )


def _closed(found, token):
    """Why the link no longer serves, and the way on."""
    status = 404 if found is None else 410
    return render_page("joining/closed.html", status=status, invitation=found, token=token)


@blueprint.post("/invitation/<token>/rejoindre")
@signed_in
def accept(token):
    """The owner of the address, signed in, accepts; a second click finds it done."""
    found = Invitation.of_token(token)
    if found is None:
        return _closed(found, token)
    already_in = found.accepted_at and found.email == actor().identifier
    if not already_in:
        found.accept(actor())
    return go_to("team.home", say=_joined(found))


@blueprint.post("/invitation/<token>/nouveau-lien")
@open_to_all
def ask_again(token):
    """The same words whatever happens: they say nothing of the address."""
    found = Invitation.of_token(token)
    if found:
        with contextlib.suppress(RuleBroken):
            found.ask_again()
    return go_to("joining.link_sent")


@blueprint.get("/invitation/nouveau-lien")
@open_to_all
def link_sent():
    return render_page("joining/link_sent.html")
