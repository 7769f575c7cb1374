"""Writing the valid rows of a deposit, then publishing the sheets it brought.

A row goes whole or not at all; what changed since it was judged refuses that row alone.
"""

import peewee as pw

from ...action_bank import lifecycle, versions
from ...action_bank.sheets import Action
from ...action_bank.versions import Act, Conflict
from ...base import N_, RuleBroken, database
from ...database import held
from ...network.organisations import Organisation
from ...vocabularies import Status
from ..spreadsheets.checking import RowFault
from ..spreadsheets.columns import SERVICES, STRUCTURES
from .judging import already_there, key_of


def write(bulk, rows):
    """`[{code, is_new}]` of what these rows made or changed."""
    written = []
    for row in rows:
        try:
            with database.atomic():
                written.append(_write(bulk, row))
        except RuleBroken as broken:
            _refuse_late(bulk, row, str(broken))
        except (pw.DataError, pw.IntegrityError):
            _refuse_late(bulk, row, "la base de données la refuse")
    return written


def publish(bulk, rows):
    """How many of the new sheets of these rows are published."""
    codes = [row["code"] for row in rows if row["is_new"]]
    waiting = (Action.code << codes) & (Action.status == Status.IN_REVIEW)
    sheets = list(Action.select().where(waiting)) if codes else []
    for sheet in sheets:
        # Somebody may have changed its state, or proposed it again: it stays in the queue.
        try:
            with database.atomic():
                lifecycle.publish(sheet, by=bulk.publisher, tells=False)
        except RuleBroken:
            continue
    return len(sheets)


def _refuse_late(bulk, row, words):
    is_new = row["sheet"] == SERVICES.key and row["code"] is None
    bulk.new_count -= is_new
    bulk.changed_count -= not is_new
    bulk.refuse(row, [RowFault(None, words)])


def _write(bulk, row):
    if row["sheet"] == STRUCTURES.key:
        return _write_structure(bulk, row)
    if row["code"] is None:
        return {"code": _create(bulk, row["values"]).code, "is_new": True}
    mine = (Action.organisation == bulk.organisation_id) & (Action.code == row["code"])
    sheet = Action.get_or_none(mine)
    if sheet is None or sheet.is_archived:
        raise RuleBroken(N_("La fiche a été archivée ou jetée depuis la vérification."))
    try:
        versions.write(sheet, row["values"], by=bulk.account, seen=row["seen"], act=Act.IMPORTED)
    except Conflict:
        raise RuleBroken(
            N_(
                "Une autre personne a modifié cette fiche depuis la vérification : "
                "rien n’a été écrit."
            )
        ) from None
    return {"code": sheet.code, "is_new": False}


def _create(bulk, values):
    """A new sheet, proposed to review when it lacks nothing."""
    if key_of(values) in already_there(bulk.organisation, {values["name"]}):
        raise RuleBroken(N_("Cette fiche a été créée entre-temps, par quelqu’un d’autre."))
    sheet = lifecycle.bring_in(bulk.organisation, values, by=bulk.account)
    return sheet if lifecycle.lacks(sheet) else lifecycle.submit(sheet, by=bulk.account)


def _write_structure(bulk, row):
    [organisation] = held(Organisation.select().where(Organisation.id == bulk.organisation_id))
    if any(getattr(organisation, name) != value for name, value in row["before"].items()):
        raise RuleBroken(
            N_("Votre organisme a changé depuis la vérification : rien n’a été écrit.")
        )
    organisation.describe(row["values"], by=bulk.account)
    return {"code": organisation.code, "is_new": False}
