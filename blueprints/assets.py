"""The style sheets and the scripts: named by their content, compressed once, kept for ever.

The first page carries the screen's rules inside it, so that it can be painted without a second
round trip (1.2 s on a slow line), and names the whole sheet for print only: browsers fetch that one
last, and blocking nothing. A cookie then says the file is there, and the next pages only name it.
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

from . import cookies

STATIC = pathlib.Path(__file__).parent.parent / "static"
BUILT = STATIC / "build"
COOKIE = "css"


def init_app(app):
    BUILT.mkdir(exist_ok=True)
    files = {"css": _publish("portal.css", (screen_rules() + _print_rules()).encode())}
    for name in ("work", "kiosk"):
        files[name] = _publish(f"{name}.css", _minified(f"{name}.css").encode())
    files["listen"] = _publish("listen.js", (STATIC / "js" / "listen.js").read_bytes())
    # Without the script every page still works: the tag is simply not written.
    for script in sorted((STATIC / "vendor").glob("htmx*.js"))[:1]:
        files["htmx"] = _publish("htmx.js", script.read_bytes())
    app.wsgi_app = WhiteNoise(
        app.wsgi_app,
        root=BUILT,
        prefix="static/",
        max_age=0,
        allow_all_origins=False,
        immutable_file_test=lambda path, url: re.search(r"-[0-9a-f]{12}\.\w+$", url),
    )
    app.jinja_env.globals["assets"] = files
    app.jinja_env.globals["first_visit_css"] = _css_of_first_visit
    app.after_request(_remember)


def _minified(name):
    """A sheet as it is sent: no comment, no line break."""
    source = (STATIC / "css" / name).read_text(encoding="utf-8")
    return re.sub(r"\s*\n\s*", "", re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL))


@functools.cache
def screen_rules():
    return _minified("portal.css")


def _print_rules():
    return _minified("print.css")


@functools.cache
def _digest():
    return base64.b64encode(hashlib.sha256(screen_rules().encode()).digest()).decode()


def allowed_inside():
    """What the security policy adds to let the screen's rules stand inside this very page."""
    return f" 'sha256-{_digest()}'" if g.get("css_is_inside") else ""


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
    if request.cookies.get(COOKIE) == _digest()[:8]:
        return ""
    g.css_is_inside = True
    return Markup(screen_rules())  # our own file; the policy checks its hash


def _remember(response):
    if g.get("css_is_inside"):
        # Until the browser closes: a shared computer starts afresh, and the header stays short.
        cookies.keep(response, COOKIE, _digest()[:8])
    return response
