"""What any professional finds wrong in a sheet, be it another partner's, and what is answered."""

import contextlib
import datetime as dt

import peewee as pw

from .. import audit, outbox
from ..accounts.account import Account, Role
from ..base import N_, Entity, RuleBroken, Vocabulary, VocabularyField, now, today, transaction
from ..database import held
from ..network.organisations import Organisation
from ..permissions import Permission, organisations_within
from ..text import one_line
from . import versions
from .freshness import in_charge, team_of
from .sheets import Action
from .versions import Act, ActionVersion

# Past that, one writes to the organisation: nobody's mailbox is to be filled from here.
MOST_A_DAY = 30


class Topic(Vocabulary):
    """What is wrong."""

    PHONE = "telephone", N_("Le téléphone")
    EMAIL = "courriel", N_("Le courriel")
    ADDRESS = "adresse", N_("L’adresse")
    HOURS = "horaires", N_("Les horaires")
    PLACES = "places", N_("Les places libres")
    DATES = "dates", N_("Les dates")
    GONE = "arretee", N_("Cette action n’existe plus")
    OTHER = "autre", N_("Autre chose")


class Proposable(Vocabulary):
    """What one may give a new value to; the value is the column."""

    PHONE = "phone", N_("Téléphone")
    EMAIL = "email", N_("Courriel")
    ADDRESS = "address", N_("Adresse")
    COMMUNE = "commune", N_("Commune")
    HOURS = "opening_hours", N_("Horaires")
    FEES = "fees_detail", N_("Prix en détail")
    PLACES = "places_left", N_("Places libres")
    LINK = "mobilisation_url", N_("Lien pour faire la demande")

    @property
    def columns(self):
        """The columns that are written together with this one."""
        return (self.value, *_TOGETHER.get(self.value, ()))


_TOGETHER = {
    "commune": ("postcode", "insee_code", "latitude", "longitude"),
    "places_left": ("places_on",),
}


class CorrectionState(Vocabulary):
    """Where a correction stands."""

    OPEN = "ouverte", N_("En attente de réponse")
    ACCEPTED = "acceptee", N_("Acceptée")
    ANSWERED = "repondue", N_("Répondue")
    DECLINED = "refusee", N_("Refusée")


class Correction(Entity):
    """What `account` says of a sheet: `topics` are wrong, and `proposed` holds
    `{column: JSON value}` to put instead of what the version `seen` said.

    Once decided, `taken` lists the columns written in the sheet, `answer` what the reporter reads.
    """

    action = pw.ForeignKeyField(Action, backref="corrections", on_delete="CASCADE")
    account = pw.ForeignKeyField(Account, null=True, backref="corrections", on_delete="SET NULL")
    topics = pw.JSONField(default=list)
    proposed = pw.JSONField(default=dict)
    seen = pw.IntegerField()
    message = pw.TextField(default="")
    state = VocabularyField(CorrectionState, default=CorrectionState.OPEN, index=True)
    answer = pw.TextField(default="")
    taken = pw.JSONField(default=list)
    decided_by = pw.ForeignKeyField(Account, null=True, backref="+", on_delete="SET NULL")
    decided_at = pw.DateTimeField(null=True, index=True)

    @property
    def organisation_id(self):
        """Whose sheet it is: those who may write there answer."""
        return self.action.organisation_id

    @property
    def is_open(self):
        return self.state is CorrectionState.OPEN

    @property
    def topic_labels(self):
        return [Topic(value).label for value in self.topics]

    @property
    def fields(self):
        """What is proposed, in the order of the form."""
        return [field for field in Proposable if field.value in self.proposed]

    def lines(self):
        """`[(field, what it said, what is proposed, what it says today)]`."""
        said = ActionVersion.content_at(self.action, self.seen) or {}
        says = versions.content_of(self.action)
        return [
            (field, said.get(field.value), self.proposed[field.value], says[field.value])
            for field in self.fields
        ]

    @classmethod
    def of_code(cls, code):
        """The correction of this public identifier with all that its page shows, or None."""
        return cls._whole().where(cls.code == code).first()

    @classmethod
    def _whole(cls):
        return (
            cls.select(cls, Action, Organisation, Account)
            .join_from(cls, Action)
            .join(Organisation)
            .join_from(cls, Account, pw.JOIN.LEFT_OUTER, on=cls.account)
        )

    @classmethod
    def made_by(cls, account):
        """A query of those this account proposed; see `page_of`."""
        return cls._whole().where(cls.account == account)

    @classmethod
    def received_by(cls, account):
        """A query of those this account may answer."""
        return cls._whole().where(cls._answered_by(account))

    @classmethod
    def waiting_count(cls, account):
        """How many wait for an answer that this account may give."""
        mine = cls.select().join(Action).where(cls._answered_by(account))
        return mine.where(cls.state == CorrectionState.OPEN).count()

    @classmethod
    def _answered_by(cls, account):
        within = organisations_within(account, Permission.CORRECTION_DECIDE)
        return pw.SQL("1=1") if within is None else Action.organisation << list(within)

    @classmethod
    @transaction
    def propose(cls, action, *, by, seen, topics=(), values=None, message=""):
        """Say what is wrong; `values` holds `{column: value}`, of which only those that differ
        from the version `seen` are proposed."""
        said = ActionVersion.content_at(action, seen) or versions.content_of(action)
        proposed = _changes(said, values or {})
        if not (proposed or topics or message.strip()):
            raise RuleBroken(N_("dites ce qui est à corriger."))
        if not action.is_listed_now:
            raise RuleBroken(N_("Cette fiche n’est plus publiée : elle ne se corrige plus."))
        cls._refuse_flooding(by)
        correction = cls.create(
            action=action,
            account=by,
            topics=[Topic(one).value for one in topics],
            proposed=proposed,
            seen=seen,
            message=message,
        )
        audit.record("correction:propose", correction, by=by, fields=sorted(proposed))
        correction._tell_those_in_charge()
        return correction

    @classmethod
    def _refuse_flooding(cls, by):
        lately = cls.created_at > now() - dt.timedelta(days=1)
        if cls.select().where(cls.account == by, lately).count() >= MOST_A_DAY:
            raise RuleBroken(
                N_("Vous avez proposé %(count)s corrections en un jour : revenez demain."),
                count=MOST_A_DAY,
            )

    def _tell_those_in_charge(self):
        """The author or the managers; those who run the bank when nobody may write there."""
        author = ActionVersion.authors_of([self.action]).get(self.action.id)
        told = [one.account for one in in_charge(team_of(self.action.organisation), author)]
        runners = Account.select().where(Account.role == Role.BANK_ANIMATOR, Account.is_active)
        for account in told or runners:
            self._tell("correction_received", account)

    def _tell(self, kind, account, **values):
        with contextlib.suppress(RuleBroken):  # an address that takes no mail stops nothing
            outbox.post(
                kind,
                account.identifier,
                account.language,
                sheet=one_line(self.action.name),
                code=self.code,
                **values,
            )

    @transaction
    def accept(self, fields, *, by, seen, answer=""):
        """Write the proposed values of these fields in the sheet, on its version `seen`; raises
        `versions.Conflict`, and decides nothing, when somebody changed one of them since."""
        self._hold_open()
        taken = [field for field in self.fields if field in fields]
        if not taken:
            raise RuleBroken(N_("Cochez au moins une valeur à reprendre, ou refusez le tout."))
        values = {
            name: self.proposed[name]
            for field in taken
            for name in field.columns
            if name in self.proposed
        }
        versions.write(self.action, values, by=by, seen=seen, act=Act.CORRECTED, words=self.code)
        self.taken = [field.value for field in taken]
        self._decide(CorrectionState.ACCEPTED, answer, by)

    @transaction
    def reply(self, answer, *, by):
        """Answer without changing the sheet from here."""
        self._hold_open()
        self._decide(CorrectionState.ANSWERED, _needed(answer, N_("Écrivez votre réponse.")), by)

    @transaction
    def decline(self, reason, *, by):
        """Leave the sheet as it is, and say why."""
        self._hold_open()
        reason = _needed(reason, N_("Dites pourquoi la fiche reste comme elle est."))
        self._decide(CorrectionState.DECLINED, reason, by)

    def _hold_open(self):
        """Keep it from others until the act ends; raises when it was decided meanwhile."""
        [current] = held(Correction.select().where(Correction.id == self.id))
        if not current.is_open:
            raise AlreadyDecided(N_("Cette correction a déjà reçu sa réponse."))

    def _decide(self, state, answer, by):
        self.state, self.answer = state, answer
        self.decided_by, self.decided_at = by, now()
        self.save(only=self.dirty_fields)
        audit.record(f"correction:{_VERBS[state]}", self, by=by, fields=self.taken)
        if self.account and self.account.is_active:
            self._tell("correction_decided", self.account, state=state.value)


def _changes(said, values):
    """`{column: value}` of the fields that differ, each with the columns written beside it."""
    if "places_left" in values:
        is_counted = values["places_left"] is not None
        values = {**values, "places_on": today().isoformat() if is_counted else None}
    changed = [field for field in Proposable if values.get(field, said[field]) != said[field]]
    names = [name for field in changed for name in field.columns]
    return {name: values[name] for name in names if values.get(name) != said[name]}


class AlreadyDecided(RuleBroken):
    """Somebody else answered first."""


_VERBS = {
    CorrectionState.ACCEPTED: "accept",
    CorrectionState.ANSWERED: "answer",
    CorrectionState.DECLINED: "decline",
}


def _needed(text, sentence):
    if not text.strip():
        raise RuleBroken(sentence)
    return text


def may_answer(account):
    """Whether this account may answer the corrections of one organisation at least."""
    return organisations_within(account, Permission.CORRECTION_DECIDE) != set()


def page_of(query, *, page, page_size):
    """Those of a page, the ones that wait first, then the latest."""
    waits = pw.Case(None, [(Correction.state == CorrectionState.OPEN, 0)], 1)
    ordered = query.order_by(waits, Correction.created_at.desc(), Correction.id.desc())
    return list(ordered.paginate(page, page_size))
