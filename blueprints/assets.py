"""The style sheet and the script: named by their content, compressed once, kept for ever.

The first page carries the style sheet inside it, so that it can be painted without a second round
trip (1.2 s on a slow line), and asks the browser to fetch the file while idle; a cookie then says
the file is there and the next pages only name it.
"""

import base64
import functools
import gzip
import hashlib
import os
import pathlib
import re

import brotli
from flask import g, request
from markupsafe import Markup
from whitenoise import WhiteNoise

STATIC = pathlib.Path(__file__).parent.parent / "static"
BUILT = STATIC / "build"
COOKIE = "css"
MONTH = 30 * 24 * 3600


def init_app(app):
    BUILT.mkdir(exist_ok=True)
    files = {"css": _publish("portal.css", style_sheet().encode())}
    # Without the script every page still works: the tag is simply not written.
    for script in sorted((STATIC / "vendor").glob("htmx*.js"))[:1]:
        files["htmx"] = _publish("htmx.js", script.read_bytes())
    app.wsgi_app = WhiteNoise(
        app.wsgi_app,
        root=BUILT,
        prefix="static/",
        max_age=0,
        immutable_file_test=lambda path, url: re.search(r"-[0-9a-f]{12}\.\w+$", url),
    )
    app.jinja_env.globals["assets"] = files
    app.jinja_env.globals["first_visit_css"] = _css_of_first_visit
    app.after_request(_remember)


@functools.cache
def style_sheet():
    """The sheet as it is sent: no comment, no line break."""
    source = (STATIC / "css" / "portal.css").read_text(encoding="utf-8")
    return re.sub(r"\s*\n\s*", "", re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL))


@functools.cache
def css_digest():
    """What the security policy must name to let the style sheet stand inside a page."""
    return base64.b64encode(hashlib.sha256(style_sheet().encode()).digest()).decode()


def _publish(name, content):
    """Write `content` under a name that holds its hash, with its compressed forms; its address."""
    stem, suffix = os.path.splitext(name)
    path = BUILT / f"{stem}-{hashlib.sha256(content).hexdigest()[:12]}{suffix}"
    forms = {"": lambda: content, ".br": lambda: brotli.compress(content), ".gz": _gzip(content)}
    for extension, compress in forms.items():
        form = path.with_name(path.name + extension)
        if not form.exists():
            # Several processes may start together: each writes its own, the last name wins.
            draft = form.with_name(f"{form.name}.{os.getpid()}")
            draft.write_bytes(compress())
            draft.replace(form)
    return f"/static/{path.name}"


def _gzip(content):
    return lambda: gzip.compress(content, 9, mtime=0)


def _css_of_first_visit():
    """The sheet to write in this page, or nothing when the browser already holds the file."""
    if request.cookies.get(COOKIE) == css_digest()[:8]:
        return ""
    g.css_is_inside = True
    return Markup(style_sheet())  # our own file; the policy checks its hash


def _remember(response):
    if g.get("css_is_inside"):
        response.set_cookie(
            COOKIE,
            css_digest()[:8],
            max_age=MONTH,
            samesite="Lax",
            secure=request.is_secure,
            httponly=True,
        )
    return response
