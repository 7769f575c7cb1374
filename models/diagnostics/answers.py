"""Answers to the questions of a template: one row per answer, a correction adds another."""

import functools
import json

import peewee as pw

from ..base import N_, Vocabulary, VocabularyField
from ..questionnaire.shape import REFUSED
from ..sealed import SealedField
from .diagnostic import Diagnostic, Note, stood_at


class AnswerState(Vocabulary):
    """What became of a question. Without a row, it was not discussed."""

    ANSWERED = "repondu", N_("Répondu")
    REFUSED = "refus", N_("Préfère ne pas répondre")
    TAKEN_BACK = "retire", N_("Remis à « pas abordé »")
    HIDDEN = "cache", N_("Effacé par une autre réponse")


class Answer(Note):
    """What was answered to one question; `value` is sealed JSON, None unless it was answered."""

    diagnostic = pw.ForeignKeyField(Diagnostic, backref="answers", on_delete="CASCADE")
    question = pw.CharField(max_length=40)
    state = VocabularyField(AnswerState)
    value = SealedField(null=True)

    class Meta:
        indexes = ((("diagnostic", "question"), False),)

    @functools.cached_property
    def given(self):
        """The value, the list of values, `REFUSED`, or None: « not discussed »."""
        if self.state is AnswerState.REFUSED:
            return REFUSED
        return None if self.value is None else json.loads(self.value)

    @classmethod
    def told(cls, diagnostic, question, given, writer, *, absent=AnswerState.TAKEN_BACK):
        """A row to be written; when nothing is given, `absent` says why."""
        row = cls(
            diagnostic=diagnostic, question=question, revision=diagnostic.revision,
            account=writer.account, organisation=writer.organisation, state=absent, value=None,
        )  # fmt: skip
        if given == REFUSED:
            row.state = AnswerState.REFUSED
        elif given is not None:
            row.state, row.value = AnswerState.ANSWERED, json.dumps(given)
        return row


class Answers:
    """Every answer of one diagnostic, with those they replaced: one reading of the table."""

    def __init__(self, diagnostic):
        self.diagnostic, self._revision = diagnostic, diagnostic.revision
        rows = Answer.select().where(Answer.diagnostic == diagnostic).order_by(Answer.id)
        self.rows = list(rows)
        self._by_question = {}
        for row in self.rows:
            self._by_question.setdefault(row.question, []).append(row)

    def renewed(self):
        """Once the diagnostic is held for writing: these, or what was written since they were
        read."""
        is_last = self.diagnostic.revision == self._revision + 1
        return self if is_last else Answers(self.diagnostic)

    @property
    def standing_rows(self):
        """Every row that stands, whatever its question."""
        return [row for row in self.rows if row.stands]

    def standing(self, question):
        """The rows that stand: one, none, or several that nobody has chosen from yet."""
        return [row for row in self._by_question.get(question, ()) if row.stands]

    @property
    def contested(self):
        """The questions with several standing answers."""
        return [key for key in self._by_question if len(self.standing(key)) > 1]

    @functools.cached_property
    def given(self):
        """`{question: value}` of what was said; the latest, where several stand."""
        found = {}
        for key in self._by_question:
            for row in self.standing(key)[-1:]:
                if (value := row.given) is not None:
                    found[key] = value
        return found

    def history(self, question):
        """Every row of a question, the latest first."""
        return self._by_question.get(question, [])[::-1]

    def seen(self, question, revision):
        """What a page made from this revision showed; None when it was no answer, or several."""
        stood = stood_at(self._by_question.get(question, ()), revision)
        return stood[0].given if len(stood) == 1 else None
