"""Who accompanies a person, how she reaches each of them, and who can read nothing today."""

from typing import NamedTuple

from ..network.memberships import Membership
from ..network.rights import places_of, with_right_to_write
from .accompaniments import Accompaniment
from .agreements import Agreement
from .orphans import lacks_of


class Companion(NamedTuple):
    """A living accompaniment, with the card of the professional if he is there still; `agreed` is
    whether she agrees today that his organisation reads her file."""

    link: Accompaniment
    card: Membership | None
    agreed: bool

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


class Circle(NamedTuple):
    """Her present référents, the lead first, and the ended links, the latest first."""

    present: list
    former: list

    @property
    def lead(self):
        """The first to turn to, or None."""
        return next(iter(self.present), None)

    def lacks(self):
        """`{link: (why he opens nothing today, since when)}` of those who cannot."""
        places = places_of([one.card for one in self.present if one.card])
        writing = {(card.account_id, card.organisation_id) for card in with_right_to_write(places)}
        return lacks_of([one.link for one in self.present], writing)


def circle(person):
    """Her `Circle`, in three queries however many they are."""
    links = Accompaniment.of_person(person)
    living = [link for link in links if link.ended_at is None]
    cards = Membership.living_of_pairs([(one.account_id, one.organisation_id) for one in living])
    agreed = Agreement.current_pairs([person.id])
    present = [
        Companion(
            link,
            cards.get((link.account_id, link.organisation_id)),
            (person.id, link.organisation_id) in agreed,
        )
        for link in living
    ]
    return Circle(present, [link for link in links if link.ended_at is not None])
