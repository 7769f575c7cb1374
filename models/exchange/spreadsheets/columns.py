"""The columns of the two sheets: their French headers, and the national field each one is.

A header is known by its folded words, under its French name or its national one. Columns carry the
path of a field in a national record, `portail` included; what is not here is not asked of people.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from ... import needs, vocabularies
from ...base import N_
from ...text import fold_words
from ..data_inclusion import SERVICE, STRUCTURE, Kind
from ..sentences import FIELDS
from .cells import (
    Choice,
    Choices,
    Day,
    Digits,
    Listed,
    Number,
    Organisations,
    Phone,
    Sessions,
    Text,
    Zones,
)

IDENTIFIER, STATUS = "id", "statut"


@dataclass(frozen=True)
class Column:
    """`path` leads to a field of the national record, `target` is our own column."""

    path: str
    target: str
    header: str
    cell: object = Text()

    @property
    def key(self):
        """The field by which the schema names a fault."""
        return self.path.partition(".")[0]

    def text_of(self, entity):
        """What this column of the spreadsheet shows of a row of ours: a text, or a number."""
        return self.cell.write(getattr(entity, self.target))


@dataclass(frozen=True)
class Sheet:
    """One of the two sheets; `required` are the paths a new line cannot go without, `names` what
    people call it."""

    key: str
    title: str
    kind: Kind
    columns: tuple[Column, ...]
    required: tuple[str, ...]
    names: tuple[str, ...]

    @functools.cached_property
    def by_path(self) -> Mapping[str, Column]:
        return {column.path: column for column in self.columns}

    @functools.cached_property
    def _by_words(self):
        known = {_words(column.path): column.path for column in self.columns}
        known |= {_words(column.header): column.path for column in self.columns}
        known |= {"identifiant": IDENTIFIER, "id": IDENTIFIER}
        return known | {"etat": STATUS, "statut": STATUS}

    def path_of(self, header):
        """The path that a header names, or None."""
        return self._by_words.get(_words(header))

    @property
    def paths(self):
        """Every path in the order of the sheet, the identifier first and the state last."""
        return (IDENTIFIER, *self.by_path, *([STATUS] if self.key == "services" else []))

    def header_of(self, path):
        """The header of a path, with a star when a new line needs it."""
        if path in (IDENTIFIER, STATUS):
            return {IDENTIFIER: "Identifiant", STATUS: "État"}[path]
        return self.by_path[path].header + (" *" if path in self.required else "")


def _words(header):
    return " ".join(fold_words(header))


def _named(path, header=None):
    words = header or FIELDS[path]
    return words[0].upper() + words[1:]


_NEEDS = {key: label for key, (label, _, _) in needs.every_need().items()}
# Path → its cell, and its header when the words of the refusals do not do.
_SERVICE = {
    "nom": (Text(), None),
    "en_une_phrase": (Text(), None),
    "description": (Text(), None),
    "type": (Choice(vocabularies.SERVICE_TYPES), None),
    "format": (Choice(vocabularies.FORMATS), "forme"),
    "thematiques": (Choices(vocabularies.THEMATICS), None),
    "besoins": (Choices(_NEEDS), None),
    "publics": (Choices(vocabularies.AUDIENCES), None),
    "publics_precisions": (Text(), None),
    "age.min": (Number(), "âge minimum"),
    "age.max": (Number(), "âge maximum"),
    "langues": (Choices(vocabularies.LANGUAGES), None),
    "conditions_acces": (Text(), None),
    "frais": (Choice(vocabularies.FEES), None),
    "frais_precisions": (Text(), None),
    "remuneration_et_aides": (Text(), None),
    "modes_accueil": (Choices(vocabularies.RECEPTION_MODES), None),
    "adresse": (Text(), None),
    "complement_adresse": (Text(), None),
    "code_postal": (Digits(5), None),
    "commune": (Text(), None),
    "code_insee": (Digits(5), None),
    "longitude": (Number(float), None),
    "latitude": (Number(float), None),
    "zone_eligibilite": (Zones(), None),
    "horaires_accueil": (Text(), None),
    "modes_mobilisation": (Choices(vocabularies.MOBILISATION_MODES), None),
    "mobilisable_par": (Choices(vocabularies.MOBILISERS), None),
    "lien_mobilisation": (Text(), None),
    "mobilisation_precisions": (Text(), None),
    "telephone": (Phone(), None),
    "courriel": (Text(), None),
    "sans_internet": (Text(), None),
    "peut_orienter": (Choices(vocabularies.REFERRERS), None),
    "contact_orientation": (Text(), None),
    "documents_a_apporter": (Listed(), None),
    "places.restantes": (Number(), "places restantes"),
    "places.total": (Number(), "places en tout"),
    "places.date": (Day(), "date des places"),
    "prochaines_sessions": (Sessions(), None),
    "volume_horaire_hebdomadaire": (Number(float), None),
    "nombre_semaines": (Number(), None),
    "organismes_en_appui": (Organisations(), None),
    "rythme_verification_mois": (Number(), "rythme de vérification en mois"),
}
_STRUCTURE = {
    "nom": (Text(), None),
    "siret": (Digits(14), None),
    "description": (Text(), None),
    "telephone": (Phone(), None),
    "courriel": (Text(), None),
    "site_web": (Text(), None),
    "horaires_accueil": (Text(), None),
    "adresse": (Text(), None),
    "complement_adresse": (Text(), None),
    "code_postal": (Digits(5), None),
    "commune": (Text(), None),
    "code_insee": (Digits(5), None),
    "longitude": (Number(float), None),
    "latitude": (Number(float), None),
    "accessibilite_lieu": (Text(), None),
}
# What says which organisation a line is of, and is changed elsewhere.
NAMING = ("nom", "siret")


def _columns(kind, listed):
    targets = {**kind.own, **kind.national}
    return tuple(
        Column(path, targets[path], _named(path, header), cell)
        for path, (cell, header) in listed.items()
    )


SERVICES = Sheet(
    key="services",
    title=N_("Services"),
    kind=SERVICE,
    columns=_columns(SERVICE, _SERVICE),
    required=("nom", "description"),
    names=("services", "service", "fiches", "fiche", "actions"),
)
STRUCTURES = Sheet(
    key="structures",
    title=N_("Structures"),
    kind=STRUCTURE,
    columns=_columns(STRUCTURE, _STRUCTURE),
    required=(),
    names=("structures", "structure", "organismes", "organisme"),
)
SHEETS = {sheet.key: sheet for sheet in (SERVICES, STRUCTURES)}
# Sheets of our own template that hold nothing to read.
ASIDE = ("listes", "mode d emploi")
