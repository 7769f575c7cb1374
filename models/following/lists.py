"""Lists of actions, put in order by a professional and handed over: on paper, or by their code."""

from typing import NamedTuple

import peewee as pw

from .. import audit
from ..accounts.account import Account
from ..action_bank.sheets import Action
from ..base import N_, Entity, RuleBroken, transaction
from ..database import held
from ..editing import move_to, renumber
from ..network.memberships import Membership
from ..network.organisations import Organisation
from .bookmarks import Bookmark

LONGEST_NAME = 80
# What a person can carry home on four sheets of paper.
MOST_ITEMS = 20
MOST_LISTS = 50


class ActionList(Entity):
    """A named list of an account; open to whoever holds its code while `is_shared`.

    `organisation` is the one it says it was prepared by, if any.
    """

    account = pw.ForeignKeyField(Account, backref="action_lists", on_delete="CASCADE")
    name = pw.CharField(max_length=LONGEST_NAME)
    organisation = pw.ForeignKeyField(Organisation, null=True, on_delete="SET NULL")
    is_shared = pw.BooleanField(default=False)

    @property
    def is_public(self):
        """Shared, and somebody still answers for it."""
        return self.is_shared and self.account.is_active

    @property
    def prepared_by(self):
        """The organisation in whose name it was prepared, while its author still works there."""
        if self.organisation is None or not Membership.between(self.account, self.organisation):
            return None
        return self.organisation

    @classmethod
    def of_code(cls, code):
        """The list of this public identifier with its author, or None."""
        rows = cls.select(cls, Account, Organisation).join_from(cls, Account)
        rows = rows.join_from(cls, Organisation, pw.JOIN.LEFT_OUTER)
        return rows.where(cls.code == code).first()

    @classmethod
    def of_account(cls, account):
        """The lists of an account by name, each with the number of its actions (`size`)."""
        size = pw.fn.COUNT(ActionListItem.id).alias("size")
        rows = cls.select(cls, size).join(ActionListItem, pw.JOIN.LEFT_OUTER)
        mine = rows.where(cls.account == account).group_by(cls.id)
        return list(mine.order_by(pw.fn.LOWER(cls.name), cls.id))

    @classmethod
    @transaction
    def start(cls, name, *, by):
        """A new list, empty and nobody else’s to read."""
        held(Account.select(Account.id).where(Account.id == by.id))
        if cls.select().where(cls.account == by).count() >= MOST_LISTS:
            raise RuleBroken(
                N_("Vous avez déjà %(most)d listes : supprimez-en une d’abord."), most=MOST_LISTS
            )
        started = cls.create(account=by, name=name)
        audit.record("list:create", started, by=by)
        return started

    @transaction
    def describe(self, name, organisation, *, by):
        """Name it, and say which of one’s own organisations prepared it (None: nobody’s name)."""
        if organisation and not Membership.between(by, organisation):
            raise RuleBroken(N_("choisissez un organisme où vous travaillez."))
        self.name, self.organisation = name, organisation
        self.save(only=[ActionList.name, ActionList.organisation])
        audit.record("list:describe", self, by=by)

    @transaction
    def share(self, is_shared, *, by):
        """Open it to whoever holds its code, or close it."""
        if self.is_shared != is_shared:
            self.is_shared = is_shared
            self.save(only=[ActionList.is_shared])
            audit.record("list:share", self, by=by, shared=is_shared)

    @transaction
    def discard(self, *, by):
        audit.record("list:delete", self, by=by)
        self.delete_instance()

    def items(self):
        """Its items in their order, each with its whole action and the organisation’s name."""
        rows = (
            ActionListItem.select(ActionListItem, Action, Organisation)
            .join(Action)
            .join(Organisation)
        )
        mine = rows.where(ActionListItem.list == self)
        return list(mine.order_by(ActionListItem.place, ActionListItem.id))

    def addable(self):
        """The bookmarks of its author that it does not hold yet, and that are still proposed."""
        there = {action for (action,) in self._rows().select(ActionListItem.action).tuples()}
        return [
            bookmark
            for bookmark in Bookmark.of_account(self.account)
            if bookmark.action_id not in there and bookmark.action.is_listed_now
        ]

    @transaction
    def add(self, action, *, by):
        """Put an action at the end; one that is there already stays where it is."""
        self._hold()
        if not action.is_public:
            raise RuleBroken(N_("Cette fiche n’est pas publique : on ne peut pas l’ajouter."))
        rows = self._rows()
        if rows.where(ActionListItem.action == action).exists():
            return
        if rows.count() >= MOST_ITEMS:
            raise RuleBroken(
                N_("Une liste tient %(most)d actions au plus : commencez-en une autre."),
                most=MOST_ITEMS,
            )
        last = rows.select(pw.fn.MAX(ActionListItem.place)).scalar() or 0
        ActionListItem.create(list=self, action=action, place=last + 1)
        audit.record("list:add", self, by=by, action=action.code)

    @transaction
    def withdraw(self, action, *, by):
        """Take an action out; one that is not there is as well out."""
        self._hold()
        mine = (ActionListItem.list == self) & (ActionListItem.action == action)
        if ActionListItem.delete().where(mine).execute():
            renumber(self._ordered(), ActionListItem.place)
            audit.record("list:withdraw", self, by=by, action=action.code)

    @transaction
    def move(self, action, place, *, by):
        """Put an action at this place, counted from one; sent twice, it is the same place."""
        self._hold()
        items = self._ordered()
        moved = next((item for item in items if item.action_id == action.id), None)
        if moved is None:
            raise RuleBroken(N_("Cette action n’est plus dans la liste."))
        taken = move_to(place, moved, items, ActionListItem.place)
        audit.record("list:move", self, by=by, action=action.code, place=taken)

    def _hold(self):
        """Two writers at once would give two items one place."""
        held(ActionList.select(ActionList.id).where(ActionList.id == self.id))

    def _rows(self):
        return ActionListItem.select().where(ActionListItem.list == self)

    def _ordered(self):
        return list(self._rows().order_by(ActionListItem.place, ActionListItem.id))


class ActionListItem(Entity):
    """An action at its place in a list."""

    list = pw.ForeignKeyField(ActionList, backref="list_items", on_delete="CASCADE")
    action = pw.ForeignKeyField(Action, on_delete="CASCADE")
    place = pw.SmallIntegerField()

    class Meta:
        indexes = ((("list", "action"), True),)


class Shelf(NamedTuple):
    """What the page of a sheet offers to whoever may keep it."""

    bookmark: Bookmark | None
    lists: list[ActionList]


def shelf_of(account, action):
    """The bookmark of an account on an action, and its lists."""
    return Shelf(Bookmark.of(account, action), ActionList.of_account(account))
