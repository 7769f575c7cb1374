"""The demonstration’s network: a charter in force, and people at each step of the path.

Amina, Hélène and Chloé may write; Bruno has still to sign; Gaëlle has still to be trained; one
organisation waits for its admission.
"""

import datetime as dt

from ..accounts.account import Account
from ..base import today, transaction
from ..charter.checks import run_checks
from ..charter.signatures import Capacity, CharterSignature
from ..charter.versions import CharterVersion
from ..network.joining import JoinRequest
from ..network.memberships import Availability, Membership, managers_of
from ..network.organisations import Category
from ..network.training import TrainingCompletion

TRAINED = dt.timedelta(days=20)
# Codes of the Muretain, of Toulouse Métropole and of Saint-Gaudens.
CARDS = {
    "amina": ("Conseillère en insertion", ["200068641"], ["demandeurs-emploi", "jeunes"]),
    "bruno": ("Médiateur numérique", ["31042"], ["tous-publics"]),
    "chloe": ("Référente mobilité", ["243100518"], ["beneficiaires-des-minimas-sociaux"]),
    "gaelle": ("Directrice", [], []),
    "helene": ("Responsable de l’accompagnement", ["200068641"], ["seniors", "femmes"]),
}
REQUEST = {
    "organisation_name": "Association de démonstration Le Fil d’Ariane",
    "category": Category.ASSOCIATION,
    "commune": "Saint-Gaudens",
    "contact_name": "Jeanne Kerbrat",
    "contact_function": "Présidente",
    "contact_email": "jeanne@demo.example",
}


@transaction
def load(organisation):
    """Bring the network to its state, once: what was done since is left as it is.

    `organisation(name)` finds the one whose national identifier ends so.
    """
    if CharterVersion.current():
        return
    people = {name: _account(name) for name in (*CARDS, "diane", "francois")}
    _publish_the_charter(by=people["francois"])
    for name, card in CARDS.items():
        _write_cards(people[name], *card)
    for name in ("envol", "clic", "route"):
        _admit_and_sign(organisation(name), by=people["francois"])
    for name in ("amina", "helene", "chloe"):
        TrainingCompletion.record(people[name], today() - TRAINED, by=people["diane"])
    for name in ("amina", "helene", "chloe", "gaelle"):
        _sign_in_own_name(people[name])
    JoinRequest.submit(**REQUEST)
    run_checks()


def _account(name):
    return Account.get(Account.identifier == f"{name}@demo.example")


def _publish_the_charter(*, by):
    CharterVersion.draft_of_reference(by=by).publish(by=by, grace=dt.timedelta(0))


def _admit_and_sign(organisation, *, by):
    organisation.admit(by=by)
    manager = managers_of(organisation)[0]
    CharterSignature.sign(CharterVersion.current(), manager, Capacity.ORGANISATION)


def _write_cards(account, function, zones, audiences):
    for membership in Membership.of_account(account):
        membership.describe(
            by=account,
            function=function,
            zones=zones,
            audiences=audiences,
            availability=Availability.OPEN,
            is_listed=True,
        )


def _sign_in_own_name(account):
    for membership in Membership.of_account(account):
        CharterSignature.sign(CharterVersion.current(), membership, Capacity.PROFESSIONAL)
