"""A professional who tries everything never reads a file that nobody opened to him (I1, I13).

He knows what a colleague may have seen over a shoulder: addresses, codes of rows, the person's
identifier. He follows any link and sends any form, filled with any of it, in any order.
"""

import datetime as dt
from urllib.parse import urlsplit

import hypothesis
import pytest
from hypothesis import strategies as st

from models import Accompaniment, Account, Agreement, Person
from models.accounts.passwords import hasher
from models.base import database
from models.permissions import Permission
from models.persons.opening import open_file
from tests import factories
from tests.visitor import Visitor

CANARY = "Canarie"
SECRET_HASH = hasher.hash("zzzz9999yyyy")
STARTS = ("/espace-pro", "/personnes", "/personnes/nouvelle", "/personnes/rejoindre")
STEPS = 20
# The rest of the service knows nothing of persons.
SUBJECT = ("/personnes", "/mon-espace", "/animation", "/acces", "/qui-me-suit")


class Curious:
    """One browser, signed in as somebody who may write, for another organisation or for hers."""

    def __init__(self, app, writer, person, choose):
        self.visitor = Visitor(app).enter(writer.account)
        self.writer, self.person, self.choose = writer, person, choose
        own = factories.accompanied(writer, factories.person(family_name="Connue"))
        self.known = self._known(person, own)
        self.page = self.visitor.visit("/espace-pro")

    def _known(self, person, own):
        rows = [person, own, self.writer, self.writer.organisation]
        rows += [*Agreement.select(), *Accompaniment.select()]
        month = dt.timedelta(days=30)
        return [
            *(row.code for row in rows), person.identifier, own.identifier, factories.ACCESS_CODE,
            "oui", "papier", "code", "1", "2026-0412", "12", "1987", "31555", "Toulouse", "Connue",
            "Samia", dt.date.today().isoformat(), (dt.date.today() + month).isoformat(),
        ]  # fmt: skip

    def step(self):
        if self.page.root is None or self.choose.random() < 0.2:
            self._go(self.choose.choice(STARTS) if self.choose.random() < 0.5 else self._guess())
            return
        forms = [form for form in self.page.root.iterfind(".//form") if self._is_tried(form)]
        links = [link.get("href") for link in self.page.root.iterfind(".//main//a")]
        links = [link for link in links if link.startswith(SUBJECT)]
        if forms and (not links or self.choose.random() < 0.7):
            self._send(self.choose.choice(forms))
        elif links:
            self._go(self.choose.choice(links))
        else:
            self._go("/espace-pro")

    def _is_tried(self, form):
        return urlsplit(form.get("action") or self.page.address).path.startswith(SUBJECT)

    def _go(self, address):
        self.page = self.visitor.visit(address)

    def _guess(self):
        """An address of hers, as the pages of his own people teach it."""
        rules = [
            rule for rule in self.visitor.client.application.url_map.iter_rules()
            if rule.rule.startswith("/personnes/<code") and "GET" in rule.methods
        ]  # fmt: skip
        rule = self.choose.choice(rules or [None])
        if rule is None:
            return "/personnes"
        values = {name: self.choose.choice(self.known) for name in rule.arguments}
        path = rule.rule.replace("<code:code>", self.person.code)
        for name, value in values.items():
            path = path.replace(f"<code:{name}>", value)
        return path

    def _send(self, form):
        sent = []
        for field in form.iter():
            name, kind = field.get("name"), field.get("type", "text")
            if not name or field.tag not in ("input", "select", "button"):
                continue
            if kind in ("hidden", "submit") or field.tag == "button":
                if kind == "hidden" or self.choose.random() < 0.5:
                    sent.append((name, field.get("value", "")))
            elif kind in ("radio", "checkbox"):
                if self.choose.random() < 0.6:
                    sent.append((name, field.get("value", "on")))
            elif field.tag == "select":
                options = [option.get("value", "") for option in field.iter("option")]
                sent.append((name, self.choose.choice(options or [""])))
            else:
                sent.append((name, self.choose.choice(self.known)))
        # A field that the page does not show may be believed all the same.
        for name in ("person", "personne", "organisation", "account", "role", "organisme"):
            if self.choose.random() < 0.2:
                sent.append((name, self.choose.choice(self.known)))
        self._post(form, sent)

    def _post(self, form, sent):
        action = form.get("action") or self.page.address
        if self.choose.random() < 0.3:
            # The same form, sent to her address instead of his.
            for code in [code for code in self.known if len(code) == 10]:
                action = action.replace(code, self.person.code)
        open_ = self.visitor.client.post if form.get("method") == "post" else self._get
        response = open_(action, data=sent_as(sent))
        assert response.status_code < 500
        assert CANARY.encode() not in response.get_data()
        self._go(response.headers.get("Location") or "/personnes")

    def _get(self, action, data):
        return self.visitor.client.get(action, query_string=data)

    def has_learnt(self):
        account = Account.get_by_id(self.writer.account_id)
        given = {"actor": account, "act": "file:read"}
        opened = open_file(self.person.code, Permission.FILE_READ, **given)
        return opened is not None or CANARY in self.page.html


def sent_as(pairs):
    values = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return values


@pytest.mark.parametrize("where", ["hers", "another"])
def test_no_sequence_of_a_professional_s_acts_opens_the_file_of_somebody_else(app, where):
    """access.md §2: the flaw of a neighbour, where any professional attaches himself to a file."""

    @hypothesis.given(st.randoms(use_true_random=False))
    @hypothesis.settings(
        max_examples=6, deadline=None, database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )  # fmt: skip
    def try_everything(choose):
        with database.atomic() as undone:
            factories.charter()
            lead = factories.writer()
            person = factories.accompanied(
                lead, factories.person(family_name=CANARY, access_hash=SECRET_HASH)
            )
            same = {"organisation": lead.organisation} if where == "hers" else {}
            curious = Curious(app, factories.writer(**same), person, choose)
            for _ in range(STEPS):
                curious.step()
                assert not curious.has_learnt(), curious.page.address
            assert Person.get_by_id(person.id).name == f"Samia {CANARY}"
            undone.rollback()

    try_everything()
