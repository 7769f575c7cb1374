"""A person's file: sealed, found again exactly, opened with her agreement and written down."""

import datetime as dt
import string

import pytest
import time_machine

from models import Accompaniment, Agreement, AuditEntry, Person, PersonSession, sealing
from models.accounts.account import Role
from models.accounts.throttling import TooManyFailures
from models.base import RuleBroken, database, new_token, now, today
from models.permissions import Permission, Standing
from models.persons import codes, identity
from models.persons.accompaniments import EndReason, ReferentRole, StartReason
from models.persons.agreements import AgreementEnd, Given, latest_end, paper_number, usual_end
from models.persons.opening import open_file
from models.persons.sessions import PREFIX, enter
from models.persons.sharing import WORDING, Domain, fingerprint_of
from tests import factories

pytestmark = pytest.mark.usefixtures("db")

READ = {"permission": Permission.FILE_READ, "act": "file:read"}


@pytest.fixture
def writer():
    factories.charter()
    return factories.writer()


def opened(person, writer):
    """What the account of this membership reads of a file, as a new request would."""
    account = type(writer.account).get_by_id(writer.account_id)
    return open_file(person.code, actor=account, **READ)


def lines(person, act):
    return AuditEntry.select().where(AuditEntry.person_id == person.id, AuditEntry.act == act)


# What is kept


def test_what_names_somebody_is_sealed_in_the_database():
    """access.md §4.10: a database, its backup or a dump tells no name."""
    somebody = factories.person(family_name="Zéphyrine", phone="+33612345678")
    rows = list(database.execute_sql("SELECT * FROM person").fetchall())
    assert "phyrine" not in repr(rows)
    assert "612345678" not in repr(rows)
    assert Person.get_by_id(somebody.id).family_name == "Zéphyrine"


def test_a_sealed_text_moved_to_another_person_does_not_open():
    one, other = factories.person(family_name="Un"), factories.person(family_name="Deux")
    moved = one.__data__["family_name"]
    Person.update(family_name=moved).where(Person.id == other.id).execute()
    with pytest.raises(sealing.Unreadable):
        _ = Person.get_by_id(other.id).family_name


def test_a_query_that_would_write_a_name_in_clear_is_refused():
    with pytest.raises(TypeError):
        Person.update(family_name="Martin").execute()


def test_two_exact_criteria_find_a_person_again_and_one_does_not():
    """REQ-41; no list of everybody (I8)."""
    somebody = factories.person(family_name="Ben Ali", given_name="Saïda", phone="+33612345678")
    factories.person(family_name="Ben Ali", given_name="Karim")
    found = Person.looked_for(family_name="benali", given_name="SAIDA")
    assert list(found) == [somebody]
    assert list(Person.looked_for(phone="+33612345678", birth_year=1987)) == [somebody]
    assert list(Person.looked_for(phone="+33612345678", birth_year=1988)) == []
    with pytest.raises(ValueError, match="two"):
        Person.looked_for(family_name="benali")


def test_what_was_written_under_the_former_key_is_found_too():
    somebody = factories.person(family_name="Martin", given_name="Zoé")
    sealing.use_key(b"e" * sealing.KEY_BYTES)
    assert list(Person.looked_for(family_name="Martin", given_name="Zoé")) == [somebody]


@pytest.mark.parametrize(
    "text", ["O’Brien", "N'Diaye", "Jean-Pierre", "X", "عائشة", "Nguyễn", "St. John", "D’Al·lo"]
)
def test_a_name_of_any_script_is_kept_as_it_is_written(text):
    assert identity.name(text) == text
    assert factories.person(family_name=text).name.endswith(text)


@pytest.mark.parametrize("text", ["Martin 2", "<b>", "a@b", "---", "x" * 81, "1850578006084"])
def test_what_is_no_name_is_refused_with_a_sentence(text):
    with pytest.raises(RuleBroken):
        identity.name(text)


def test_a_composed_and_a_decomposed_letter_are_one_name():
    composed, decomposed = "Zoé", "Zoe\u0301"
    assert identity.name(composed) == identity.name(decomposed)


@pytest.mark.parametrize("text", ["1899", "2027", "87", "19 87", "१९८७", "", "18505780060843"])
def test_a_year_of_birth_that_cannot_be_is_refused(text):
    with pytest.raises(RuleBroken):
        identity.birth_year(text)


@pytest.mark.parametrize(
    "text", ["06 12 34 56 78", "+33 6 12 34 56 78", "0033612345678", "+33 (0)6.12.34.56.78"]
)
def test_a_telephone_number_is_one_however_it_is_written(text):
    assert identity.phone(text) == "+33612345678"


# The agreement


def test_an_agreement_says_to_whom_what_until_when_and_how_it_was_given(writer):
    """REQ-73"""
    somebody = factories.person()
    given = factories.agreement(
        somebody, writer.organisation, by=writer.account, domains=[Domain.HEALTH, Domain.MOBILITY],
        has_passport=True, paper_reference="dossier-2026/12",
    )  # fmt: skip
    kept = Agreement.get_by_id(given.id)
    assert kept.is_current
    assert kept.shared_domains == [Domain.MOBILITY, Domain.HEALTH]
    assert (kept.given, kept.paper_reference) == (Given.PAPER, "DOSSIER-2026/12")
    assert kept.ends_on == usual_end(today())
    assert kept.wording_hash == fingerprint_of(WORDING)


def test_another_agreement_replaces_the_former_which_stays(writer):
    """I7: nothing is overwritten."""
    somebody = factories.person()
    first = factories.agreement(somebody, writer.organisation, domains=[Domain.HOUSING])
    second = factories.agreement(somebody, writer.organisation)
    assert Agreement.between(somebody, writer.organisation) == second
    first = Agreement.get_by_id(first.id)
    assert (first.end, first.domains) == (AgreementEnd.REPLACED, ["logement"])


def test_an_agreement_holds_to_the_last_minute_of_its_day_in_france(writer):
    somebody = factories.person()
    ends_on = today() + dt.timedelta(days=10)
    given = factories.agreement(somebody, writer.organisation, ends_on=ends_on)
    last = dt.datetime.combine(ends_on, dt.time(23, 59), tzinfo=dt.UTC) - dt.timedelta(hours=1)
    with time_machine.travel(last, tick=False):
        assert Agreement.between(somebody, writer.organisation) == given
    with time_machine.travel(last + dt.timedelta(minutes=2), tick=False):
        assert Agreement.between(somebody, writer.organisation) is None


@pytest.mark.parametrize(
    ("signed", "ends"),
    [(1, 30), (-91, 30), (0, -1), (0, 800)],
    ids=["signed tomorrow", "an old paper", "ended yesterday", "more than two years"],
)
def test_an_agreement_with_impossible_dates_is_refused(writer, signed, ends):
    day = dt.timedelta(days=1)
    dates = {"signed_on": today() + signed * day, "ends_on": today() + ends * day}
    with pytest.raises(RuleBroken):
        factories.agreement(factories.person(), writer.organisation, **dates)


def test_the_longest_agreement_is_two_years_even_from_a_leap_day():
    assert latest_end(dt.date(2028, 2, 29)) == dt.date(2030, 2, 28)


@pytest.mark.parametrize("text", ["", "signé", "la personne ne sait pas lire", "A" * 21, "1"])
def test_the_number_of_a_paper_cannot_hold_a_sentence(text):
    """I10"""
    with pytest.raises(RuleBroken):
        paper_number(text)


# Opening


def test_a_file_opens_with_an_agreement_a_link_a_charter_and_an_account(writer):
    """I1"""
    somebody = factories.accompanied(writer)
    assert opened(somebody, writer) == somebody


def test_a_colleague_of_the_same_organisation_opens_nothing(writer):
    """I1: the agreement is to an organisation, the file opens to who accompanies."""
    somebody = factories.accompanied(writer)
    colleague = factories.writer(organisation=writer.organisation)
    assert opened(somebody, colleague) is None


LOSSES = {
    "the agreement is withdrawn": lambda person, writer: Agreement.get().withdraw(by=person),
    "the agreement ends": lambda person, writer: Agreement.update(
        ends_on=today() - dt.timedelta(days=1)
    ).execute(),
    "the link ends": lambda person, writer: Accompaniment.get().end(EndReason.DONE, by=person),
    "the account is closed": lambda person, writer: writer.account.deactivate(),
    "the professional leaves": lambda person, writer: writer.end(by=None),
    "the organisation is suspended": lambda person, writer: writer.organisation.suspend(
        "risque", by=None
    ),
    "the file is closed": lambda person, writer: Person.update(closed_at=now()).execute(),
}


@pytest.mark.parametrize("loss", LOSSES)
def test_the_loss_of_any_term_closes_the_file_at_the_next_request(writer, loss):
    """I2, I3"""
    somebody = factories.accompanied(writer)
    assert opened(somebody, writer)
    LOSSES[loss](somebody, writer)
    assert opened(somebody, writer) is None


def test_no_role_of_the_network_opens_a_file(writer):
    """I8: neither administration nor coordination."""
    somebody = factories.accompanied(writer)
    for standing in Standing:
        role = getattr(Role, standing.name, None)
        if role is not None and standing is not Standing.PROFESSIONAL:
            account = factories.account(role=role)
            assert open_file(somebody.code, actor=account, **READ) is None


def test_each_reading_leaves_one_line_that_says_who_where_and_what(writer):
    """I4"""
    somebody = factories.accompanied(writer)
    for _ in range(3):
        opened(somebody, writer)
    kept = list(lines(somebody, "file:read"))
    assert len(kept) == 3
    assert {(line.actor_id, line.organisation_id) for line in kept} == {
        (writer.account_id, writer.organisation_id)
    }


def test_a_refusal_leaves_its_line_too(writer):
    """I5"""
    somebody = factories.person()
    assert opened(somebody, writer) is None
    refusal = AuditEntry.get(AuditEntry.act == "file:refuse")
    assert (refusal.subject_id, refusal.actor_id) == (somebody.id, writer.account_id)
    open_file("0000000000", actor=writer.account, **READ)
    assert AuditEntry.select().where(AuditEntry.act == "file:refuse").count() == 2


def test_without_its_line_nothing_is_read(writer, monkeypatch):
    """I4: a log that cannot be written closes every file."""
    somebody = factories.accompanied(writer)

    def full(*args, **kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("models.audit.AuditEntry.create", full)
    with pytest.raises(RuntimeError):
        opened(somebody, writer)


def test_a_second_lead_is_refused_and_another_referent_is_not(writer):
    somebody = factories.accompanied(writer)
    other = factories.writer()
    with pytest.raises(RuleBroken):
        factories.accompanied(other, somebody)
    factories.accompanied(other, somebody, role=ReferentRole.OTHER)
    assert Accompaniment.lead_of(somebody).account == writer.account
    assert len(Accompaniment.of_person(somebody)) == 2


def test_nobody_accompanies_without_an_agreement_to_his_organisation(writer):
    """I1"""
    with pytest.raises(RuleBroken):
        Accompaniment.start(
            factories.person(), writer.account, writer.organisation, ReferentRole.LEAD,
            StartReason.OPENED, by=writer.account,
        )  # fmt: skip


# Her code


def test_her_code_opens_her_space_however_it_is_typed():
    """REQ-42"""
    somebody = factories.person(identifier="k0m1abcd")
    for identifier, code in [
        ("k0m1abcd", factories.ACCESS_CODE),
        ("KOMI ABCD", "K7M2-P9X4 ABCD"),
        (" kom1-abcd ", " k7m2 p9x4 abcd "),
    ]:
        session, token = enter(identifier, code)
        assert PersonSession.of_token(token) == session
        assert session.person == somebody


def test_a_wrong_code_and_an_unknown_identifier_are_told_in_the_same_words():
    somebody = factories.person()
    said = []
    for identifier in (somebody.identifier, "00000000"):
        with pytest.raises(RuleBroken) as broken:
            enter(identifier, "0000 0000 0000")
        said.append(str(broken.value))
    assert said[0] == said[1]


def test_guesses_are_slowed_down_and_she_is_never_locked_out():
    """REQ-42: five failures, then a wait of a quarter of an hour at most."""
    somebody = factories.person()
    for _ in range(5):
        with pytest.raises(RuleBroken):
            enter(somebody.identifier, "wrong")
    with pytest.raises(TooManyFailures):
        enter(somebody.identifier, factories.ACCESS_CODE)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=16), tick=False):
        assert enter(somebody.identifier, factories.ACCESS_CODE)


def test_a_new_code_kills_the_old_one_and_its_sessions(writer):
    """REQ-42: replaced at the desk."""
    somebody = factories.accompanied(writer)
    _, token = enter(somebody.identifier, factories.ACCESS_CODE)
    somebody = Person.get_by_id(somebody.id)
    code = codes.renew(somebody, by=writer.account, organisation=writer.organisation)
    assert PersonSession.of_token(token) is None
    with pytest.raises(RuleBroken):
        enter(somebody.identifier, factories.ACCESS_CODE)
    assert enter(somebody.identifier, code)


def test_a_code_just_drawn_is_read_again_by_who_drew_it_until_it_is_used(writer):
    """A cut line loses nothing; nobody else reads it, and nobody once it has served."""
    somebody = factories.accompanied(writer)
    code = codes.renew(somebody, by=writer.account)
    again = Person.get_by_id(somebody.id)
    assert codes.fresh_of(again, writer.account) == code
    assert codes.fresh_of(again, factories.account()) is None
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=61), tick=False):
        assert codes.fresh_of(again, writer.account) is None
    enter(somebody.identifier, code)
    assert codes.fresh_of(Person.get_by_id(somebody.id), writer.account) is None


def test_a_code_has_sixty_bits_of_signs_that_cannot_be_misread():
    drawn = codes.draw()
    assert len(drawn) == 12
    assert not set("ilou") & set("".join(codes.draw() for _ in range(50)))
    assert codes.tidy(codes.shown(drawn)) == drawn


def test_a_session_on_a_shared_screen_ends_by_itself():
    somebody = factories.person()
    _, shared = enter(somebody.identifier, factories.ACCESS_CODE)
    _, own = enter(somebody.identifier, factories.ACCESS_CODE, is_shared=False)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=6), tick=False):
        assert PersonSession.of_token(shared) is None
        assert PersonSession.of_token(own)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(hours=3), tick=False):
        assert PersonSession.of_token(own) is None


def test_no_session_of_an_account_is_taken_for_a_person_s():
    """A token is drawn from these signs: one in four thousand would begin with « p- »."""
    signs = set(string.ascii_letters + string.digits + "-_")
    assert not set(PREFIX) <= signs
    assert set(new_token()) <= signs
