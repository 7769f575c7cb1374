"""The référents of the network: who they are, whom they take, and how many are active (REQ 2)."""

from ..accounts.account import Account
from .memberships import Membership
from .organisations import Organisation
from .rights import places_of, writers

EVERYONE = "tous-publics"


def leads(*, is_member=False):
    """The places of the référents of the organisations in the network, by name of person.

    Everybody reads those who chose to appear and may write; `is_member` reads the others too.
    """
    shown = Membership.select(Membership, Account, *Organisation.named())
    rows = (
        shown.join_from(Membership, Account)
        .join_from(Membership, Organisation)
        .where(
            Membership.ended_at.is_null(),
            Account.is_active,
            Membership.is_lead,
            Organisation.admitted_at.is_null(False),
            Organisation.suspended_at.is_null(),
            Organisation.left_at.is_null(),
        )
    )
    places = places_of(sorted(rows, key=_by_person))
    return [place for place in places if is_member or _is_public(place)]


def leads_of(organisation, *, is_member=False):
    """Those of one organisation."""
    rows = [one for one in Membership.of_organisation(organisation) if one.is_lead]
    places = places_of(rows) if organisation.is_admitted else []
    return [place for place in places if is_member or _is_public(place)]


def find_leads(*, commune=None, audience=None, is_member=False):
    """The référents who act in this commune, for this public."""
    return [
        place
        for place in leads(is_member=is_member)
        if _acts_in(place.membership, commune) and _takes(place.membership, audience)
    ]


def active_count():
    """How many people are référents with the right to write: the gauge against the 150 announced.

    Someone who works in two organisations counts once.
    """
    return len({account for account, _ in writers() & Membership.living_pairs(leads=True)})


def _is_public(place):
    return place.membership.is_listed and place.may_write


def _acts_in(membership, commune):
    """No zone is everywhere, as for a sheet."""
    zones = membership.zones
    return commune is None or not zones or bool(set(zones) & set(commune.zone_codes))


def _takes(membership, audience):
    audiences = membership.audiences
    return audience is None or not audiences or audience in audiences or EVERYONE in audiences


def _by_person(membership):
    return membership.account.name, membership.id
