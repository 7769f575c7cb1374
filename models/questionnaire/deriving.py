"""What a set of answers means: needs, strengths, the state proposed for each domain.

A pure function of a template and answers: no score, nothing that is not ticked (TRAME.md, REQ-35).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ..base import N_, Vocabulary
from ..persons.sharing import Domain


class DomainState(Vocabulary):
    """Where a domain stands. « Not discussed » is not « nothing to say »."""

    NOT_DISCUSSED = "pas-aborde", N_("Pas abordé")
    STRENGTH = "point-d-appui", N_("Point d’appui")
    NEED = "besoin", N_("Besoin")
    NO_OBSTACLE = "pas-d-obstacle", N_("Pas d’obstacle")


@dataclass(frozen=True, slots=True)
class Raised:
    """A need and the answer that raised it first."""

    need: str
    question: str
    value: object


@dataclass(frozen=True)
class Derived:
    """`answers` are those that count, `hidden` the keys of those that are no longer asked.

    `passing` needs come from a question whose answer is never kept: they are shown, then forgotten.
    `to_talk` are the questions that she would rather talk about; `urgent` the sections whose
    contacts must be read at once.
    """

    answers: Mapping[str, object]
    hidden: tuple[str, ...]
    raised: Mapping[str, Raised]
    passing: tuple[str, ...]
    strengths: tuple[str, ...]
    states: Mapping[Domain, DomainState]
    to_talk: tuple[str, ...]
    urgent: tuple[str, ...]

    def thematics(self, template):
        """The themes of data·inclusion to search, in the order of the needs."""
        found = (theme for need in self.raised for theme in template.needs[need].thematics)
        return tuple(dict.fromkeys(found))

    def state(self, domain):
        return self.states.get(domain, DomainState.NOT_DISCUSSED)


def derive(template, answers, *, declined=frozenset()):
    """The `Derived` of `{question key: value, list of values or REFUSED}`.

    `declined` are the needs that the person did not keep: they no longer make a domain a need.
    Questions are read in their order: one whose condition fails loses its answer, and those that
    hang on it lose theirs.
    """
    counted, hidden, chosen = {}, [], []
    for question in template.questions.values():
        if question.key not in answers:
            continue
        if not question.is_shown(counted):
            hidden.append(question.key)
            continue
        counted[question.key] = answers[question.key]
        chosen += [(question, choice) for choice in question.chosen(answers[question.key])]
    raised = _raised(chosen)
    passing = {key for question, choice in chosen if not question.is_kept for key in choice.needs}
    return Derived(
        answers=counted,
        hidden=tuple(hidden),
        raised=raised,
        passing=tuple(sorted(passing)),
        strengths=_each_once(skill for _, choice in chosen for skill in choice.strengths),
        states=_states(template, chosen, raised.keys() - declined),
        to_talk=_each_once(question.key for question, choice in chosen if choice.is_to_talk),
        urgent=_each_once(
            template.section_of[question.key].key for question, choice in chosen if choice.is_urgent
        ),
    )


def _raised(chosen):
    raised = {}
    for question, choice in chosen:
        if question.is_kept:
            for need in choice.needs:
                raised.setdefault(need, Raised(need, question.key, choice.value))
    return raised


def _states(template, chosen, needs):
    """A need outweighs a strength, which outweighs « no obstacle »."""
    said = {(question.domain, choice.state) for question, choice in chosen}
    in_need = {template.needs[key].domain for key in needs}
    states = {}
    for domain in Domain:
        if domain in in_need:
            states[domain] = DomainState.NEED
        elif (domain, DomainState.STRENGTH) in said:
            states[domain] = DomainState.STRENGTH
        elif (domain, DomainState.NO_OBSTACLE) in said:
            states[domain] = DomainState.NO_OBSTACLE
    return states


def _each_once(values):
    return tuple(dict.fromkeys(values))
