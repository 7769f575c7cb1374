"""From the entry to the exit, counted for many and told of nobody (REQ-37, I11)."""

import datetime as dt

import pytest
import time_machine

from models import DomainLine, YearOfPassages
from models.base import RuleBroken, database, today, transaction
from models.diagnostics import filling, finishing, picture
from models.diagnostics.diagnostic import Diagnostic, Moment, Writer
from models.diagnostics.needs import NeedDecision, Wish
from models.diagnostics.picture import DOMAINS, NEED, NO_OBSTACLE, STRENGTH, progress
from models.persons.anonymising import anonymise
from models.persons.sharing import Domain
from models.questionnaire.versions import POTENTIALS_GRID, TemplateVersion
from models.retention import forget
from tests import factories
from tests.models.test_plans_at_once import together

SUMMER = dt.datetime(2026, 7, 1, 9, tzinfo=dt.UTC)
AFTER = dt.datetime(2027, 1, 15, 9, tzinfo=dt.UTC)

alone = pytest.mark.usefixtures("db")


def ready(somebody, moment, **answers):
    """A draft of hers with these answers, and all that it takes to be validated."""
    diagnostic = factories.diagnostic(somebody, moment=moment)
    told = answers | {"pri_qui": "moi", "pri_date": today().isoformat(), "pri_relu": "oui"}
    form = {key: value if isinstance(value, list) else [value] for key, value in told.items()}
    saved = filling.save(
        diagnostic, form, seen=diagnostic.revision, writer=Writer(somebody), keys=list(form)
    )
    assert not saved.faults
    return diagnostic


def led(somebody, moment, **answers):
    """The same, validated."""
    diagnostic = ready(somebody, moment, **answers)
    finishing.validate(diagnostic, by=somebody)
    return diagnostic


def counted():
    """`{domain: (entry, exit, persons)}` of the cells that count somebody."""
    cells = [cell for row in YearOfPassages.select() for cell in row.cells.items()]
    return {domain: (entry, end, persons) for (domain, entry, end), persons in cells}


# What is counted


@alone
def test_a_validated_exit_counts_once_in_each_domain_spoken_of_at_both_ends():
    """REQ-37: nobody types it again."""
    somebody = factories.person()
    led(somebody, Moment.ENTRY, mob_permis="souhaite", log_situation="stable")
    assert counted() == {}
    led(somebody, Moment.EXIT, mob_permis="oui", num_connexion="bonne", log_situation="sans")
    assert counted() == {
        Domain.MOBILITY: (NEED, STRENGTH, 1),
        Domain.HOUSING: (STRENGTH, NEED, 1),
    }


@alone
def test_what_was_chosen_with_her_counts_before_what_her_answers_propose():
    somebody = factories.person()
    entry = ready(somebody, Moment.ENTRY, mob_permis="souhaite")
    choose(entry, Domain.FOOD, NEED)
    finishing.validate(entry, by=somebody)
    last = ready(somebody, Moment.EXIT, mob_permis="souhaite")
    choose(last, Domain.MOBILITY, NO_OBSTACLE)
    choose(last, Domain.FOOD, NO_OBSTACLE)
    finishing.validate(last, by=somebody)
    assert counted()[Domain.MOBILITY] == (NEED, NO_OBSTACLE, 1)
    assert counted()[Domain.FOOD] == (NEED, NO_OBSTACLE, 1)


def choose(diagnostic, domain, state):
    seen, writer = diagnostic.revision, Writer(diagnostic.person)
    DomainLine.choose(diagnostic, domain, state, seen=seen, writer=writer)


@alone
def test_a_need_that_she_put_aside_is_none():
    """Hers to say: as the synthesis shows it."""
    somebody = factories.person()
    led(somebody, Moment.ENTRY, num_connexion="bonne", mob_moyens=["velo"])
    last = ready(somebody, Moment.EXIT, mob_permis="souhaite", mob_moyens=["velo"])
    NeedDecision.decide(last, {"mobilite-permis": Wish.NO}, writer=Writer(somebody))
    finishing.validate(last, by=somebody)
    assert counted()[Domain.MOBILITY] == (STRENGTH, STRENGTH, 1)


@alone
def test_health_is_never_counted():
    """REQ-34: neither by its answers, nor by a line, nor by a need it raises elsewhere."""
    somebody = factories.person()
    for moment, answer in ((Moment.ENTRY, "medecin"), (Moment.EXIT, "deja")):
        diagnostic = ready(somebody, moment, san_orientation=[answer], mob_permis="oui")
        choose(diagnostic, Domain.HEALTH, NEED)
        finishing.validate(diagnostic, by=somebody)
    assert Domain.MOBILITY in counted()
    assert Domain.HEALTH not in counted()
    assert Domain.HEALTH not in DOMAINS


@alone
def test_without_an_entry_before_it_an_exit_counts_nothing():
    somebody = factories.person()
    led(somebody, Moment.FOLLOW_UP, mob_permis="souhaite")
    led(somebody, Moment.EXIT, mob_permis="oui")
    led(somebody, Moment.ENTRY, mob_permis="souhaite")
    led(somebody, Moment.FOLLOW_UP, mob_permis="oui")
    assert YearOfPassages.select().count() == 0


@alone
def test_the_entry_is_the_latest_one_and_hers():
    somebody = factories.person()
    led(factories.person(), Moment.ENTRY, mob_permis="non-valide")
    led(somebody, Moment.ENTRY, mob_permis="oui")
    led(somebody, Moment.ENTRY, mob_permis="souhaite")
    led(somebody, Moment.FOLLOW_UP, mob_permis="oui")
    led(somebody, Moment.EXIT, mob_permis="oui")
    assert counted()[Domain.MOBILITY] == (NEED, STRENGTH, 1)


@alone
def test_another_template_counts_nothing():
    """The indicator is that of the single template."""
    somebody = factories.person()
    led(somebody, Moment.ENTRY, mob_permis="souhaite")
    last = factories.diagnostic(somebody, key=POTENTIALS_GRID, moment=Moment.EXIT)
    last.seal(by=somebody)
    YearOfPassages.count(last)
    assert YearOfPassages.select().count() == 0


@alone
def test_nobody_counts_twice_in_one_year():
    """Eleven must be eleven persons (I11)."""
    somebody = factories.person()
    with time_machine.travel(SUMMER) as clock:
        for _ in range(2):
            led(somebody, Moment.ENTRY, mob_permis="souhaite")
            led(somebody, Moment.EXIT, mob_permis="oui")
        assert counted()[Domain.MOBILITY] == (NEED, STRENGTH, 1)
        clock.move_to(AFTER)
        led(somebody, Moment.ENTRY, mob_permis="souhaite")
        led(somebody, Moment.EXIT, mob_permis="oui")
    years = YearOfPassages.select().order_by(YearOfPassages.year)
    moved = (Domain.MOBILITY, NEED, STRENGTH)
    assert [(row.year, row.cells[moved]) for row in years] == [(2026, 1), (2027, 1)]


@alone
def test_the_year_is_the_one_of_the_french_calendar():
    somebody = factories.person()
    with time_machine.travel(dt.datetime(2026, 12, 31, 23, 30, tzinfo=dt.UTC)):
        led(somebody, Moment.ENTRY, mob_permis="souhaite")
        led(somebody, Moment.EXIT, mob_permis="oui")
    assert {row.year for row in YearOfPassages.select()} == {2027}


@alone
def test_what_is_not_validated_is_not_counted():
    """One transaction: refused or undone, nothing of it stays."""
    somebody = factories.person()
    led(somebody, Moment.ENTRY, mob_permis="souhaite")
    unread = factories.diagnostic(somebody, moment=Moment.EXIT)
    with pytest.raises(RuleBroken):
        finishing.validate(unread, by=somebody)

    @transaction
    def cut():
        finishing.validate(ready(somebody, Moment.EXIT, mob_permis="oui"), by=somebody)
        assert counted()
        raise ConnectionError

    with pytest.raises(ConnectionError):
        cut()
    assert counted() == {}


@alone
def test_a_sealed_exit_is_never_counted_again():
    somebody = factories.person()
    led(somebody, Moment.ENTRY, mob_permis="souhaite")
    last = led(somebody, Moment.EXIT, mob_permis="oui")
    before = counted()
    with pytest.raises(RuleBroken):
        finishing.validate(last, by=somebody)
    assert counted() == before


# Nobody in it


@alone
def test_nothing_that_is_kept_leads_to_a_person():
    """I11: neither who, nor where, nor when; the counts are sealed."""
    somebody = factories.person(commune_code="31395")
    led(somebody, Moment.ENTRY, mob_permis="souhaite")
    last = led(somebody, Moment.EXIT, mob_permis="oui")
    [row] = YearOfPassages.select().dicts()
    assert set(row) == {"id", "code", "created_at", "year", "counts"}
    assert row["created_at"] == dt.datetime(today().year, 1, 1)
    [opened] = YearOfPassages.select()
    told = repr(row) + opened.counts
    for canary in (somebody.code, somebody.identifier, last.code, "31395", "Samia", "mob_permis"):
        assert canary not in told
    # Alone in her year, she would be told by the database itself.
    assert "mobilite" not in repr(row)


@alone
def test_a_person_erased_takes_nothing_of_it_away():
    """It was never hers: nothing says which ones she was counted in."""
    somebody = factories.person()
    led(somebody, Moment.ENTRY, mob_permis="souhaite")
    led(somebody, Moment.EXIT, mob_permis="oui")
    before = counted()
    anonymise(somebody, by=None)
    assert Diagnostic.select().count() == 0
    assert counted() == before


@alone
def test_counts_are_forgotten_three_years_after_the_end_of_their_year():
    for year in (2026, 2027):
        factories.passages(Domain.MOBILITY, NEED, STRENGTH, 1, year)
    with time_machine.travel(dt.datetime(2029, 12, 31, 12, tzinfo=dt.UTC)):
        assert forget()[YearOfPassages] == 0
    with time_machine.travel(dt.datetime(2030, 1, 1, 12, tzinfo=dt.UTC)):
        assert forget()[YearOfPassages] > 0
    assert {row.year for row in YearOfPassages.select()} == {2027}


# Several at once


def test_exits_sealed_at_the_same_moment_all_count(shared):
    """On both engines: none is lost, and none waits for another for ever."""
    with database.connection_context():
        drafts = []
        for _ in range(6):
            somebody = factories.person()
            led(somebody, Moment.ENTRY, mob_permis="souhaite", log_situation="sans")
            drafts.append(ready(somebody, Moment.EXIT, mob_permis="oui", log_situation="sans"))
    acts = [lambda one=one: finishing.validate(one, by=one.person) for one in drafts]
    assert together(acts) == [None] * 6
    with database.connection_context():
        assert counted()[Domain.MOBILITY] == (NEED, STRENGTH, 6)
        assert counted()[Domain.HOUSING] == (NEED, NEED, 6)


def test_one_exit_validated_twice_at_the_same_moment_counts_once(shared):
    with database.connection_context():
        somebody = factories.person()
        led(somebody, Moment.ENTRY, mob_permis="souhaite")
        code = ready(somebody, Moment.EXIT, mob_permis="oui").code
        both = [Diagnostic.of_hers(somebody, code) for _ in range(2)]
    answers = together([lambda one=one: finishing.validate(one, by=somebody) for one in both])
    assert sorted(type(answer).__name__ for answer in answers) == ["NoneType", "RuleBroken"]
    with database.connection_context():
        assert counted()[Domain.MOBILITY] == (NEED, STRENGTH, 1)


# What is shown


def count(domain, year=None, **cells):
    """Count people of last year: `need_strength=12`."""
    names = {"need": NEED, "clear": NO_OBSTACLE, "strength": STRENGTH}
    for name, persons in cells.items():
        entry, end = (names[part] for part in name.split("_"))
        factories.passages(domain, entry, end, persons, year)


def shown(domain):
    [(_, domains)] = picture.pictures()
    return next(one for one in domains if one.domain is domain)


@alone
def test_the_picture_tells_what_needs_became_and_what_was_gained():
    count(Domain.MOBILITY, need_need=11, need_clear=12, need_strength=13)
    count(Domain.MOBILITY, clear_strength=14, clear_need=8, strength_need=7, strength_strength=2)
    mobility = shown(Domain.MOBILITY)
    assert (mobility.in_need.cells, mobility.in_need.total) == ([11, 12, 13], 36)
    assert (mobility.gained.cells, mobility.newly.cells) == ([14], [15])


@alone
def test_counts_from_one_to_ten_are_hidden_with_the_totals_that_tell_them():
    """I11"""
    count(Domain.MOBILITY, need_need=30, need_strength=4, strength_strength=20)
    mobility = shown(Domain.MOBILITY)
    assert mobility.in_need.cells == [30, 0, None]
    assert (mobility.in_need.total, mobility.in_need.at_least) == (None, 31)


@alone
def test_a_domain_is_hidden_whole_when_the_number_of_exits_would_tell():
    """I11: twelve left, eleven of whom are shown: the last one would be told."""
    count(Domain.MOBILITY, need_strength=11, need_need=1)
    count(Domain.DIGITAL, need_strength=11)
    mobility = shown(Domain.MOBILITY)
    assert (mobility.in_need, mobility.gained, mobility.newly) == (None, None, None)
    assert shown(Domain.DIGITAL).in_need.total == 11


@alone
def test_a_year_without_a_number_to_show_shows_nothing():
    count(Domain.MOBILITY, need_strength=10)
    assert picture.pictures() == [(today().year - 1, [])]


@alone
def test_each_year_is_told_apart_once_it_is_over():
    """Two tables that overlap would tell, by their difference, who left in between."""
    year = today().year
    count(Domain.MOBILITY, year, need_strength=11)
    assert picture.pictures() == []
    count(Domain.MOBILITY, year - 1, need_strength=12)
    count(Domain.MOBILITY, year - 2, need_strength=13)
    told = [(year, one.in_need.total) for year, [one, *_] in
            ((year, [d for d in domains if d.domain is Domain.MOBILITY])
             for year, domains in picture.pictures())]  # fmt: skip
    assert told == [(year - 1, 12), (year - 2, 13)]


# The action itself


@alone
def test_the_action_is_not_in_service_before_a_version_is_published():
    """REQ-37: its status."""
    assert (progress().version, progress().since) == (None, None)
    version = factories.template()
    assert (progress().version, progress().since) == (version, version.published_at)


@alone
def test_it_is_in_service_since_its_first_version():
    first = factories.template()
    second = TemplateVersion.draft(first.key, "9.9", first.data, by=None)
    second.publish(by=None)
    assert (progress().version, progress().since) == (second, first.published_at)


@alone
def test_its_indicator_counts_what_was_validated_in_twelve_whole_months_by_moment():
    """REQ-37; what is being written, or of this month, waits."""
    with time_machine.travel(SUMMER) as clock:
        for _ in range(12):
            led(factories.person(), Moment.ENTRY)
        led(factories.person(), Moment.EXIT)
        factories.diagnostic()
        factories.diagnostic(key=POTENTIALS_GRID).seal(by=None)
        assert progress().led.total == 0
        clock.move_to(dt.datetime(2026, 8, 1, 9, tzinfo=dt.UTC))
        assert progress().led.cells == [12, 0, 0, None]
        clock.move_to(dt.datetime(2027, 7, 31, 9, tzinfo=dt.UTC))
        assert progress().led.cells == [12, 0, 0, None]
        clock.move_to(dt.datetime(2027, 8, 1, 9, tzinfo=dt.UTC))
        assert progress().led.total == 0


@alone
def test_it_counts_the_organisations_that_led_one():
    """Organisations are not persons: their number shows, never their rank."""
    with time_machine.travel(SUMMER) as clock:
        factories.charter()
        writer, idle = factories.writer(), factories.writer()
        for _ in range(2):
            somebody = factories.accompanied(writer)
            factories.answered(somebody, writer, mob_permis="oui").seal(by=writer.account)
        factories.answered(factories.accompanied(idle), idle, mob_permis="oui")
        clock.move_to(dt.datetime(2026, 8, 1, 9, tzinfo=dt.UTC))
        assert progress().organisations == 1
