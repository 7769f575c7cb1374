"""What a file holds of somebody, as it is typed and as it is found again: no number of social
security, no narrative, the year of birth and the commune rather than more (access.md §4.4)."""

import re
import unicodedata

from ..base import N_, RuleBroken, today
from ..identifiers import holds_social_security_number
from ..outbox import deliverable
from ..text import fold, one_line

LONGEST_NAME = 80
# Accompaniment begins at 16 (REQ-207: the range of each organisation is narrower).
YOUNGEST = 16
FIRST_YEAR = 1900
_NAME_SIGNS = frozenset(" '’-.·")
_NOT_A_LETTER = re.compile(r"[^\w]+|_")
# « 0033 6 12 34 56 78 » has thirteen digits, as the number that must never be kept.
_FRENCH_PHONE = re.compile(r"\+33[1-9]\d{8}", re.ASCII)


def name(text):
    """A name as it is written: letters of any script; raises `RuleBroken`."""
    refuse_social_security_number(text)
    line = one_line(text)
    if not all(_is_part_of_a_name(sign) for sign in line):
        raise RuleBroken(
            N_("un nom s’écrit avec des lettres, des espaces et des tirets seulement.")
        )
    if len(line) > LONGEST_NAME:
        raise RuleBroken(N_("un nom a %(most)d lettres au plus."), most=LONGEST_NAME)
    if line and not any(sign.isalpha() for sign in line):
        raise RuleBroken(N_("écrivez au moins une lettre."))
    return line


def _is_part_of_a_name(sign):
    return sign in _NAME_SIGNS or unicodedata.category(sign)[0] in "LM"


def birth_year(text):
    """The year of birth, as a number; raises `RuleBroken`."""
    refuse_social_security_number(text)
    line = one_line(text)
    if not (line.isascii() and line.isdecimal() and len(line) == 4):
        raise RuleBroken(N_("écrivez l’année en quatre chiffres, comme 1987."))
    latest = today().year - YOUNGEST
    if not FIRST_YEAR <= int(line) <= latest:
        raise RuleBroken(
            N_("l’année va de %(first)d à %(latest)d : l’accompagnement commence à %(age)d ans."),
            first=FIRST_YEAR,
            latest=latest,
            age=YOUNGEST,
        )
    return int(line)


def phone(text):
    """A telephone number, French ones as +33 and nine digits; raises `RuleBroken`."""
    digits = re.sub(r"[\s.\-()]+", "", one_line(text))
    digits = re.sub(r"^0(?=[1-9]\d{8}$)", "+33", re.sub(r"^(\+33|0033)0?", "+33", digits))
    if not _FRENCH_PHONE.fullmatch(digits):
        refuse_social_security_number(text)
    if not re.fullmatch(r"\+[1-9]\d{7,14}", digits, re.ASCII):
        raise RuleBroken(N_("ce numéro de téléphone n’est pas complet : il a dix chiffres."))
    return digits


def email(text):
    refuse_social_security_number(text)
    return deliverable(text).lower()


def refuse_social_security_number(text):
    """Décret 2019-341: the number is never kept, not even in part."""
    if holds_social_security_number(text):
        raise RuleBroken(
            N_("n’écrivez jamais de numéro de sécurité sociale : le champ a été vidé.")
        )


def compared(text):
    """The letters of a name alone: « Jean-Pierre » and « jean  pierre » are one."""
    return _NOT_A_LETTER.sub("", fold(text))
