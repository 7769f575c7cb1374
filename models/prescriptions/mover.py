"""Who moves a prescription, and for which side."""

from typing import Any, NamedTuple

from ..network.organisations import Organisation
from .states import Side


class Mover(NamedTuple):
    """`account` is None for the person, for a provider who answers by link, and for the service
    itself; `person` is given when it is herself."""

    side: Side
    account: Any = None
    organisation: Organisation | None = None
    person: Any = None

    @property
    def actor(self):
        """Who the trail names."""
        return self.person or self.account


def prescriber(account, organisation):
    return Mover(Side.PRESCRIBER, account, organisation)


def provider(organisation, account=None):
    """The organisation of the action, by link unless one of its accounts answers."""
    return Mover(Side.PROVIDER, account, organisation)


def herself(person):
    return Mover(Side.PERSON, person=person)


SERVICE = Mover(Side.SERVICE)
