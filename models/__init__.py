"""What the service knows and allows. No flask here, no HTML: it runs in a plain Python shell."""

from .accounts import Account
from .action_bank import Action
from .audit import AuditEntry
from .identities import ExternalIdentity
from .links import OneTimeLink
from .organisations import Organisation
from .outbox import OutgoingEmail
from .second_factor import RecoveryCode, SecondFactor
from .sessions import Session
from .throttling import SignInThrottle

# Every entity, in dependency order: migrations and tests read this list.
TABLES = [
    AuditEntry,
    Organisation,
    Action,
    Account,
    SecondFactor,
    RecoveryCode,
    Session,
    SignInThrottle,
    OneTimeLink,
    ExternalIdentity,
    OutgoingEmail,
]
