"""The communes of the département, and what a person may type to name one.

Source: INSEE, DGCL, La Poste, IGN — Licence Ouverte 2.0, see `models/reference/README.md`.
"""

import functools
import json
import math
import pathlib
from dataclasses import dataclass

from .base import N_, RuleBroken
from .text import fold_words

EARTH_RADIUS_KM = 6371.0


@dataclass(frozen=True)
class Commune:
    """A commune with its INSEE code, its centre (WGS84) and the zones that contain it."""

    code: str
    name: str
    postcodes: tuple[str, ...]
    population: int
    epci_code: str
    epci_name: str
    department: str
    latitude: float
    longitude: float

    @property
    def zone_codes(self):
        """The codes a zone of eligibility may list to include this commune."""
        return (self.code, self.epci_code, self.department)


@functools.cache
def communes():
    """Every commune of the département, most populated first."""
    path = pathlib.Path(__file__).parent / "reference" / "communes-31.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    department = document["departement"]["code"]
    rows = sorted(document["communes"], key=lambda row: -row["population"])
    return tuple(_commune(row, department) for row in rows)


def _commune(row, department):
    return Commune(
        code=row["code"],
        name=row["nom"],
        postcodes=tuple(row["codesPostaux"]),
        population=row["population"],
        epci_code=row["epci"]["code"],
        epci_name=row["epci"]["nom"],
        department=department,
        latitude=row["lat"],
        longitude=row["lon"],
    )


@functools.cache
def _by_code():
    return {commune.code: commune for commune in communes()}


@functools.cache
def _by_key():
    """Postcode or folded name → communes; a leading article may be left out."""
    keys = {}
    for commune in communes():
        words = _name_words(commune.name)
        names = {" ".join(words)}
        if words[0] in ("le", "la", "les", "l"):
            names.add(" ".join(words[1:]))
        for key in names | set(commune.postcodes):
            keys.setdefault(key, []).append(commune)
    return keys


def _name_words(text):
    return [{"st": "saint", "ste": "sainte"}.get(word, word) for word in fold_words(text)]


def commune(code):
    """The commune of an INSEE code, or None."""
    return _by_code().get(code)


def find_communes(text, limit=12):
    """The communes a person may mean: by INSEE code, postcode, name, then start of name.

    One result is an answer; several are a question to ask; none is a place we do not know.
    """
    words = _name_words(text)
    key = " ".join(words)
    if not key:
        return []
    if key in _by_code():
        return [_by_code()[key]]
    if exact := _by_key().get(key) or _name_and_postcode(words):
        return exact[:limit]
    starts = [c for c in communes() if f" {' '.join(_name_words(c.name))}".find(f" {key}") >= 0]
    return starts[:limit] if len(key) >= 2 else []


def _name_and_postcode(words):
    """« Toulouse 31000 » or « 31000 Toulouse »: both must agree."""
    postcodes = [word for word in words if word.isdigit() and len(word) == 5]
    names = [word for word in words if word not in postcodes]
    found = _by_key().get(" ".join(names), []) if postcodes and names else []
    return [c for c in found if set(postcodes) & {*c.postcodes, c.code}]


def distance_km(latitude, longitude, other_latitude, other_longitude):
    """Great-circle distance between two points in degrees (haversine)."""
    phi, other_phi = math.radians(latitude), math.radians(other_latitude)
    half_dphi = (other_phi - phi) / 2
    half_dlambda = math.radians(other_longitude - longitude) / 2
    chord = (
        math.sin(half_dphi) ** 2 + math.cos(phi) * math.cos(other_phi) * math.sin(half_dlambda) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))


DEPARTMENT = "31"
DEPARTMENT_NAME = "Haute-Garonne"
_WHOLE = {"haute garonne", "31", "departement", "tout departement", "tout haute garonne",
          "toute haute garonne"}  # fmt: skip
_FILLERS = {"cc", "ca", "communaute", "communes", "agglomeration", "de", "du", "des", "d", "l",
            "le", "la", "les"}  # fmt: skip


@functools.cache
def intercommunalities():
    """`{code: name}` of the EPCI, as one reads them."""
    return {one.epci_code: _epci_name(one.epci_name) for one in communes()}


def _epci_name(name):
    for short, long in (("CC ", "Communauté de communes "), ("CA ", "Communauté d’agglomération ")):
        if name.startswith(short):
            return long + name.removeprefix(short).replace("'", "’")
    return name


def _key_of(text):
    return " ".join(word for word in fold_words(text) if word not in _FILLERS)


@functools.cache
def _intercommunalities_by_key():
    return {_key_of(name): code for code, name in intercommunalities().items()}


def find_zones(text, limit=12):
    """The zones a person may mean, as codes: the département, an EPCI by its name, or communes."""
    key = _key_of(text)
    if key in _WHOLE:
        return [DEPARTMENT]
    if key in _intercommunalities_by_key():
        return [_intercommunalities_by_key()[key]]
    return [found.code for found in find_communes(text, limit)]


def zone_name(code):
    """The name of a commune, an EPCI or the département; the code itself when unknown."""
    if code == DEPARTMENT:
        return DEPARTMENT_NAME
    if code in intercommunalities():
        return intercommunalities()[code]
    return _by_code()[code].name if code in _by_code() else code


def read_zone(text):
    """The code of the zone that these words name; they must be understood without a doubt."""
    found = find_zones(text)
    if not found:
        raise RuleBroken(N_("nous ne trouvons pas « %(part)s » en Haute-Garonne."), part=text[:60])
    if len(found) > 1:
        names = ", ".join(zone_name(code) for code in found[:6])
        raise RuleBroken(
            N_("« %(part)s » peut être : %(names)s. Écrivez le nom entier."),
            part=text[:60],
            names=names,
        )
    return found[0]


def one_commune(text):
    """The commune that these words name; they must be understood without a doubt."""
    found = find_communes(text)
    if not found:
        raise RuleBroken(N_("nous ne trouvons pas « %(part)s » en Haute-Garonne."), part=text[:60])
    if len(found) > 1:
        names = ", ".join(f"{one.postcodes[0]} {one.name}" for one in found[:6])
        raise RuleBroken(
            N_("« %(part)s » peut être : %(names)s. Écrivez la vôtre ainsi."),
            part=text[:60],
            names=names,
        )
    return found[0]


def read_commune(text):
    """The commune that these words name, and its postcode: the one written, or the only one."""
    commune = one_commune(text)
    written = [word for word in fold_words(text) if word in commune.postcodes] or commune.postcodes
    if len(written) > 1:
        raise RuleBroken(
            N_("%(name)s a plusieurs codes postaux. Écrivez le vôtre, par exemple « %(one)s »."),
            name=commune.name,
            one=f"{written[0]} {commune.name}",
        )
    return commune, written[0]


def place_of(commune, postcode):
    """What a sheet or an organisation writes of a commune and of its centre; nothing for None."""
    return {
        "commune": commune and commune.name,
        "postcode": postcode,
        "insee_code": commune and commune.code,
        "latitude": commune and commune.latitude,
        "longitude": commune and commune.longitude,
    }
