"""Doing an act once: a form sent twice (double click, Back, a line that breaks) acts once."""

import peewee as pw

from .base import Entity, database


class Submission(Entity):
    """A form already acted upon. `key` is the random value drawn with the form, `outcome` what
    its page needs to answer the same thing again (a public code, never content)."""

    key = pw.CharField(max_length=64, unique=True)
    outcome = pw.CharField(max_length=255, default="")


def once(key, act):
    """The outcome of `act()`, run the first time this key comes, in one transaction with it.

    Two of them at the same moment: the second waits for the first, then answers its outcome.
    """
    if known := Submission.get_or_none(Submission.key == key):
        return known.outcome
    try:
        with database.atomic():
            # Before the act: whoever comes second is stopped here, having done nothing.
            submission = Submission.create(key=key)
            submission.outcome = act() or ""
            submission.save()
            return submission.outcome
    except pw.IntegrityError:
        known = Submission.get_or_none(Submission.key == key)
        if known is None:
            raise
        return known.outcome


def is_known(key):
    return Submission.select().where(Submission.key == key).exists()
