"""The demonstration world: the network and the sheets of the seed documents, and its accounts.

Everything goes through the import and is marked as a demonstration; loading twice is loading once.
"""

import base64
import functools
import hashlib
import hmac
import json
import pathlib
from typing import NamedTuple

import argon2

from .. import audit
from ..accounts.account import TRUSTED_ROLES, Account, Role
from ..accounts.passwords import hasher
from ..accounts.second_factor import SecondFactor, code_now
from ..base import CODE_ALPHABET, today, transaction
from ..network.memberships import Membership
from ..network.organisations import Category, Organisation, PassportCategory
from ..persons.codes import CODE_LENGTH as ACCESS_LENGTH
from ..questionnaire.versions import TemplateVersion
from ..text import fold_words
from . import (
    demo_diagnostics,
    demo_following,
    demo_network,
    demo_persons,
    demo_plans,
    demo_prescriptions,
    demo_recruitment,
    demo_sheets,
)
from .importing import import_document

SOURCE = "banque-demo-31"

# Proquints: five letters easy to say and to type carry sixteen bits. (Wilkerson, 2009)
_CONSONANTS = "bdfghjklmnprstvz"
_VOWELS = "aiou"
PASSWORD_GROUPS = 5
TELEPHONE_BYTES = 20

_CATEGORIES = {
    "pilotage et coordination": Category.STEERING,
    "principales collectivités du département": Category.LOCAL_AUTHORITY,
    "associations": Category.ASSOCIATION,
    "acteurs sociaux du territoire": Category.SOCIAL,
    "secteur des entreprises": Category.BUSINESS,
}
# The invented organisations that have joined stand among the others of the network.
_JOINED = {
    "spie31": Category.STEERING,
    "envol": Category.ASSOCIATION,
    "clic": Category.ASSOCIATION,
    "route": Category.ASSOCIATION,
}
_PASSPORT_CATEGORIES = {
    "administrateur du passeport": PassportCategory.ADMINISTRATOR,
    "éducation nationale": PassportCategory.EDUCATION,
    "intermédiaires de l’emploi": PassportCategory.EMPLOYMENT,
    "organismes de formation": PassportCategory.TRAINING,
    "structures d’hébergement": PassportCategory.HOUSING,
    "structures justice": PassportCategory.JUSTICE,
    "partenariat envisagé": PassportCategory.ENVISAGED,
}


class Persona(NamedTuple):
    """An imagined person. `places` are the organisations where she works, named by the end of
    their national identifier, `manages` those she manages."""

    identifier: str
    name: str
    role: Role
    places: tuple[str, ...] = ()
    manages: tuple[str, ...] = ()

    @property
    def shows_a_code(self):
        return bool(self.manages) or self.role in TRUSTED_ROLES


PERSONAS = (
    Persona("amina@demo.example", "Amina Belkacem", Role.PROFESSIONAL, ("envol",)),
    Persona("bruno@demo.example", "Bruno Castéra", Role.PROFESSIONAL, ("clic",)),
    Persona("chloe@demo.example", "Chloé Delpèch", Role.PROFESSIONAL, ("route",)),
    Persona("diane@demo.example", "Diane Estève", Role.ANIMATOR, ("spie31",)),
    Persona("emile@demo.example", "Émile Fourès", Role.ADMIN),
    Persona("francois@demo.example", "François Gaüzère", Role.COORDINATOR, ("spie31",)),
    Persona("gaelle@demo.example", "Gaëlle Hérault", Role.PROFESSIONAL, (), ("clic", "route")),
    Persona("helene@demo.example", "Hélène Iché", Role.PROFESSIONAL, (), ("envol",)),
    Persona("irene@demo.example", "Irène Jourdan", Role.AUDITOR),
    Persona("jules@demo.example", "Jules Kermorvan", Role.BANK_ANIMATOR, ("spie31",)),
)


class Access(NamedTuple):
    """What is needed to sign in as a persona."""

    role: Role
    identifier: str
    password: str
    # The six digits of this half minute, for those who must show them.
    code: str | None


def load(secret):
    """Load or complete the demonstration world; answers the report of its import."""
    report = import_document(document())
    for persona in PERSONAS:
        account = _keep_account(persona, password(secret, persona.identifier))
        if persona.shows_a_code:
            SecondFactor.keep(account, telephone(secret, persona.identifier))
    demo_network.load(organisation)
    demo_sheets.load()
    demo_following.load()
    demo_recruitment.load(organisation)
    demo_persons.load(access_code(secret))
    TemplateVersion.load_reference()
    demo_diagnostics.load(demo_persons.KIOSK_IDENTIFIER)
    demo_plans.load(demo_persons.place_of)
    demo_prescriptions.load(demo_persons.place_of)
    return report


def is_loaded():
    """True when this database holds invented people."""
    return Account.select().where(Account.is_demonstration).exists()


def accounts(secret):
    """How to sign in as each persona of the installation that holds this secret."""
    return [
        Access(
            p.role,
            p.identifier,
            password(secret, p.identifier),
            code(secret, p.identifier) if p.shows_a_code else None,
        )
        for p in PERSONAS
    ]


def password(secret, identifier):
    """Eighty bits derived from the installation's secret: no default password is ever known."""
    digest = _derive(secret, f"demonstration {identifier}")
    pairs = (int.from_bytes(digest[2 * i : 2 * i + 2]) for i in range(PASSWORD_GROUPS))
    return "-".join(_proquint(pair) for pair in pairs)


def telephone(secret, identifier):
    """The secret of the telephone of a persona, as authenticators take it."""
    digest = _derive(secret, f"demonstration telephone {identifier}")
    return base64.b32encode(digest[:TELEPHONE_BYTES]).decode()


def code(secret, identifier):
    """The six digits that the telephone of a persona shows now."""
    return code_now(telephone(secret, identifier))


def access_code(secret):
    """The access code of the person who tries her own space, `demo_persons.KIOSK_IDENTIFIER`."""
    digest = _derive(secret, f"demonstration access {demo_persons.KIOSK_IDENTIFIER}")
    return "".join(CODE_ALPHABET[byte % len(CODE_ALPHABET)] for byte in digest[:ACCESS_LENGTH])


def _derive(secret, use):
    if not secret:
        raise ValueError("secret")
    key = secret if isinstance(secret, bytes) else secret.encode()
    return hmac.digest(key, use.encode(), hashlib.sha256)


def _proquint(number):
    """Consonants of four bits and vowels of two, in turn, from the high bits down."""
    return (
        _CONSONANTS[number >> 12]
        + _VOWELS[number >> 10 & 3]
        + _CONSONANTS[number >> 6 & 15]
        + _VOWELS[number >> 4 & 3]
        + _CONSONANTS[number & 15]
    )


@transaction
def _keep_account(persona, clear):
    """Create the account, or give it the password of the present secret."""
    account = Account.get_or_none(identifier=persona.identifier)
    if account and _opens(account, clear):
        return account
    act = "account:update" if account else "account:create"
    account = account or Account(identifier=persona.identifier, is_demonstration=True)
    account.name, account.role = persona.name, persona.role
    account.password_hash = hasher.hash(clear)
    account.save()
    audit.record(act, account)
    for name in (*persona.places, *persona.manages):
        is_manager = name in persona.manages
        Membership.start(account, organisation(name), by=None, is_manager=is_manager)
    return account


def _opens(account, clear):
    try:
        return hasher.verify(account.password_hash, clear)
    except argon2.exceptions.VerificationError:
        return False


def organisation(name):
    """The demonstration organisation whose national identifier ends so."""
    return Organisation.get(Organisation.source_id == f"{SOURCE}--{name}")


def document():
    """The seed sheets and the network's members as one data·inclusion document."""
    seed = _seed("demo-actions.json")
    structures = {_key(record["nom"]): _marked(record) for record in seed["structures"]}
    for member in _seed("demo-network.json")["spie"]["organisations"]:
        _add_member(structures, member, seed["source"]["date"])
    for structure in structures.values():
        if category := _JOINED.get(structure["id"].removeprefix(f"{SOURCE}--")):
            structure["portail"]["categorie"] = category
    for partner in _seed("demo-network.json")["passeport_emploi"]["organisations"]:
        _add_partner(structures, partner, seed["source"]["date"])
    services = [_marked(record) for record in seed["services"]]
    return {"structures": list(structures.values()), "services": services}


@functools.cache
def _seed(name):
    path = pathlib.Path(__file__).parents[1] / "reference" / name
    return json.loads(path.read_text(encoding="utf-8"))


def _key(name):
    """Two writings of one name (« AGEFIPH », « Agefiph ») are one organisation."""
    return "-".join(fold_words(name))


def _marked(record):
    # A clock late by some hours must not make the seed a thing of the future.
    this_day = today().isoformat()
    portal = {**record.get("portail", {}), "demonstration": True}
    if portal.get("verifie_le"):
        portal["verifie_le"] = min(portal["verifie_le"], this_day)
    return {**record, "date_maj": min(record["date_maj"], this_day), "portail": portal}


def _add_member(structures, member, day):
    """Give its place in the network to the organisation of this name, known already or not."""
    place = {
        "categorie": _CATEGORIES[member["categorie"]],
        "role": member["type"],
        "territoire": member["territoire"],
        "note": member.get("note"),
        "membre_du_reseau": True,
    }
    _named(structures, member["nom"], day)["portail"] |= place


def _add_partner(structures, partner, day):
    """Give its place in the passport’s network (document 002, Bastia, 2009) to an organisation."""
    portal = _named(structures, partner["nom"], day)["portail"]
    portal["categorie_passeport"] = _PASSPORT_CATEGORIES[partner["categorie"]]
    if partner["territoire"]:
        portal.setdefault("territoire", partner["territoire"])


def _named(structures, name, day):
    key = _key(name)
    unknown = {"source": SOURCE, "id": f"{SOURCE}--reseau-{key}", "nom": name, "date_maj": day}
    return structures.setdefault(key, _marked(unknown))
