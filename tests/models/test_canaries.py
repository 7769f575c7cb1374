"""What names somebody is nowhere in clear: raw files, copies, dumps, journals, e-mails."""

import logging
import pathlib
import sqlite3
import subprocess
from urllib.parse import parse_qs, urlsplit

import pytest

from app import create_app
from models import TABLES, OutgoingEmail, Person, outbox
from models.accounts.account import Role
from models.base import database
from models.permissions import Permission
from models.persons.notices import News, PersonNotice
from models.persons.opening import open_file
from models.persons.person import ContactBy
from tests import factories
from tests.conftest import DATA_KEY
from tests.engines import _binaries
from tests.visitor import Visitor

CANARY = {
    "family_name": "Zyxcanarille",
    "given_name": "Quwcanarine",
    "phone": "+33699887766",
    "email": "wqcanari@exemple.example",
}
# As they could be written elsewhere: folded, in pairs, in part.
HUNTED = [
    "zyxcanarille", "quwcanarine", "33699887766", "0699887766", "06 99 88 77 66", "99887766",
    "wqcanari",
]  # fmt: skip
# In clear on purpose: whoever finds nothing must be able to find this.
WITNESS = "Organisme Temoinclair"


@pytest.fixture
def lived(shared, monkeypatch):
    """A database in which somebody was written, found, opened, told, and came to her space; answers
    its address and the lines of the journal."""
    lines = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(repr(vars(record)))
    journals = [logging.getLogger("portail"), logging.getLogger("peewee"), logging.getLogger()]
    for journal in journals:
        monkeypatch.setattr(journal, "level", logging.DEBUG)
        journal.addHandler(handler)
    app = create_app(DATABASE_URL=shared, TESTING=True, SECRET_KEY="k" * 40, DATA_KEY=DATA_KEY)
    with database.connection_context():
        code = live_a_day()
        visitor = Visitor(app).enter_space(Person.by_code(code))
    assert CANARY["given_name"] in visitor.visit("/mon-espace").text
    assert visitor.visit("/personnes/0000000000").status == 404
    for journal in journals:
        journal.removeHandler(handler)
    return shared, "\n".join(line for line in lines if "'name': 'peewee'" not in line)


def live_a_day():
    factories.charter()
    writer = factories.writer(factories.signed_organisation(name=WITNESS))
    somebody = factories.accompanied(writer, factories.person(contact_by=ContactBy.EMAIL, **CANARY))
    assert list(Person.looked_for(family_name=CANARY["family_name"], phone=CANARY["phone"]))
    account = type(writer.account).get_by_id(writer.account_id)
    read = open_file(somebody.code, Permission.FILE_READ, actor=account, act="file:read")
    read.rewrite_identity({"phone": "+33699887700"}, by=account)
    read.rewrite_identity({"phone": CANARY["phone"]}, by=account)
    OutgoingEmail.delete().execute()
    PersonNotice.tell(somebody, News.REFERENT_STARTED, account=account)
    # One waits, one was sent.
    PersonNotice.tell(somebody, News.RECTIFIED)
    message = outbox.claim()
    assert message.address == CANARY["email"]
    message.mark_sent()
    return somebody.code


def found_in(content):
    """The canaries of these bytes, whatever their case and in the usual encodings."""
    forms = {content.lower(), content.replace(b"\0", b"").lower()}
    return [word for word in HUNTED if any(word.encode() in form for form in forms)]


def test_no_canary_in_the_raw_files(lived):
    """access.md §4.10, reliability.md §7.11: the database and its journal, as the disk has them."""
    address, _ = lived
    files = raw_files(address)
    if not files:
        pytest.skip("the files of this engine are not readable here")
    content = b"".join(path.read_bytes() for path in files)
    assert WITNESS.encode() in content
    assert found_in(content) == []


def raw_files(address):
    if address.startswith("sqlite"):
        path = pathlib.Path(address.removeprefix("sqlite:///"))
        return sorted(path.parent.glob(f"{path.name}*"))
    with database.connection_context():
        database.execute_sql("CHECKPOINT")
    [home] = parse_qs(urlsplit(address).query)["host"]
    try:
        data = pathlib.Path(home, "data")
        files = [*data.glob("base/*/*"), *data.glob("pg_wal/*")]
        return [path for path in files if path.is_file() and path.stat().st_mode & 0o400]
    except PermissionError:
        return []


def test_no_canary_in_a_copy(lived, tmp_path):
    """A backup or a dump tells no name."""
    address, _ = lived
    content = copy_of(address, tmp_path)
    assert WITNESS.encode() in content
    assert found_in(content) == []


def copy_of(address, tmp_path):
    if address.startswith("sqlite"):
        copy = tmp_path / "copie.db"
        with (
            sqlite3.connect(address.removeprefix("sqlite:///")) as source,
            sqlite3.connect(copy) as target,
        ):
            source.backup(target)
        source.close()
        target.close()
        return copy.read_bytes()
    run = [_binaries() / "pg_dump", "--no-owner", address]
    return subprocess.run(run, check=True, capture_output=True).stdout


def test_no_canary_in_any_column_read_as_text(lived):
    """Each table row by row, whatever its columns become."""
    with database.connection_context():
        rows = [
            repr(tuple(row))
            for table in TABLES
            for row in database.execute_sql(f"SELECT * FROM {table._meta.table_name}").fetchall()
        ]
    content = "\n".join(rows).encode()
    assert WITNESS.encode() in content
    assert found_in(content) == []


def test_no_canary_in_the_journal(lived):
    _, lines = lived
    assert "my_space.home" in lines
    assert found_in(lines.encode()) == []


def test_the_address_of_a_person_is_sealed_while_it_waits_and_erased_once_sent(lived):
    with database.connection_context():
        sent, waiting = OutgoingEmail.select().order_by(OutgoingEmail.id)
        assert (waiting.recipient, waiting.address) == (None, CANARY["email"])
        assert (sent.recipient, sent.address, sent.is_private) == (None, None, False)


def test_the_administrator_reads_no_address_of_a_person(visitor, app, monkeypatch):
    monkeypatch.setitem(app.config, "DEMONSTRATION", True)
    factories.account(is_demonstration=True)
    message = outbox.post_privately("trial", CANARY["email"], reference="essai")
    visitor.enter(factories.account(role=Role.ADMIN))
    for address in ("/administration/courriels", f"/administration/courriels/{message.code}"):
        page = visitor.visit(address)
        assert "Une personne accompagnée" in page.text
        assert found_in(page.html.encode()) == []
