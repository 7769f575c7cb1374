"""How long each provider usually takes to answer, shown on its sheets: it tells of an organisation,
and of nobody (product.md §3)."""

import peewee as pw

from ..base import N_, Vocabulary, today
from ..database import is_sqlite
from ..days import first_moment, months_before
from .prescription import Prescription
from .states import State

MONTHS = 12
# Answers from which a provider has a habit.
FEWEST = 5


class Pace(Vocabulary):
    """In how many days at most half of its answers come."""

    DAY = "1", N_("Répond d’habitude en un jour aux demandes des professionnels.")
    THREE = "3", N_("Répond d’habitude en 3 jours ou moins aux demandes des professionnels.")
    WEEK = "7", N_("Répond d’habitude en 7 jours ou moins aux demandes des professionnels.")
    FORTNIGHT = "14", N_("Répond d’habitude en 14 jours ou moins aux demandes des professionnels.")
    LONGER = "plus", N_("Répond d’habitude en plus de 14 jours aux demandes des professionnels.")


_BOUNDED = tuple(pace for pace in Pace if pace is not Pace.LONGER)


def usual_paces(organisations):
    """`{row number: Pace}` of those of these organisations (row numbers) that answered five times
    at least in a year: one query. What nobody answered in time counts among the longest."""
    paces = {}
    for provider, requests, answers, *within in _counted(list(organisations)):
        if answers >= FEWEST:
            halves = zip(_BOUNDED, within, strict=True)
            usual = (pace for pace, count in halves if 2 * count >= requests)
            paces[provider] = next(usual, Pace.LONGER)
    return paces


def _counted(organisations):
    """`(provider, answers and silences, answers, answers within each bound)`."""
    asked, answered = Prescription.sent_at, Prescription.answered_at
    is_over = answered.is_null(False) | (Prescription.state == State.EXPIRED)
    within = [pw.fn.SUM(pw.Case(None, [(_days() <= int(one), 1)], 0)) for one in _BOUNDED]
    return (
        Prescription.select(
            Prescription.provider_id, pw.fn.COUNT(Prescription.id), pw.fn.COUNT(answered), *within
        )
        .where(Prescription.provider << organisations, is_over)
        .where(asked >= first_moment(months_before(today(), MONTHS)))
        .group_by(Prescription.provider)
        .tuples()
    )


def _days():
    """From the sending to the answer; NULL, which is within no bound, without an answer."""
    asked, answered = Prescription.sent_at, Prescription.answered_at
    if is_sqlite():
        return pw.fn.julianday(answered) - pw.fn.julianday(asked)
    return pw.fn.DATE_PART("epoch", answered - asked) / (24 * 60 * 60)
