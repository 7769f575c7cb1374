"""Several successors named in the same instant, each from a browser of its own (REQ-9)."""

import threading

from models import Accompaniment
from models.base import RuleBroken, database
from models.persons.handover import HandoverReason, hand_over
from tests import factories


def test_of_eight_successors_named_at_the_same_moment_one_wins(shared):
    """Each from a browser of its own: one lead, one story, and seven clear sentences."""
    with database.connection_context():
        factories.charter()
        lead = factories.writer()
        somebody = factories.accompanied(lead)
        team = [factories.writer(organisation=lead.organisation) for _ in range(8)]
    start, results = threading.Barrier(8), []

    def run(successor):
        with database.connection_context():
            start.wait()
            try:
                reason = HandoverReason.LEAVING
                results.append(hand_over(somebody, successor, reason, by=lead.account).end)
            except RuleBroken as broken:
                results.append(broken)

    threads = [threading.Thread(target=run, args=(one,)) for one in team]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refused = [one for one in results if isinstance(one, RuleBroken)]
    assert len(results) == 8
    assert len(refused) == 7
    with database.connection_context():
        assert Accompaniment.select().where(Accompaniment.living()).count() == 1
