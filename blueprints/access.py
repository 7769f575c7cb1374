"""Who is asking, and whether the page may answer. A route that declares nothing is refused."""

import functools

from flask import abort, current_app, g, redirect, request, url_for
from flask_login import AnonymousUserMixin, LoginManager, current_user

from models.accounts.sessions import Session, Step
from models.base import N_
from models.permissions import Permission, can, concerns_oneself, needs_no_account
from models.persons.opening import open_file
from models.persons.sessions import PREFIX, PersonSession

from .languages import gettext

OPEN, SIGNED_IN, SIGNING_IN = "open", "signed in", "signing in"
# Where a session that opens nothing yet is led.
STEP_PAGES = {
    Step.SET_UP: "accounts.second_factor",
    Step.CODE: "accounts.ask_code",
    Step.NOTE_CODES: "accounts.recovery_codes",
}


def init_app(app):
    manager = LoginManager(app)
    manager.request_loader(_account_of_request)
    manager.anonymous_user = Visitor
    app.before_request(_deny_by_default)
    app.jinja_env.globals |= {"can": may, "Permission": Permission}
    app.jinja_env.globals |= {"menu": menu, "accompanied": accompanied}


class Visitor(AnonymousUserMixin):
    """Nobody signed in."""


def menu():
    """`(endpoint, words)` of the main menu: four links at most."""
    step = pending_step()
    if accompanied():
        own = ("my_space.home", gettext(N_("Mon espace")))
    elif current_user.is_authenticated:
        own = ("team.home", gettext(N_("Mon espace")))
    elif step:
        own = (STEP_PAGES[step], gettext(N_("Finir la connexion")))
    else:
        own = ("accounts.sign_in", gettext(N_("Se connecter")))
    return (
        ("action_bank.index", gettext(N_("Trouver une aide"))),
        ("organisations.index", gettext(N_("Les partenaires"))),
        ("charter.index", gettext(N_("La charte"))),
        own,
    )


def forget_actor():
    """Answer as to a visitor: when the database is silent, nobody can be looked up."""
    g._login_user = Visitor()
    g.pop("step", None)
    g.pop("person_session", None)


def cookie_name():
    return "__Host-session" if current_app.config["IS_HTTPS"] else "session_id"


def _account_of_request(_request):
    """The account of the session cookie, read from the database at each request (I2).

    The cookie may be the one of an accompanied person: no account then speaks.
    """
    token = request.cookies.get(cookie_name(), "")
    if token.startswith(PREFIX):
        if (own := PersonSession.of_token(token)) is not None:
            if _prolongs(request.endpoint):
                own.touch()
            g.person_session = own
        return None
    session = Session.of_token(token) if token else None
    if session is None:
        return None
    session.touch()
    g.session, g.step = session, session.next_step
    # Until its second factor is shown, a session speaks for nobody.
    return session.account if g.step is None else None


def _prolongs(endpoint):
    """Whether asking for this page tells that somebody is there."""
    return getattr(current_app.view_functions.get(endpoint), "prolongs", True)


def present_session():
    """The live session of this browser, complete or not, an account's or a person's, or None."""
    # It is looked up with its account, which is done when the account is first asked for.
    _ = current_user.is_authenticated
    return g.get("session") or g.get("person_session")


def pending_step():
    """What the session of this request must do before it opens anything; None without session."""
    # The account is looked up when it is first asked for.
    return None if current_user.is_authenticated else g.get("step")


def actor():
    """The signed-in account, or None: what the acts of professionals expect."""
    return current_user._get_current_object() if current_user.is_authenticated else None


def asking():
    """Who asks: an account, an accompanied person, or None for a visitor; what `can()` expects."""
    return actor() or accompanied()


def accompanied():
    """The accompanied person whose space this browser opened, or None."""
    # She is looked up with the account, which is done when it is first asked for.
    if current_user.is_authenticated or "person_session" not in g:
        return None
    return g.person_session.person


def oneself(code=None):
    """Whose things a page holds: the matrix is asked about the account itself."""
    return actor()


def may(permission, subject=None):
    return can(asking(), permission, subject)


def declare(view, access):
    view.access = access
    return view


def opens_by_itself(view):
    """The page may be asked by nobody’s hand: it never prolongs a person’s session."""
    view.prolongs = False
    return view


def open_to_all(view):
    """The page answers anyone."""
    return declare(view, OPEN)


def signed_in(view):
    """The page answers any active account; a visitor signs in and comes back."""

    @functools.wraps(view)
    def checked(*args, **kwargs):
        if not current_user.is_authenticated:
            return _ask_to_sign_in()
        return view(*args, **kwargs)

    return declare(checked, SIGNED_IN)


def signing_in(*steps):
    """The page takes part in signing in: it answers sessions at one of these steps, and accounts
    whose session is complete. The view finds the session in `g.session`."""

    def decorate(view):
        @functools.wraps(view)
        def checked(*args, **kwargs):
            step = pending_step()
            if step is None and not current_user.is_authenticated:
                return _ask_to_sign_in()
            if step is not None and step not in steps:
                return redirect(url_for(STEP_PAGES[step]), 303)
            return view(*args, **kwargs)

        return declare(checked, SIGNING_IN)

    return decorate


def allowed_to(permission, *, load=None):
    """The page answers whom the matrix allows, with the object that `load(code)` finds.

    Without `load` the permission concerns no object in particular. A visitor whom the matrix gives
    nothing signs in first; what one may not see and what does not exist give the same 404, so that
    trying addresses tells nothing.
    """

    def decorate(view):
        @functools.wraps(view)
        def checked(code=None, **kwargs):
            if asking() is None and not needs_no_account(permission):
                return _ask_to_sign_in(permission)
            subject = load(code) if load else None
            if (load and subject is None) or not may(permission, subject):
                abort(404)
            return view(subject, **kwargs) if load else view(**kwargs)

        return declare(checked, permission)

    return decorate


def opens_file(permission, *, act="file:read"):
    """The page answers whom the matrix allows, with the person of the address.

    What is done on her file (`act`) is written down before the view runs, and so is a refusal: no
    line, no page (I4, I5).
    """

    def decorate(view):
        @functools.wraps(view)
        def checked(code=None, **kwargs):
            if asking() is None:
                return _ask_to_sign_in(permission)
            # Her own address carries no code: it is always about herself.
            code = code or (accompanied() and accompanied().code)
            person = code and open_file(code, permission, actor=asking(), act=act)
            if person is None:
                abort(404)
            return view(person, **kwargs)

        return declare(checked, permission)

    return decorate


def _deny_by_default():
    """Refuse what declares nothing; lead a session that is not complete to its next step, at each
    request, so that someone promoted meanwhile is asked at once."""
    if request.endpoint is None:
        return None
    view = current_app.view_functions[request.endpoint]
    if not hasattr(view, "access"):
        abort(403)
    if view.access not in (OPEN, SIGNING_IN) and (step := pending_step()):
        return redirect(url_for(STEP_PAGES[step], suite=_address_asked()), 303)
    return None


def _ask_to_sign_in(permission=None):
    """At the door of professionals, or at hers when only she holds the permission."""
    door = "my_space.enter" if permission and concerns_oneself(permission) else "accounts.sign_in"
    return redirect(url_for(door, suite=_address_asked()), 303)


def _address_asked():
    return request.full_path.rstrip("?") if request.method == "GET" else None


def is_local(address):
    """True for a path of this very site: the only thing we ever redirect to.

    Browsers read a backslash as a slash, and pass over tabs and line ends.
    """
    return address.startswith("/") and address[1:2] not in ("/", "\\") and address.isprintable()
