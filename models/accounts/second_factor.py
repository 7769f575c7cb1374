"""The second factor: the codes that a telephone computes (TOTP), and eight codes on paper."""

import datetime as dt
import hmac
import json
import secrets

import peewee as pw
import pyotp

from .. import audit, outbox
from ..base import CODE_ALPHABET, N_, Entity, RuleBroken, now, transaction
from ..sealed import SealedField, kept
from . import passwords
from .account import Account
from .throttling import SECOND_FACTOR, SignInThrottle

ISSUER = "Portail SPIE"
STEP_SECONDS = 30
# A telephone's clock may be half a minute early or late.
WINDOW = (-1, 0, 1)
DIGITS = 6

RECOVERY_CODES = 8
# Fifty bits, hashed as passwords are (ASVS 6.5.2); « 3-abcde-fghjk » says which one to compare.
GROUP = 5
_MISREAD = str.maketrans("oil", "011")


class SecondFactor(Entity):
    """The telephone of an account. Its secret is sealed; the last step used is remembered, so that
    a code read over a shoulder is worth nothing. A telephone to come waits beside the present one.
    """

    account = pw.ForeignKeyField(Account, unique=True, on_delete="CASCADE")
    secret = SealedField(null=True, column_name="sealed_secret")
    # That of the telephone being set up.
    next_secret = SealedField(null=True, column_name="sealed_next_secret")
    # Readable until the person says they are noted.
    codes_list = SealedField(null=True, column_name="sealed_codes")
    last_step = pw.BigIntegerField(default=0)
    ready_at = pw.DateTimeField(null=True)

    @classmethod
    def of(cls, account):
        return cls.get_or_none(cls.account == account)

    @classmethod
    @transaction
    def keep(cls, account, secret):
        """Give an account the telephone that holds this secret (the demonstration); no paper."""
        factor = cls.of(account) or cls(account=account)
        if not factor.is_ready or factor.secret != secret:
            factor.secret = secret
            factor.ready_at = now()
            factor.save(only=factor.dirty_fields)
            audit.record("second_factor:set", account)
        return factor

    @property
    def is_ready(self):
        return kept(self, "secret") is not None

    @property
    def has_codes_to_note(self):
        return kept(self, "codes_list") is not None

    @property
    def next_address(self):
        """What the QR code holds, as authenticators read it."""
        return pyotp.TOTP(self.next_secret).provisioning_uri(
            name=self.account.identifier, issuer_name=ISSUER
        )

    @property
    def codes_to_note(self):
        return json.loads(self.codes_list or "[]")

    @property
    def codes_left(self):
        return self.recovery_codes.where(RecoveryCode.used_at.is_null()).count()


class RecoveryCode(Entity):
    """A code on paper, worth the telephone once."""

    factor = pw.ForeignKeyField(SecondFactor, backref="recovery_codes", on_delete="CASCADE")
    number = pw.SmallIntegerField()
    code_hash = pw.CharField(max_length=200)
    used_at = pw.DateTimeField(null=True)

    class Meta:
        indexes = ((("factor", "number"), True),)


@transaction
def prepare(account):
    """Draw the secret of a telephone to set up; the present one keeps working meanwhile."""
    factor = SecondFactor.of(account) or SecondFactor(account=account)
    factor.next_secret = pyotp.random_base32()
    factor.save(only=factor.dirty_fields)
    audit.record("second_factor:prepare", account, by=account)
    return factor


def confirm(account, text):
    """The telephone shows the right code: it becomes the second factor, with new paper codes."""
    factor = SecondFactor.of(account)
    if factor is None or factor.next_secret is None:
        raise RuleBroken(N_("La mise en place est à recommencer."))
    SignInThrottle.attempt(account.identifier, about=SECOND_FACTOR)
    step = _step_of(factor.next_secret, text)
    if step is None:
        raise _wrong(account)
    codes, hashes = _draw_codes()
    _keep_telephone(factor, step, codes, hashes)
    SignInThrottle.forget(account.identifier, about=SECOND_FACTOR)


@transaction
def _keep_telephone(factor, step, codes, hashes):
    factor.secret, factor.next_secret = factor.next_secret, None
    factor.last_step, factor.ready_at = step, now()
    _keep_codes(factor, codes, hashes)
    audit.record("second_factor:set", factor.account, by=factor.account)


def check(account, text):
    """Raise unless this is a code of the telephone, or a paper code, that never served.

    Each attempt is counted by identifier, like those at the password.
    """
    factor = SecondFactor.of(account)
    if factor is None or not factor.is_ready:
        raise RuleBroken(N_("Ce compte n’a pas de second code."))
    SignInThrottle.attempt(account.identifier, about=SECOND_FACTOR)
    if not (_takes_step(factor, text) or _takes_recovery_code(factor, text)):
        raise _wrong(account)
    # A set-up left half-way ends here: it was begun with a code of its own.
    SecondFactor.update(next_secret=None).where(SecondFactor.id == factor.id).execute()
    SignInThrottle.forget(account.identifier, about=SECOND_FACTOR)


def _takes_step(factor, text):
    """True when the telephone shows this code now, for the first time."""
    step = _step_of(factor.secret, text)
    if step is None:
        return False
    unused = (SecondFactor.id == factor.id) & (SecondFactor.last_step < step)
    return SecondFactor.update(last_step=step).where(unused).execute() == 1


def _step_of(secret, text):
    """The half minute whose code this is, among those a late or early clock may show."""
    digits = "".join(text.split())
    if len(digits) != DIGITS or not digits.isascii() or not digits.isdigit():
        return None
    code_of = pyotp.HOTP(secret).at
    steps = [_present_step() + shift for shift in WINDOW]
    return next((s for s in steps if hmac.compare_digest(code_of(s), digits)), None)


def code_now(secret):
    """The six digits that a telephone holding this secret shows now."""
    return pyotp.HOTP(secret).at(_present_step())


def _present_step():
    return int(now().replace(tzinfo=dt.UTC).timestamp()) // STEP_SECONDS


@transaction
def _takes_recovery_code(factor, text):
    number, code = _read_recovery_code(text)
    kept = factor.recovery_codes.where(
        RecoveryCode.number == number, RecoveryCode.used_at.is_null()
    ).first()
    if kept is None or not passwords.matches(kept.code_hash, code):
        return False
    unused = (RecoveryCode.id == kept.id) & RecoveryCode.used_at.is_null()
    audit.record("second_factor:recover", factor.account, by=factor.account, number=number)
    return RecoveryCode.update(used_at=now()).where(unused).execute() == 1


def _read_recovery_code(text):
    """« 3-abcde-fghjk », whatever the case, the dashes and the letters read for digits."""
    signs = "".join(sign for sign in text.lower().translate(_MISREAD) if sign in CODE_ALPHABET)
    number = int(signs[0]) if signs[:1].isdigit() else 0
    return number, signs[1:] if len(signs) == 1 + 2 * GROUP else ""


def _wrong(account):
    audit.record("second_factor:refuse", account, by=account)
    return RuleBroken(N_("Ce code n’est pas le bon, ou il a déjà servi."))


def _draw_codes():
    """Eight codes and their hashes: 200 ms of work, outside any transaction."""
    codes = [f"{number}-{_draw_group()}-{_draw_group()}" for number in range(1, RECOVERY_CODES + 1)]
    return codes, [passwords.make_hash(_read_recovery_code(code)[1]) for code in codes]


def _draw_group():
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(GROUP))


def renew_codes(account):
    """Eight new paper codes; the former ones open nothing any more."""
    codes, hashes = _draw_codes()
    _replace_codes(SecondFactor.of(account), codes, hashes)


@transaction
def _replace_codes(factor, codes, hashes):
    _keep_codes(factor, codes, hashes)
    audit.record("second_factor:renew_codes", factor.account, by=factor.account)


def _keep_codes(factor, codes, hashes):
    factor.codes_list = json.dumps(codes)
    factor.save(only=factor.dirty_fields)
    RecoveryCode.delete().where(RecoveryCode.factor == factor).execute()
    for code, code_hash in zip(codes, hashes, strict=True):
        RecoveryCode.create(factor=factor, number=int(code[0]), code_hash=code_hash)


@transaction
def note_codes(account):
    """The person has noted the codes: the service can no longer show them."""
    SecondFactor.update(codes_list=None).where(SecondFactor.account == account).execute()
    audit.record("second_factor:note_codes", account, by=account)


@transaction
def remove(account):
    """Go back to the password alone, where the role does not demand more."""
    if account.must_use_second_factor:
        raise RuleBroken(N_("Votre rôle demande un second code : il ne peut pas être retiré."))
    SecondFactor.delete().where(SecondFactor.account == account).execute()
    audit.record("second_factor:remove", account, by=account)


@transaction
def reset(account, *, by):
    """The telephone and the paper are lost: forget them, end the sessions, tell the person."""
    if by.id == account.id:
        raise RuleBroken(N_("Une autre personne doit réinitialiser votre second code."))
    SecondFactor.delete().where(SecondFactor.account == account).execute()
    account.end_sessions(by=by)
    outbox.post("second_factor_reset", account.identifier, account.language)
    audit.record("second_factor:reset", account, by=by)
