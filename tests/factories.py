"""Valid rows to test with, every value of which can be given."""

import datetime as dt
import itertools

from models import (
    Accompaniment,
    Account,
    Action,
    Agreement,
    CharterArticle,
    CharterSignature,
    CharterVersion,
    Diagnostic,
    EmploymentEntry,
    Membership,
    Organisation,
    Person,
    Plan,
    PlanPriority,
    PlanStep,
    Prescription,
    RecruitmentOperation,
    RecruitmentStage,
    TemplateVersion,
    TrainingCompletion,
    YearOfPassages,
)
from models.accounts.passwords import hasher
from models.base import now, today
from models.charter.signatures import Capacity
from models.diagnostics import filling
from models.diagnostics.diagnostic import Moment, Writer
from models.liaison.sheet import LiaisonSheet
from models.persons.accompaniments import ReferentRole, StartReason
from models.persons.agreements import Given, usual_end
from models.persons.person import IDENTITY
from models.plans.plan import MeetingBy
from models.plans.priorities import offers_of
from models.plans.steps import HerPart, OurPart, Side
from models.prescriptions import acting
from models.prescriptions.mover import herself, prescriber, provider
from models.prescriptions.shared import Reach, Shared
from models.questionnaire.versions import SINGLE_TEMPLATE
from models.recruitment import OperationState, StageKind

SECRET = "cheval pile agrafe correcte"
HASH = hasher.hash(SECRET)
ACCESS_CODE = "k7m2p9x4abcd"
ACCESS_HASH = hasher.hash(ACCESS_CODE)

_numbers = itertools.count(1)


def organisation(**values):
    number = next(_numbers)
    return Organisation.create(**{"name": f"Structure {number}"} | values)


def action(**values):
    """A published action, verified today, of a new organisation unless one is given."""
    number = next(_numbers)
    defaults = {
        "source_id": f"test--{number}",
        "source": "test",
        "name": f"Action {number}",
        "description": "Une description.",
        "updated_on": today(),
        "verified_on": today(),
    }
    values.setdefault("organisation", None)
    values["organisation"] = values["organisation"] or organisation()
    return Action.create(**defaults | values)


def account(**values):
    """An active professional, whose password is `SECRET`."""
    number = next(_numbers)
    defaults = {
        "identifier": f"personne{number}@example.org",
        "name": f"Personne {number}",
        "password_hash": HASH,
    }
    return Account.create(**defaults | values)


def admitted_organisation(**values):
    return organisation(**{"admitted_at": now()} | values)


def membership(of=None, organisation=None, *, is_manager=False, **values):
    """A living membership, of a new account in a new admitted organisation unless given."""
    where = organisation or admitted_organisation()
    held = Membership.start(of or account(), where, by=None, is_manager=is_manager)
    for name, value in values.items():
        setattr(held, name, value)
    held.save()
    return held


def charter(number=None, grace=dt.timedelta(days=30)):
    """A published charter of two articles: the one in force from now on."""
    version = CharterVersion.create(number=number or f"test-{next(_numbers)}", title="Charte")
    for place in (1, 2):
        CharterArticle.create(
            version=version, number=place, title=f"Titre {place}", text=f"Texte {place}."
        )
    version.publish(by=None, grace=grace)
    return version


def signed_organisation(**values):
    """An admitted organisation whose manager signed the charter in force for it."""
    signed = admitted_organisation(**values)
    manager = membership(organisation=signed, is_manager=True)
    version = CharterVersion.current() or charter()
    CharterSignature.sign(version, manager, Capacity.ORGANISATION)
    return signed


def writer(organisation=None, **values):
    """A membership with the right to write: charter signed, training done."""
    held = membership(organisation=organisation or signed_organisation(), **values)
    CharterSignature.sign(CharterVersion.current(), held, Capacity.PROFESSIONAL)
    TrainingCompletion.record(held.account, min(dt.date(2026, 1, 5), today()), by=None)
    return held


def recruitment(organisation=None, *, stages=1, **values):
    """An open operation of recruitment, ready to receive figures."""
    defaults = {
        "title": f"Dix agents {next(_numbers)}",
        "employer": "Entreprise d’essai",
        "places": 10,
        "profile": "Préparer des commandes.",
        "state": OperationState.OPEN,
    }
    led_by = organisation or admitted_organisation()
    operation = RecruitmentOperation.create(organisation=led_by, **defaults | values)
    for number in range(1, stages + 1):
        RecruitmentStage.create(operation=operation, number=number, kind=StageKind.PROFILE)
    return operation


def person(**values):
    """Somebody whose file nobody opens yet; her access code is `ACCESS_CODE`."""
    number = next(_numbers)
    described = {
        "family_name": f"Famille{'abcdefghij'[number % 10]}",
        "given_name": "Samia",
        "birth_year": 1987,
        "commune_code": "31555",
    } | {name: values.pop(name) for name in IDENTITY if name in values}
    somebody = Person(**{"access_hash": ACCESS_HASH, "access_made_at": now()} | values)
    somebody.describe(**described)
    somebody.save()
    return somebody


def agreement(somebody, organisation, **values):
    """Her agreement to this organisation, on paper, for a year."""
    defaults = {
        "given": Given.PAPER,
        "paper_reference": "2026-0001",
        "signed_on": today(),
        "ends_on": usual_end(today()),
    }
    values.setdefault("by", None)
    values["by"] = values["by"] or account()
    return Agreement.give(somebody, organisation, **defaults | values)


def template(key=SINGLE_TEMPLATE):
    """The published version of a template of the reference data."""
    TemplateVersion.load_reference()
    return TemplateVersion.current(key)


def diagnostic(somebody=None, *, by=None, key=SINGLE_TEMPLATE, moment=Moment.ENTRY):
    """A draft of this person on a published template, begun by herself unless told otherwise."""
    somebody = somebody or person()
    begun = Diagnostic.start(somebody, template(key), moment, by=by or somebody)
    return Diagnostic.of_hers(somebody, begun.code)


def answered(somebody, writer, **answers):
    """Her draft, in which this membership wrote these answers: `mob_permis="souhaite"`."""
    begun = diagnostic(somebody, by=writer.account)
    form = {key: given if isinstance(given, list) else [given] for key, given in answers.items()}
    by = Writer(writer.account, writer.organisation)
    filling.save(begun, form, seen=begun.revision, writer=by, keys=list(form))
    return begun


def passages(domain, entry, end, persons, year=None):
    """So many more people of a year, the last one unless told, went from one state to another."""
    YearOfPassages.add(year or today().year - 1, {(domain, entry, end)}, persons)


def plan(somebody, writer, *needs, days=30):
    """A plan begun by this membership with her, whose priorities are these of her needs."""
    by, where = writer.account, writer.organisation
    begun = Plan.start(somebody, in_days(days), MeetingBy.DESK, where, by=by)
    offers = {one.need: one for one in offers_of(somebody, begun)}
    if needs:
        chosen = [offers[key] for key in needs]
        PlanPriority.choose(begun, chosen, writer=Writer(by, where))
    return begun


def step(priority, writer, *, action=None, **values):
    """A step proposed by this membership, which waits for her agreement."""
    parts = {
        Side.PERSON: (HerPart.VISIT, in_days(5)),
        Side.REFERENT: (OurPart.CALL, in_days(3)),
    }
    by = Writer(writer.account, writer.organisation)
    return PlanStep.propose(priority, action, values.pop("parts", parts), writer=by, **values)


def prescription(somebody, writer, *needs, action=None, reach=Reach.REFERENT, step=None):
    """A draft by this membership, for an action that the address of its sheet answers; `needs` are
    `ConcernedNeed`s."""
    action = action or globals()["action"](email="accueil@action.example")
    shared = Shared.of(somebody, action, reach, needs)
    return Prescription.start(somebody, action, shared, mover=by(writer), step=step)


def sent(somebody, writer, *needs, **values):
    """The same, to which she agreed in her space."""
    prepared = prescription(somebody, writer, *needs, **values)
    acting.send(prepared, mover=herself(somebody), given=Given.OWN_SPACE, seen=prepared.revision)
    return prepared


def accepted(somebody, writer, *needs, **values):
    """A prescription that its provider has accepted."""
    asked = sent(somebody, writer, *needs, **values)
    acting.accept(asked, mover=provider(asked.provider))
    return asked


def liaison(prescription, **values):
    """Its liaison sheet, to which she agreed in her space."""
    agreed = {"mover": herself(prescription.person), "given": Given.OWN_SPACE}
    return LiaisonSheet.open(prescription, **agreed | values)


def employed(somebody, writer, day=None, **values):
    """Her entry into employment, today unless told, written by this membership."""
    by = {"mover_account": writer.account, "organisation": writer.organisation}
    return EmploymentEntry.record(somebody, day or today(), **by | values)


def by(writer):
    """A membership that prescribes."""
    return prescriber(writer.account, writer.organisation)


def in_days(days):
    return today() + dt.timedelta(days=days)


def accompanied(writer, somebody=None, *, role=ReferentRole.LEAD, **agreed):
    """A person whom the account of this membership accompanies, with her agreement."""
    somebody = somebody or person()
    where = writer.organisation
    if Agreement.between(somebody, where) is None:
        agreement(somebody, where, **{"by": writer.account} | agreed)
    Accompaniment.start(
        somebody, writer.account, where, role, StartReason.OPENED, by=writer.account
    )
    return somebody
