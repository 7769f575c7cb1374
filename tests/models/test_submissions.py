"""A form sent twice, one after the other or at the same moment, acts once."""

import threading

import pytest

from models import CharterSignature, CharterVersion, Submission
from models.base import RuleBroken, database
from models.charter.signatures import Capacity
from models.submissions import once
from tests import factories


def test_the_second_sending_answers_what_the_first_one_did(db):
    acts = []
    assert once("clé", lambda: acts.append(1) or "fait") == "fait"
    assert once("clé", lambda: acts.append(2) or "refait") == "fait"
    assert acts == [1]


def test_an_act_that_fails_can_be_tried_again(db):
    def refuse():
        raise RuleBroken("non")

    with pytest.raises(RuleBroken):
        once("clé", refuse)
    assert once("clé", lambda: "fait") == "fait"
    assert Submission.select().count() == 1


def at_the_same_moment(act, times=8):
    """What each of `times` threads got of `act()`, each with its own connection."""
    start, results = threading.Barrier(times), []

    def run():
        with database.connection_context():
            start.wait()
            try:
                results.append(act())
            except Exception as fault:
                results.append(fault)

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_eight_clicks_at_once_act_once_and_answer_alike(shared):
    acts = []
    results = at_the_same_moment(lambda: once("clé", lambda: acts.append(1) or "fait"))
    assert results == ["fait"] * 8
    with database.connection_context():
        assert Submission.select().count() == 1


def test_eight_signatures_at_once_are_one(shared):
    """REQ-69: double click, Back or replay sign once."""
    with database.connection_context():
        manager = factories.membership(is_manager=True)
        version = factories.charter()
    results = at_the_same_moment(
        lambda: (
            CharterSignature.sign(
                CharterVersion.get_by_id(version.id), manager, Capacity.ORGANISATION
            ).code
        )
    )
    assert len(set(map(str, results))) == 1
    with database.connection_context():
        assert CharterSignature.select().count() == 1
