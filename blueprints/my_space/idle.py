"""A shared screen left alone: asked first, then closed, without any script (WCAG 2.2.1)."""

import math

from flask import g, make_response, redirect, request, session, url_for

from models.base import now
from models.persons.sessions import WARNING

from .. import cookies
from ..access import (
    accompanied,
    cookie_name,
    is_local,
    open_to_all,
    opens_by_itself,
    present_session,
)
from ..pages import go_to, render_page
from .views import blueprint


@blueprint.after_app_request
def _lead_to_the_question(response):
    """Every page seen in a shared session leads by itself to « Êtes-vous toujours là ? », and from
    there to the end. In a header: no template can forget it, nothing of it stays in the page."""
    own = g.get("person_session")
    is_page = response.mimetype == "text/html" and response.status_code != 303
    if own is None or not own.is_shared or not is_page or "Refresh" in response.headers:
        return response
    asking_at = own.ends_at - WARNING
    question = url_for("my_space.still_there", suite=_address_seen())
    response.headers["Refresh"] = f"{_seconds_until(asking_at)}; url={question}"
    return response


def _address_seen():
    """Where to come back: with its codes for a page of hers, without any word she searched for."""
    if request.method != "GET" or request.endpoint is None:
        return None
    is_hers = request.blueprint == blueprint.name
    return request.full_path.rstrip("?") if is_hers else request.path


def _seconds_until(moment):
    return max(0, math.ceil((moment - now()).total_seconds()))


def _place():
    address = request.values.get("suite", "")
    return address if is_local(address) else None


@blueprint.get("/mon-espace/toujours-la")
@opens_by_itself
@open_to_all
def still_there():
    """Asked by the browser alone: it must not keep open what it is about to close."""
    if not accompanied():
        return go_to("my_space.left")
    own, place = g.person_session, _place()
    page = render_page(
        "my_space/still_there.html",
        ends_at=own.ends_at,
        is_last=own.ends_at == own.last_moment,
        place=place,
    )
    # One second more: a browser that is early would find the space still open.
    page.headers["Refresh"] = f"{_seconds_until(own.ends_at) + 1}; url={url_for('my_space.left')}"
    return page


@blueprint.post("/mon-espace/je-continue")
@open_to_all
def go_on():
    """Her answer is itself what prolongs the session."""
    return redirect(_place() or url_for("my_space.home"), 303)


@blueprint.post("/mon-espace/quitter")
@open_to_all
def leave():
    if accompanied():
        g.person_session.end()
    return wiped(go_to("my_space.left"))


@blueprint.get("/mon-espace/au-revoir")
@opens_by_itself
@open_to_all
def left():
    """Where leaving leads, and time: a space that lives again meanwhile is asked about again."""
    if accompanied():
        return go_to("my_space.still_there")
    page = render_page("my_space/left.html")
    has_expired = cookie_name() in request.cookies and not present_session()
    return wiped(page) if has_expired else page


def wiped(response):
    """Leave the browser as it was before her: its cookies, its files, what it kept of forms."""
    session.clear()
    response = make_response(response)
    cookies.forget(response, cookie_name())
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response
