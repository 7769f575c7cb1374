"""What the service knows and allows. No flask here, no HTML: it runs in a plain Python shell."""

from .accounts import Account, Session, SignInThrottle
from .action_bank import Action
from .audit import AuditEntry
from .organisations import Organisation
from .outbox import OutgoingEmail

# Every entity, in dependency order: migrations and tests read this list.
TABLES = [AuditEntry, Organisation, Action, Account, Session, SignInThrottle, OutgoingEmail]
