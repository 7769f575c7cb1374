"""The feed that the national base takes: data·inclusion v1, page by page or whole."""

import datetime as dt
import threading

from flask import Response, abort, current_app, jsonify, request, url_for

from models.base import CODE_ALPHABET, CODE_LENGTH, now
from models.exchange import feed
from models.text import one_line

from ..access import open_to_all
from .views import blueprint

PAGE = 500
LONGEST_SOURCE = 120
# A minute: what changed meanwhile is taken at the next reading.
KEPT_SECONDS = 60
RETRY_SECONDS = 30
SETTLED = dt.timedelta(seconds=5)
# The whole document holds a thread of this process for as long as its reader takes: one at a time.
_one_reader = threading.BoundedSemaphore()


@blueprint.get("/flux/data-inclusion/v1/<any(services, structures):name>")
@open_to_all
def page(name):
    """`{"items": […], "next": address or null}`; the next address is also a `Link`."""
    known = feed.state()
    after, size = _after(), _size()
    if answer := _unchanged(known):
        return answer
    found = feed.page(name, _selection(), after, size)
    address = found.next and url_for(
        "exchange.page", name=name, _external=True, **_kept_arguments(), apres=found.next
    )
    response = jsonify(items=found.records, next=address)
    if address:
        response.headers["Link"] = f'<{address}>; rel="next"'
    return _dated(response, known)


@blueprint.get("/flux/data-inclusion/v1/complet.json")
@open_to_all
def whole():
    """The whole document, written as it is read: it never stands in memory."""
    known = feed.state()
    if answer := _unchanged(known):
        return answer
    if request.method == "HEAD":
        return _dated(Response(mimetype="application/json"), known)
    if not _one_reader.acquire(blocking=False):
        response = Response(status=503, mimetype="application/json")
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response
    pieces = _Alone(feed.whole(_selection()))
    return _dated(Response(pieces, mimetype="application/json"), known)


class _Alone:
    """The pieces of one reader; the next one may come when this one is done, or gone."""

    def __init__(self, pieces):
        self._pieces, self._is_held = pieces, True

    def __iter__(self):
        return self

    def __next__(self):
        try:
            return next(self._pieces)
        except BaseException:
            self.close()
            raise

    def close(self):
        if self._is_held:
            self._is_held = False
            _one_reader.release()
            self._pieces.close()

    __del__ = close


def _unchanged(known):
    """304 for whoever holds this very state already: no record is read."""
    response = _dated(Response(), known).make_conditional(request)
    return response if response.status_code == 304 else None


def _dated(response, known):
    response.set_etag(known.tag, weak=True)
    # A second that is not over may still see another act: only the tag tells them apart.
    if known.moment and known.moment < now() - SETTLED:
        response.last_modified = known.moment
    response.cache_control.public, response.cache_control.max_age = True, KEPT_SECONDS
    return response


def _selection():
    source = request.args.get("source")
    asked = "demonstration" in request.args and current_app.config["DEMONSTRATION"]
    return feed.Selection(source and one_line(source, LONGEST_SOURCE), bool(asked))


def _kept_arguments():
    return {
        name: request.args[name]
        for name in ("taille", "source", "demonstration")
        if name in request.args
    }


def _after():
    text = request.args.get("apres", "")
    if text and (len(text) != CODE_LENGTH or not set(text) <= set(CODE_ALPHABET)):
        abort(400)
    return text


def _size():
    text = request.args.get("taille", str(PAGE))
    if not (text.isascii() and text.isdecimal() and len(text) <= 4 and int(text)):
        abort(400)
    return min(int(text), feed.MOST_PER_PAGE)
