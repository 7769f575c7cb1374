"""What a professional finds wrong in a sheet: proposed, answered, never lost (product §3)."""

import datetime as dt

import pytest
import time_machine

from models import AuditEntry, Correction, OutgoingEmail
from models.accounts.account import Role
from models.action_bank import corrections, lifecycle, versions
from models.action_bank.corrections import (
    AlreadyDecided,
    CorrectionState,
    Proposable,
    Topic,
    page_of,
)
from models.action_bank.sheets import Action
from models.action_bank.versions import Act, ActionVersion, Conflict
from models.base import RuleBroken, today
from models.territories import commune, place_of
from tests import factories

pytestmark = pytest.mark.usefixtures("db")
PHONE, EMAIL = {"phone": "05 00"}, {"email": "neuf@example.org"}


@pytest.fixture
def writer():
    return factories.writer()


@pytest.fixture
def action(writer):
    return factories.action(
        organisation=writer.organisation, phone="04 00", email="vieux@example.org"
    )


@pytest.fixture
def reporter():
    return factories.membership().account


def propose(action, reporter, values=None, **more):
    more = {"seen": action.edition, "message": "", **more}
    return Correction.propose(action, by=reporter, values=values, **more)


def mails(kind):
    found = OutgoingEmail.select().where(OutgoingEmail.kind == kind)
    return {mail.recipient: mail.values for mail in found}


def said(action):
    kept = Action.get_by_id(action.id)
    return kept.phone, kept.email


# Proposing


def test_only_what_differs_is_proposed(action, reporter):
    values = {"phone": "05 00", "email": "vieux@example.org", "address": None}
    correction = propose(action, reporter, values, topics=["telephone"])
    assert correction.proposed == {"phone": "05 00"}
    assert correction.topic_labels == ["Le téléphone"]
    [line] = correction.lines()
    assert line == (Proposable.PHONE, "04 00", "05 00", "04 00")
    assert AuditEntry.get(AuditEntry.act == "correction:propose").changes == {"fields": ["phone"]}


def test_a_value_may_be_emptied(action, reporter):
    assert propose(action, reporter, {"phone": None}).proposed == {"phone": None}


def test_free_places_come_with_the_day_they_were_counted(action, reporter):
    proposed = propose(action, reporter, {"places_left": 3}).proposed
    assert proposed == {"places_left": 3, "places_on": today().isoformat()}
    assert propose(action, reporter, {"places_left": None}, message="?").proposed == {}


def test_a_commune_comes_with_where_it_is(action, reporter):
    proposed = propose(action, reporter, place_of(commune("31395"), "31600")).proposed
    assert (proposed["commune"], proposed["insee_code"]) == ("Muret", "31395")
    assert set(proposed) == set(Proposable.COMMUNE.columns)


def test_a_message_or_a_subject_alone_is_enough_and_nothing_is_not(action, reporter):
    assert propose(action, reporter, message="La porte a changé.").fields == []
    assert propose(action, reporter, topics=[Topic.GONE]).topics == ["arretee"]
    for nothing in ({}, {"values": {"phone": "04 00"}}, {"message": " \n "}):
        with pytest.raises(RuleBroken, match="à corriger"):
            propose(action, reporter, **nothing)


def test_only_a_published_sheet_is_corrected(action, reporter, writer):
    lifecycle.archive(action, by=writer.account)
    with pytest.raises(RuleBroken, match="n’est plus publiée"):
        propose(Action.sheet(action.code), reporter, PHONE)


def test_nobody_fills_a_mailbox(action, reporter, monkeypatch):
    monkeypatch.setattr(corrections, "MOST_A_DAY", 2)
    with time_machine.travel(dt.datetime.now(dt.UTC), tick=False) as clock:
        for _ in range(2):
            propose(action, reporter, PHONE)
        with pytest.raises(RuleBroken, match="2 corrections"):
            propose(action, reporter, PHONE)
        clock.shift(dt.timedelta(days=1, minutes=1))
        propose(action, reporter, PHONE)


def test_those_in_charge_are_told(action, reporter, writer):
    """The author or the managers, as for reminders; the message stays on its page."""
    correction = propose(action, reporter, PHONE, message="Secret.")
    assert mails("correction_received") == {
        writer.account.identifier: {"sheet": action.name, "code": correction.code}
    }


def test_who_runs_the_bank_is_told_when_nobody_may_answer(reporter):
    """A sheet of an organisation outside of the network still gets its answer."""
    runner = factories.account(role=Role.BANK_ANIMATOR)
    correction = propose(factories.action(), reporter, PHONE)
    assert set(mails("correction_received")) == {runner.identifier}
    assert Correction.waiting_count(runner) == 1
    correction.reply("Merci.", by=runner)
    assert Correction.waiting_count(runner) == 0


# Deciding


def test_accepting_writes_the_sheet_and_tells_the_reporter(action, reporter, writer):
    """Product §3: accepted is applied, as a version that names the correction."""
    correction = propose(action, reporter, PHONE | EMAIL)
    correction.accept(["phone", "email"], by=writer.account, seen=0, answer="Merci !")
    assert said(action) == ("05 00", "neuf@example.org")
    version = ActionVersion.get(ActionVersion.number == 1)
    assert (version.act, version.words) == (Act.CORRECTED, correction.code)
    assert version.account == writer.account
    kept = Correction.of_code(correction.code)
    assert (kept.state, kept.taken) == (CorrectionState.ACCEPTED, ["phone", "email"])
    assert (kept.answer, kept.decided_by) == ("Merci !", writer.account)
    assert mails("correction_decided")[reporter.identifier]["state"] == "acceptee"
    assert AuditEntry.get(AuditEntry.act == "correction:accept").actor_id == writer.account.id


def test_a_part_may_be_accepted(action, reporter, writer):
    correction = propose(action, reporter, PHONE | EMAIL)
    correction.accept(["email"], by=writer.account, seen=0)
    assert said(action) == ("04 00", "neuf@example.org")
    assert Correction.get().taken == ["email"]
    with pytest.raises(AlreadyDecided):
        correction.accept(["phone"], by=writer.account, seen=1)


def test_what_somebody_changed_since_is_shown_before_it_is_replaced(action, reporter, writer):
    """Never last-write-wins: the decision is taken again on what stands now."""
    correction = propose(action, reporter, PHONE | EMAIL)
    versions.write(action, {"phone": "06 00"}, by=writer.account, seen=0)
    with pytest.raises(Conflict) as caught:
        correction.accept(["phone", "email"], by=writer.account, seen=0)
    assert set(caught.value.clashes) == {"phone"}
    assert said(action) == ("06 00", "vieux@example.org")
    kept = Correction.of_code(correction.code)
    assert kept.is_open
    assert kept.lines()[0] == (Proposable.PHONE, "04 00", "05 00", "06 00")
    kept.accept(["phone", "email"], by=writer.account, seen=1)
    assert said(action) == ("05 00", "neuf@example.org")


def test_what_was_already_put_right_is_accepted_without_a_new_version(action, reporter, writer):
    correction = propose(action, reporter, PHONE)
    versions.write(action, PHONE, by=writer.account, seen=0)
    correction.accept(["phone"], by=writer.account, seen=1)
    assert Action.get_by_id(action.id).edition == 1
    assert Correction.get().state is CorrectionState.ACCEPTED


@pytest.mark.parametrize("fields", [[], ["description"], ["id"]])
def test_nothing_but_what_is_proposed_is_written(action, reporter, writer, fields):
    correction = propose(action, reporter, PHONE)
    with pytest.raises(RuleBroken, match="Cochez"):
        correction.accept(fields, by=writer.account, seen=0)
    assert Correction.get().is_open


@pytest.mark.parametrize(
    ("act", "state", "verb"),
    [
        (Correction.reply, CorrectionState.ANSWERED, "answer"),
        (Correction.decline, CorrectionState.DECLINED, "decline"),
    ],
)
def test_answering_and_declining_need_words_and_leave_the_sheet(
    action, reporter, writer, act, state, verb
):
    correction = propose(action, reporter, PHONE)
    with pytest.raises(RuleBroken):
        act(correction, " ", by=writer.account)
    act(correction, "Le numéro est juste.", by=writer.account)
    assert (correction.state, correction.answer) == (state, "Le numéro est juste.")
    assert said(action) == ("04 00", "vieux@example.org")
    assert mails("correction_decided")[reporter.identifier]["state"] == state.value
    assert AuditEntry.get(AuditEntry.act == f"correction:{verb}").actor_id == writer.account.id
    late = Correction.of_code(correction.code)
    for again in (late.reply, late.decline):
        with pytest.raises(AlreadyDecided):
            again("Encore.", by=writer.account)


def test_a_closed_account_is_not_written_to(action, reporter, writer):
    correction = propose(action, reporter, PHONE)
    reporter.deactivate()
    Correction.of_code(correction.code).reply("Merci.", by=writer.account)
    assert mails("correction_decided") == {}


def test_an_account_erased_leaves_its_corrections(action, reporter, writer):
    correction = propose(action, reporter, PHONE)
    reporter.delete_instance(recursive=False)
    Correction.of_code(correction.code).accept(["phone"], by=writer.account, seen=0)
    assert said(action)[0] == "05 00"


# Lists


def test_each_one_lists_what_concerns_him(action, reporter, writer):
    """Own corrections, those of the organisations where one may write, all for the bank."""
    mine = propose(action, reporter, PHONE)
    elsewhere = propose(factories.action(), reporter, PHONE)
    colleague = factories.membership(organisation=writer.organisation).account
    runner = factories.account(role=Role.BANK_ANIMATOR)

    def both(account):
        return [
            {correction.code for correction in query}
            for query in (Correction.received_by(account), Correction.made_by(account))
        ]

    assert both(writer.account) == [{mine.code}, set()]
    assert both(colleague) == [set(), set()]
    assert both(reporter) == [set(), {mine.code, elsewhere.code}]
    assert both(runner) == [{mine.code, elsewhere.code}, set()]
    assert Correction.waiting_count(writer.account) == 1


def test_what_waits_comes_first_then_the_latest(action, reporter, writer):
    first, second, third = (propose(action, reporter, PHONE) for _ in range(3))
    second.reply("Merci.", by=writer.account)
    query = Correction.made_by(reporter)
    assert [one.id for one in page_of(query, page=1, page_size=2)] == [third.id, first.id]
    assert [one.id for one in page_of(query, page=2, page_size=2)] == [second.id]
