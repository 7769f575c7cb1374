"""What a guess costs: attempts are counted by identifier, whatever is guessed at."""

import datetime as dt

import peewee as pw

from ..base import N_, Entity, RuleBroken, hash_token, now, transaction

# CNIL recommendation of 2022, case with throttling. Delays grow but never pass a quarter of an
# hour, so that nobody can keep an account's owner out by guessing at it.
FREE_FAILURES = 5
FIRST_WAIT = dt.timedelta(minutes=1)
LONGEST_WAIT = dt.timedelta(minutes=15)

PASSWORD, SECOND_FACTOR, LINK = "password", "second factor", "link"


class SignInThrottle(Entity):
    """Attempts by identifier, known or not: never by address, which a whole kiosk shares.

    An attempt is counted before it is judged, so that a burst of guesses sent together is not
    judged together; a success forgets them all.
    """

    identifier_hash = pw.CharField(max_length=64, unique=True)
    failures = pw.IntegerField(default=0)
    failed_at = pw.DateTimeField(default=now)

    @classmethod
    def attempt(cls, identifier, *, about=PASSWORD):
        """Count one attempt; raises `TooManyFailures` while this identifier must wait."""
        while True:
            throttle, _ = cls.get_or_create(identifier_hash=_key(identifier, about))
            throttle._refuse_while_waiting()
            if throttle._count():
                return throttle

    @classmethod
    @transaction
    def forget(cls, identifier, *, about=PASSWORD):
        cls.delete().where(cls.identifier_hash == _key(identifier, about)).execute()

    @property
    def wait(self):
        """How long this identifier must still wait."""
        over = self.failures - FREE_FAILURES
        if over < 0:
            return dt.timedelta(0)
        delay = min(FIRST_WAIT * 2 ** min(over, 10), LONGEST_WAIT)
        return max(self.failed_at + delay - now(), dt.timedelta(0))

    def _refuse_while_waiting(self):
        if self.wait:
            minutes = -(-self.wait.total_seconds() // 60)
            raise TooManyFailures(
                N_("Trop d’essais avec cet identifiant. Attendez %(minutes)d min, puis réessayez."),
                minutes=int(minutes),
            )

    def _count(self):
        """One more, starting anew when the last is older than the longest wait; False when
        another request counted meanwhile."""
        cls = type(self)
        recent = now() - self.failed_at < LONGEST_WAIT
        unchanged = (cls.id == self.id) & (cls.failures == self.failures)
        failures = self.failures + 1 if recent else 1
        unchanged &= cls.failed_at == self.failed_at
        return cls.update(failures=failures, failed_at=now()).where(unchanged).execute() == 1


def _key(identifier, about):
    return hash_token(f"{about} {identifier}")


class TooManyFailures(RuleBroken):
    """Too many attempts for this identifier; `minutes` says how long to wait."""
