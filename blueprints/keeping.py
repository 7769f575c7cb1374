"""A long form is never lost: whoever was signed out meanwhile signs in again and finds it filled.

Nothing of it is written before it is sent once more, and only the browser holds it in between.
"""

import functools
import re

from flask import current_app, g, request

from .access import asking
from .pages import render_page

# What a form may hold that is shown back to nobody signed in: short codes, never a sentence.
_SHORT = re.compile(r"[\w.+-]{0,40}", re.ASCII)
_MOST_FIELDS = 500


def never_lost(again):
    """The view answers a form whose session and token are good. Without session, the page says how
    to sign in and keeps what was typed; with a token of before, `again(**kwargs)` shows the form
    as it was typed, and writes nothing."""

    def decorate(view):
        @functools.wraps(view)
        def checked(**kwargs):
            if asking() is None and (typed := fields()):
                return render_page("errors/signed_out.html", status=401, typed=typed)
            if g.get("is_stale"):
                return again(**kwargs)
            return view(**kwargs)

        checked.is_kept = True
        return checked

    return decorate


def is_kept(endpoint):
    return getattr(current_app.view_functions.get(endpoint), "is_kept", False)


def fields():
    """`[(name, text)]` of the form, without its token and without what is no short code."""
    pairs = [pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token"]
    return [pair for pair in pairs if all(map(_SHORT.fullmatch, pair))][:_MOST_FIELDS]
