"""National numbers: the SIRET of an establishment, and the one that must never be kept."""

import re

from .base import N_, RuleBroken

_SEPARATORS = re.compile(r"[\s.\-]")
# Thirteen characters, or fifteen with the key; Corsica writes 2A or 2B. (décret 2019-341)
_SOCIAL_SECURITY = re.compile(r"(?<!\w)\d{5}(?:\d\d|2[AB])\d{6}(?:\d\d)?(?!\w)", re.IGNORECASE)
LA_POSTE = "356000000"


def holds_social_security_number(text):
    """True for 13 or 15 digits in a row, spaces between them or not."""
    return bool(_SOCIAL_SECURITY.search(text) or _SOCIAL_SECURITY.search(_joined(text)))


def _joined(text):
    """The digits that only spaces, dots or hyphens part, brought together, Corsica’s letter too."""
    return re.sub(r"(?:(?<=\d)|(?<=\d[AB]))[\s.\-]+(?=\d)", "", text, flags=re.IGNORECASE)


def check_siret(text):
    """The fourteen digits of a SIRET, or an empty text; raises `RuleBroken` for anything else."""
    digits = _SEPARATORS.sub("", text)
    if holds_social_security_number(text):
        raise RuleBroken(
            N_(
                "ce numéro ressemble à un numéro de sécurité sociale : ne l’écrivez jamais ici. "
                "Un SIRET a 14 chiffres."
            )
        )
    if digits and not (re.fullmatch("[0-9]{14}", digits) and _sums_right(digits)):
        raise RuleBroken(N_("ce SIRET n’est pas le bon : vérifiez ses 14 chiffres."))
    return digits


def _sums_right(digits):
    """The key of Luhn; La Poste’s establishments keep a plain sum that five divides."""
    if digits.startswith(LA_POSTE) and sum(map(int, digits)) % 5 == 0:
        return True
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0
