"""The words of what one follows: an action in one sentence, and a search in a few words."""

import re

from models.action_bank.asking import FACETS
from models.action_bank.search import DEFAULT_RADIUS
from models.base import N_
from models.network.organisations import Organisation
from models.territories import commune
from models.vocabularies import OTHER_LABEL

from ..display import markdown
from ..languages import gettext

LONGEST_SENTENCE = 220
_END_OF_SENTENCE = re.compile(r"(?<=[.!?…])\s+")


def what_it_is(action):
    """What an action is, in one sentence of its author: the summary, else its first sentence."""
    text = action.summary or markdown(action.description).striptags()
    sentence = _END_OF_SENTENCE.split(" ".join(text.split()), maxsplit=1)[0]
    if len(sentence) <= LONGEST_SENTENCE:
        return sentence
    return sentence[:LONGEST_SENTENCE].rpartition(" ")[0] + "…"


def criteria(queries):
    """For each search in its canonical form, its words, those typed first."""
    codes = {code for query in queries for code in query.get("organisme", ())}
    rows = Organisation.ids_of(codes) if codes else ()
    names = dict(Organisation.names_of(rows).values())
    return [_criteria(query, names) for query in queries]


def _criteria(query, names):
    words = [gettext(N_("« %(words)s »")) % {"words": query["q"]}] if "q" in query else []
    place = commune(query.get("commune"))
    if place:
        near = gettext(N_("à moins de %(km)s km de %(place)s"))
        words.append(near % {"km": query.get("rayon", DEFAULT_RADIUS), "place": place.name})
    words += _labels(query)
    words += [names[code] for code in query.get("organisme", ()) if code in names]
    if "anciennes" in query:
        words.append(gettext(N_("Fiches anciennes")))
    return words or [gettext(N_("toutes les actions"))]


def _labels(query):
    return [
        gettext(known.get(value, OTHER_LABEL))
        for name, (_, known) in FACETS.items()
        for value in query.get(name, ())
    ]


def proposed_name(query):
    """A name out of the filters and the place, never out of the words typed."""
    place = commune(query.get("commune"))
    return ", ".join([*_labels(query)[:2], *([place.name] if place else [])])[:80]


def hidden_fields(query):
    """`[(name, value)]` that carry a search from one form to the next."""
    return [
        (name, one)
        for name, value in query.items()
        for one in (value if isinstance(value, list) else [value])
    ]


def register(blueprint):
    blueprint.add_app_template_filter(what_it_is)
    blueprint.add_app_template_filter(hidden_fields)
