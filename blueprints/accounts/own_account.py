"""« Mon compte »: what the service knows of whoever is signed in, and her open sessions."""

from flask import abort, g, request

from models.accounts.second_factor import SecondFactor
from models.accounts.sessions import Session
from models.base import N_, RuleBroken

from .. import cookies, languages
from ..access import signed_in
from ..languages import gettext
from ..pages import go_to, render_page
from .views import blueprint

# Others than this one: past that, a list is no help to tell which to close.
MOST_SESSIONS = 6


@blueprint.get("/mon-compte")
@signed_in
def show():
    account = g.session.account
    others = [one for one in Session.live_of(account) if one.id != g.session.id]
    return render_page(
        "accounts/show.html",
        account=account,
        places=account.rights.places,
        present=g.session,
        others=others[:MOST_SESSIONS],
        unseen=len(others[MOST_SESSIONS:]),
        factor=SecondFactor.of(account),
    )


@blueprint.post("/mon-compte/connexions/fermer")
@signed_in
def end_other_sessions():
    g.session.end_others()
    return go_to("accounts.show", say=gettext(N_("Vos autres connexions sont fermées.")))


@blueprint.post("/mon-compte/connexions/<code:code>/fermer")
@signed_in
def end_session(code):
    """Someone else's session is as absent as one that never was (I13)."""
    session = Session.by_code(code)
    if session is None or session.account_id != g.session.account_id:
        abort(404)
    session.end()
    return go_to("accounts.show", say=gettext(N_("Cette connexion est fermée.")))


@blueprint.post("/mon-compte/langue")
@signed_in
def choose_language():
    language = request.form.get("langue", "")
    if language not in languages.LANGUAGES:
        raise RuleBroken(N_("Cette langue n’est pas proposée."))
    g.session.account.speak(language)
    response = go_to("accounts.show", say=gettext(N_("Votre langue est enregistrée.")))
    cookies.keep(response, languages.COOKIE, language, seconds=languages.YEAR)
    return response
