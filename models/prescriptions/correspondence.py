"""The e-mails of a prescription: to the provider, a link; to the référent, that there is news.

Neither holds a word about the person: a mailbox is read over a shoulder.
"""

import contextlib

from .. import outbox
from ..action_bank.freshness import in_charge, team_of
from ..action_bank.versions import ActionVersion
from ..base import N_, RuleBroken
from ..persons.accompaniments import Accompaniment
from ..text import one_line
from .links import AnswerLink


def receivers_of(action):
    """`(address or None, memberships)`: who is told of a prescription of this action. The address
    is the sheet’s own, the memberships those of its organisation who may write: its author alone
    when he is still there."""
    return _address_of(action), _members_of(action)


def can_be_answered(action):
    """Whether somebody would receive it."""
    return bool(_address_of(action) or _members_of(action))


def _members_of(action):
    team = team_of(action.organisation)
    author = ActionVersion.authors_of([action]).get(action.id) if team else None
    return in_charge(team, author)


def _address_of(action):
    for text in (action.email, action.organisation.email):
        with contextlib.suppress(RuleBroken):
            if text:
                return outbox.deliverable(text)
    return None


def tell_provider(prescription, kind="prescription_received"):
    """A link to the sheet’s address, and word to the accounts of its organisation. Raises
    `RuleBroken` when nobody would receive it."""
    action = prescription.action
    address, members = receivers_of(action) if action else (None, [])
    if not address and not members:
        raise RuleBroken(
            N_("Personne ne recevrait cette demande : appelez l’organisme de l’action.")
        )
    if address:
        write_to(prescription, address, kind)
    accounts = [one.account for one in members if one.account.identifier != address]
    for account in accounts:
        _post("prescription_waiting", account.identifier, account.language, prescription)


def write_to(prescription, address, kind):
    """A new link to this address, which replaces the one before."""
    token = AnswerLink.issue(prescription, address)
    outbox.post(kind, address, token=token, **_told(prescription))


def _told(prescription):
    """What a message says: the sheet, which is the provider’s own, and who asks."""
    organisation = prescription.organisation.name
    return {"action": one_line(prescription.shared.action_name), "organisation": organisation}


def _post(kind, address, language, prescription):
    """An address that takes no mail stops neither the others nor the act: she may always call a
    prescription off (I7)."""
    with contextlib.suppress(RuleBroken):
        outbox.post(kind, address, language, **_told(prescription))


def tell_cancelled(prescription):
    """To whoever was asked, when there is a sheet still: nothing is to be answered any more."""
    if prescription.action is None:
        return
    address, members = receivers_of(prescription.action)
    told = {address: "fr"} if address else {}
    told |= {one.account.identifier: one.account.language for one in members}
    for one, language in told.items():
        _post("prescription_cancelled", one, language, prescription)


def tell_referent(prescription, kind):
    """Who prescribed, while he accompanies her; then her référent unique."""
    account = _watcher_of(prescription)
    if account is not None:
        with contextlib.suppress(RuleBroken):
            outbox.post(kind, account.identifier, account.language)


def _watcher_of(prescription):
    links = [one for one in Accompaniment.of_person(prescription.person) if one.ended_at is None]
    mine = (one.account for one in links if one.account_id == prescription.account_id)
    lead = (one.account for one in links if one.lead_slot)
    found = next(mine, None) or next(lead, None)
    return found if found and found.is_active else None
