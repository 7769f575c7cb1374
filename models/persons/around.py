"""Who accompanies a person today, and how she reaches them."""

from typing import NamedTuple

from ..network.memberships import Membership
from .accompaniments import Accompaniment
from .agreements import Agreement


class Referent(NamedTuple):
    """A living accompaniment, with the card of the professional if there is one; `reads` is whether
    her agreement lets his organisation read her file today."""

    link: Accompaniment
    card: Membership | None
    reads: bool

    @property
    def phone(self):
        """His own number, or the one of his organisation."""
        return (self.card and self.card.phone) or self.link.organisation.phone

    @property
    def email(self):
        return self.card and self.card.email


def referents_of(person):
    """Her present référents, the lead first; four queries, however many they are."""
    links = [link for link in Accompaniment.of_person(person) if link.ended_at is None]
    slots = [f"{link.account_id}:{link.organisation_id}" for link in links]
    cards = {card.slot: card for card in Membership.select().where(Membership.slot << slots)}
    agreed = Agreement.select(Agreement.organisation).where(Agreement.person == person)
    reading = {place for (place,) in agreed.where(Agreement.current()).tuples()}
    return [
        Referent(link, cards.get(slot), link.organisation_id in reading)
        for link, slot in zip(links, slots, strict=True)
    ]
