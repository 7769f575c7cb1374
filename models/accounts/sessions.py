"""Sessions: browsers that are signed in, and what each must still do before it opens anything."""

import datetime as dt
import enum

import peewee as pw

from .. import audit
from ..base import Entity, hash_token, new_token, now, transaction
from ..sealed import SealedField, kept
from .account import Account
from .second_factor import SecondFactor

SESSION_LENGTH = dt.timedelta(hours=12)
IDLE_LENGTH = dt.timedelta(hours=2)
SEEN_EVERY = dt.timedelta(minutes=1)
# How long after its end a session still knows how to close the one of the identity provider.
FAREWELL = dt.timedelta(minutes=10)


class Step(enum.Enum):
    """What a session must do before its account may do anything."""

    SET_UP = "set up a second factor"
    CODE = "give the code of the second factor"
    NOTE_CODES = "note the recovery codes"


class Session(Entity):
    """A signed-in browser. Only the hash of its 256-bit token is kept, so a stolen database opens
    no session; ending the row ends the session at the next request."""

    token_hash = pw.CharField(max_length=64, unique=True)
    account = pw.ForeignKeyField(Account, backref="sessions", on_delete="CASCADE")
    seen_at = pw.DateTimeField(default=now)
    ended_at = pw.DateTimeField(null=True)
    second_factor_at = pw.DateTimeField(null=True)
    # Two short words, never what the browser says of itself.
    browser = pw.CharField(max_length=20, default="")
    system = pw.CharField(max_length=20, default="")
    # Shown to the identity provider when the person signs out of it too.
    id_token = SealedField(null=True, column_name="sealed_id_token")

    class Meta:
        table_name = "account_session"

    @classmethod
    def of_token(cls, token):
        """The live session of a cookie, with its active account and its second factor, or None."""
        session = (
            cls.select(cls, Account, SecondFactor)
            .join(Account)
            .join(SecondFactor, pw.JOIN.LEFT_OUTER, attr="second_factor")
            .where(cls.token_hash == hash_token(token), cls.ended_at.is_null())
            .first()
        )
        return session if session and session.is_live else None

    @classmethod
    def live_of(cls, account):
        """The open sessions of an account, the last seen first."""
        moment = now()
        return cls.select().where(
            cls.account == account,
            cls.ended_at.is_null(),
            cls.created_at > moment - SESSION_LENGTH,
            cls.seen_at > moment - IDLE_LENGTH,
        ).order_by(cls.seen_at.desc(), cls.id.desc())  # fmt: skip

    length = SESSION_LENGTH

    @property
    def owner(self):
        return self.account

    @property
    def is_live(self):
        moment = now()
        return (
            self.account.is_active
            and moment < self.created_at + SESSION_LENGTH
            and moment < self.seen_at + IDLE_LENGTH
        )

    @property
    def next_step(self):
        """What this session must still do, read anew at each request (I2); None opens the rest."""
        factor = getattr(self.account, "second_factor", None)
        if factor and factor.is_ready:
            if self.second_factor_at is None:
                return Step.CODE
            return Step.NOTE_CODES if factor.has_codes_to_note else None
        # A provider may have asked for a second factor itself.
        if self.second_factor_at is None and self.account.must_use_second_factor:
            return Step.SET_UP
        return None

    def touch(self):
        """Remember the visit, at most once a minute: reading a page should not write each time."""
        if now() - self.seen_at >= SEEN_EVERY:
            Session.update(seen_at=now()).where(Session.id == self.id).execute()

    @classmethod
    @transaction
    def open(cls, account, *, by_means, has_second_factor=False, id_token=None, **device):
        """Open a session; answers `(session, token)`."""
        Session.update(id_token=None).where(
            Session.account == account, Session.ended_at.is_null(False)
        ).execute()
        token = new_token()
        session = cls(token_hash=hash_token(token), account=account, **device)
        session.second_factor_at = now() if has_second_factor else None
        session.id_token = id_token
        session.save()
        audit.record("session:open", account, by=account, means=by_means)
        return session, token

    @transaction
    def renew(self):
        """Another token for the same session: a stolen one dies (ASVS 7.2.4)."""
        token = new_token()
        self.token_hash = hash_token(token)
        self.save(only=[Session.token_hash, Session.second_factor_at])
        return token

    @transaction
    def pass_second_factor(self):
        """The second factor was shown: answers the new token of the session."""
        self.second_factor_at = now()
        audit.record("session:confirm", self.account, by=self.account)
        return self.renew()

    @transaction
    def end(self, by=None):
        """End it once; ending an ended session changes nothing."""
        still_open = (Session.id == self.id) & Session.ended_at.is_null()
        if Session.update(ended_at=now()).where(still_open).execute():
            audit.record("session:end", self.account, by=by or self.account)

    @transaction
    def end_others(self):
        for other in Session.live_of(self.account):
            if other.id != self.id:
                other.end()

    @classmethod
    def leaving(cls, code):
        """A session that has just ended and may still be ended at the provider, or None."""
        session = cls.by_code(code)
        left = session and session.is_of_provider and session.ended_at
        return session if left and now() < session.ended_at + FAREWELL else None

    @property
    def is_of_provider(self):
        """Whether the identity provider opened it, and can be left too."""
        return kept(self, "id_token") is not None
