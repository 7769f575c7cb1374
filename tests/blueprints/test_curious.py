"""A professional who tries everything never reads a file that nobody opened to him (I1, I13).

He knows what a colleague may have seen over a shoulder: addresses, codes of rows, the person's
identifier. He follows any link and sends any form, filled with any of it, in any order.
"""

import datetime as dt
from urllib.parse import urlsplit

import hypothesis
import pytest
from hypothesis import strategies as st

from models import (
    Accompaniment,
    Account,
    Agreement,
    CharterSignature,
    Handover,
    Membership,
    Person,
)
from models.accounts.passwords import hasher
from models.base import database, today
from models.permissions import Permission
from models.persons.accompaniments import EndReason, ReferentRole
from models.persons.handover import HandoverReason, hand_over
from models.persons.opening import open_file
from tests import factories
from tests.visitor import Visitor

CANARY = "Canarie"
SECRET_HASH = hasher.hash("zzzz9999yyyy")
STARTS = (
    "/personnes", "/personnes/nouvelle", "/personnes/rejoindre",
    "/personnes/demander", "/personnes/relais",
)  # fmt: skip
STEPS = 20
# The rest of the service knows nothing of persons.
SUBJECT = ("/personnes", "/mon-espace", "/animation", "/acces", "/qui-me-suit")


class Curious:
    """One browser, signed in as somebody who has, or had, the right to write."""

    def __init__(self, app, writer, person, choose):
        self.visitor = Visitor(app).enter(writer.account)
        self.writer, self.person, self.choose = writer, person, choose
        own = factories.person(family_name="Connue")
        if Account.get_by_id(writer.account_id).rights.may_write:
            factories.accompanied(writer, own)
        self.known = self._known(person, own)
        # What he types where a page asks for it: his own people's code is the only one he has.
        self.likely = {
            "identifiant": person.identifier, "code": factories.ACCESS_CODE,
            "papier": "2026-0412", "signe_le": today().isoformat(),
        }  # fmt: skip
        self.proposed = [handover.code for handover in Handover.select()]
        self.page = self.visitor.visit(choose.choice(STARTS))

    def _known(self, person, own):
        rows = [person, own, self.writer, self.writer.organisation]
        rows += [*Agreement.select(), *Accompaniment.select(), *Handover.select()]
        month = dt.timedelta(days=30)
        return [
            *(row.code for row in rows), person.identifier, own.identifier, factories.ACCESS_CODE,
            "oui", "papier", "code", "1", "2026-0412", "12", "1987", "31555", "Toulouse", "Connue",
            "Samia", today().isoformat(), (today() + month).isoformat(),
        ]  # fmt: skip

    def step(self):
        if self.page.root is None or self.choose.random() < 0.4:
            self._go(self.choose.choice(STARTS) if self.choose.random() < 0.5 else self._guess())
            return
        forms = [form for form in self.page.root.iterfind(".//form") if self._is_tried(form)]
        links = [link.get("href") for link in self.page.root.iterfind(".//main//a")]
        links = [link for link in links if link.startswith(SUBJECT)]
        if forms and (not links or self.choose.random() < 0.6):
            self._send(self.choose.choice(forms))
        elif links:
            self._go(self.choose.choice(links))
        else:
            self._go(self.choose.choice(STARTS))

    def _is_tried(self, form):
        return urlsplit(form.get("action") or self.page.address).path.startswith(SUBJECT)

    def _go(self, address):
        self.page = self.visitor.visit(address)

    def _guess(self):
        """An address of hers, as the pages of his own people teach it."""
        rule = self.choose.choice([
            rule for rule in self.visitor.client.application.url_map.iter_rules()
            if rule.rule.startswith("/personnes") and rule.arguments and "GET" in rule.methods
        ])  # fmt: skip
        path = rule.rule
        if path.startswith("/personnes/<code:code>"):
            path = path.replace("<code:code>", self.person.code)
        for name in rule.arguments:
            codes = self.proposed if "/relais/" in path else self._codes()
            path = path.replace(f"<code:{name}>", self.choose.choice(codes or self._codes()))
        return path

    def _codes(self):
        return [code for code in self.known if len(code) == len(self.person.code)]

    def _send(self, form):
        sent, radios = [], {}
        for field in form.iter():
            name, kind = field.get("name"), field.get("type", "text")
            if field.tag not in ("input", "select", "button"):
                continue
            if name and kind == "radio":
                radios.setdefault(name, []).append(field.get("value"))
            elif name:
                sent += [(name, value) for value in self._filled(field, kind)]
        sent += [(name, self.choose.choice(values)) for name, values in radios.items()]
        # A field that the page does not show may be believed all the same.
        for name in ("person", "personne", "organisation", "account", "role", "organisme"):
            if self.choose.random() < 0.1:
                sent.append((name, self.choose.choice(self.known)))
        self._post(form, sent)

    def _filled(self, field, kind):
        """The values he sends for this field, or none."""
        name, value = field.get("name"), field.get("value", "")
        if kind == "hidden":
            return [value]
        if kind in ("submit", "checkbox") or field.tag == "button":
            return [value or "on"] if self.choose.random() < 0.5 else []
        if field.tag == "select":
            options = [option.get("value", "") for option in field.iter("option")]
            return [self.choose.choice(options or [""])]
        if name in self.likely and self.choose.random() < 0.7:
            return [self.likely[name]]
        return [self.choose.choice(self.known)]

    def _post(self, form, sent):
        action = form.get("action") or self.page.address
        if self.choose.random() < 0.3:
            # The same form, sent to her address instead of his.
            for code in self._codes():
                action = action.replace(code, self.person.code)
        open_ = self.visitor.client.post if form.get("method") == "post" else self._get
        response = open_(action, data=sent_as(sent))
        assert response.status_code < 500
        assert CANARY.encode() not in response.get_data()
        self._go(response.headers.get("Location") or self.choose.choice(STARTS))

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


def of_another_organisation(lead, person):
    return factories.writer()


def of_her_organisation(lead, person):
    """Her agreement is given to it: she has not been told of him."""
    return factories.writer(organisation=lead.organisation)


def of_old(lead, person):
    """Her agreement with his organisation has ended, and nobody has ended his part."""
    former = factories.writer()
    factories.accompanied(former, person, role=ReferentRole.OTHER)
    yesterday = today() - dt.timedelta(days=1)
    Agreement.update(ends_on=yesterday).where(
        Agreement.organisation == former.organisation
    ).execute()
    return former


def withdrawn_from(lead, person):
    former = factories.writer()
    factories.accompanied(former, person, role=ReferentRole.OTHER)
    Agreement.between(person, former.organisation).withdraw(by=person)
    return former


def gone_from_her(lead, person):
    """He does not accompany her any more; her agreement with his organisation still holds."""
    former = factories.writer(organisation=lead.organisation)
    factories.accompanied(former, person, role=ReferentRole.OTHER)
    slot = Accompaniment.get(Accompaniment.account == former.account)
    slot.end(EndReason.DONE, by=former.account)
    return former


def out_of_the_charter(lead, person):
    """Everything holds but his own signature."""
    former = factories.writer(organisation=lead.organisation)
    factories.accompanied(former, person, role=ReferentRole.OTHER)
    CharterSignature.get(CharterSignature.account == former.account).withdraw(by=former.account)
    return former


def proposed_to_her(lead, person):
    """He is to become her référent when she agrees, with her code, which she has not typed."""
    handover = Handover.waiting_of(person)
    return Membership.between(handover.account, handover.organisation)


WHO = (
    of_another_organisation, of_her_organisation, of_old, withdrawn_from, gone_from_her,
    out_of_the_charter, proposed_to_her,
)  # fmt: skip


def of_lead(lead):
    """Somebody whom a référent accompanies, and proposes to hand over to a third one."""
    person = factories.person(family_name=CANARY, access_hash=SECRET_HASH)
    hand_over(
        factories.accompanied(lead, person), factories.writer(), HandoverReason.MOVED,
        by=lead.account,
    )  # fmt: skip
    return person


def what_is_hers(person):
    """All that a stranger must leave as it was."""
    links = Accompaniment.select().where(Accompaniment.person == person)
    agreements = Agreement.select().where(Agreement.person == person)
    waiting = Handover.select().where(Handover.person == person)
    return (
        Person.get_by_id(person.id).name,
        sorted((row.id, row.ended_at) for row in links),
        sorted((row.id, row.ended_at) for row in agreements),
        sorted((row.id, row.ended_at) for row in waiting),
    )


def try_everything(app, arrange):
    """Play random acts; `arrange()` answers his membership and the person he is curious of."""

    @hypothesis.given(st.randoms(use_true_random=False))
    @hypothesis.settings(
        max_examples=4, deadline=None, database=None, phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )  # fmt: skip
    def play(choose):
        with database.atomic() as undone:
            factories.charter()
            writer, person = arrange()
            before = what_is_hers(person)
            curious = Curious(app, writer, person, choose)
            for _ in range(STEPS):
                curious.step()
                assert not curious.has_learnt(), curious.page.address
            assert what_is_hers(person) == before
            undone.rollback()

    play()


@pytest.mark.parametrize("who", WHO, ids=lambda who: who.__name__.replace("_", " "))
def test_no_sequence_of_a_professional_s_acts_opens_the_file_of_somebody_else(app, who):
    """I1, I13: the flaw of a neighbour, where any professional attaches himself to a file."""

    def arrange():
        lead = factories.writer()
        person = of_lead(lead)
        return who(lead, person), person

    try_everything(app, arrange)


def test_nor_a_file_that_a_colleague_has_just_opened(app):
    """Before any agreement, the page of its first code is for who opened it (I1)."""

    def arrange():
        colleague = factories.writer()
        started = {"started_by": colleague.account, "started_in": colleague.organisation}
        person = factories.person(family_name=CANARY, access_hash=SECRET_HASH, **started)
        return factories.writer(organisation=colleague.organisation), person

    try_everything(app, arrange)
