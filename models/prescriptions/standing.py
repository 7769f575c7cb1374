"""Whether a provider may still read what was sent to it (I3)."""

from ..charter.signatures import CharterSignature


def is_bound(organisation):
    """Whether the charter binds it today: admitted, its signature counting."""
    return organisation.is_admitted and organisation.id in _signed()


def stands(organisation, *, was_bound):
    """An organisation bound by the charter when a prescription left must still be; one that never
    was answers as the person agreed, unless the network put it out."""
    if organisation.suspended_at or organisation.left_at:
        return False
    return not was_bound or is_bound(organisation)


def _signed():
    return CharterSignature.signed_organisation_ids()
