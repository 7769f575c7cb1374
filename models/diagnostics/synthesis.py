"""What a diagnostic says, strengths first: no score, no total, nothing that was not said (REQ-35).

Only what is open to the reader is read: an answer that is not shown to him proposes nothing either.
"""

import functools
from dataclasses import dataclass, replace

from ..base import N_, Vocabulary
from ..persons.sharing import Domain
from ..questionnaire.deriving import DomainState, derive
from ..questionnaire.reference import AUTONOMY, SKILLS
from ..questionnaire.shape import HIGHEST, REFUSED, Choice, Computed, Need, Question
from .answers import Answers
from .domains import DomainLine
from .needs import NeedDecision, Wish

_SKILL_LISTS = (Computed.SKILLS, Computed.SUGGESTED_SKILLS)


class Silence(Vocabulary):
    """Why nothing is known of a domain: three things that never look alike."""

    NOT_DISCUSSED = "pas-aborde", N_("Pas abordé")
    REFUSED = "refus", N_("Préfère ne pas répondre")
    NOTHING = "rien", N_("Abordé, rien de noté")


@dataclass(frozen=True, slots=True)
class Strength:
    """An answer that is a point to lean on: the question, and what was chosen there."""

    question: Question
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class NeedLine:
    """A need and where it comes from; `rank` counts the needs to answer from 1, None once she said
    that she does not want this one."""

    need: Need
    question: Question
    choice: Choice | None
    wish: Wish | None
    is_priority: bool
    rank: int | None = None

    @property
    def is_declined(self):
        return self.wish is Wish.NO


@dataclass(frozen=True, slots=True)
class DomainView:
    """One domain: what the answers say of it, and the lines that were chosen. Several lines stand
    until somebody chooses between two référents."""

    domain: Domain
    strengths: tuple[Strength, ...]
    needs: tuple[NeedLine, ...]
    declined: tuple[NeedLine, ...]
    lines: tuple[DomainLine, ...]
    proposed: DomainState
    silence: Silence
    is_folded: bool

    @property
    def line(self):
        """The line that was chosen last, or None: the answers then propose."""
        return self.lines[-1] if self.lines else None

    @property
    def state(self):
        return self.line.state if self.lines else self.proposed

    @property
    def words(self):
        """The French label of where it stands."""
        is_silent = self.state is DomainState.NOT_DISCUSSED
        return (self.silence if is_silent else self.state).label


class Synthesis:
    """The synthesis of one diagnostic for one reader, from three readings of the database."""

    def __init__(self, diagnostic, opened):
        self.diagnostic = diagnostic
        self.template = diagnostic.template
        self._opened = opened
        answers = Answers(diagnostic)
        self._given = self._counted(answers.given)
        self._lines = DomainLine.standing(diagnostic)
        self._decisions = NeedDecision.standing(diagnostic)
        self.contested = sum(map(self._shows, answers.contested))
        self.derived = derive(self.template, self._given, declined=self._declined)
        # What the most sensitive answers propose elsewhere than in their own domain stays there.
        self._plain = derive(self.template, self._ordinary, declined=self._declined)

    def _counted(self, given):
        """The answers that count, and may be read; those of another domain than hers to share do
        not even propose a state."""
        counted = derive(self.template, given).answers
        return {key: value for key, value in counted.items() if self._shows(key)}

    @property
    def _ordinary(self):
        questions = self.template.questions
        return {k: v for k, v in self._given.items() if questions[k].sensitivity < HIGHEST}

    def _shows(self, key):
        return key in self.template.questions and self._opened.shows(self.template.questions[key])

    @functools.cached_property
    def _declined(self):
        return {key for key, one in self._decisions.items() if one.keeping is Wish.NO}

    def answer(self, key):
        """What was answered to a question that the reader may read, or None."""
        return self._given.get(key)

    # Domains

    @functools.cached_property
    def views(self):
        """Every domain open to the reader of which the template asks something."""
        return tuple(self._view(domain) for domain in self._asked if self._opens(domain))

    @property
    def domains(self):
        """Those that show at once: the most sensitive ones wait until one asks."""
        return tuple(view for view in self.views if not view.is_folded)

    @property
    def folded(self):
        return tuple(view for view in self.views if view.is_folded)

    @property
    def closed(self):
        """The domains that she does not share with the reader."""
        return tuple(domain for domain in self._asked if not self._opens(domain))

    def view(self, domain):
        """The `DomainView` of a domain, or None when it is not asked about, or not open."""
        return next((view for view in self.views if view.domain is domain), None)

    def _opens(self, domain):
        return self._opened.shows_domain(domain)

    @functools.cached_property
    def _asked(self):
        spoken_of = {question.domain for question in self.template.questions.values()}
        spoken_of |= {line.need.domain for line in self.needs}
        return tuple(domain for domain in Domain if domain in spoken_of)

    def _view(self, domain):
        mine = [line for line in self._every_need if self._home(line) is domain]
        is_folded = self._opened.is_folded(domain)
        derived = self.derived if is_folded else self._plain
        return DomainView(
            domain=domain,
            strengths=tuple(self._strengths(domain)),
            needs=tuple(line for line in mine if not line.is_declined),
            declined=tuple(line for line in mine if line.is_declined),
            lines=tuple(self._lines.get(domain, ())),
            proposed=derived.state(domain),
            silence=self._silence(domain),
            is_folded=is_folded,
        )

    def _strengths(self, domain):
        for question in self._questions(domain):
            chosen = question.chosen(self._given.get(question.key))
            if held := tuple(one for one in chosen if one.state == DomainState.STRENGTH):
                yield Strength(question, held)

    def _silence(self, domain):
        said = [self._given[one.key] for one in self._questions(domain) if one.key in self._given]
        if not said:
            return Silence.NOT_DISCUSSED
        return Silence.REFUSED if all(one == REFUSED for one in said) else Silence.NOTHING

    def _questions(self, domain):
        mine = [one for one in self.template.questions.values() if one.domain is domain]
        if self._opened.is_folded(domain):
            return mine
        return [one for one in mine if one.sensitivity < HIGHEST]

    def _home(self, line):
        """The domain under which a need shows: one that a most sensitive answer raises stays with
        its question."""
        domain = line.need.domain
        if self.is_folded(line) and not self._opened.is_folded(domain):
            return line.question.shared_with
        return domain

    # Needs

    @property
    def needs(self):
        """Those to answer: her priorities first, then in the order they were raised; the most
        sensitive ones last."""
        return tuple(line for line in self._every_need if not line.is_declined)

    @property
    def priorities(self):
        """Those to start with, but for the most sensitive ones."""
        return tuple(line for line in self.needs if line.is_priority and not self.is_folded(line))

    @functools.cached_property
    def _every_need(self):
        lines = [
            self._need(raised)
            for raised in (self.derived.raised | self._plain.raised).values()
            if self._opened.shows_need(self.template, raised)
        ]
        first = {key: place for place, key in enumerate(self.priority_keys)}
        lines.sort(key=lambda line: (self.is_folded(line), first.get(line.need.key, len(first))))
        wanted = [line for line in lines if not line.is_declined]
        ranks = {line.need.key: rank for rank, line in enumerate(wanted, start=1)}
        return tuple(replace(line, rank=ranks.get(line.need.key)) for line in lines)

    def _need(self, raised):
        question = self.template.questions[raised.question]
        decision = self._decisions.get(raised.need)
        return NeedLine(
            need=self.template.needs[raised.need],
            question=question,
            choice=question.choice(raised.value),
            wish=decision and decision.keeping,
            is_priority=raised.need in self.priority_keys,
        )

    @functools.cached_property
    def priority_keys(self):
        """The needs chosen in the lists of needs, without those she put aside since."""
        chosen = []
        for question in self.template.questions.values():
            answer = self._given.get(question.key)
            if question.computed is Computed.RAISED_NEEDS and isinstance(answer, list):
                chosen += [key for key in answer if key not in self._declined]
        return tuple(dict.fromkeys(chosen))

    def is_folded(self, line):
        """Whether a need is masked until one asks for it."""
        return self.template.sensitivity_of(line.need.key, line.question.key) == HIGHEST

    # What else was said

    @functools.cached_property
    def skills_chosen(self):
        """The soft skills that she ticked herself: `[(key, words)]`."""
        ticked = [
            key
            for question in self.template.questions.values()
            if question.computed in _SKILL_LISTS
            for key in self._several(question.key)
        ]
        return [(key, SKILLS[key]) for key in dict.fromkeys(ticked) if key in SKILLS]

    @property
    def skills_suggested(self):
        """Those that her answers suggest, and that she has not ticked (REQ-40)."""
        chosen = {key for key, _ in self.skills_chosen}
        suggested = [key for key in self.derived.strengths if key in SKILLS]
        return [(key, SKILLS[key]) for key in suggested if key not in chosen]

    def _several(self, key):
        answer = self._given.get(key)
        return answer if isinstance(answer, list) else ()

    @property
    def to_talk(self):
        """The questions that she would rather talk about, the most sensitive ones apart."""
        asked = (self.template.questions[key] for key in self.derived.to_talk)
        return [one for one in asked if one.sensitivity < HIGHEST]

    @property
    def autonomy(self):
        """`[(field, its needs, [(domain, view or None)])]` of the seven fields (REQ-193). A domain
        tells of several fields: a field repeats its state under its own name, and claims nothing.
        """
        by_key = {line.need.key: line for line in self.needs if not self.is_folded(line)}
        return [
            (
                field,
                [by_key[key] for key in field.needs if key in by_key],
                [(domain, self.view(domain)) for domain in field.domains],
            )
            for field in AUTONOMY
        ]

    def silent(self, silence):
        """The domains that show, and of which nothing is known for this reason."""
        return [
            view.domain
            for view in self.domains
            if view.state is DomainState.NOT_DISCUSSED and view.silence is silence
        ]

    @property
    def silences(self):
        """`[(Silence, domains)]` of those that are not empty."""
        return [(silence, found) for silence in Silence if (found := self.silent(silence))]

    @property
    def is_silent(self):
        """Whether something remains unknown, to be talked about, or not shared."""
        return bool(self.closed or self.to_talk or self.silences)
