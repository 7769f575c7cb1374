"""What a sheet names by national identifier, organisations and sheets, as people write them."""

import re

from ..base import CODE_ALPHABET, CODE_LENGTH, N_, RuleBroken
from ..network.organisations import Organisation
from ..text import fold, one_line
from .sheets import SOURCE, Action

MOST_PROPOSED = 6
_CODE = re.compile(rf"(?<![{CODE_ALPHABET}])[{CODE_ALPHABET}]{{{CODE_LENGTH}}}(?=\W*$)")


def identifier_of(organisation):
    """Its national identifier, or the one the portal gives to those that have none."""
    return organisation.source_id or f"{SOURCE}--{organisation.code}"


def organisations_named(identifiers):
    """`{identifier: organisation}` of those we know."""
    if not identifiers:
        return {}
    own = f"{SOURCE}--"
    codes = [name.removeprefix(own) for name in identifiers if name.startswith(own)]
    named = (Organisation.source_id << list(identifiers)) | (Organisation.code << codes)
    rows = Organisation.select(*Organisation.named(), Organisation.source_id).where(named)
    both = [(name, row) for row in rows for name in (row.source_id, f"{own}{row.code}")]
    return {name: row for name, row in both if name in identifiers}


def sheets_named(identifiers):
    """`{identifier: sheet}` of those we know."""
    if not identifiers:
        return {}
    shown = (Action.code, Action.name, Action.source_id)
    rows = Action.select(*shown).where(Action.source_id << list(identifiers))
    return {row.source_id: row for row in rows}


def organisation_called(text):
    """The one organisation of this name, exact or nearly so."""
    named = Organisation.select(*Organisation.named(), Organisation.source_id)
    found = list(named.where(Organisation.sort_name == fold(text)[:255]).limit(MOST_PROPOSED))
    if not found:
        codes = [row.code for row in Organisation.resembling(text)]
        found = list(named.where(Organisation.code << codes).order_by(Organisation.sort_name))
    if not found:
        raise RuleBroken(N_("nous ne connaissons pas d’organisme « %(name)s »."), name=text[:60])
    if len(found) > 1:
        names = ", ".join(row.name for row in found[:MOST_PROPOSED])
        raise RuleBroken(
            N_("« %(part)s » peut être : %(names)s. Écrivez le nom entier."),
            part=text[:60],
            names=names,
        )
    return found[0]


def sheet_called(text):
    """The sheet whose address or code ends this line, or that bears this very title."""
    rows = Action.select(Action.code, Action.name, Action.source_id, Action.organisation)
    code = _CODE.search(text.lower())
    found = code and rows.where(Action.code == code[0]).first()
    if not found:
        same = list(rows.where(Action.is_listed(), Action.name == one_line(text)).limit(2))
        found = same[0] if len(same) == 1 else None
    if not found:
        raise RuleBroken(
            N_("nous ne trouvons pas « %(name)s » : copiez l’adresse de la fiche."), name=text[:60]
        )
    return found
