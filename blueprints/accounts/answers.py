"""What the pages of accounts share: a form asked again with its problems, a session's cookie."""

from flask import g, redirect, request, session, url_for

from models.sessions import SESSION_LENGTH
from models.throttling import TooManyFailures

from .. import cookies, languages
from ..access import cookie_name, is_local, present_session
from ..languages import gettext, say
from ..pages import render_page


def ask_form(template, form, *, refusal=None, about=None, **context):
    """The page of a form: with the sentence of each problem and its status, when there are some.

    `refusal` is the broken rule, `about` the field it is about.
    """
    problems = {field.name: gettext(field.errors[0]) for field in form.fields_in_error}
    if refusal:
        problems[about] = say(refusal)
    status = 429 if isinstance(refusal, TooManyFailures) else 422 if problems else 200
    return render_page(
        template, status=status, form=form, problems=problems, suite=next_address(), **context
    )


def next_address():
    """Where to go once signed in: a page of this very site, or nothing."""
    address = request.values.get("suite", "")
    return address if is_local(address) else ""


def welcome(opened, token, *, to=None):
    """Sign this browser in: what its cookie held is forgotten, the session it had ends."""
    if former := present_session():
        former.end()
    address = to or next_address() or url_for("accounts.show")
    response = keep_signed_in(token, redirect(address, 303))
    if language := opened.account.language:
        cookies.keep(response, languages.COOKIE, language, seconds=languages.YEAR)
    return response


def keep_signed_in(token, response):
    """Give the browser the new token of its session."""
    kept = {name: session[name] for name in ("_flashes",) if name in session}
    session.clear()
    session.update(kept)
    seconds = int(SESSION_LENGTH.total_seconds())
    cookies.keep(response, cookie_name(), token, seconds=seconds)
    return response


def own():
    """The account of this session, complete or not."""
    return g.session.account
