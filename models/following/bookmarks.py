"""Bookmarks: the actions a professional keeps, with a note on the action."""

import peewee as pw

from .. import audit
from ..accounts.account import Account
from ..action_bank.sheets import LINE_COLUMNS, Action
from ..base import N_, Entity, RuleBroken, now, transaction
from ..identifiers import holds_social_security_number
from ..network.organisations import Organisation
from ..text import tidy

LONGEST_NOTE = 500
MOST_BOOKMARKS = 200


class Bookmark(Entity):
    """An action kept by an account. `removed_at` lets it be put back, with its note, for a day."""

    account = pw.ForeignKeyField(Account, backref="bookmarks", on_delete="CASCADE")
    action = pw.ForeignKeyField(Action, backref="bookmarks", on_delete="CASCADE")
    note = pw.CharField(max_length=LONGEST_NOTE, default="")
    removed_at = pw.DateTimeField(null=True, index=True)

    class Meta:
        indexes = ((("account", "action"), True),)

    @classmethod
    def of_account(cls, account):
        """What an account keeps, the latest first, each with its action as a list shows it."""
        kept = cls._with_action().where(cls.account == account, cls.removed_at.is_null())
        return list(kept.order_by(cls.created_at.desc(), cls.id.desc()))

    @classmethod
    def of_code(cls, code):
        """The bookmark of this public identifier, removed or not, with its action, or None."""
        return cls._with_action().where(cls.code == code).first()

    @classmethod
    def of(cls, account, action):
        """The living bookmark of this account on this action, or None."""
        mine = (cls.account == account) & (cls.action == action)
        return cls.get_or_none(mine & cls.removed_at.is_null())

    @classmethod
    def _with_action(cls):
        shown = [getattr(Action, name) for name in LINE_COLUMNS]
        return (
            cls.select(cls, *shown, Action.is_model, Organisation.name)
            .join(Action)
            .join(Organisation)
        )

    @classmethod
    @transaction
    def keep(cls, action, *, by):
        """Keep an action that everyone may read; keeping it again gives the note back."""
        if not action.is_public:
            raise RuleBroken(N_("Cette fiche n’est pas publique : on ne peut pas la garder."))
        held = cls.get_or_none((cls.account == by) & (cls.action == action))
        if held and not held.removed_at:
            return held
        living = cls.select().where(cls.account == by, cls.removed_at.is_null())
        if living.count() >= MOST_BOOKMARKS:
            raise RuleBroken(
                N_("Vous gardez déjà %(most)d actions : retirez-en une d’abord."),
                most=MOST_BOOKMARKS,
            )
        bookmark = held or cls(account=by, action=action)
        bookmark.removed_at = None
        bookmark.save()
        audit.record("bookmark:keep", bookmark, by=by)
        return bookmark

    @transaction
    def annotate(self, note, *, by):
        """Write what helps to use the action: never words on a person."""
        note = tidy(note)
        if holds_social_security_number(note):
            raise RuleBroken(N_("n’écrivez jamais de numéro de sécurité sociale."))
        if len(note) > LONGEST_NOTE:
            raise RuleBroken(N_("écrivez %(most)d caractères au plus."), most=LONGEST_NOTE)
        self.note = note
        self.save(only=[Bookmark.note])
        audit.record("bookmark:note", self, by=by)

    @transaction
    def remove(self, *, by):
        """Take it off the list; twice is once."""
        if self.removed_at is None:
            self.removed_at = now()
            self.save(only=[Bookmark.removed_at])
            audit.record("bookmark:remove", self, by=by)

    @transaction
    def restore(self, *, by):
        """Undo the removal."""
        return Bookmark.keep(self.action, by=by) if self.removed_at else self
