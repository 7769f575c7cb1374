"""The demonstration world can be loaded anywhere, any number of times."""

import datetime as dt
import json
import re

import argon2
import pytest
import time_machine

from models import (
    Account,
    Action,
    Agreement,
    AuditEntry,
    Diagnostic,
    Membership,
    NeedDecision,
    Organisation,
    Person,
    TemplateVersion,
)
from models.accounts import passwords
from models.accounts.account import Role
from models.accounts.second_factor import check
from models.accounts.signing_in import sign_in
from models.base import RuleBroken, now
from models.diagnostics.answers import Answers
from models.diagnostics.openness import Openness
from models.exchange import demo, demo_diagnostics
from models.exchange.demo_persons import KIOSK_IDENTIFIER
from models.exchange.importing import Tally
from models.network.organisations import Category, PassportCategory
from models.network.rights import Step
from models.persons import caseload, codes
from models.persons.sessions import enter
from models.questionnaire.versions import POTENTIALS_GRID, SINGLE_TEMPLATE

SECRET = "un secret d’installation, assez long pour l’être"

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch):
    """Seven hashes of 25 ms for each test would be most of its time."""
    quick = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(demo, "hasher", quick)
    monkeypatch.setattr(passwords, "hasher", quick)


def test_the_world_holds_every_sheet_and_every_member_of_the_network():
    """REQ-5 to REQ-8: the 35 organisations that the article names, in their categories."""
    report = demo.load(SECRET)
    assert report.sentences == []
    assert report.actions == Tally(created=76)
    members = Organisation.select().where(Organisation.is_network_member)
    assert members.count() == 35
    assert {member.category for member in members} == set(Category)


def test_an_organisation_named_twice_is_one_row():
    demo.load(SECRET)
    afpa = Organisation.get(Organisation.name == "AFPA")
    assert afpa.is_network_member
    assert afpa.source_id == "banque-demo-31--afpa"
    names = [organisation.sort_name for organisation in Organisation.select()]
    assert len(set(names)) == len(names)


def test_everything_is_marked_as_a_demonstration():
    demo.load(SECRET)
    for entity in (Organisation, Action, Account, Person):
        assert entity.select().where(~entity.is_demonstration).count() == 0


def test_loading_twice_is_loading_once():
    demo.load(SECRET)
    before = AuditEntry.select().count()
    report = demo.load(SECRET)
    assert report.organisations == Tally(unchanged=Organisation.select().count())
    assert report.actions == Tally(unchanged=76)
    assert AuditEntry.select().count() == before


def test_a_seed_dated_tomorrow_by_a_late_clock_is_dated_today():
    with time_machine.travel(dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC), tick=False):
        dates = [record["date_maj"] for record in demo.document()["services"]]
    assert max(dates) == "2026-01-01"


def test_each_persona_signs_in_with_the_password_of_this_installation():
    demo.load(SECRET)
    for access in demo.accounts(SECRET):
        session, _ = sign_in(access.identifier, access.password)
        assert session.account.role == access.role
        assert bool(access.code) == session.account.must_use_second_factor
        if access.code:
            check(session.account, access.code)


def test_the_personas_hold_the_roles_of_the_network():
    demo.load(SECRET)
    roles = [account.role for account in Account.select().order_by(Account.identifier)]
    assert roles == [Role.PROFESSIONAL] * 3 + [
        Role.ANIMATOR, Role.ADMIN, Role.COORDINATOR
    ] + [Role.PROFESSIONAL] * 2 + [Role.AUDITOR, Role.BANK_ANIMATOR]  # fmt: skip


def test_one_professional_works_for_two_organisations():
    """REQ-2"""
    demo.load(SECRET)
    gaelle = Account.get(Account.identifier == "gaelle@demo.example")
    assert len(Membership.of_account(gaelle)) == 2


def test_the_personas_stand_at_each_step_of_the_path():
    """REQ-69, REQ-70: who may write, and what the others lack."""
    demo.load(SECRET)
    lacking = {
        account.name.split()[0]: {place.next_step for place in account.rights.places}
        for account in Account.select()
        if account.role == Role.PROFESSIONAL
    }
    assert lacking == {
        "Amina": {None},
        "Chloé": {None},
        "Hélène": {None},
        "Bruno": {Step.SIGNED},
        "Gaëlle": {Step.TRAINED},
    }


def test_the_network_of_the_passport_has_its_twenty_organisations():
    """REQ-74: the mission locale, seventeen partners and two envisaged, in their categories."""
    demo.load(SECRET)
    groups = dict(Organisation.of_passport())
    assert set(groups) == set(PassportCategory)
    assert sum(map(len, groups.values())) == 20


def test_a_password_is_that_of_one_account_of_one_installation():
    here, elsewhere = demo.accounts(SECRET), demo.accounts("un autre secret")
    assert len({access.password for access in [*here, *elsewhere]}) == 20
    assert [access[:3] for access in demo.accounts(SECRET)] == [access[:3] for access in here]
    assert all(re.fullmatch(r"([a-z]{5}-){4}[a-z]{5}", access.password) for access in here)
    assert here[0].password not in json.dumps(demo.document())


def test_a_new_secret_gives_new_passwords():
    demo.load(SECRET)
    demo.load("un autre secret")
    former, present = demo.accounts(SECRET)[0], demo.accounts("un autre secret")[0]
    with pytest.raises(RuleBroken):
        sign_in(former.identifier, former.password)
    assert sign_in(present.identifier, present.password)


def of(name):
    return Account.get(Account.identifier == f"{name}@demo.example")


def test_the_writers_accompany_persons_with_agreements_in_every_state():
    """REQ-73: fresh, about to end, withdrawn, on paper or by code, with two référents."""
    demo.load(SECRET)
    lists = {name: caseload.list_of(of(name)) for name in ("amina", "chloe", "helene", "bruno")}
    names = {name: {one.person.given_name for one in mine} for name, mine in lists.items()}
    assert [len(mine) for mine in lists.values()] == [6, 4, 3, 0]
    assert names["amina"] & names["chloe"] == {"Samia"}
    assert [one.ends_soon for one in lists["amina"]] == [True] + [False] * 5
    assert len(caseload.waiting_for(of("amina"))) == 1
    assert {one.given for one in Agreement.select()} == {"code", "papier"}
    assert Agreement.select().where(Agreement.end == "retire").count() == 1


def test_each_invented_person_is_found_by_the_identifier_one_reads():
    """An identifier has no O, I or L: typed, they are read as figures."""
    demo.load(SECRET)
    invented = list(Person.select())
    assert invented
    assert invented == [Person.of_identifier(codes.shown(one.identifier)) for one in invented]


def test_samia_enters_her_space_with_the_code_of_this_installation():
    """Her identifier is typed « SAMIA 031 »."""
    demo.load(SECRET)
    session, _ = enter("SAMIA 031", demo.access_code(SECRET))
    assert session.person.name == "Samia Benali"
    demo.load("un autre secret")
    with pytest.raises(RuleBroken):
        enter("SAMIA 031", demo.access_code(SECRET))
    assert enter("SAMIA 031", demo.access_code("un autre secret"))


def test_without_a_secret_there_is_no_password():
    with pytest.raises(ValueError, match="secret"):
        demo.accounts("")


def test_the_world_holds_two_templates_and_two_diagnostics_of_samia():
    """REQ-29, REQ-30: led six months ago and validated, begun again since and left there."""
    demo.load(SECRET)
    assert [TemplateVersion.current(key).number for key in (SINGLE_TEMPLATE, POTENTIALS_GRID)] == [
        "0.2", "0.2"
    ]  # fmt: skip
    samia = Person.of_identifier(KIOSK_IDENTIFIER)
    following, entry = Diagnostic.of_person(samia)
    assert (following.is_draft, entry.is_draft, following.previous) == (True, False, entry)
    assert 150 < (now() - entry.validated_at).days < 210
    answers = Answers(entry).given
    assert {**demo_diagnostics.ENTRY, **demo_diagnostics.ENDING}.items() <= answers.items()
    amina = Account.get(Account.identifier == "amina@demo.example")
    places = [place.organisation_id for place in Membership.of_account(amina)]
    assert samia.is_open_to(amina, places)
    opened = Openness.of_asker(samia, amina)
    questions = entry.template.questions
    assert all(opened.shows(questions[key]) for key in answers)
    assert set(demo_diagnostics.KEPT) == set(NeedDecision.standing(entry))
