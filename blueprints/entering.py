"""Signing a browser in: the cookie of its session, wherever the session was opened from."""

from flask import redirect, request, session, url_for

from models.accounts.sessions import SESSION_LENGTH

from . import cookies, languages
from .access import cookie_name, is_local, present_session


def next_address():
    """Where to go once signed in: a page of this very site, or nothing."""
    address = request.values.get("suite", "")
    return address if is_local(address) else ""


def welcome(opened, token, *, to=None):
    """Sign this browser in: what its cookie held is forgotten, the session it had ends."""
    if former := present_session():
        former.end()
    address = to or next_address() or url_for("team.home")
    response = keep_signed_in(token, redirect(address, 303), length=opened.length)
    if language := opened.owner.language:
        cookies.keep(response, languages.COOKIE, language, seconds=languages.YEAR)
    return response


def keep_signed_in(token, response, *, length=SESSION_LENGTH):
    """Give the browser the new token of its session."""
    kept = {name: session[name] for name in ("_flashes",) if name in session}
    session.clear()
    session.update(kept)
    cookies.keep(response, cookie_name(), token, seconds=int(length.total_seconds()))
    return response
