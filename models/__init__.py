"""What the service knows and allows. No flask here, no HTML: it runs in a plain Python shell."""

from .accounts import Account
from .action_bank import Action
from .audit import AuditEntry
from .charter import CharterArticle, CharterVersion
from .charter_checks import CharterCheck
from .identities import ExternalIdentity
from .joining import Invitation, JoinRequest
from .links import OneTimeLink
from .memberships import Membership
from .organisations import Organisation
from .outbox import OutgoingEmail
from .second_factor import RecoveryCode, SecondFactor
from .sessions import Session
from .signatures import CharterSignature
from .submissions import Submission
from .throttling import SignInThrottle
from .training import TrainingCompletion

# Every entity, in dependency order: migrations and tests read this list.
TABLES = [
    AuditEntry, Organisation, Action, Account, SecondFactor, RecoveryCode, Session, SignInThrottle,
    OneTimeLink, ExternalIdentity, OutgoingEmail, Submission,
    Membership, CharterVersion, CharterArticle, CharterSignature, TrainingCompletion, JoinRequest,
    Invitation, CharterCheck,
]  # fmt: skip
