"""The technical journal: one JSON line per request, with no address, no query and no name.

What a person looks for, or whose file is read, never reaches a log: lines carry the endpoint's
name, and the incident number that an error page shows.
"""

import json
import logging
import secrets
import sys
import time

from flask import g, request

journal = logging.getLogger("portail")


class _JsonLines(logging.Formatter):
    def format(self, record):
        line = {"at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"), "level": record.levelname}
        line |= getattr(record, "facts", None) or {"message": record.getMessage()}
        if record.exc_info:
            line["trace"] = _places(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def _places(exc_info):
    """Where it failed, without the message: an exception's text may quote what was typed."""
    kind, _, trace = exc_info
    places = []
    while trace:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return [kind.__name__, *places]


def init_app(app):
    if not journal.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(_JsonLines())
        journal.addHandler(handler)
        journal.setLevel(logging.INFO)
        journal.propagate = False
    app.before_request(_start)
    app.after_request(_write)


def _start():
    g.started = time.perf_counter()


def _write(response):
    if request.endpoint == "home.health":
        return response
    facts = {
        "method": request.method,
        "endpoint": request.endpoint,
        "status": response.status_code,
        "ms": round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1),
    }
    if "incident" in g:
        facts["incident"] = g.incident
    journal.info("", extra={"facts": facts})
    return response


def incident():
    """The number of this incident, the same on the page and in the journal."""
    if "incident" not in g:
        g.incident = secrets.token_hex(4)
    return g.incident


def write_exception(error):
    journal.error("", extra={"facts": {"incident": incident()}}, exc_info=error)
