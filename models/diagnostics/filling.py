"""Filling a diagnostic: what a form says is written answer by answer, and nothing is written over
that its writer had not read (REQ-30)."""

from typing import NamedTuple

from .. import audit
from ..base import RuleBroken, transaction
from ..questionnaire.deriving import derive
from ..questionnaire.reference import SKILLS
from ..questionnaire.shape import Computed
from .answers import Answer, Answers, AnswerState
from .reading import read_answer


class Saved(NamedTuple):
    """What a form did. `written` and `lost` (no longer asked) are keys of questions; `contested`
    those that another référent answered otherwise meanwhile: both stand. `faults` gives each
    answer that was refused its `RuleBroken`. `unasked` are questions that were answered although
    the other answers do not lead to them: nothing is kept. `passing` are needs shown once and never
    kept; `urgent` the sections whose contacts are read at once."""

    written: tuple[str, ...]
    lost: tuple[str, ...]
    unasked: tuple[str, ...]
    contested: tuple[str, ...]
    faults: dict[str, RuleBroken]
    passing: tuple[str, ...]
    urgent: tuple[str, ...]


def offered(template, answers, *, actions=()):
    """`{question key: values}` of the computed lists, from the answers so far; `actions` are the
    codes of those that answer the needs."""
    derived = derive(template, answers)
    lists = {
        Computed.SKILLS: tuple(SKILLS),
        Computed.SUGGESTED_SKILLS: derived.strengths,
        Computed.RAISED_NEEDS: tuple(derived.raised),
        Computed.MATCHING_ACTIONS: tuple(actions),
    }
    return {one.key: lists[one.computed] for one in template.questions.values() if one.computed}


@transaction
def save(diagnostic, form, *, seen, writer, keys, actions=(), read=None):
    """Write what changed of the questions `keys`, and say what happened: a `Saved`.

    `form` maps a question key to the texts of its field; `seen` is the revision that the page was
    made from; `read` are the `Answers` of it that were read already. Raises `RuleBroken` when the
    diagnostic no longer changes.
    """
    diagnostic.open_for_writing()
    template, answers = diagnostic.template, read.renewed() if read else Answers(diagnostic)
    typed, faults = _read(template, answers, form, keys, actions)
    passing = _passing(template, typed)
    changes = {
        key: value for key, value in typed.items()
        if template.questions[key].is_kept and value != answers.seen(key, seen)
    }  # fmt: skip
    merged = {k: v for k, v in (answers.given | changes).items() if v is not None}
    derived = derive(template, merged)
    rows, replaced, contested = _plan(answers, changes, derived, seen, writer)
    _write(rows, replaced, diagnostic.revision)
    audit.record(
        "diagnostic:write", diagnostic, by=writer.actor, person=diagnostic.person,
        organisation=writer.organisation, answers=len(rows),
    )  # fmt: skip
    return Saved(
        written=tuple(row.question for row in rows if row.state is not AnswerState.HIDDEN),
        lost=derived.hidden,
        unasked=_unasked(answers, changes, derived),
        contested=contested,
        faults=faults,
        passing=passing.passing,
        urgent=tuple(dict.fromkeys((*derived.urgent, *passing.urgent))),
    )


def _read(template, answers, form, keys, actions):
    """`(typed, faults)`: each question of the form with its answer, or with why it is refused."""
    typed, faults = {}, {}
    lists = offered(template, answers.given, actions=actions)
    for key in keys:
        try:
            typed[key] = read_answer(template.questions[key], form.get(key, ()), lists.get(key, ()))
        except RuleBroken as broken:
            faults[key] = broken
    return typed, faults


def _passing(template, typed):
    """What the answers that are never kept mean, by themselves."""
    kept = template.questions
    return derive(template, {key: given for key, given in typed.items() if not kept[key].is_kept})


def _plan(answers, changes, derived, seen, writer):
    """`(rows to add, rows they replace, questions where several now stand)`."""
    rows, replaced, contested = [], [], []
    asked = {key: value for key, value in changes.items() if key not in derived.hidden}
    for key, value in asked.items():
        standing = answers.standing(key)
        if len(standing) == 1 and standing[0].given == value:
            continue
        rivals = [row for row in standing if row.revision > seen and not row.is_by(writer)]
        rows.append(Answer.told(answers.diagnostic, key, value, writer))
        replaced += [row for row in standing if row not in rivals]
        contested += [key] if rivals else []
    for key in derived.hidden:
        if standing := answers.standing(key):
            rows.append(
                Answer.told(answers.diagnostic, key, None, writer, absent=AnswerState.HIDDEN)
            )
            replaced += standing
    return rows, replaced, tuple(contested)


def _unasked(answers, changes, derived):
    """What was answered for nothing; an answer that stood is erased, which is said apart."""
    said = (key for key, value in changes.items() if value is not None)
    return tuple(key for key in said if key in derived.hidden and not answers.standing(key))


def _write(rows, replaced, revision):
    if replaced:
        ids = [row.id for row in replaced]
        Answer.update(replaced_at=revision).where(Answer.id << ids).execute()
    if rows:
        # As they are kept: the values are sealed already.
        Answer.insert_many([row.__data__ for row in rows]).execute()


def conflicts(answers):
    """`{question key: [Answer]}` where several référents answered without reading each other."""
    return {key: answers.standing(key) for key in answers.contested}
