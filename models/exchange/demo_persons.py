"""The invented persons of the demonstration: whom its writers accompany, with their agreements.

Samia is the one who tries her own space: her identifier never changes, her code is derived from the
secret of the installation, as the passwords of the accounts are.
"""

import datetime as dt

from ..accounts import passwords
from ..accounts.account import Account
from ..base import now, today, transaction
from ..network.memberships import Membership
from ..persons import desk
from ..persons.agreements import Agreement, Given
from ..persons.person import ContactBy, Declared, Person
from ..persons.sharing import Domain
from . import demo_pathways

# Typed « SAMIA 031 »: an I is a 1.
KIOSK_IDENTIFIER = "sam1a031"
# Mobile numbers of the range that ARCEP keeps for fiction: some persons ask for an SMS.
_PHONE = "+3363998{:04}"

USUAL = tuple(domain for domain in Domain if domain.sensitivity == 1)

# Given name, family name, year, commune (INSEE), how to reach, RSA.
PERSONS = {
    KIOSK_IDENTIFIER: ("Samia", "Benali", 1989, "31555", ContactBy.SMS, Declared.YES),
    "dem00002": ("Mariam", "Diallo", 1994, "31149", ContactBy.PHONE, Declared.NO),
    "dem00003": ("Aïcha", "Hamdi", 1981, "31555", ContactBy.PHONE, Declared.YES),
    "dem00004": ("Théo", "Castan", 2004, "31395", ContactBy.SMS, Declared.UNSAID),
    "dem00005": ("Lucas", "Ferrer", 2001, "31033", ContactBy.PHONE, Declared.NO),
    "dem00006": ("Joël", "Vidal", 1968, "31107", ContactBy.DESK, Declared.YES),
    "dem00007": ("Rosa", "Marquès", 1976, "31069", ContactBy.PHONE, Declared.NO),
    "dem00008": ("Nour", "O’Brien", 1998, "31555", ContactBy.SMS, Declared.UNSAID),
    "dem00009": ("يوسف", "الأمين", 1990, "31555", ContactBy.PHONE, Declared.NO),
    "dem0000a": ("Anh", "Nguyễn", 1985, "31561", ContactBy.DESK, Declared.NO),
    "dem0000b": ("Jean-Luc", "N’Diaye", 1972, "31395", ContactBy.PHONE, Declared.YES),
    "dem0000c": ("Éva", "Y", 2007, "31483", ContactBy.SMS, Declared.UNSAID),
}
# A file opened this morning, to which she has not agreed yet.
WAITING = ("amina", ("Inès", "Lacaze", 1999, "31157", ContactBy.PHONE, Declared.UNSAID))
# Who, accompanied by whom (the first one is her lead), days until the agreement ends, how it was
# given, what is shared besides the usual domains, and whether the passport is.
AGREEMENTS = (
    (KIOSK_IDENTIFIER, "amina", 300, Given.CODE, (Domain.HOUSING, Domain.FAMILY), True),
    (KIOSK_IDENTIFIER, "chloe", 170, Given.PAPER, (), False),
    ("dem00002", "amina", 200, Given.PAPER, (Domain.FAMILY,), False),
    ("dem00003", "amina", 12, Given.CODE, (), False),
    ("dem00004", "chloe", 340, Given.CODE, (), True),
    ("dem00004", "helene", 90, Given.CODE, (Domain.HEALTH,), False),
    ("dem00005", "chloe", 25, Given.PAPER, (), False),
    ("dem00006", "helene", 365, Given.PAPER, (Domain.HEALTH, Domain.HOUSING), False),
    ("dem00007", "amina", 150, Given.CODE, (Domain.RESOURCES,), True),
    ("dem00008", "amina", 60, Given.CODE, (Domain.LANGUAGE,), False),
    ("dem00009", "chloe", 280, Given.PAPER, (Domain.LANGUAGE,), True),
    ("dem0000a", "helene", 45, Given.CODE, (), False),
    ("dem0000b", "amina", 220, Given.PAPER, (Domain.FOOD, Domain.RIGHTS), False),
    ("dem0000c", "chloe", 360, Given.CODE, (), False),
)
# Who has withdrawn her agreement since, and from whom.
WITHDRAWN = (("dem0000c", "chloe"),)
# Days since the last contact, for those who were not seen today.
SEEN = {"dem00002": 19, "dem00005": 40, "dem00006": 3, "dem00007": 6, "dem0000b": 95}


def load(access_code):
    """Load them once: what was done since is left as it is, but the code of the kiosk’s person,
    which follows the present secret."""
    kept = _hash_unless_kept(access_code)
    _load(kept)


def _hash_unless_kept(access_code):
    """The hash to give Samia, drawn before any transaction; None when hers is the right one."""
    samia = Person.of_identifier(KIOSK_IDENTIFIER)
    if samia and samia.access_hash and passwords.matches(samia.access_hash, access_code):
        return None
    return passwords.make_hash(access_code)


@transaction
def _load(access_hash):
    if not Person.select().where(Person.is_demonstration).exists():
        _write()
    if access_hash:
        Person.update(access_hash=access_hash, access_made_at=now()).where(
            Person.identifier == KIOSK_IDENTIFIER, Person.is_demonstration
        ).execute()


def _write():
    persons = {}
    for number, (who, by, days, given, apart, has_passport) in enumerate(AGREEMENTS, start=1):
        place = place_of(by)
        agreed = {
            "given": given,
            "paper_reference": f"2026-{number:04}" if given is Given.PAPER else "",
            "ends_on": _day(days),
            "domains": (*USUAL, *apart),
            "has_passport": has_passport,
        }
        if who in persons:
            desk.join(persons[who], place.organisation, by=place.account, **agreed)
        else:
            persons[who] = _start(PERSONS[who], place, identifier=who)
            desk.first_agreement(persons[who], by=place.account, **agreed)
    by, described = WAITING
    _start(described, place_of(by))
    for who, by in WITHDRAWN:
        Agreement.between(persons[who], place_of(by).organisation).withdraw(by=persons[who])
    demo_pathways.load(persons, place_of)
    for who, days in SEEN.items():
        Person.update(last_contact_on=_day(-days)).where(Person.id == persons[who].id).execute()


def _start(described, place, **values):
    given, family, year, commune, contact, rsa = described
    person = desk.start_file(
        {
            "given_name": given,
            "family_name": family,
            "birth_year": year,
            "commune_code": commune,
            "phone": _PHONE.format(year),
            "contact_by": contact,
            "receives_rsa": rsa,
        },
        by=place.account,
        organisation=place.organisation,
    )
    for name, value in (values | {"is_demonstration": True}).items():
        setattr(person, name, value)
    person.save()
    return person


def place_of(name):
    """The membership of the demonstration account of this name."""
    account = Account.get(Account.identifier == f"{name}@demo.example")
    return Membership.of_account(account)[0]


def _day(days):
    return today() + dt.timedelta(days=days)
