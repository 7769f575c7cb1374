"""What the person carries away of her diagnostics: every row, also the corrected ones, in words."""

from types import SimpleNamespace

import peewee as pw

from ..accounts.account import Account
from ..action_bank.sheets import Action
from ..network.organisations import Organisation
from ..questionnaire.reference import LEVERS, SKILLS
from ..questionnaire.shape import REFUSAL_WORDS, REFUSED, Computed
from .answers import Answer
from .diagnostic import Diagnostic
from .domains import DomainLine
from .needs import NeedDecision


def diagnostics_of(person):
    """Each diagnostic, the latest first, under the names of the columns that it tells."""
    return [
        SimpleNamespace(
            code=one.code, version=f"{one.version.key} {one.version.number}", moment=one.moment,
            created_at=one.created_at, started_by=_name(one.started_by), written_at=one.written_at,
            validated_at=one.validated_at, validated_by=_name(one.validated_by),
        )
        for one in Diagnostic.of_person(person)
    ]  # fmt: skip


def answers_of(person):
    """Every answer she ever gave, also those that another has replaced."""
    return [
        _told(
            row, question=template.questions[row.question].label.fr, state=row.state,
            value=words_of(template, row.question, row.given),
        )
        for template, row in _rows(Answer, person)
    ]  # fmt: skip


def domains_of(person):
    """What was ever noted of each domain, with what she said of it."""
    return [
        _told(
            row, domain=row.domain, content=", ".join(_choices_of(row)), opinion=row.opinion,
            opinion_at=row.opinion_at,
        )
        for _, row in _rows(DomainLine, person)
    ]  # fmt: skip


def needs_of(person):
    """What was ever decided of each need."""
    return [
        _told(row, content=f"{template.needs[row.need].label.fr} : {row.keeping.label}")
        for template, row in _rows(NeedDecision, person)
    ]


def words_of(template, key, given, language="fr"):
    """What an answer says, in the words of its choices; nothing when it was not discussed."""
    if given is None:
        return ""
    if given == REFUSED:
        return REFUSAL_WORDS.get(language, REFUSAL_WORDS["fr"])
    question = template.questions[key]
    values = given if isinstance(given, list) else [given]
    return ", ".join(_label(template, question, value, language) for value in values)


def _label(template, question, value, language):
    if choice := question.choice(value):
        return choice.label.said(language)
    if value in SKILLS:
        return SKILLS[value].said(language)
    if question.computed is Computed.MATCHING_ACTIONS:
        return Action.name_of(value) or value
    if value in template.needs:
        return template.needs[value].label.said(language)
    return str(value)


def _choices_of(line):
    impact = [line.impact.label] if line.impact else []
    return [line.state.label, *impact, *(LEVERS[key].fr for key in line.levers)]


def _rows(table, person):
    """`[(template, row)]` of one table of notes, the latest first, with their names."""
    rows = (
        table.select(table, Account, Organisation)
        .join_from(table, Account, pw.JOIN.LEFT_OUTER)
        .join_from(table, Organisation, pw.JOIN.LEFT_OUTER)
        .join_from(table, Diagnostic)
        .where(Diagnostic.person == person)
        .order_by(table.id.desc())
    )
    diagnostics = {one.id: one for one in Diagnostic.of_person(person)}
    found = []
    for row in rows:
        row.diagnostic = diagnostics[row.diagnostic_id]
        found.append((row.diagnostic.template, row))
    return found


def _told(row, **told):
    return SimpleNamespace(
        diagnostic=row.diagnostic.code, created_at=row.created_at, account=_name(row.account),
        organisation=_name(row.organisation), replaced_at=row.replaced_at is not None, **told,
    )  # fmt: skip


def _name(somebody):
    return somebody and somebody.name
