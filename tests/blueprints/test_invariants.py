"""What access.md promises of a file, where no other test says it by its name."""

import peewee as pw
import pytest

from models import TABLES, Account, Agreement, Organisation, Person
from models.base import VocabularyField
from models.sealed import SealedField
from tests import factories

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def writer(db):
    factories.charter()
    return factories.writer()


@pytest.fixture
def samia(writer):
    return factories.accompanied(writer, factories.person(family_name="Canari"), has_passport=True)


@pytest.mark.parametrize("path", ["", "/imprimer", "/identite", "/accompagnement", "/accord"])
def test_without_its_line_no_page_of_a_file_is_sent(visitor, writer, samia, monkeypatch, path):
    """I4: the log cannot be written, the service is unavailable, and nothing has left."""
    visitor.enter(writer.account)
    assert "Canari" in visitor.visit(f"/personnes/{samia.code}").html

    def full(*args, **kwargs):
        raise pw.OperationalError("the disk is full")

    monkeypatch.setattr("models.audit.AuditEntry.create", full)
    page = visitor.visit(f"/personnes/{samia.code}{path}")
    assert page.status == 503
    assert "Canari" not in page.html


@pytest.mark.parametrize("path", ["/mon-espace", "/mon-espace/export", "/mon-espace/journal"])
def test_nor_are_her_own_pages(visitor, samia, monkeypatch, path):
    """I4"""
    visitor.enter_space(samia)

    def full(*args, **kwargs):
        raise pw.OperationalError("the disk is full")

    monkeypatch.setattr("models.audit.AuditEntry.create", full)
    page = visitor.visit(path)
    assert page.status == 503
    assert "Canari" not in page.html


def test_withdrawing_everything_erases_nothing_and_never_shuts_her_out(visitor, writer, samia):
    """I7: what was agreed and done stays to be read, by herself first."""
    visitor.enter(writer.account).visit(f"/personnes/{samia.code}")
    Agreement.between(samia, writer.organisation).withdraw(by=samia)
    [kept] = Agreement.of_person(samia)
    assert (kept.is_current, kept.signed_on, kept.has_passport) == (False, kept.signed_on, True)
    visitor.enter_space(samia)
    assert writer.organisation.name in visitor.visit("/mon-espace/accords").text
    assert "a lu votre dossier" in visitor.visit("/mon-espace/journal").text
    assert "Canari" in visitor.visit("/mon-espace/export").text
    page = visitor.visit(f"/mon-espace/accords/organisme?organisme={writer.organisation.code}")
    assert page.form("Je donne mon accord") is not None


def test_nothing_of_a_passport_is_shared_unless_she_says_so_each_time(writer, samia):
    """I9: not by default, and not because she once did."""
    assert Agreement.between(samia, writer.organisation).has_passport
    factories.agreement(samia, writer.organisation)
    assert not Agreement.between(samia, writer.organisation).has_passport
    assert not factories.agreement(factories.person(), writer.organisation).has_passport


# Sealed: her names, how to reach her, a code just drawn, what she says is wrong, what she shared.
HER_WORDS = {
    "Person.family_name", "Person.given_name", "Person.phone", "Person.email",
    "Person.fresh_access", "Rectification.proposed", "Prescription.content",
}  # fmt: skip
# Closed values, which no form can fill with a sentence: domains shared, reasons to decline.
CLOSED = {"Agreement.domains", "Prescription.refusals"}
# A paper’s number, a language, a commune, hashes, slots: no sentence fits, or its rule refuses one.
LONGEST = 66
SECRETS = {"Person.access_hash"}


def tables_of_persons():
    return [
        table
        for table in TABLES
        if table is Person or any(f.rel_model is Person for f in table._meta.refs)
    ]


def test_no_column_of_a_file_can_hold_a_story():
    """I10: coded answers, dates, numbers; the only words are hers, and they are sealed."""
    told = set()
    for table in tables_of_persons():
        for field in table._meta.sorted_fields:
            if can_hold_a_story(field):
                told.add(f"{table.__name__}.{field.name}")
    assert told == HER_WORDS | CLOSED | SECRETS


def can_hold_a_story(field):
    if isinstance(field, VocabularyField | pw.ForeignKeyField):
        return False
    if isinstance(field, SealedField | pw.TextField | pw.JSONField | pw.BlobField):
        return True
    return isinstance(field, pw.CharField) and field.max_length > LONGEST


def test_the_tables_of_a_file_are_looked_at():
    names = {table.__name__ for table in tables_of_persons()}
    assert {"Person", "Agreement", "Accompaniment", "Rectification", "PersonNotice"} <= names
    assert not names & {Account.__name__, Organisation.__name__}
