"""One page per kind of failure, in plain French, with what to do next and an incident number."""

import peewee
from flask import Response, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from models.base import N_, RuleBroken

from . import access, journal
from .languages import gettext
from .pages import render_page

EXPLAINED = (400, 403, 404, 409, 410, 413, 422, 429, 500, 503)
RETRY_SECONDS = "30"
UNKNOWN_HOST = N_("Cette adresse n’est pas celle du portail.")


def init_app(app):
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(RuleBroken, _rule_broken)
    app.register_error_handler(peewee.OperationalError, _database_down)
    app.register_error_handler(Exception, _unforeseen)


def _page(status, **context):
    """The page of this status; a status we do not explain borrows its family's."""
    explained = status if status in EXPLAINED else (500 if status >= 500 else 400)
    context.setdefault("incident", journal.incident() if explained >= 500 else None)
    return render_page(f"errors/{explained}.html", status=status, **context)


def _http_error(error):
    if error.code is None or error.code < 400:
        return error
    if isinstance(error, SecurityError):
        # The host is not ours: nothing that holds an address may be written for it.
        return Response(gettext(UNKNOWN_HOST), 400, mimetype="text/plain")
    response = _page(error.code)
    # What the protocol wants said with a status (Allow, Retry-After) is kept.
    for name, value in error.get_headers(request.environ):
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    return response


def _stale_form(error):
    """The form's token is missing, or another session's: nothing was done, reopen the page."""
    return _page(403)


def _rule_broken(broken):
    return _page(409, broken=broken)


def _database_down(error):
    """The database does not answer: say so, ask to come back, never show a half-made page."""
    journal.write_exception(error)
    access.forget_actor()
    response = _page(503)
    response.headers["Retry-After"] = RETRY_SECONDS
    return response


def _unforeseen(error):
    journal.write_exception(error)
    return _page(500)
