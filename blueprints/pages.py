"""Answering with a page, or with the part of it that htmx asked for, at the same address."""

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from htmx_flask import Htmx
from werkzeug.routing import BaseConverter

from models.base import CODE_ALPHABET, CODE_LENGTH, N_

from .languages import gettext

SITE = N_("Portail SPIE Haute-Garonne")


def init_app(app):
    Htmx(app)
    app.url_map.converters["code"] = CodeConverter


class CodeConverter(BaseConverter):
    """A public identifier in an address: other texts never reach the database."""

    regex = f"[{CODE_ALPHABET}]{{{CODE_LENGTH}}}"


def wants_fragment():
    """True for htmx alone: going back in history or a boosted link needs the whole page."""
    return bool(request.htmx) and not (request.htmx.boosted or request.htmx.history_restore_request)


def render_page(template, *, fragment=None, status=200, **context):
    """The template, or its block `fragment` when htmx asks; both come from one context.

    The fragment brings the page's title with it: without it, history would show the former one.
    """
    is_fragment = bool(fragment) and wants_fragment()
    context["is_fragment"] = is_fragment
    if is_fragment:
        title, body = _render_blocks(template, ("title", fragment), context)
        body = f"<title>{title} - {gettext(SITE)}</title>{body}"
    else:
        body = render_template(template, **context)
    response = make_response(body, status)
    if fragment:
        response.vary.add("HX-Request")
    return response


def _render_blocks(template, blocks, context):
    page = current_app.jinja_env.get_template(template)
    current_app.update_template_context(context)
    shared = page.new_context(context)
    return ["".join(page.blocks[block](shared)) for block in blocks]


def page_asked(count, page_size, name="page"):
    """The page that the address asks of a list, within its bounds, and how many there are."""
    last = max(1, -(-count // page_size))
    text = request.args.get(name, "")
    number = int(text[:6]) if text.isascii() and text.isdigit() else 1
    return min(max(number, 1), last), last


def go_to(endpoint, *, say=None, **values):
    """Answer an act: redirect (303), with a sentence for the next page."""
    if say:
        flash(say)
    return redirect(url_for(endpoint, **values), 303)


def as_file(text, name):
    """A text to keep, in UTF-8, byte for byte."""
    response = make_response(text.encode())
    response.headers["Content-Type"] = "text/plain; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
