"""The sheets as those who write and review them find them: by state, in review, to copy."""

from typing import NamedTuple

import peewee as pw

from ..accounts.account import Account, Role
from ..base import N_, Vocabulary, today
from ..network.organisations import Organisation
from ..vocabularies import Status
from .sheets import Action

PAGE = 20
MOST_IN_QUEUE = 50
MOST_MODELS = 100


class Shelf(Vocabulary):
    """Where one looks for a sheet of one’s own."""

    DRAFTS = "brouillon", N_("Brouillons")
    IN_REVIEW = "en-relecture", N_("En relecture")
    PUBLISHED = "publiee", N_("Publiées")
    OVERDUE = "a-verifier", N_("À vérifier")
    ARCHIVED = "archivee", N_("Archivées")
    MODELS = "modele", N_("Modèles")


class Queue(NamedTuple):
    """The sheets in review, the oldest first, how many there are, and who may be asked."""

    sheets: list[Action]
    total: int
    animator_count: int


def sheets_of(organisations, shelf=None, *, page=1):
    """A page of the sheets of these organisations (row numbers), the last written first; None is
    the whole bank, the last come first: sorting a hundred thousand by day takes half a second."""
    rows = Action.select(Action, Organisation).join(Organisation)
    rows = rows.where(_within(organisations), _on(shelf))
    order = [Action.id.desc()] if organisations is None else _LAST_WRITTEN
    return list(rows.order_by(*order).paginate(page, PAGE))


_LAST_WRITTEN = (Action.updated_on.desc(), Action.id.desc())


def counts_of(organisations):
    """`{shelf: how many sheets}` of these organisations."""
    late = pw.fn.SUM(pw.Case(None, [(Action.is_overdue_on(today()), 1)], 0))
    rows = Action.select(Action.status, Action.is_model, pw.fn.COUNT(Action.id), late)
    rows = rows.where(_within(organisations)).group_by(Action.status, Action.is_model)
    counts = dict.fromkeys(Shelf, 0)
    for status, is_model, count, late_count in rows.tuples():
        counts[Shelf.MODELS if is_model else Shelf(status.value)] += count
        if status == Status.PUBLISHED and not is_model:
            counts[Shelf.OVERDUE] += late_count
    return counts


def _within(organisations):
    # A condition of its own: an empty list of organisations holds no sheet.
    return pw.SQL("1=1") if organisations is None else Action.organisation << list(organisations)


def _on(shelf):
    if shelf is None:
        return pw.SQL("1=1")
    if shelf is Shelf.MODELS:
        return Action.is_model == True  # noqa: E712
    if shelf is Shelf.OVERDUE:
        return Action.is_listed() & Action.is_overdue_on(today())
    return (Action.status == Status(shelf.value)) & (Action.is_model == False)  # noqa: E712


def queue():
    """What waits for a review."""
    waiting = Action.select(Action, Organisation).join(Organisation)
    waiting = waiting.where(Action.status == Status.IN_REVIEW)
    oldest = waiting.order_by(Action.submitted_at, Action.id).limit(MOST_IN_QUEUE)
    return Queue(list(oldest), in_review_count(), bank_animator_count())


def in_review_count():
    return Action.select().where(Action.status == Status.IN_REVIEW).count()


def bank_animator_count():
    """How many accounts run the bank today."""
    return Account.select().where(Account.role == Role.BANK_ANIMATOR, Account.is_active).count()


def models_to_copy():
    """The model sheets, by name."""
    rows = Action.select(Action, Organisation).join(Organisation)
    models = rows.where(Action.is_model == True)  # noqa: E712
    return list(models.order_by(Action.name, Action.id).limit(MOST_MODELS))
