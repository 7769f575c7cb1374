"""A network of the size its document announces: 30 organisations and 150 référents.

Everything is entered through the acts of the service, as people would.
"""

import datetime as dt

from models import (
    Account,
    CharterSignature,
    CharterVersion,
    Membership,
    Organisation,
    Session,
    sealing,
)
from models import TrainingCompletion as Training
from models.base import today, transaction
from models.charter.signatures import Capacity
from models.network.memberships import ANNOUNCED_LEADS
from models.network.organisations import ANNOUNCED_ORGANISATIONS, Category

TRAINED = dt.timedelta(days=30)


@transaction
def fill():
    """Write the network, its mails under a key of no importance.

    Answers `{who: (token of a session, code of her organisation)}`.
    """
    sealing.use_key(bytes(sealing.KEY_BYTES))
    draft = CharterVersion.draft_of_reference(by=None)
    draft.publish(by=None)
    people = ANNOUNCED_LEADS // ANNOUNCED_ORGANISATIONS
    categories = list(Category)
    members = []
    for number in range(ANNOUNCED_ORGANISATIONS):
        organisation = Organisation.create(
            name=f"Organisme {number:02d}", category=categories[number % len(categories)]
        )
        organisation.admit(by=None)
        members += [_enter(organisation, number * people + one, one == 0) for one in range(people)]
    return {"manager": _come_in(members[0]), "professional": _come_in(members[1])}


def _enter(organisation, number, is_manager):
    account = Account.register(f"personne{number}@example.org", f"Personne {number:03d}")
    membership = Membership.start(account, organisation, by=None, is_manager=is_manager)
    membership.describe(by=account, function="Conseillère", zones=["31"], is_listed=True)
    version = CharterVersion.current()
    if is_manager:
        CharterSignature.sign(version, membership, Capacity.ORGANISATION)
    CharterSignature.sign(version, membership, Capacity.PROFESSIONAL)
    Training.record(account, today() - TRAINED, by=None)
    return membership


def _come_in(membership):
    _, token = Session.open(membership.account, by_means="bench", has_second_factor=True)
    return token, membership.organisation.code
