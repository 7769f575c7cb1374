"""The parts of a version’s content, each edited by itself: the template, a section, a question, a
choice, a need. An address names one: « question.sit_age », « choix.sit_age.18-25 »."""

import hashlib
import json
import re
import unicodedata
from typing import NamedTuple

HEAD, SECTION, QUESTION, CHOICE, NEED = "modele", "section", "question", "choix", "besoin"
# What may be added to a part of this kind, and the field that holds it.
HOLDS = {
    HEAD: (SECTION, "sections"),
    SECTION: (QUESTION, "questions"),
    QUESTION: (CHOICE, "choices"),
}
LONGEST_KEY = 40
# Fields that stay whatever their value; others leave when they are empty.
_ALWAYS = {
    "label", "aide", "titre", "intro", "origine", "sensibilite", "domaine", "facultatif",
    "thematiques",
}  # fmt: skip


class Part(NamedTuple):
    """A part as it stands in the data: its record, the rows it is one of, and what holds it."""

    kind: str
    address: str
    record: dict
    rows: list
    parent: str

    @property
    def stamp(self):
        """Which words were read: those of the record itself, without the parts it holds."""
        own = {name: value for name, value in self.record.items() if name not in _HELD}
        text = json.dumps(own, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def label(self):
        return self.record.get("label") or self.record.get("titre") or ""

    @property
    def place(self):
        """Its place among its rows, from one."""
        return next(at for at, one in enumerate(self.rows, 1) if one is self.record)


_HELD = {"sections", "questions", "choices", "nombre_questions", "domaines"}


def parts(data):
    """`{address: Part}` of the whole content, in reading order."""
    model = data["modele"]
    found = {HEAD: Part(HEAD, HEAD, model, [model], "")}
    for section in model["sections"]:
        _note(found, SECTION, section, model["sections"], HEAD)
        for question in section["questions"]:
            _note(found, QUESTION, question, section["questions"], f"{SECTION}.{section['key']}")
            for choice in question.get("choices", ()):
                holder = f"{QUESTION}.{question['key']}"
                address = f"{CHOICE}.{question['key']}.{choice['value']}"
                found[address] = Part(CHOICE, address, choice, question["choices"], holder)
    for need in data["besoins"]:
        _note(found, NEED, need, data["besoins"], HEAD)
    return found


def _note(found, kind, record, rows, parent):
    address = f"{kind}.{record['key']}"
    found[address] = Part(kind, address, record, rows, parent)


def fill(record, values):
    """Write fields into a record; an empty one leaves, unless it always stands."""
    for name, value in values.items():
        is_said = bool(value) or (name == "enregistre" and value is False)
        if not is_said and name not in _ALWAYS:
            record.pop(name, None)
        else:
            record[name] = value


def tidy(data):
    """Make what follows from the rest follow: counts, domains of sections, what no kiosk asks."""
    model, count = data["modele"], 0
    for section in model["sections"]:
        asked = section["questions"]
        count += len(asked)
        section["domaines"] = list(dict.fromkeys(one["domaine"] for one in asked if one["domaine"]))
        for question in asked:
            fill(question, {"borne": "jamais" if question["sensibilite"] == 3 else ""})
    model["nombre_questions"] = count
    return data


def new_key(label, taken):
    """A key out of a French label, that nothing bears: « Quel âge avez-vous ? » → quel-age."""
    plain = unicodedata.normalize("NFD", label.lower().replace("œ", "oe").replace("’", " "))
    letters = "".join(one for one in plain if not unicodedata.combining(one))
    words = re.findall(r"[a-z0-9]+", letters) or ["nouveau"]
    stem = "-".join(words)[: LONGEST_KEY - 4].rstrip("-")
    return next(
        key for number in range(1, 1000)
        if (key := stem if number == 1 else f"{stem}-{number}") not in taken
    )  # fmt: skip
