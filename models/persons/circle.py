"""Who accompanies a person today, how she reaches each of them, and who can no longer read."""

import datetime as dt
from typing import NamedTuple

from ..network.memberships import Membership
from ..network.rights import writers
from .accompaniments import Accompaniment
from .orphans import Lack, lack_of


class Companion(NamedTuple):
    """A living accompaniment, with the card of the professional if he has one still; `lack` says
    why he can open nothing today, and `since` since when if it is known."""

    link: Accompaniment
    card: Membership | None
    lack: Lack | None
    since: dt.date | None

    @property
    def is_lead(self):
        return self.link.lead_slot is not None

    @property
    def function(self):
        return self.card.function if self.card else ""

    @property
    def phone(self):
        """His own number when he chose to appear, or the one of his organisation."""
        own = self.card and self.card.is_listed and self.card.phone
        return own or self.link.organisation.phone

    @property
    def email(self):
        own = self.card and self.card.is_listed and self.card.email
        return own or self.link.organisation.email


def circle(person):
    """`(companions, ended links)`: her present référents, the lead first, and the former ones, the
    latest first."""
    links = Accompaniment.of_person(person)
    living = [link for link in links if link.ended_at is None]
    slots = [f"{link.account_id}:{link.organisation_id}" for link in living]
    cards = {card.slot: card for card in Membership.select().where(Membership.slot << slots)}
    writing = writers() if living else set()
    present = [
        Companion(link, cards.get(slot), *(lack_of(link, writing) or (None, None)))
        for link, slot in zip(living, slots, strict=True)
    ]
    return present, [link for link in links if link.ended_at is not None]
