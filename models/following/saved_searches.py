"""Searches that a professional keeps, runs again, and is told of when something new answers."""

import datetime as dt

import peewee as pw

from .. import audit, sealing
from ..accounts.account import Account
from ..action_bank.asking import search_of
from ..base import (
    N_,
    Entity,
    RuleBroken,
    Vocabulary,
    VocabularyField,
    hash_token,
    local_day,
    new_token,
    now,
    transaction,
)
from ..database import held
from ..days import months_after
from ..identifiers import holds_social_security_number
from ..needs import recognise
from ..sealed import SealedField

LONGEST_NAME = 80
MOST_SEARCHES = 30
FORTNIGHT = dt.timedelta(days=14)


class Rhythm(Vocabulary):
    """How often one is told of what is new."""

    NEVER = "jamais", N_("Jamais")
    FORTNIGHTLY = "quinzaine", N_("Tous les quinze jours")
    MONTHLY = "mois", N_("Tous les mois")


def next_day(rhythm, day):
    """The day of the alert that follows one of this day; None when there is none."""
    if rhythm == Rhythm.FORTNIGHTLY:
        return day + FORTNIGHT
    return months_after(day, 1) if rhythm == Rhythm.MONTHLY else None


class SavedSearch(Entity):
    """A search of an account: `query` is its canonical form (`action_bank.asking`).

    What was published up to `told_until` needs no telling any more; `due_on` is the day of the next
    alert. `feed_token` opens the feed; it opens nothing that this row does not say, so it is kept
    in clear, and shown again. The token that stops the alerts is found by its hash, and written in
    each e-mail, so that the oldest of them still works.
    """

    account = pw.ForeignKeyField(Account, backref="saved_searches", on_delete="CASCADE")
    name = pw.CharField(max_length=LONGEST_NAME)
    query = pw.JSONField(default=dict)
    rhythm = VocabularyField(Rhythm, default=Rhythm.NEVER)
    told_until = pw.DateTimeField(default=now)
    due_on = pw.DateField(null=True, index=True)
    feed_token = pw.CharField(max_length=64, unique=True, default=new_token)
    stop_hash = pw.CharField(max_length=64, null=True, unique=True)
    stop_secret = SealedField(null=True, column_name="sealed_stop_token")

    @property
    def search(self):
        """The `Search` it stands for today."""
        return search_of(self.query)

    @classmethod
    def of_account(cls, account):
        """The searches of an account, by name."""
        mine = cls.select().where(cls.account == account)
        return list(mine.order_by(pw.fn.LOWER(cls.name), cls.id))

    @classmethod
    def of_feed(cls, token):
        """The search that this secret address opens, while its account is active, or None."""
        return cls._with_account().where(cls.feed_token == token, Account.is_active).first()

    @classmethod
    def of_stop(cls, token):
        """The search whose alerts this token stops, or None."""
        return cls._with_account().where(cls.stop_hash == hash_token(token)).first()

    @classmethod
    def _with_account(cls):
        return cls.select(cls, Account).join(Account)

    @classmethod
    @transaction
    def keep(cls, name, query, rhythm, *, by):
        """Keep a search, told from now on; the same one is not kept twice."""
        check_words(query)
        held(Account.select(Account.id).where(Account.id == by.id))
        mine = cls.of_account(by)
        for known in mine:
            if known.query == query:
                raise RuleBroken(
                    N_("Vous avez déjà cette recherche, sous le nom « %(name)s »."), name=known.name
                )
        if len(mine) >= MOST_SEARCHES:
            raise RuleBroken(
                N_("Vous avez déjà %(most)d recherches : supprimez-en une d’abord."),
                most=MOST_SEARCHES,
            )
        kept = cls(account=by, name=name, query=query)
        kept._set_rhythm(rhythm)
        kept.save()
        audit.record("search:save", kept, by=by, rhythm=kept.rhythm.value)
        return kept

    @transaction
    def describe(self, name, rhythm, *, by):
        """Another name, another rhythm."""
        self.name = name
        self._set_rhythm(rhythm)
        self.save()
        audit.record("search:describe", self, by=by, rhythm=self.rhythm.value)

    def _set_rhythm(self, rhythm):
        """Who wakes an alert is told of what comes from now on, not of years gone by."""
        if self.rhythm == Rhythm.NEVER:
            self.told_until = now()
        self.rhythm = Rhythm(rhythm)
        self.due_on = next_day(self.rhythm, local_day(self.told_until))

    @transaction
    def stop(self):
        """End the alerts, by the link of an e-mail: whoever holds it needs no account."""
        if self.rhythm != Rhythm.NEVER:
            self.rhythm, self.due_on = Rhythm.NEVER, None
            self.save(only=[SavedSearch.rhythm, SavedSearch.due_on])
            audit.record("search:stop", self, by=self.account)

    @transaction
    def change_feed(self, *, by):
        """Another secret address: the former one opens nothing any more."""
        self.feed_token = new_token()
        self.save(only=[SavedSearch.feed_token])
        audit.record("search:feed", self, by=by)

    @transaction
    def discard(self, *, by):
        audit.record("search:delete", self, by=by)
        self.delete_instance()

    @transaction
    def stop_token(self):
        """The token of the link that stops the alerts, the same in every e-mail."""
        try:
            if self.stop_secret:
                return self.stop_secret
        except sealing.Unreadable:
            # Sealed under a key we no longer hold: the links sent until now stop working.
            pass
        token = new_token()
        self.stop_hash, self.stop_secret = hash_token(token), token
        self.save(only=[SavedSearch.stop_hash, SavedSearch.stop_secret])
        return token


def check_words(query):
    """Nothing of a text that tells of someone’s life is written anywhere (`Recognition`)."""
    text = query.get("q", "")
    if holds_social_security_number(text):
        raise RuleBroken(N_("N’enregistrez jamais un numéro de sécurité sociale."))
    if text and recognise(text).sensitive:
        raise RuleBroken(
            N_(
                "Cette phrase peut raconter la vie d’une personne : nous ne l’enregistrons pas. "
                "Cherchez plutôt par thème, puis enregistrez."
            )
        )
