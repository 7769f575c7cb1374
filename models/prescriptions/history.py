"""The dated lines of a prescription: who moved it, when, and the coded facts of that move."""

import peewee as pw

from ..accounts.account import Account
from ..base import Entity, VocabularyField
from ..network.organisations import Organisation
from .prescription import Prescription
from .states import Move, Side


class Transition(Entity):
    """One line. `said` holds closed words and days only: `{"refusals", "outcome", "day", "given"}`,
    as the move needs."""

    prescription = pw.ForeignKeyField(Prescription, backref="transitions", on_delete="CASCADE")
    move = VocabularyField(Move)
    side = VocabularyField(Side)
    account = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL")
    organisation = pw.ForeignKeyField(Organisation, null=True, on_delete="SET NULL")
    said = pw.JSONField(default=dict)

    @classmethod
    def add(cls, prescription, move, mover, said):
        cls.create(
            prescription=prescription, move=move, side=mover.side, account=mover.account,
            organisation=mover.organisation, said=said,
        )  # fmt: skip

    @classmethod
    def of(cls, prescription):
        """The whole history, the oldest first, with who did what: one query."""
        rows = (
            cls.select(cls, Account, Organisation)
            .join_from(cls, Account, pw.JOIN.LEFT_OUTER)
            .join_from(cls, Organisation, pw.JOIN.LEFT_OUTER)
        )
        return list(rows.where(cls.prescription == prescription).order_by(cls.id))
