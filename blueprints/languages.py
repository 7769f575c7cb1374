"""The language of the page. French is the source; the choice is a link, kept in a cookie.

The browser's own preference is not followed: shared kiosks are often set up in another language,
and the wording that binds is the French one. The other language is one link away on each page.
"""

import contextlib
import io
import pathlib
from contextvars import ContextVar

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import g, request

from . import cookies

LANGUAGES = {"fr": "Français", "en": "English"}
# In which some templates are written: a question is read in it, the page around stays in French.
READ_IN = {"ar": "العربية"}
# How dates and numbers are written: the English of Europe, day before month.
LOCALES = {"fr": "fr", "en": "en_GB"}
DEFAULT = "fr"
COOKIE = "langue"
PARAMETER = "langue"
YEAR = 365 * 24 * 3600
DIRECTORY = pathlib.Path(__file__).parent.parent / "translations"

# Bound once per request: looking the locale up at each of sixty sentences costs more than them.
_current = ContextVar("translations")
_SOURCE = NullTranslations()
_catalogues = {}


def init_app(app):
    for language in LANGUAGES:
        _catalogues[language] = load_catalogue(language)
    app.before_request(choose)
    app.after_request(_keep)
    app.teardown_request(_fall_silent)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True, pgettext=pgettext)
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.globals["say"] = say


def load_catalogue(language):
    """The catalogue as reviewed (.po), made ready in memory: no compiled file can be stale."""
    compiled = io.BytesIO()
    with (DIRECTORY / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def choose():
    """The language asked for by the address, else the one kept, else French."""
    asked = request.args.get(PARAMETER)
    kept = request.cookies.get(COOKIE)
    g.reading = next((code for code in (asked, kept) if code in LANGUAGES | READ_IN), DEFAULT)
    _speak(g.reading if g.reading in LANGUAGES else DEFAULT)


def _speak(language):
    g.language, g.locale = language, LOCALES[language]
    return _current.set(_catalogues[language])


@contextlib.contextmanager
def speaking(language):
    """Say what follows in this language, in an application context of its own (e-mails)."""
    former = _speak(language if language in LANGUAGES else DEFAULT)
    try:
        yield
    finally:
        _current.reset(former)


def _fall_silent(error):
    """What this thread says next, a command for one, is in nobody's language."""
    _current.set(_SOURCE)


def _keep(response):
    asked = request.args.get(PARAMETER)
    if asked in LANGUAGES | READ_IN and asked != request.cookies.get(COOKIE):
        cookies.keep(response, COOKIE, asked, seconds=YEAR)
    return response


def _translations():
    """Those of the request; outside of one (commands, tests of words), the source itself."""
    return _current.get(_SOURCE)


def gettext(message):
    return _translations().ugettext(message) if message else message


def ngettext(singular, plural, n):
    return _translations().ungettext(singular, plural, n)


def pgettext(context, message):
    return _translations().upgettext(context, message)


def say(broken):
    """The sentence of a broken rule, in the reader's language."""
    sentence = gettext(broken.sentence)
    return sentence % broken.values if broken.values else sentence
