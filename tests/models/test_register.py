"""The register says everything that is kept, and nothing else (access.md §4.1, RGPD article 30)."""

import ast
import importlib
import pathlib

import pytest

from models import TABLES, Account, Person, register
from models.persons import forgetting
from models.register import ACTIVITIES, COMMON, ENTRIES, entries_of, exported, lines
from models.register.form import REST, is_sealed
from models.register.tables import Data
from models.retention import RULES
from tests.architecture.test_imports import imports

ROOT = pathlib.Path(__file__).parent.parent.parent
# Columns of these names are about somebody, whoever the table is about.
ABOUT_SOMEBODY = {"email", "phone", "account", "person", "actor_id", "contact_name", "recipient"}


def points_to_somebody(field):
    return getattr(field, "rel_model", None) in {Account, Person} or field.name in ABOUT_SOMEBODY


def test_every_column_of_every_table_has_its_line():
    """REQ-208; each fault says what to write."""
    assert list(register.faults()) == []


def test_a_column_without_a_line_is_told_with_what_to_write(monkeypatch):
    monkeypatch.setattr(register, "ENTRIES", [e for e in ENTRIES if e.table is not Person])
    (fault,) = register.faults()
    assert fault.startswith("Person: add to models/register/tables.py « Entry(Person, ")
    (first,) = (e for e in ENTRIES if e.table is Person)
    shorter = first._replace(data=(*first.data[1:], Data("", "nickname")))
    monkeypatch.setattr(
        register, "ENTRIES", [shorter, *(e for e in ENTRIES if e.table is not Person)]
    )
    assert [fault.partition(":")[0] for fault in register.faults()] == [
        "Person.family_name", "Person.given_name", "Person.nickname",
    ]  # fmt: skip


def test_each_table_and_each_column_is_declared_once():
    assert len(ENTRIES) == len(TABLES) == len({entry.table for entry in ENTRIES})
    for entry in ENTRIES:
        names = [name for data in entry.data for name in data.columns.split()]
        assert len(names) == len(set(names)), entry.table.__name__
        assert not set(names) & set(COMMON), entry.table.__name__


def test_a_column_is_said_sealed_when_it_is():
    said = {place for place, line in lines().items() if line.data.is_sealed}
    assert said == {
        (table, field.name)
        for table in TABLES
        for field in table._meta.sorted_fields
        if is_sealed(field)
    }


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.table.__name__)
def test_a_table_has_a_rule_of_retention_or_a_reason_to_be_kept(entry):
    ends = [entry.table in RULES, entry.goes_with is not None, bool(entry.because)]
    if entry.table is Person:
        assert not any(ends), "she is forgotten, not deleted"
        assert set(forgetting.ACTS) == {"prévenir", "anonymiser", "supprimer"}
    else:
        assert sum(ends) == 1
    assert entry.kept


@pytest.mark.parametrize(
    "entry", [e for e in ENTRIES if e.goes_with], ids=lambda entry: entry.table.__name__
)
def test_what_goes_with_a_table_is_deleted_with_it(entry):
    """By the database itself; for a person, `anonymise` follows the same foreign keys."""
    keys = [f for f in entry.table._meta.sorted_fields if getattr(f, "rel_model", None)]
    (key,) = (f for f in keys if f.rel_model is entry.goes_with and f.on_delete == "CASCADE")
    assert not key.null


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.table.__name__)
def test_what_is_said_to_tell_of_nobody_points_to_nobody(entry):
    for column, data in entry.columns.items():
        if (entry.table, column) in lines() and not lines()[entry.table, column].is_personal:
            field = entry.table._meta.fields[column]
            assert not points_to_somebody(field), (column, data.words)
            assert not is_sealed(field), column


@pytest.mark.parametrize(
    "entry",
    [e for e in ENTRIES if e.activity and e.activity.is_of_persons],
    ids=lambda entry: entry.table.__name__,
)
def test_a_table_about_accompanied_persons_names_all_its_columns(entry):
    """A new column is thought about before it is written."""
    assert all(REST not in data.columns.split() for data in entry.data)


def test_every_table_that_points_to_a_person_is_about_persons():
    about = {e.table for e in ENTRIES if e.activity and e.activity.is_of_persons}
    assert set(Person._meta.backrefs.values()) <= about


def test_no_activity_is_empty_and_none_rests_on_consent():
    """access.md §1: the agreement is a rule of the charter, not a legal basis."""
    for activity in ACTIVITIES:
        assert entries_of(activity)
        assert "consentement" not in " ".join(map(str, activity)).lower()
        assert "article 6.1.a" not in activity.basis.label


def test_what_the_register_lets_out_is_what_the_person_takes_away():
    """REQ-43: the export and the register say the same of each column."""
    exporting = pytest.importorskip("models.persons.exporting")
    for section in exporting.SECTIONS:
        # What is told beside, such as the plan of a step, is no column of the table.
        named = set(section.columns) & set(section.table._meta.fields) - set(COMMON)
        assert named == set(exported(section.table)), section.table.__name__


# REQ-14


def test_the_declared_rsa_is_said_to_leave_with_the_person_alone():
    """REQ-14: « jamais exporté nominativement »."""
    line = lines()[Person, "receives_rsa"]
    assert line.is_exported
    assert line.data.note.startswith("Jamais dans une liste ni dans un export, sauf")


def readers_of(word):
    """The files of the service that name this column."""
    files = [*ROOT.glob("models/**/*.py"), *ROOT.glob("blueprints/**/*.py")]
    return {str(path.relative_to(ROOT)) for path in files if word in path.read_text()}


def test_no_exchange_with_others_knows_of_a_person():
    """REQ-14: spreadsheets, feeds, the national format and e-mails read no file."""
    for path in [*ROOT.glob("models/exchange/**/*.py"), *ROOT.glob("blueprints/exchange/*.py")]:
        if not path.name.startswith("demo"):
            assert not {name for name in imports(path) if ".persons" in name}, path
            assert "receives_rsa" not in path.read_text()
    for path in ROOT.glob("templates/email/*"):
        assert "rsa" not in path.read_text().lower().split()


def test_the_declared_rsa_is_read_by_nothing_but_her_file():
    """REQ-14: neither searched, nor counted, nor listed."""
    allowed = ("models/persons/", "models/register/", "models/migrations/", "blueprints/persons/")
    allowed += ("blueprints/my_space/", "models/exchange/demo")
    assert {path for path in readers_of("receives_rsa") if not path.startswith(allowed)} == set()


def test_no_act_of_the_trail_holds_the_declared_rsa():
    """The trail says which columns changed, never what they hold."""
    tree = ast.parse((ROOT / "models/persons/person.py").read_text())
    recorded = [
        ast.unparse(node) for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record"
    ]  # fmt: skip
    assert recorded
    assert not any("receives_rsa" in call for call in recorded)


def test_the_register_is_read_by_pages_and_not_by_the_entities():
    """It tells of them: nothing it says may change what they do."""
    for path in ROOT.glob("models/**/*.py"):
        if "register" not in path.parts:
            assert "models.register" not in set(imports(path)), path
    assert importlib.import_module("models.register")
