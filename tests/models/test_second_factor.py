"""The second factor: a code works once, paper replaces the telephone once (REQ 71, ASVS 6.5)."""

import datetime as dt
import re

import pytest
import time_machine

from models import Account, AuditEntry, OutgoingEmail, RecoveryCode, SecondFactor, Session
from models.accounts import second_factor as acts
from models.accounts.account import Role
from models.accounts.second_factor import code_now
from models.accounts.sessions import Step
from models.accounts.throttling import TooManyFailures
from models.base import RuleBroken, now
from models.sealed import kept
from tests import people

pytestmark = pytest.mark.usefixtures("db")
HALF_MINUTE = dt.timedelta(seconds=30)


@pytest.fixture
def clock():
    with time_machine.travel(dt.datetime(2026, 11, 22, 9, 0, 10, tzinfo=dt.UTC), tick=False) as it:
        yield it


@pytest.fixture
def diane(clock):
    return people.with_telephone(people.account("Diane", role=Role.ANIMATOR))


def set_up(account):
    """Set up a telephone through the acts; answers the paper codes."""
    factor = acts.prepare(account)
    acts.confirm(account, code_now(factor.next_secret))
    return SecondFactor.of(account).codes_to_note


def test_a_code_works_once(diane):
    """ASVS 6.5.1"""
    code = code_now(people.TELEPHONE)
    acts.check(diane, code)
    with pytest.raises(RuleBroken, match="déjà servi"):
        acts.check(diane, code)


@pytest.mark.parametrize(("late", "passes"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_late_or_early(diane, clock, late, passes):
    code = code_now(people.TELEPHONE)
    clock.shift(HALF_MINUTE * late)
    if passes:
        acts.check(diane, code)
    else:
        with pytest.raises(RuleBroken):
            acts.check(diane, code)


def test_a_code_of_before_the_one_used_is_worth_nothing(diane, clock):
    before = code_now(people.TELEPHONE)
    clock.shift(HALF_MINUTE)
    acts.check(diane, code_now(people.TELEPHONE))
    with pytest.raises(RuleBroken):
        acts.check(diane, before)


def test_guesses_at_the_code_wait_like_those_at_the_password(diane):
    for _ in range(5):
        with pytest.raises(RuleBroken, match="pas le bon"):
            acts.check(diane, "000000")
    with pytest.raises(TooManyFailures, match="Attendez 1 min"):
        acts.check(diane, code_now(people.TELEPHONE))


def test_signing_in_with_the_password_does_not_forgive_guesses_at_the_code(diane):
    from models.accounts.signing_in import sign_in

    for _ in range(5):
        with pytest.raises(RuleBroken):
            acts.check(diane, "000000")
        sign_in(diane.identifier, people.PASSWORD)
    with pytest.raises(TooManyFailures):
        acts.check(diane, code_now(people.TELEPHONE))


@pytest.mark.parametrize(
    "text", ["", "12345", "1234567", "٠١٢٣٤٥", "²²²²²²", "\x00", "1-", "9-abcde-fghjk", "é" * 9999]
)
def test_hostile_codes_are_only_wrong(diane, text):
    with pytest.raises(RuleBroken, match="pas le bon"):
        acts.check(diane, text)


def test_eight_paper_codes_are_made_hashed_and_read_until_they_are_noted(clock):
    amina = people.account()
    codes = set_up(amina)
    assert [code[0] for code in codes] == list("12345678")
    assert all(re.fullmatch(r"[1-8]-[0-9a-z]{5}-[0-9a-z]{5}", code) for code in codes)
    hashes = [row.code_hash for row in RecoveryCode.select()]
    assert all(text.startswith("$argon2id$") for text in hashes)
    factor = SecondFactor.of(amina)
    assert not any(code in kept(factor, "codes_list") for code in codes)
    assert factor.codes_to_note == codes
    acts.note_codes(amina)
    assert SecondFactor.of(amina).codes_to_note == []


def test_a_paper_code_works_once_however_it_is_typed(clock):
    amina = people.account()
    codes = set_up(amina)
    typed = codes[2].upper().replace("-", " ").replace("0", "O").replace("1", "l")
    acts.check(amina, typed)
    for again in (typed, codes[2]):
        with pytest.raises(RuleBroken):
            acts.check(amina, again)
    acts.check(amina, codes[3])
    assert SecondFactor.of(amina).codes_left == 6


def test_a_paper_code_of_another_person_opens_nothing(clock):
    amina, bruno = people.account(), people.account("Bruno")
    set_up(amina)
    codes = set_up(bruno)
    with pytest.raises(RuleBroken):
        acts.check(amina, codes[0])


def test_new_paper_codes_replace_the_former(clock):
    amina = people.account()
    before = set_up(amina)
    acts.renew_codes(amina)
    with pytest.raises(RuleBroken):
        acts.check(amina, before[0])
    acts.check(amina, SecondFactor.of(amina).codes_to_note[0])


def test_the_secret_is_sealed(diane):
    factor = SecondFactor.of(diane)
    assert people.TELEPHONE not in kept(factor, "secret")
    assert factor.secret == people.TELEPHONE


def test_the_present_telephone_works_until_the_next_has_shown_its_code(diane, clock):
    factor = acts.prepare(diane)
    with pytest.raises(RuleBroken):
        acts.confirm(diane, code_now(people.TELEPHONE))
    assert SecondFactor.of(diane).secret == people.TELEPHONE
    acts.confirm(diane, code_now(factor.next_secret))
    clock.shift(HALF_MINUTE)
    with pytest.raises(RuleBroken):
        acts.check(diane, code_now(people.TELEPHONE))
    acts.check(diane, code_now(factor.next_secret))


def test_a_set_up_left_half_way_is_forgotten_at_the_next_code(diane):
    """Whoever finds the browser later must give a code before setting up a telephone."""
    factor = acts.prepare(diane)
    acts.check(diane, code_now(people.TELEPHONE))
    with pytest.raises(RuleBroken, match="à recommencer"):
        acts.confirm(diane, code_now(factor.next_secret))


@pytest.mark.parametrize("role", [Role.ANIMATOR, Role.COORDINATOR, Role.ADMIN, Role.AUDITOR])
def test_who_runs_the_network_must_have_one_and_cannot_drop_it(role):
    account = people.with_telephone(people.account(role=role))
    assert account.must_use_second_factor
    with pytest.raises(RuleBroken, match="Votre rôle"):
        acts.remove(account)


def test_a_professional_may_have_one_and_may_drop_it(clock):
    amina = people.account()
    assert not amina.must_use_second_factor
    set_up(amina)
    acts.remove(amina)
    assert SecondFactor.of(amina) is None
    assert RecoveryCode.select().count() == 0


def test_an_administrator_resets_it_for_someone_else(diane):
    """The sessions end, the person is told, the act is signed."""
    emile = people.account("Émile", role=Role.ADMIN)
    session, _ = Session.open(diane, by_means="test", has_second_factor=True)
    acts.reset(diane, by=emile)
    assert SecondFactor.of(diane) is None
    assert Session.get_by_id(session.id).ended_at is not None
    assert OutgoingEmail.get().kind == "second_factor_reset"
    entry = AuditEntry.get(AuditEntry.act == "second_factor:reset")
    assert (entry.subject_id, entry.actor_id) == (diane.id, emile.id)
    with pytest.raises(RuleBroken):
        acts.reset(emile, by=emile)


def test_a_session_says_what_is_still_to_do(clock):
    """I2: read from the database at each request."""
    amina = people.account()
    _, token = Session.open(amina, by_means="test")
    assert Session.of_token(token).next_step is None
    Account.update(role=Role.ANIMATOR).execute()
    assert Session.of_token(token).next_step is Step.SET_UP
    people.with_telephone(amina)
    assert Session.of_token(token).next_step is Step.CODE
    Session.update(second_factor_at=now()).execute()
    assert Session.of_token(token).next_step is None
    acts.renew_codes(amina)
    assert Session.of_token(token).next_step is Step.NOTE_CODES
