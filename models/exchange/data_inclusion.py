"""A data·inclusion v1 record and our entities, field by field, both ways; no database here.

National fields keep their national names. What the national schema lacks travels in one more key
of the record, `portail`; a record without it is an ordinary national record. The keys `nature`,
`exemple` and `region` of the demonstration file only comment on it and are not kept, nor is
`contact_nom_prenom`: the bank names services, not persons.
"""

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import pydantic
from data_inclusion.schema import v1

from .. import vocabularies
from ..action_bank.naming import identifier_of as source_id_of
from ..action_bank.sheets import MOST_ATTACHED, SOURCE, Action
from ..action_bank.testimonials import checked_testimonials
from ..base import RuleBroken, local_day, today
from ..network.organisations import Category, Organisation, PassportCategory
from ..vocabularies import Status

# The key under which vocabulary values unknown to the national schema travel.
OTHER_VALUES = "autres_valeurs"
# A value longer than that is no word of a vocabulary.
LONGEST_VALUE = 255

_PLACE = {
    "commune": "commune",
    "code_postal": "postcode",
    "code_insee": "insee_code",
    "adresse": "address",
    "complement_adresse": "address_extra",
    "longitude": "longitude",
    "latitude": "latitude",
    "telephone": "phone",
    "courriel": "email",
    "horaires_accueil": "opening_hours",
}
_COMMON = {
    "source": "source",
    "id": "source_id",
    "nom": "name",
    "date_maj": "updated_on",
    "description": "description",
    "lien_source": "source_url",
    **_PLACE,
}
_STRUCTURE = {
    **_COMMON,
    "siret": "siret",
    "site_web": "website",
    "accessibilite_lieu": "accessibility_url",
    "reseaux_porteurs": "networks",
}
_SERVICE = {
    **_COMMON,
    "type": "kind",
    "thematiques": "thematics",
    "frais": "fees",
    "frais_precisions": "fees_detail",
    "publics": "audiences",
    "publics_precisions": "audiences_detail",
    "conditions_acces": "access_conditions",
    "modes_accueil": "reception_modes",
    "zone_eligibilite": "eligibility",
    "lien_mobilisation": "mobilisation_url",
    "modes_mobilisation": "mobilisation_modes",
    "mobilisable_par": "mobilisers",
    "mobilisation_precisions": "mobilisation_detail",
    "volume_horaire_hebdomadaire": "weekly_hours",
    "nombre_semaines": "weeks",
}
# Ours: the path in `portail` → the field.
_STRUCTURE_OWN = {
    "categorie": "category",
    "categorie_passeport": "passport_category",
    "role": "role",
    "territoire": "territory",
    "note": "note",
    "membre_du_reseau": "is_network_member",
    "demonstration": "is_demonstration",
}
_SERVICE_OWN = {
    "statut": "status",
    "modele": "is_model",
    "en_une_phrase": "summary",
    "format": "format",
    "besoins": "needs",
    "places.restantes": "places_left",
    "places.total": "places_total",
    "places.date": "places_on",
    "prochaines_sessions": "sessions",
    "age.min": "age_min",
    "age.max": "age_max",
    "langues": "languages",
    "documents_a_apporter": "documents",
    "organismes_en_appui": "supporters",
    "peut_orienter": "referrers",
    "contact_orientation": "referral_contact",
    "rythme_verification_mois": "review_months",
    "verifie_le": "verified_on",
    "verifie_par": "verified_by",
    "sans_internet": "offline_access",
    "origine": "origin",
    "urgence": "emergency",
    "sensibilite": "sensitivity",
    "remuneration_et_aides": "pay_and_aid",
    "insertion.taux": "outcome_rate",
    "insertion.effectif": "outcome_count",
    "insertion.annee": "outcome_year",
    "insertion.source": "outcome_source",
    "temoignages": "testimonials",
    "actions_rattachees": "attached",
    "demonstration": "is_demonstration",
}
# Inside a value of ours, the key in `portail` → the one of the database.
_INNER = {"testimonials": {"employeur": "employer", "propos": "words", "jour": "day"}}

Short = Annotated[str, pydantic.Field(max_length=60)]
Line = Annotated[str, pydantic.Field(max_length=1000)]
Text = Annotated[str, pydantic.Field(max_length=10_000)]
Count = Annotated[int, pydantic.Field(ge=0, le=1_000_000)]
Years = Annotated[int, pydantic.Field(ge=0, le=130)]
# The national schema takes no day before.
_FIRST_DAY = dt.date(2000, 1, 1)


def _not_in_the_future(day):
    if day > today():
        raise ValueError
    return day


def _dated_in_france(national):
    """A model of the national schema whose « today » is the day in France: its own is that of the
    machine’s clock, which may still be yesterday at half past midnight."""

    class Dated(national):
        @pydantic.field_validator("date_maj")
        def date_maj_valide(cls, day):  # the name of the rule it replaces
            if day < _FIRST_DAY:
                raise ValueError
            return _not_in_the_future(day)

    return Dated


def _a_moment(text):
    """A moment as the sheets write it: `2026-12-03T13:30`."""
    return dt.datetime.fromisoformat(text).isoformat(timespec="minutes")


def _without_persons(testimonials):
    """The rules of the bank, for words that come from elsewhere."""
    inner = _INNER["testimonials"]
    own = [{inner[key]: value for key, value in dict(one).items()} for one in testimonials]
    try:
        kept = checked_testimonials(own)
    except RuleBroken as broken:
        raise ValueError(str(broken)) from None
    names = {target: key for key, target in inner.items()}
    return [Testimonial(**{names[key]: value for key, value in one.items()}) for one in kept]


PastDay = Annotated[dt.date, pydantic.AfterValidator(_not_in_the_future)]
Moment = Annotated[Line, pydantic.AfterValidator(_a_moment)]


class Places(pydantic.BaseModel):
    """Places left and in all, and the day of that figure; None is unknown, which is not zero."""

    restantes: Count | None = None
    total: Count | None = None
    date: dt.date | None = None


class Ages(pydantic.BaseModel):
    min: Years | None = None
    max: Years | None = None


class SessionDates(pydantic.BaseModel):
    debut: Moment
    fin: Moment | None = None


class Insertion(pydantic.BaseModel):
    """After a training: how many per cent of how many people work, when, and who counted."""

    taux: Annotated[float, pydantic.Field(ge=0, le=100)] | None = None
    effectif: Count | None = None
    annee: Annotated[int, pydantic.Field(ge=1990, le=2100)] | None = None
    source: Line | None = None


class Testimonial(pydantic.BaseModel):
    """An employer’s words; the rules of the bank say what they may hold."""

    employeur: Line
    propos: Text
    jour: Line


class Origin(pydantic.BaseModel):
    """The seed document a sheet was written from, and its words."""

    document: Line
    mention: Text | None = None


class Emergency(pydantic.BaseModel):
    numero: Short
    texte: Text


class StructureKeys(pydantic.BaseModel):
    """What `portail` may hold in a structure."""

    categorie: Category | None = None
    categorie_passeport: PassportCategory | None = None
    role: Text | None = None
    territoire: Text | None = None
    note: Text | None = None
    membre_du_reseau: bool = False
    demonstration: bool = False
    autres_valeurs: dict[str, list[Line]] | None = None


class ServiceKeys(pydantic.BaseModel):
    """What `portail` may hold in a service. Values outside our own lists are kept as they are."""

    statut: Status = Status.PUBLISHED
    modele: bool = False
    en_une_phrase: Text | None = None
    format: Short | None = None
    besoins: list[Short] | None = None
    places: Places | None = None
    prochaines_sessions: list[SessionDates] | None = None
    age: Ages | None = None
    langues: list[Short] | None = None
    documents_a_apporter: list[Line] | None = None
    organismes_en_appui: list[Line] | None = None
    peut_orienter: list[Short] | None = None
    contact_orientation: Text | None = None
    rythme_verification_mois: Annotated[int, pydantic.Field(ge=1, le=24)] = 6
    verifie_le: PastDay | None = None
    verifie_par: Text | None = None
    sans_internet: Text | None = None
    origine: Origin | None = None
    urgence: Emergency | None = None
    sensibilite: Annotated[int, pydantic.Field(ge=0, le=3)] = 0
    remuneration_et_aides: Text | None = None
    insertion: Insertion | None = None
    temoignages: Annotated[list[Testimonial], pydantic.AfterValidator(_without_persons)] | None = (
        None
    )
    actions_rattachees: Annotated[list[Line], pydantic.Field(max_length=MOST_ATTACHED)] | None = (
        None
    )
    demonstration: bool = False
    autres_valeurs: dict[str, list[Line]] | None = None


@dataclass(frozen=True)
class Kind:
    """One of the two sorts of national record, and the entity it becomes."""

    word: str
    entity: type
    schema: type
    keys: type
    national: Mapping[str, str]
    own: Mapping[str, str]
    vocabularies: Mapping[str, Mapping]

    def field_of(self, target):
        """The national name of one of our fields."""
        return next(name for name, field in self.national.items() if field == target)


STRUCTURE = Kind(
    word="Organisation",
    entity=Organisation,
    schema=_dated_in_france(v1.Structure),
    keys=StructureKeys,
    national=_STRUCTURE,
    own=_STRUCTURE_OWN,
    vocabularies={"reseaux_porteurs": vocabularies.NETWORKS},
)
SERVICE = Kind(
    word="Fiche",
    entity=Action,
    schema=_dated_in_france(v1.Service),
    keys=ServiceKeys,
    national=_SERVICE,
    own=_SERVICE_OWN,
    vocabularies={
        "type": vocabularies.SERVICE_TYPES,
        "thematiques": vocabularies.THEMATICS,
        "frais": vocabularies.FEES,
        "publics": vocabularies.AUDIENCES,
        "modes_accueil": vocabularies.RECEPTION_MODES,
        "modes_mobilisation": vocabularies.MOBILISATION_MODES,
        "mobilisable_par": vocabularies.MOBILISERS,
    },
)


def split_unknown(kind, record):
    """The record with only the vocabulary values we know, and the others by national field."""
    known, unknown = dict(record), {}
    for field, vocabulary in kind.vocabularies.items():
        value, is_list = record.get(field), _is_list(kind, kind.national[field])
        if isinstance(value, list) is not is_list:
            # Of the wrong type: the schema will say so.
            continue
        values = value if is_list else [value]
        strangers = [v for v in values if _is_stranger(v, vocabulary)]
        if strangers:
            unknown[field] = strangers
            known[field] = (is_list and [v for v in values if v not in strangers]) or None
    return known, unknown


def _is_stranger(value, vocabulary):
    return isinstance(value, str) and value not in vocabulary and 0 < len(value) <= LONGEST_VALUE


def fields_of(kind, record, keys, unknown):
    """Our fields, from a validated record, its validated `portail` (or None) and the rest."""
    fields = {
        target: _plain(getattr(record, name), _is_list(kind, target))
        for name, target in kind.national.items()
    }
    carried = (keys and keys.autres_valeurs) or {}
    return fields | _own_fields(kind, keys) | {"other_values": _others(kind, unknown, carried)}


def _is_list(kind, target):
    return kind.entity._meta.fields[target].default is list


def _plain(value, is_list):
    """A value as the database keeps it: sets become sorted lists, empty text is not filled in."""
    if is_list:
        plain = [_plain(each, False) for each in value or []]
        return sorted(plain) if isinstance(value, set) else plain
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, pydantic.AnyUrl):
        return str(value)
    return None if value == "" else value


def _own_fields(kind, keys):
    """Only the keys that were given: the others leave what a sheet already holds."""
    dump = keys.model_dump(exclude_unset=True) if keys else {}
    fields = {}
    for path, target in kind.own.items():
        key, _, inner = path.partition(".")
        if key in dump:
            value = (dump[key] or {}).get(inner) if inner else dump[key]
            value = [] if value is None and _is_list(kind, target) else value
            fields[target] = _renamed(target, value)
    return fields


def _renamed(target, value):
    """Its inner keys under the names of the database."""
    names = _INNER.get(target)
    return [{names[key]: one[key] for key in one} for one in value] if names else value


def _others(kind, unknown, carried):
    """Unknown values by our own field names, sorted so that two readings compare equal."""
    found = {}
    for field in kind.vocabularies:
        values = {*unknown.get(field, ()), *carried.get(field, ())}
        if values:
            found[kind.national[field]] = sorted(values)
    return found


def code_in(source_id):
    """The code of the organisation that an identifier given by the portal names, or None."""
    prefix, _, code = source_id.partition("--")
    return code if prefix == SOURCE else None


def structure_record(organisation, *, is_pure=False):
    """The record of an organisation, `portail` included unless it must be `is_pure`."""
    given = {
        "id": source_id_of(organisation),
        "source": organisation.source or SOURCE,
        "date_maj": organisation.updated_on or local_day(organisation.created_at),
    }
    return _record(STRUCTURE, organisation, given, is_pure)


def service_record(action, *, is_pure=False):
    """The record of a sheet, as `structure_record`; its organisation must be loaded."""
    record = _record(SERVICE, action, {}, is_pure)
    return {"structure_id": source_id_of(action.organisation), **record}


def _record(kind, entity, given, is_pure):
    values = {name: getattr(entity, target) for name, target in kind.national.items()} | given
    known, unknown = split_unknown(kind, values)
    record = {name: _written(value) for name, value in known.items() if value not in (None, [])}
    if is_pure:
        return record
    others = _other_values(kind, entity, unknown)
    record["portail"] = _own_keys(kind, entity) | ({OTHER_VALUES: others} if others else {})
    return record


def _other_values(kind, entity, unknown):
    """By national field, the values kept aside and those that left the national lists since."""
    kept = {name: entity.other_values.get(kind.national[name], []) for name in kind.vocabularies}
    both = {name: {*values, *unknown.get(name, ())} for name, values in kept.items()}
    return {name: sorted(values) for name, values in both.items() if values}


def _own_keys(kind, entity):
    """Every key of ours, empty ones too, so that an import also empties."""
    keys = {}
    for path, target in kind.own.items():
        key, _, inner = path.partition(".")
        value = _written(_in_french(target, getattr(entity, target)))
        if inner:
            keys.setdefault(key, {})[inner] = value
        else:
            keys[key] = value
    return keys


def _in_french(target, value):
    """The inverse of `_renamed`."""
    names = {own: key for key, own in _INNER.get(target, {}).items()}
    return [{names[key]: one[key] for key in one} for one in value] if names else value


def _written(value):
    """As JSON has it; PostgreSQL does not keep the order of keys, so it is set here."""
    if isinstance(value, list):
        return [_written(each) for each in value]
    if isinstance(value, dict):
        return {key: _written(value[key]) for key in sorted(value)}
    return value.isoformat() if isinstance(value, dt.date) else value
