"""A search as an address writes it: the names of its parameters, and one canonical form."""

from ..base import N_, RuleBroken
from ..network.organisations import Organisation
from ..search_index.tokens import FREE_PLACES
from ..territories import commune, find_communes
from ..text import one_line
from ..vocabularies import (
    AUDIENCES,
    CATEGORIES,
    FEES,
    FORMATS,
    OTHER,
    RECEPTION_MODES,
    SERVICE_TYPES,
    THEMATICS,
)
from .search import DEFAULT_RADIUS, Search

LONGEST_TEXT = 200
RADIUS_RANGE = range(1, 201)
MOST_ORGANISATIONS = 20
# No row has this number: an organisation that is gone has no action, rather than all of them.
NOBODY = ("0",)

# The name in the address, the facet of the index, and the values that may be chosen.
FACETS = {
    "thematique": ("thematic", CATEGORIES | THEMATICS),
    "public": ("audience", AUDIENCES),
    "type": ("kind", SERVICE_TYPES | FORMATS),
    "frais": ("fees", FEES),
    "lieu": ("mode", RECEPTION_MODES),
    "places": ("places", {FREE_PLACES: N_("Avec des places libres")}),
}
# What may be kept of a search: a month goes by, and would leave it asking for nothing.
PARAMETERS = ("q", "commune", "rayon", *FACETS, "organisme", "anciennes")


def canonical(given):
    """The same search, however it was asked: `given` maps names to lists of texts; what is unknown
    raises `RuleBroken`, what is a default is left out. `commune` becomes its code."""
    query = {"q": _text(given), "commune": _commune(given), "rayon": _radius(given)}
    query |= {name: _values(given, name) for name in FACETS}
    query["organisme"] = _organisations(given)
    query["anciennes"] = "oui" if "anciennes" in given else ""
    if not query["commune"] or query["rayon"] == DEFAULT_RADIUS:
        query["rayon"] = None
    return {name: value for name, value in query.items() if value}


def search_of(query):
    """The `Search` of a canonical form, as things stand today."""
    chosen = {FACETS[name][0]: tuple(query[name]) for name in FACETS if name in query}
    if "organisme" in query:
        rows = Organisation.ids_of(query["organisme"])
        chosen["organisation"] = tuple(map(str, rows)) or NOBODY
    return Search(
        text=query.get("q", ""),
        commune=commune(query.get("commune")),
        radius_km=query.get("rayon", DEFAULT_RADIUS),
        chosen=chosen,
        with_stale="anciennes" in query,
    )


def _first(given, name):
    values = given.get(name) or [""]
    return one_line(values[0])


def _text(given):
    text = _first(given, "q")
    if len(text) > LONGEST_TEXT:
        raise RuleBroken(
            N_("Votre phrase est trop longue. Écrivez moins de %(most)d caractères."),
            most=LONGEST_TEXT,
        )
    return text


def _commune(given):
    text = _first(given, "commune")[:100]
    found = find_communes(text) if text else []
    if text and len(found) != 1:
        raise RuleBroken(
            N_("Nous ne trouvons pas cette commune en Haute-Garonne. Vérifiez son nom.")
        )
    return found[0].code if found else ""


def _radius(given):
    text = _first(given, "rayon") or str(DEFAULT_RADIUS)
    if text.isascii() and text.isdigit() and int(text[:6]) in RADIUS_RANGE:
        return int(text)
    raise RuleBroken(
        N_("La distance doit être un nombre de kilomètres, de %(least)d à %(most)d."),
        least=RADIUS_RANGE[0],
        most=RADIUS_RANGE[-1],
    )


def _values(given, name):
    known = FACETS[name][1]
    values = sorted({value for value in given.get(name, ()) if value})
    if any(value not in known and value != OTHER for value in values):
        raise RuleBroken(N_("Ce filtre n’existe pas ou n’existe plus."))
    return values


def _organisations(given):
    codes = sorted({one_line(code) for code in given.get("organisme", ()) if code})
    if len(codes) > MOST_ORGANISATIONS or len(Organisation.ids_of(codes)) < len(codes):
        raise RuleBroken(N_("Cet organisme n’existe pas ou n’existe plus."))
    return codes
