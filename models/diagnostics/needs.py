"""What she keeps of the needs that her answers raise: yes, no, not yet; never chosen for her."""

import json

import peewee as pw

from .. import audit
from ..base import N_, RuleBroken, Vocabulary, transaction
from ..questionnaire.deriving import derive
from ..sealed import SealedField
from .answers import Answers
from .diagnostic import Diagnostic, Note, stood_at

STRANGE = N_("Ce besoin ne vient d’aucune réponse : rechargez la page.")


class Wish(Vocabulary):
    """Whether she wants a need to be answered."""

    YES = "oui", N_("Oui, je veux avancer sur ce point")
    NO = "non", N_("Non")
    NOT_YET = "pas-encore", N_("Pas encore")


class NeedDecision(Note):
    """What was decided of one need; `content` is sealed JSON `{"besoin", "garde"}`, so that the
    database does not tell who needs what. Without a row, nothing was decided."""

    diagnostic = pw.ForeignKeyField(Diagnostic, backref="need_decisions", on_delete="CASCADE")
    content = SealedField()

    @property
    def need(self):
        return json.loads(self.content)["besoin"]

    @property
    def keeping(self):
        return Wish(json.loads(self.content)["garde"])

    @classmethod
    def standing(cls, diagnostic):
        """`{need key: NeedDecision}`."""
        rows = cls.select().where(cls.diagnostic == diagnostic, cls.replaced_at.is_null())
        return {row.need: row for row in rows.order_by(cls.id)}

    @classmethod
    def unread(cls, diagnostic, decisions, seen):
        """The `{need key: Wish}` that differ from what a page of the revision `seen` showed: what
        was left as it was is never written over."""
        rows = {}
        for row in cls.select().where(cls.diagnostic == diagnostic).order_by(cls.id):
            rows.setdefault(row.need, []).append(row)
        shown = {key: [row.keeping for row in stood_at(rows[key], seen)] for key in rows}
        return {key: wish for key, wish in decisions.items() if shown.get(key, []) != [wish]}

    @classmethod
    def decide_known(cls, diagnostic, decisions, known, *, writer, seen=None):
        """`decide` of the needs `known`, which a page shows; they are written when `RuleBroken` is
        raised for the others, whether these exist or not."""
        written = {key: wish for key, wish in decisions.items() if key in known}
        cls.decide(diagnostic, written, writer=writer, seen=seen)
        if written != decisions:
            raise RuleBroken(STRANGE)

    @classmethod
    @transaction
    def decide(cls, diagnostic, decisions, *, writer, seen=None):
        """Write `{need key: Wish}`, with the person there; those that the page of the revision
        `seen` showed already are left alone. Raises `RuleBroken` for a need that no answer
        raises."""
        diagnostic.open_for_writing()
        if seen is not None:
            decisions = cls.unread(diagnostic, decisions, seen)
        raised = derive(diagnostic.template, Answers(diagnostic).given).raised
        if not decisions.keys() <= raised.keys():
            raise RuleBroken(STRANGE)
        former = cls.standing(diagnostic)
        for key, keeping in decisions.items():
            if key in former and former[key].keeping is keeping:
                continue
            if key in former:
                former[key].replaced_at = diagnostic.revision
                former[key].save(only=[cls.replaced_at])
            cls.create(
                diagnostic=diagnostic, revision=diagnostic.revision, account=writer.account,
                organisation=writer.organisation,
                content=json.dumps({"besoin": key, "garde": keeping.value}),
            )  # fmt: skip
        audit.record(
            "diagnostic:need", diagnostic, by=writer.actor, person=diagnostic.person,
            organisation=writer.organisation,
        )  # fmt: skip
