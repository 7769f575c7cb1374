"""What a template could say more simply, or has not yet said in another language: advice only."""

import re

from ..base import N_
from .content import Fault, at_question, run
from .shape import Kind

LONGEST_LABEL, LONGEST_SENTENCE = 12, 15
# Acronyms that the glossary of the template explains.
KNOWN_ACRONYMS = {
    "BEP", "CAF", "CAP", "CNIL", "CV", "MDPH", "MSA", "PMI", "ROME", "RSA", "SMS",
}  # fmt: skip
_WORD = re.compile(r"[^\W_][\w’-]*")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")
_HARD_WRITING = re.compile(r"\w·\w|\w\.e\.?s?\b|\(e\)|\bt(u|on|es)\b")
_BAD_TYPOGRAPHY = re.compile(r"'|(?<!\u00a0)[?!;:»]|«(?!\u00a0)|  |\s$|^\s|\.\.\.")


def remarks(data):
    """Each `Fault` that forbids nothing."""
    return run(REMARKS, data)


def plain_words(content):
    """Short sentences, known words, one question at a time."""
    found = []
    for where, field, record in texts_of(content):
        text = record[field]
        if any(len(_WORD.findall(one)) > LONGEST_SENTENCE for one in _SENTENCE_END.split(text)):
            found.append(Fault(where, N_("Une phrase a plus de 15 mots.")))
        is_long = field == "label" and len(_WORD.findall(text)) > LONGEST_LABEL
        if is_long and not record.get("label_simple"):
            found.append(Fault(where, N_("Plus de 12 mots : donnez aussi des mots plus simples.")))
        if {*re.findall(r"\b[A-Z]{2,}\b", text)} - KNOWN_ACRONYMS:
            found.append(Fault(where, N_("Un sigle n’est pas expliqué.")))
        if _HARD_WRITING.search(text):
            found.append(Fault(where, N_("Dites « vous », sans points ni parenthèses.")))
    for one in content.questions:
        if one["type"] != Kind.DATE and not one["label"].endswith("?"):
            found.append(at_question(one, N_("Ce n’est pas une question.")))
        if re.search(r"\bet\b.*\bet\b", one["label"]):
            found.append(at_question(one, N_("Deux questions en une.")))
    return found


def typography(content):
    """French typography: curved apostrophes, unbreakable spaces."""
    return [
        Fault(where, N_("Une apostrophe ou une espace est à revoir."))
        for where, field, record in texts_of(content)
        if _BAD_TYPOGRAPHY.search(record[field])
    ]


def translated(content):
    """English everywhere; the other languages where the template is said in them."""
    languages = {"en": N_("Il manque l’anglais."), "ar": N_("Il manque l’arabe.")}
    wanted = ["en"] + ["ar"] * bool(content.model.get("titre_ar"))
    return [
        Fault(where, languages[language])
        for where, field, record in texts_of(content)
        for language in wanted
        if not record.get(f"{field}_{language}", "").strip()
        and not (language == "ar" and where.startswith("besoin."))
    ]


def texts_of(content):
    """`(where, field, record)` of each text that a person reads."""
    yield "modele", "titre", content.model
    yield "modele", "intro", content.model
    for section in content.sections:
        yield f"section.{section['key']}", "titre", section
        yield f"section.{section['key']}", "intro", section
    for question in content.questions:
        yield f"question.{question['key']}", "label", question
        yield f"question.{question['key']}", "aide", question
    for question, choice in content.chosen:
        yield f"choix.{question['key']}.{choice['value']}", "label", choice
    for need in content.needs:
        yield f"besoin.{need['key']}", "label", need


REMARKS = (plain_words, typography, translated)
