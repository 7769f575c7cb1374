"""One diagnostic of one person, on one version of a template: a draft, then sealed for ever."""

import peewee as pw

from .. import audit
from ..accounts.account import Account
from ..base import N_, Entity, RuleBroken, Vocabulary, VocabularyField, now, transaction
from ..database import held
from ..network.organisations import Organisation
from ..persons.person import Person
from ..questionnaire.versions import TemplateVersion


class Moment(Vocabulary):
    """When in her path it is led."""

    ENTRY = "entree", N_("Au début")
    FOLLOW_UP = "suivi", N_("Pendant")
    EMPLOYMENT = "emploi", N_("Au début d’un emploi")
    EXIT = "sortie", N_("À la fin")


class Diagnostic(Entity):
    """`slot` makes the living draft of a person on a template unique; it is None once validated.

    `revision` counts the writings: a page tells which one it was made from, so that nothing that
    was not read is written over. `started_by` is None when she began it herself; `previous` is the
    one whose answers it carried on.
    """

    person = pw.ForeignKeyField(Person, backref="diagnostics", on_delete="CASCADE")
    version = pw.ForeignKeyField(TemplateVersion, on_delete="RESTRICT")
    moment = VocabularyField(Moment, default=Moment.ENTRY)
    slot = pw.CharField(max_length=63, null=True, unique=True)
    revision = pw.IntegerField(default=0)
    previous = pw.ForeignKeyField("self", null=True, on_delete="SET NULL")
    started_by = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL")
    written_at = pw.DateTimeField(default=now)
    validated_at = pw.DateTimeField(null=True)
    validated_by = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL")

    @property
    def is_draft(self):
        return self.validated_at is None

    @property
    def template(self):
        return self.version.template

    @classmethod
    def of_person(cls, person):
        """Every diagnostic of hers with its version, the latest first."""
        rows = cls.select(cls, *TemplateVersion.named()).join(TemplateVersion)
        return list(rows.where(cls.person == person).order_by(cls.id.desc()))

    @classmethod
    def of_hers(cls, person, code):
        """Her diagnostic of this public identifier, with its version, or None (I13)."""
        rows = cls.select(cls, *TemplateVersion.named()).join(TemplateVersion)
        found = rows.where(cls.code == code, cls.person == person).first()
        if found:
            found.person = person
        return found

    @classmethod
    def living(cls, person, key):
        """Her draft on a template, with its version, or None."""
        found = (one for one in cls.of_person(person) if one.version.key == key)
        return next((one for one in found if one.is_draft), None)

    @classmethod
    @transaction
    def start(cls, person, version, moment, *, by):
        """The living draft on this template: the one begun already, or a new one."""
        person.hold()
        slot = f"{person.id}:{version.key}"
        if living := cls.get_or_none(cls.slot == slot):
            return living
        if version.is_draft:
            raise RuleBroken(N_("Cette version n’est pas encore publiée."))
        diagnostic = cls.create(
            person=person, version=version, moment=moment, slot=slot,
            previous=cls.latest_validated(person, version.key), started_by=_account(by),
        )  # fmt: skip
        _touch(person)
        audit.record(
            "diagnostic:start", diagnostic, by=by, person=person, template=version.key,
            moment=moment.value,
        )  # fmt: skip
        return diagnostic

    @classmethod
    def latest_validated(cls, person, key):
        """Her last sealed diagnostic on a template, or None."""
        rows = cls.select(cls, *TemplateVersion.named()).join(TemplateVersion)
        mine = rows.where(
            cls.person == person, TemplateVersion.key == key, cls.validated_at.is_null(False)
        )
        return mine.order_by(cls.validated_at.desc(), cls.id.desc()).first()

    def open_for_writing(self):
        """Hold it for one act; raises `RuleBroken` once validated. Counts one more writing."""
        rows = held(Diagnostic.select().where(Diagnostic.id == self.id))
        if not rows or not rows[0].is_draft:
            raise RuleBroken(N_("Ce diagnostic est validé : il ne change plus."))
        self.revision, self.written_at = rows[0].revision + 1, now()
        self.save(only=[Diagnostic.revision, Diagnostic.written_at])
        _touch(self.person)

    @transaction
    def seal(self, *, by):
        """Validate it: it is read, and never changes again."""
        self.open_for_writing()
        self.validated_at, self.validated_by, self.slot = now(), _account(by), None
        self.save(only=self.dirty_fields)
        audit.record("diagnostic:validate", self, by=by, person=self.person)


class Note(Entity):
    """Something noted in a diagnostic, and by whom; a correction adds a row, the former stays.

    `revision` is the writing of the diagnostic that brought it, `replaced_at` the one that replaced
    it. Two notes of one thing may stand together, until somebody chooses: each référent wrote
    without reading the other.
    """

    revision = pw.IntegerField()
    replaced_at = pw.IntegerField(null=True)
    account = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL")
    organisation = pw.ForeignKeyField(Organisation, null=True, on_delete="SET NULL")

    @property
    def stands(self):
        return self.replaced_at is None

    def is_by(self, writer):
        """Whether this writer noted it himself."""
        return self.account_id == (writer.account and writer.account.id)


def sign_notes(notes):
    """Read who wrote these notes, and for whom, in two queries."""
    for model, name in ((Account, "account"), (Organisation, "organisation")):
        numbers = {getattr(note, f"{name}_id") for note in notes} - {None}
        rows = model.select(model.id, model.name).where(model.id << list(numbers))
        known = {row.id: row for row in rows} if numbers else {}
        for note in notes:
            if getattr(note, f"{name}_id") in known:
                setattr(note, name, known[getattr(note, f"{name}_id")])


def stood_at(notes, revision):
    """Those of these notes of one thing that a page made from this revision showed."""
    return [
        note for note in notes
        if note.revision <= revision and (note.stands or note.replaced_at > revision)
    ]  # fmt: skip


class Writer:
    """Who writes, and where he stands: an account for an organisation, or the person herself."""

    def __init__(self, actor, organisation=None):
        self.actor = actor
        self.organisation = organisation

    @property
    def account(self):
        return _account(self.actor)


def _account(actor):
    return None if actor is None or actor.is_accompanied else actor


def _touch(person):
    person.touch()
    person.save(only=person.dirty_fields)
