"""The papers that go with a prescription: chosen with the person, read by its provider alone, and
forgotten by themselves (product.md §3)."""

import peewee as pw

from .. import audit
from ..base import N_, Entity, RuleBroken, Vocabulary, VocabularyField, local_day, transaction
from ..days import first_moment, months_before
from ..sealed import SealedBytesField
from .delays import delays
from .papers import Media
from .prescription import Prescription

MOST = 3
# What the papers of one person may weigh together, over all her prescriptions.
MOST_BYTES_OF_A_PERSON = 30 * 1024 * 1024


class PaperKind(Vocabulary):
    """What a paper is, in closed words: the name of a file would tell more."""

    CV = "cv", N_("CV")
    IDENTITY = "identite", N_("Pièce d’identité")
    ADDRESS = "domicile", N_("Justificatif de domicile")
    CERTIFICATE = "attestation", N_("Attestation")
    DIPLOMA = "diplome", N_("Diplôme")
    OTHER = "autre", N_("Autre papier")


class Attachment(Entity):
    """One paper, whole in its row: nothing of it is ever beside the database. `number` names it for
    its readers, `size` is counted in bytes; `content` is read by `read` alone."""

    prescription = pw.ForeignKeyField(Prescription, backref="attachments", on_delete="CASCADE")
    number = pw.SmallIntegerField()
    kind = VocabularyField(PaperKind)
    media_type = VocabularyField(Media)
    size = pw.IntegerField()
    content = SealedBytesField()

    class Meta:
        indexes = ((("prescription", "number"), True),)

    @property
    def file_name(self):
        """The name under which it is taken away."""
        return f"piece-{self.number}.{self.media_type.suffix}"

    @classmethod
    @transaction
    def add(cls, prescription, kind, paper, *, mover):
        """Join a `Paper` to a draft: one more writing, to be read again before she agrees.

        Raises `RuleBroken`.
        """
        prescription.write(mover)
        present = cls.of(prescription)
        if len(present) >= MOST:
            raise RuleBroken(N_("%(most)d papiers au plus : retirez-en un d’abord."), most=MOST)
        # Two prescriptions of hers cannot pass the limit together.
        prescription.person.hold()
        if cls._weight_of(prescription.person) + len(paper.content) > MOST_BYTES_OF_A_PERSON:
            raise RuleBroken(N_("Les papiers de cette personne prennent déjà toute la place."))
        added = cls(prescription=prescription, kind=kind, media_type=paper.media_type,
                    number=max((one.number for one in present), default=0) + 1,
                    size=len(paper.content))  # fmt: skip
        added.content = paper.content
        added.save(force_insert=True)
        added._record("prescription:attach", mover)
        return added

    @transaction
    def remove(self, *, mover):
        """Take it off a draft; removed twice is once."""
        self.prescription.write(mover)
        if Attachment.delete().where(Attachment.id == self.id).execute():
            self._record("prescription:detach", mover)

    @classmethod
    def of(cls, prescription):
        """Its papers in order, without their contents: one query."""
        return list(cls._named().where(cls.prescription == prescription).order_by(cls.number))

    @classmethod
    def of_code(cls, prescription, code):
        """The paper of this public identifier in this prescription, without its content, or
        None."""
        found = cls._named().where(cls.code == code, cls.prescription == prescription).first()
        if found:
            found.prescription = prescription
        return found

    @classmethod
    @transaction
    def taken_by_provider(cls, prescription, code, *, mover):
        """The same for its provider, with its line in the trail; None when it may not be read any
        more (I3), or is not of this prescription."""
        found = prescription.is_readable_by_provider and cls.of_code(prescription, code)
        if not found:
            return None
        found._record("prescription:download", mover)
        return found

    def read(self):
        """What it holds, as it was made anew when it was received."""
        return Attachment.get_by_id(self.id).content

    @classmethod
    def of_person(cls, person):
        """Those of all her prescriptions, without their contents, the oldest first: one query."""
        rows = cls._named().join(Prescription).where(Prescription.person == person)
        return list(rows.order_by(cls.id))

    @classmethod
    def past_retention(cls, at):
        """The condition of those whose months are over at this moment: counted from the day the
        prescription left, or from its own while it is a draft."""
        before = first_moment(months_before(local_day(at), delays().attachments_months))
        left = Prescription.select(Prescription.id).where(Prescription.sent_at < before)
        waiting = Prescription.select(Prescription.id).where(Prescription.sent_at.is_null())
        is_old = (cls.created_at < before) & (cls.prescription << waiting)
        return (cls.prescription << left) | is_old

    @classmethod
    def _named(cls):
        return cls.select(*(field for field in cls._meta.sorted_fields if field is not cls.content))

    @classmethod
    def _weight_of(cls, person):
        weight = pw.fn.COALESCE(pw.fn.SUM(cls.size), 0)
        return cls.select(weight).join(Prescription).where(Prescription.person == person).scalar()

    def _record(self, act, mover):
        audit.record(
            act, self.prescription, by=mover.actor, person=self.prescription.person,
            organisation=mover.organisation, number=self.number,
        )  # fmt: skip
