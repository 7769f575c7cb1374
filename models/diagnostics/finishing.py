"""Validating a diagnostic: what it still lacks, then sealed with its person (TRAME.md)."""

from ..base import N_, RuleBroken, transaction
from ..questionnaire.shape import Kind
from .answers import Answers
from .domains import DomainLines
from .picture import YearOfPassages

YES = "oui"


def lacks(diagnostic):
    """`(question keys, domains)` that keep it a draft: a question that must be answered, « read
    again together » answered by no, and what two référents wrote otherwise."""
    answers = Answers(diagnostic)
    given, template = answers.given, diagnostic.template
    needed = [
        question.key
        for question in template.questions.values()
        if not question.is_optional and not _settles(question, given.get(question.key))
    ]
    contested = [key for key in answers.contested if key not in needed]
    return needed + contested, DomainLines(diagnostic).contested


def _settles(question, answer):
    return answer == YES if question.kind is Kind.YES_NO else answer is not None


@transaction
def validate(diagnostic, *, by):
    """Seal it, and count what it ends. Raises `RuleBroken` while something is lacking."""
    # Held first: nothing is written between the check and the seal.
    diagnostic.open_for_writing()
    if any(lacks(diagnostic)):
        raise RuleBroken(N_("Il reste des réponses à donner avant de valider."))
    diagnostic.seal(by=by)
    YearOfPassages.count(diagnostic)
