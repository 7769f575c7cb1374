"""The person accompanied: the least that must be known of her, sealed, and who may open it."""

import functools
import hashlib
import operator

import peewee as pw

from .. import audit
from ..accounts.account import Account
from ..base import N_, Entity, Vocabulary, VocabularyField, today, transaction
from ..database import held
from ..editing import EditConflict
from ..network.organisations import Organisation
from ..permissions import Standing
from ..sealed import SealedField
from ..sealing import fingerprint, fingerprints
from ..territories import commune
from . import codes, identity

IDENTIFIER_LENGTH = 8
# Sealed column → how it is compared, and the fingerprint that finds it again.
FOUND_BY = {
    "family_name": (identity.compared, "family_hash"),
    "given_name": (identity.compared, "given_hash"),
    "phone": (str, "phone_hash"),
    "email": (str, "email_hash"),
}
# What two files of one person have in common: these columns together, or one of the others.
_TELLING = (("family_name", "given_name", "birth_year"), ("phone",), ("email",))
IDENTITY = (*FOUND_BY, "birth_year", "commune_code", "contact_by", "language", "receives_rsa")


class ContactBy(Vocabulary):
    """How the person wants to be reached."""

    PHONE = "telephone", N_("Par téléphone")
    SMS = "sms", N_("Par SMS")
    EMAIL = "courriel", N_("Par courriel")
    DESK = "guichet", N_("Au guichet, je passerai")

    @property
    def needs(self):
        """The column without which nobody can reach her so, or None."""
        return {"telephone": "phone", "sms": "phone", "courriel": "email"}.get(self.value)


class Declared(Vocabulary):
    """What the person says, or does not."""

    YES = "oui", N_("Oui")
    NO = "non", N_("Non")
    UNSAID = "non-dit", N_("Ne veut pas le dire")


def new_identifier():
    """What the person types with her code: forty bits, eight symbols that cannot be misread."""
    return codes.draw(IDENTIFIER_LENGTH)


class PersonRights:
    """What the person may do: with her own file, and nobody else's."""

    standings = {Standing.PERSON: frozenset()}
    places = ()
    is_in_network = may_write = False


class Person(Entity):
    """Somebody accompanied. `code` is in the addresses of professionals, `identifier` is what she
    types; `started_by` opened the file for `started_in`, and reads nothing of it without her
    agreement. `last_contact_on` is the last day she or a référent did something (access.md §4.5).
    """

    identifier = pw.CharField(max_length=IDENTIFIER_LENGTH, unique=True, default=new_identifier)
    family_name = SealedField(null=True)
    given_name = SealedField(null=True)
    phone = SealedField(null=True)
    email = SealedField(null=True)
    family_hash = pw.CharField(max_length=48, null=True)
    given_hash = pw.CharField(max_length=48, null=True)
    phone_hash = pw.CharField(max_length=48, null=True, index=True)
    email_hash = pw.CharField(max_length=48, null=True, index=True)
    birth_year = pw.SmallIntegerField(null=True)
    commune_code = pw.CharField(max_length=5, null=True)
    contact_by = VocabularyField(ContactBy, default=ContactBy.DESK)
    language = pw.CharField(max_length=5, default="fr")
    # REQ-14: said by the person, without any amount; never in an export that names people.
    receives_rsa = VocabularyField(Declared, default=Declared.UNSAID)
    access_hash = pw.CharField(max_length=200, null=True)
    access_made_at = pw.DateTimeField(null=True)
    # The code just drawn, readable by who drew it until it is handed over (`codes`).
    fresh_access = SealedField(null=True)
    fresh_access_for = pw.BigIntegerField(null=True)
    started_by = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL")
    started_in = pw.ForeignKeyField(Organisation, null=True, on_delete="SET NULL")
    last_contact_on = pw.DateField(default=today, index=True)
    closed_at = pw.DateTimeField(null=True)
    anonymised_at = pw.DateTimeField(null=True)
    is_demonstration = pw.BooleanField(default=False)

    is_accompanied = True
    rights = PersonRights()
    # The link by which `is_open_to` last said yes; never asked instead of it (I2).
    opened_through = None

    class Meta:
        indexes = ((("family_hash", "given_hash", "birth_year"), False),)

    @property
    def person_id(self):
        """Herself: what holds for the things of a person holds for her."""
        return self.id

    @property
    def name(self):
        return " ".join(filter(None, (self.given_name, self.family_name)))

    @functools.cached_property
    def commune(self):
        return commune(self.commune_code)

    @property
    def is_open(self):
        return self.closed_at is None and self.anonymised_at is None

    @property
    def may_come_back(self):
        """Closed by herself, and not forgotten yet."""
        return self.closed_at is not None and self.anonymised_at is None

    def describe(self, **values):
        """Set what `IDENTITY` lists, each sealed value with its fingerprint; saves nothing."""
        for column, value in values.items():
            if column not in IDENTITY:
                raise ValueError(column)
            setattr(self, column, value or None if column in FOUND_BY else value)
            if column in FOUND_BY:
                compare, found_by = FOUND_BY[column]
                setattr(self, found_by, fingerprint(compare(value), column) if value else None)

    @property
    def stamp(self):
        """Which words of the identity were read (`models/editing`)."""
        words = "\0".join(str(getattr(self, column)) for column in IDENTITY)
        return hashlib.sha256(words.encode()).hexdigest()[:16]

    @transaction
    def rewrite_identity(self, values, *, by, seen=None):
        """Write what changed of the identity; the trail says which columns, never which words.

        Raises `EditConflict` when the file no longer says what was `seen`, unless it says already
        what is to be written.
        """
        [recorded] = held(Person.select().where(Person.id == self.id))
        is_news = any(getattr(recorded, column) != value for column, value in values.items())
        if seen and seen != recorded.stamp and is_news:
            raise EditConflict(recorded)
        before = {column: getattr(recorded, column) for column in values}
        self.describe(**values)
        changed = sorted(column for column in values if getattr(self, column) != before[column])
        if changed:
            self.touch()
            self.save(only=self.dirty_fields)
            audit.record("file:write", self, by=by, person=self, columns=changed)
        return changed

    def hold(self):
        """Keep what concerns her for one act alone, until its transaction ends."""
        held(Person.select(Person.id).where(Person.id == self.id))

    def touch(self):
        """Somebody was in contact today; saved with what follows."""
        self.last_contact_on = today()

    def is_open_to(self, account, organisations):
        """Whether this account accompanies her in one of these organisations, with her agreement
        for it today (I1): the other terms are those of the right to write there."""
        from .accompaniments import Accompaniment

        self.opened_through = self.is_open and Accompaniment.opening(account, organisations, self)
        return bool(self.opened_through)

    def was_started_by(self, account, organisations):
        """Whether this account has just opened the file, which nobody was given yet."""
        from .agreements import Agreement

        mine = self.started_by_id == account.id and self.started_in_id in organisations
        return mine and self.is_open and not Agreement.ever_given(self)

    @classmethod
    def of_identifier(cls, text):
        """The person of this identifier, however it was typed, or None."""
        return cls.get_or_none(cls.identifier == codes.tidy(text)) if text else None

    @classmethod
    def started_and_waiting(cls, account, organisations):
        """The files that this account has opened, and to which nobody was agreed yet."""
        from .agreements import Agreement

        mine = (cls.started_by == account) & (cls.started_in << list(organisations))
        agreed = Agreement.select(Agreement.person)
        rows = cls.select().where(mine, cls.closed_at.is_null(), cls.id.not_in(agreed))
        return [one for one in rows.order_by(cls.id.desc()) if one.is_open]

    @classmethod
    def resembling(cls, values):
        """The open files of the same names and year, or of the same telephone or e-mail: whoever
        asks is told that there are some, and nothing of them (REQ-41)."""
        same = [
            functools.reduce(operator.and_, (_matching(cls, c, values[c]) for c in columns))
            for columns in _TELLING
            if all(values.get(column) for column in columns)
        ]
        if not same:
            return []
        alike = functools.reduce(operator.or_, same)
        return list(cls.select().where(alike, cls.closed_at.is_null()).order_by(cls.id))

    @classmethod
    def looked_for(cls, *, besides=(), **criteria):
        """The open files that match every one of these exact criteria, which are at least two:
        `family_name`, `given_name`, `phone`, `email`, `birth_year`, `commune_code`."""
        if len(criteria) < 2:
            raise ValueError("two criteria at least")
        matches = [_matching(cls, column, value) for column, value in criteria.items()]
        return cls.select().where(*matches, *besides, cls.closed_at.is_null())


def _matching(model, column, value):
    if column not in FOUND_BY:
        return getattr(model, column) == value
    compare, found_by = FOUND_BY[column]
    return getattr(model, found_by) << fingerprints(compare(value), column)
