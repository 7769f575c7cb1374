"""The sentences of the bank that depend on facts: counts, scope, ages, zones, durations."""

import datetime as dt
import functools
import math

import babel.dates
import babel.numbers
import segno
from flask import g, url_for
from markupsafe import Markup

from models.base import N_
from models.search_index import CAP
from models.territories import communes

from ..display import day, day_and_hour, number
from ..languages import gettext as _
from ..languages import ngettext

DAYS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]


def search_heading(asked):
    """« Garde d’enfant près de Toulouse », or the page's own name before any word."""
    words, commune = asked.text, asked.search.commune
    words = words[:1].upper() + words[1:] or _("Trouver une aide")
    return _("%(words)s près de %(place)s") % _of(words, commune) if commune else words


def search_title(asked, results):
    """The title says the question and the count: without script, it is all one hears."""
    title = count_words(results)
    if asked.text:
        title = _("%(count)s pour « %(words)s »") % {"count": title, "words": asked.text}
    return (
        _("%(words)s près de %(place)s") % _of(title, asked.search.commune)
        if (asked.search.commune)
        else title
    )


def _of(words, commune):
    return {"words": words, "place": commune.name}


def count_words(results):
    found = results.found
    if found.capped:
        return _("Plus de %(cap)s actions trouvées") % {"cap": number(CAP)}
    if not found.total:
        return _("Aucune action trouvée")
    words = ngettext("%(n)s action trouvée", "%(n)s actions trouvées", found.total)
    return words % {"n": number(found.total)}


def action_count(count):
    """« 18 actions » under a subject; « plus de 500 » past the cap."""
    if count > CAP:
        return _("Plus de %(cap)s actions") % {"cap": number(CAP)}
    return ngettext("%(n)s action", "%(n)s actions", count) % {"n": number(count)}


ORDERS = {
    "distance": N_("Les plus proches d’abord, puis les aides à distance."),
    "recent": N_("Les plus récemment vérifiées d’abord."),
    "relevance": N_("Les plus proches de vos mots d’abord."),
}


CAPPED_ORDERS = ORDERS | {
    "distance": N_("Parmi les plus récemment vérifiées, les plus proches d’abord."),
}


def scope_words(asked, results):
    """What was searched, and in which order it is shown."""
    search, sentences = asked.search, []
    if search.commune:
        sentences.append(
            _("À moins de %(km)s km de %(place)s, et à distance.")
            % {"km": search.radius_km, "place": search.commune.name}
        )
    if results.found.relaxed and results.found.total:
        sentences.append(_("Aucune fiche ne contient tous vos mots : voici les plus proches."))
    if results.found.total > 1:
        orders = CAPPED_ORDERS if results.found.capped else ORDERS
        sentences.append(_(orders[results.found.order]))
    return " ".join(sentences)


def places_words(action):
    if not action.places_left:
        words = _("Complet")
    elif action.places_total:
        words = ngettext(
            "%(n)s place libre sur %(total)s",
            "%(n)s places libres sur %(total)s",
            action.places_left,
        ) % {"n": action.places_left, "total": action.places_total}
    else:
        words = ngettext("%(n)s place libre", "%(n)s places libres", action.places_left)
        words %= {"n": action.places_left}
    if action.places_on is None:
        return words
    return _("%(places)s, au %(day)s") % {"places": words, "day": day(action.places_on, "short")}


def age_words(action):
    least, most = action.age_min, action.age_max
    if least is not None and most is not None:
        return _("De %(least)s à %(most)s ans") % {"least": least, "most": most}
    if least is not None:
        return _("À partir de %(least)s ans") % {"least": least}
    return _("Jusqu’à %(most)s ans") % {"most": most} if most is not None else ""


def duration_words(action):
    """Weekly hours and weeks, as the contract of engagement counts them."""
    parts = []
    if action.weekly_hours is not None:
        parts.append(_("%(n)s h par semaine") % {"n": number(action.weekly_hours)})
    if action.weeks is not None:
        weeks = ngettext("%(n)s semaine", "%(n)s semaines", action.weeks)
        parts.append(weeks % {"n": number(action.weeks)})
    return ", ".join(parts)


def zone_words(action):
    """The zone of eligibility in names of places; empty is everywhere."""
    if not action.eligibility:
        return _("Ouvert à tous, où que vous habitiez")
    names = [_zone_names().get(code, code) for code in action.eligibility]
    return ", ".join(sorted(dict.fromkeys(names)))


@functools.cache
def _zone_names():
    names = {"31": "Haute-Garonne", "france": "France"}
    for commune in communes():
        names |= {commune.code: commune.name, commune.epci_code: commune.epci_name}
    return names


def rate_words(rate):
    """« 72 % » of a rate out of 100, never rounded up."""
    return babel.numbers.format_percent(math.floor(rate) / 100, locale=g.locale)


def short_picture(action):
    """The short link as a QR code, for the printed sheet: an inline drawing, 400 bytes sent."""
    return _drawn(url_for("action_bank.short", code=action.code, _external=True))


@functools.lru_cache(maxsize=1024)
def _drawn(address):
    code = segno.make(address, micro=False, error="l")
    # Its words stand beside it: the drawing is for telephones.
    drawing = code.svg_inline(omitsize=True, border=2, svgclass=None, lineclass=None)
    return Markup(drawing.replace("<svg", '<svg aria-hidden="true"', 1))


def session(start, after=None):
    """« mardi 8 décembre, 9:00 »; only the hour when it ends the same day as it began."""
    if after and after.date() == start.date():
        return babel.dates.format_time(start, "H:mm", locale=g.locale)
    return day_and_hour(start)


def hours(text):
    """Opening hours in words; OpenStreetMap's form is read, anything else is shown as written."""
    lines = [_hours_line(rule.strip()) for rule in text.split(";") if rule.strip()]
    return ". ".join(lines) if lines and all(lines) else text


def _hours_line(rule):
    days, _space, times = rule.partition(" ")
    if days == "PH":
        return _("fermé les jours fériés") if times == "off" else None
    first, dash, last = days.partition("-")
    if first not in DAYS or (dash and last not in DAYS) or not times:
        return None
    names = _("du %(first)s au %(last)s") if dash else "%(first)s"
    names %= {"first": _day_name(first), "last": _day_name(last) if dash else ""}
    times = times.replace(",", ", ").replace("-", " – ")
    return _("%(days)s : %(times)s") % {"days": names, "times": times}


def _day_name(code):
    monday = dt.date(2024, 1, 1)
    day = monday + dt.timedelta(days=DAYS.index(code))
    return babel.dates.format_date(day, "EEEE", locale=g.locale)


GLOBALS = (
    search_heading,
    search_title,
    count_words,
    action_count,
    scope_words,
    places_words,
    age_words,
    duration_words,
    zone_words,
    rate_words,
    short_picture,
)
FILTERS = (session, hours)


def register(blueprint):
    """Give these sentences to every template."""
    for sentence in GLOBALS:
        blueprint.add_app_template_global(sentence)
    for form in FILTERS:
        blueprint.add_app_template_filter(form)
