"""How facts are written for a reader: dates, numbers, distances, lists, Markdown, components."""

import datetime as dt
import functools
import math
import pathlib
import re
from urllib.parse import urlencode

import babel.dates
import babel.numbers
import nh3
from flask import g, request, url_for
from jinja2.ext import Extension
from markdown_it import MarkdownIt
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from models import vocabularies
from models.base import N_, local_day, local_moment, now

from .forms import new_key
from .languages import LANGUAGES, PARAMETER, gettext

COMPONENTS = pathlib.Path(__file__).parent.parent / "templates" / "components"
ALLOWED_TAGS = {"p", "br", "ul", "ol", "li", "strong", "em", "a", "h3", "blockquote", "code"}
WEB_SCHEMES = {"http", "https", "mailto", "tel"}

_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(["image"])


def init_app(app):
    environment = app.jinja_env
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.add_extension(Compact)
    environment.filters |= {
        "code_groups": code_groups,
        "day": day,
        "full_moment": full_moment,
        "iso_day": iso_day,
        "local_day": local_day,
        "percent": percent,
        "weight": weight,
        "moment": moment,
        "dated_moment": dated_moment,
        "hour": hour,
        "month": month,
        "number": number,
        "distance": distance,
        "phone": phone,
        "markdown": markdown,
        "label": label,
        "choices_of": choices_of,
    }
    environment.globals |= {
        "vocabularies": vocabularies,
        "languages": LANGUAGES,
        "form_key": new_key,
        "now": now,
        "in_language": in_language,
        "address_with": address_with,
        "today": dt.date.today,
    }
    app.context_processor(lambda: {"ui": _components(environment), "language": g.language})


class Compact(Extension):
    """Templates are indented for whoever reads them; the indentation never reaches the wire."""

    def preprocess(self, source, name, filename=None):
        return re.sub(r"^[ \t]+", "", source, flags=re.MULTILINE)


class Components:
    """`ui.form.field(…)`: one namespace per file of templates/components."""

    def __init__(self, environment):
        for path in sorted(COMPONENTS.glob("*.html")):
            template = environment.get_template(f"components/{path.name}")
            setattr(self, path.stem, template.module)


@functools.lru_cache(maxsize=4)
def _components(environment):
    return Components(environment)


def day(value, form="long"):
    """« 20 novembre 2026 », or « 20 novembre » with `short`; of a stored moment (UTC), its day on
    the reader’s wall."""
    if isinstance(value, dt.datetime):
        value = local_day(value)
    return _day(value, form, g.locale)


# Babel reads its patterns again at each call: a list of results would spend more time on its dates
# and counts than on being found.
@functools.lru_cache(maxsize=4096)
def _day(value, form, locale):
    if form == "short":
        return first_of_month(babel.dates.format_skeleton("MMMMd", value, locale=locale))
    return first_of_month(babel.dates.format_date(value, "long", locale=locale))


def first_of_month(text):
    """French counts the first day of a month: « 1er décembre », where Babel writes « 1 »."""
    return re.sub(r"\b1 (?=[a-zéû]{3})", "1er ", text) if g.language == "fr" else text


def month(value):
    """« novembre 2026 »."""
    return babel.dates.format_skeleton("yMMMM", value, locale=g.locale)


def iso_day(text):
    """A day that travelled as text, in an e-mail’s values."""
    return day(dt.date.fromisoformat(text))


def percent(share):
    """A share of 1, never rounded up to a whole that it is not."""
    return babel.numbers.format_percent(math.floor(share * 100) / 100, locale=g.locale)


def full_moment(value):
    """A stored moment (UTC) as a proof tells it, to the second."""
    local = local_moment(value)
    said = first_of_month(babel.dates.format_datetime(local, "d MMMM y, H:mm:ss", locale=g.locale))
    return gettext("%(moment)s, heure de Paris") % {"moment": said}


def code_groups(code):
    """A code as it is read aloud and typed from paper: « 7K3QM 9WXYZ »."""
    return f"{code[:5]} {code[5:]}".upper()


def moment(value):
    """A stored moment (UTC) in the hour of the reader's wall clock."""
    return day_and_hour(local_moment(value))


def dated_moment(value):
    """A stored moment (UTC) to be read months later: « 21 novembre 2026, 14:32 »."""
    return f"{day(value)}, {hour(value)}"


def hour(value):
    """The hour of a stored moment (UTC) on the reader’s wall clock: « 14:32 »."""
    return f"{local_moment(value):%H:%M}"


def day_and_hour(local):
    """« mardi 1er décembre, 9:00 », or with English order and commas."""
    return first_of_month(babel.dates.format_datetime(local, "EEEE d MMMM, H:mm", locale=g.locale))


def number(value):
    return _number(value, g.locale)


@functools.lru_cache(maxsize=4096)
def _number(value, locale):
    return babel.numbers.format_decimal(value, locale=locale)


def distance(km):
    """A distance a person can use: whole kilometres, and « à moins de 1 km » below one."""
    if km < 1:
        return gettext("à moins de 1 km")
    return gettext("à %(km)s km") % {"km": number(round(km))}


def phone(value):
    """A French number in pairs, as it is said: « 05 36 49 00 31 »."""
    digits = re.sub(r"^(\+33|0033)", "0", re.sub(r"[\s.\-()]", "", value))
    if re.fullmatch(r"0\d{9}", digits):
        return "\u00a0".join(re.findall("..", digits))
    return value


def label(value, vocabulary):
    """A vocabulary value in the reader's words; an unknown one reads « Autre »."""
    return gettext(vocabularies.label(vocabulary, value))


def choices_of(choices):
    """`[(value, words)]` in the reader's words, of a list in French."""
    return [(value, gettext(words)) for value, words in choices]


@functools.lru_cache(maxsize=2048)
def markdown(text):
    """Safe HTML of a Markdown text: no raw HTML, no picture, headings under the page's own."""
    html = re.sub(r"(</?)h[1-6]>", r"\1h3>", _markdown.render(text))
    clean = nh3.clean(
        html,
        tags=ALLOWED_TAGS,
        attributes={"a": {"href"}},
        url_schemes=WEB_SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )
    return Markup(clean)


def address_with(**changes):
    """This page's address with some query values replaced; None removes one."""
    query = MultiDict(request.args)
    for name, value in changes.items():
        query.poplist(name)
        if value is not None:
            query.setlist(name, value if isinstance(value, list | tuple) else [value])
    address = url_for(request.endpoint or "home.index", **(request.view_args or {}))
    # Apart from the address: a query names what it likes, and must not name what `url_for` obeys.
    asked = urlencode(list(query.items(multi=True)), safe="!$'()*,/:;?@")
    return f"{address}?{asked}" if asked else address


def in_language(code):
    """The address of this very page in another language."""
    if request.endpoint is None or request.method != "GET":
        return url_for("home.index", **{PARAMETER: code})
    return address_with(**{PARAMETER: code})


def weight(size):
    """How heavy a file is, as one says it: « 240 Ko », « 1,2 Mo »."""
    if size < 1_000_000:
        return gettext(N_("%(size)s Ko")) % {"size": number(max(1, round(size / 1000)))}
    return gettext(N_("%(size)s Mo")) % {"size": number(round(size / 1_000_000, 1))}
