"""Deciding what of a document may enter: each record is kept whole or refused with a sentence."""

import math
import re
from dataclasses import dataclass

import peewee as pw
import pydantic

from ..text import tidy
from . import sentences
from .data_inclusion import fields_of, split_unknown

# A sheet nests three levels; a record deeper than this was made to harm.
MAX_DEPTH = 12
# Sex, year, month, département, commune, order, and the key or not: a social security number,
# written with or without spaces. A SIRET, of 14 digits, has not this form.
_SOCIAL_SECURITY_NUMBER = re.compile(
    r"(?<!\d)[1-478][ .\-\u00a0\u202f]?\d{2}[ .\-\u00a0\u202f]?(?:0[1-9]|1[0-2]|[2-9]\d)"
    r"[ .\-\u00a0\u202f]?(?:\d{2}|2[ABab])[ .\-\u00a0\u202f]?\d{3}[ .\-\u00a0\u202f]?\d{3}"
    r"(?:[ .\-\u00a0\u202f]?\d{2})?(?!\d)"
)
_BREAKS = re.compile(r"[\n\t]+")
_MULTILINE = {
    "description", "frais_precisions", "publics_precisions", "conditions_acces",
    "mobilisation_precisions", "horaires_accueil", "portail",
}  # fmt: skip
# What the schema allows its longest text, asked of the texts it does not bound.
LONGEST_TEXT = 10_000
# The schema sets no bound here; the columns and good sense do.
_BOUNDS = {
    "longitude": (-180, 180),
    "latitude": (-90, 90),
    "volume_horaire_hebdomadaire": (0, 168),
    "nombre_semaines": (1, 5_200),
}


class Refused(Exception):
    """A record cannot enter: the field at fault (or None), the words, how many other faults."""

    def __init__(self, field, words, others=0):
        super().__init__(words)
        self.field, self.words, self.others = field, words, others


@dataclass(frozen=True)
class Draft:
    """A record that may enter: our fields, and the organisation a sheet names."""

    position: int
    source_id: str
    fields: dict
    structure_id: str | None = None


def check(kind, records):
    """The drafts, the sentences of the refused records and their ids, in the document's order."""
    drafts, refusals, refused, seen = [], [], set(), set()
    for position, raw in enumerate(records, start=1):
        source_id = _source_id(raw)
        try:
            if source_id in seen:
                raise Refused("id", "cet identifiant est déjà celui d’un enregistrement précédent")
            drafts.append(draft_of(kind, raw, position))
        except Refused as fault:
            refusals.append(sentence(kind, source_id, position, fault))
            refused |= {source_id} - seen
        seen |= {source_id} - {None}
    return drafts, refusals, refused - {None}


def sentence(kind, source_id, position, fault):
    """The refusal of a record, named by its identifier or by its place in the list."""
    name = (
        f"«\u00a0{source_id}\u00a0»"
        if source_id and not _is_private(source_id)
        else f"n°\u00a0{position}"
    )
    return sentences.refusal(kind.word, name[:300], fault.field, fault.words, fault.others)


def _is_private(text):
    return bool(_SOCIAL_SECURITY_NUMBER.search(text))


def _source_id(raw):
    value = raw.get("id") if isinstance(raw, dict) else None
    return _on_one_line(value) or None if isinstance(value, str) else None


def draft_of(kind, raw, position):
    """The `Draft` of one record; raises `Refused` for its first fault."""
    if not isinstance(raw, dict):
        raise Refused(None, "ce n’est pas un objet")
    clean = {key: _tidied(value, key) for key, value in raw.items()}
    for key, value in clean.items():
        _refuse_private_numbers(key, value)
    keys = _own_keys(kind, clean.get("portail"))
    known, unknown = split_unknown(kind, clean)
    record = validated(kind.schema, _without_empty_ids(known))
    _refuse_out_of_bounds(record)
    fields = fields_of(kind, record, keys, unknown)
    _refuse_too_long(kind, fields)
    return Draft(position, record.id, fields, getattr(record, "structure_id", None))


def _tidied(value, key, depth=0):
    """The value with all its texts tidied; what neither engine can hold is refused."""
    if isinstance(value, str):
        return tidy(value) if key in _MULTILINE else _on_one_line(value)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        if abs(value) >= 2**63 or not math.isfinite(value):
            raise Refused(key, "ce nombre est hors limites")
        return value
    if depth == MAX_DEPTH:
        raise Refused(key, "les valeurs sont trop imbriquées")
    if isinstance(value, dict):
        return {tidy(k): _tidied(v, key, depth + 1) for k, v in value.items()}
    return [_tidied(v, key, depth + 1) for v in value]


def _on_one_line(text):
    return _BREAKS.sub(" ", tidy(text))


def _refuse_private_numbers(key, value):
    if any(_is_private(text) for text in _texts(value)) or _is_private(key):
        name = key if key in sentences.FIELDS else None
        raise Refused(name, "un numéro de sécurité sociale ne doit jamais figurer dans une fiche")


def _texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, int):
        yield str(value)


def _without_empty_ids(record):
    """The schema allows empty identifiers; two records would then be the same one."""
    empty = {key for key in ("source", "id", "structure_id") if record.get(key) == ""}
    return {key: value for key, value in record.items() if key not in empty}


def _own_keys(kind, portal):
    return None if portal is None else validated(kind.keys, portal)


def validated(schema, record):
    try:
        return schema.model_validate(record)
    except pydantic.ValidationError as invalid:
        errors = invalid.errors(include_url=False, include_input=False)
        fields = {error["loc"][:1] for error in errors}
        raise Refused(*sentences.problem(errors[0]), others=len(fields) - 1) from None


def _refuse_out_of_bounds(record):
    for field, (low, high) in _BOUNDS.items():
        value = getattr(record, field, None)
        # Written so that « not a number » is refused as well.
        if value is not None and not low <= value <= high:
            raise Refused(field, f"il faut un nombre entre {low} et {high}")


def _refuse_too_long(kind, fields):
    for target, value in fields.items():
        column = kind.entity._meta.fields[target]
        limit = column.max_length if isinstance(column, pw.CharField) else LONGEST_TEXT
        if isinstance(value, str) and len(value) > limit:
            raise Refused(kind.field_of(target), f"il faut au plus {limit} caractères")
