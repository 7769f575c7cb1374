"""Publishing a version of the charter: what it asks, of how many, and telling each of them."""

import contextlib
from typing import NamedTuple

from .. import outbox
from ..base import RuleBroken, transaction
from ..network.memberships import Membership, managers_of
from .signatures import Capacity, CharterSignature
from .versions import GRACE


class Impact(NamedTuple):
    """How many will have to sign anew."""

    organisations: int
    professionals: int


def impact():
    """The `Impact` of a publication today: those whose signature counts."""
    kinds = [
        (signature.capacity, signature.organisation_id, signature.account_id)
        for signature in CharterSignature.in_force()
    ]
    organisations = {who for capacity, who, _ in kinds if capacity == Capacity.ORGANISATION}
    people = {who for capacity, _, who in kinds if capacity == Capacity.PROFESSIONAL}
    return Impact(len(organisations), len(people))


@transaction
def publish(draft, *, by, grace=GRACE, seen=None):
    """Publish a draft, and write to whoever has to sign it."""
    signatures, former = CharterSignature.in_force(), draft.former
    draft.publish(by=by, grace=grace, seen=seen)
    asked = {}
    for signature in signatures:
        for account in _who_signs_next(signature):
            asked.setdefault(account, set()).add(signature.capacity)
    for account, capacities in asked.items():
        _tell(account, capacities, draft, former)


def _who_signs_next(signature):
    """The signer; for an organisation that he has left, those who manage it now."""
    account, organisation = signature.account, signature.organisation
    if account.is_active and Membership.between(account, organisation):
        return [account]
    return [membership.account for membership in managers_of(organisation)]


def _tell(account, capacities, version, former):
    """One message for all that one has to sign; an address that takes no mail stops nothing."""
    with contextlib.suppress(RuleBroken):
        outbox.post(
            "charter_published",
            to=account.identifier,
            language=account.language,
            number=version.number,
            code=version.code,
            former=former.code,
            until=version.grace_until.isoformat(),
            for_organisation=Capacity.ORGANISATION in capacities,
            for_oneself=Capacity.PROFESSIONAL in capacities,
        )
