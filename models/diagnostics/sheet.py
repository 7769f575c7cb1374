"""One diagnostic as one reader may see and fill it: what is asked, closed, masked, or not asked.

Everything of it is read in four queries, whatever the number of answers; two, when a form is only
received.
"""

import enum
import functools
from dataclasses import dataclass, field

from ..base import RuleBroken
from ..persons.sharing import Domain
from ..questionnaire.deriving import derive
from ..questionnaire.reference import SKILLS
from ..questionnaire.shape import HIGHEST, REFUSED, Computed, Words
from .answers import Answers, AnswerState
from .diagnostic import sign_notes
from .domains import DomainLines
from .filling import offered
from .needs import NeedDecision, Wish
from .reading import read_answer


@dataclass(slots=True)
class Asked:
    """A question that this reader may answer. `texts` are those that its field holds, `options`
    `[(text, Words)]` what may be chosen, `notes` the answers that stand, with who wrote them;
    `leads` says that other questions hang on it."""

    question: object
    texts: tuple[str, ...]
    options: list[tuple[str, Words]]
    notes: list
    leads: bool

    @property
    def key(self):
        return self.question.key

    @property
    def is_contested(self):
        """Several référents answered without reading each other, and nobody has chosen yet."""
        return len(self.notes) > 1

    @property
    def is_discussed(self):
        return bool(self.notes) and any(note.given is not None for note in self.notes)

    @property
    def is_refused(self):
        return self.texts == (REFUSED,)

    @property
    def is_hanging(self):
        return bool(self.question.shown_if)

    def _chosen(self):
        return (choice for choice in self.question.choices if str(choice.value) in self.texts)

    @property
    def is_urgent(self):
        return any(choice.is_urgent for choice in self._chosen())

    @property
    def is_to_talk(self):
        return any(choice.is_to_talk for choice in self._chosen())


@dataclass(slots=True)
class Part:
    """A section. `closed` are the domains whose agreement is lacking, `masked` how many questions
    wait to be asked for, `skipped` the questions that other answers make needless, `lost` those
    of them that an answer was erased from, `states` `[(domain, state)]`; `lacks_actions` says that
    a list of actions would be asked for here, once they are looked for."""

    section: object
    asked: list[Asked] = field(default_factory=list)
    closed: list = field(default_factory=list)
    masked: list = field(default_factory=list)
    skipped: list = field(default_factory=list)
    lost: list = field(default_factory=list)
    states: list = field(default_factory=list)
    lacks_actions: bool = False

    @property
    def key(self):
        return self.section.key

    @property
    def discussed(self):
        return sum(one.is_discussed for one in self.asked)

    @property
    def refused(self):
        return sum(one.is_refused for one in self.asked)

    @property
    def contested(self):
        return [one for one in self.asked if one.is_contested]

    @property
    def is_urgent(self):
        return any(one.is_urgent for one in self.asked)

    @property
    def in_order(self):
        """`[(question, Asked, or None when other answers make it needless)]`, as they follow."""
        found = {one.key: one for one in self.asked} | dict.fromkeys(q.key for q in self.skipped)
        return [(one, found[one.key]) for one in self.section.questions if one.key in found]

    @property
    def is_closed(self):
        """Nothing of it may be read here."""
        return not (self.asked or self.masked or self.skipped)


class _Stands(enum.Enum):
    """How a question stands for this reader; without list, nothing can be chosen there yet."""

    CLOSED, MASKED, SKIPPED, WITHOUT_LIST, ASKED = range(5)


class Sheet:
    """`typed` are the texts of a form that is not written yet, `unmasked` the section whose most
    sensitive questions were asked for, `actions` `{code: name}` what answers her needs."""

    def __init__(self, diagnostic, openness, *, typed=None, unmasked=None, actions=None):
        self.diagnostic, self.openness = diagnostic, openness
        self.template = diagnostic.template
        self.unmasked, self.actions = unmasked, actions or {}
        self.answers = Answers(diagnostic)
        self.typed = typed or {}
        self.decisions = NeedDecision.standing(diagnostic)
        declined = {key for key, one in self.decisions.items() if one.keeping is Wish.NO}
        self.derived = derive(self.template, self._given(), declined=declined)
        self._offered = self._options()

    @functools.cached_property
    def _signed(self):
        """`(answers, lines)`, whose rows say who wrote them."""
        lines = DomainLines(self.diagnostic)
        sign_notes([*self.answers.standing_rows, *lines.standing_rows])
        return self.answers, lines

    @property
    def lines(self):
        return self._signed[1]

    @functools.cached_property
    def parts(self):
        """A `Part` for each section."""
        return [self.part_of(one, one.questions) for one in self.template.sections]

    @property
    def asked(self):
        """`{question key: Asked}`."""
        return {one.key: one for part in self.parts for one in part.asked}

    @property
    def keys(self):
        return [section.key for section in self.template.sections]

    @property
    def discussed(self):
        return sum(part.discussed for part in self.parts)

    @property
    def asked_count(self):
        return sum(len(part.asked) for part in self.parts)

    @property
    def contested(self):
        return [one for part in self.parts for one in part.contested]

    def corrected(self):
        """`[(question, rows, the latest first)]` of those answered several times, with who did."""
        found = [(one.question, self.answers.history(one.key)) for one in self.asked.values()]
        found = [(question, rows) for question, rows in found if len(rows) > 1]
        sign_notes([row for _, rows in found for row in rows])
        return found

    def resumed_at(self):
        """The section where the last answer was written, or the next one that has questions left;
        None when all was discussed."""
        kept = [row for row in self.answers.rows if row.state is not AnswerState.HIDDEN]
        last = kept[-1].question if kept else None
        start = self.keys.index(self.template.section_of[last].key) if last else 0
        left = [
            part.key
            for part in [*self.parts[start:], *self.parts[:start]]
            if part.asked and part.discussed < len(part.asked)
        ]
        return next(iter(left), None)

    def after(self, key):
        """The section that follows this one and asks something, or None."""
        keys = [one.key for one in self.template.sections if self._asks_something(one)]
        return next(iter(keys[keys.index(key) + 1 :]), None) if key in keys else None

    def receive(self, form):
        """`(form, keys refused)`: what a form may say here, and the fields that are no question of
        this version, or one that is closed to its reader; an empty one says nothing."""
        open_here = {key for key in form if self._may_answer(key)}
        kept = {key: self._with_unseen(key, form[key]) for key in form if key in open_here}
        return kept, [key for key in form if key not in open_here and any(form[key])]

    def contacts_for(self, form):
        """The sections whose contacts answer what this form says and nobody ever keeps."""
        questions = [self.template.questions[key] for key in form]
        called = [
            question.key
            for question in questions
            if not question.is_kept
            and any(one.is_urgent or one.needs for one in question.chosen(form[question.key]))
        ]
        sections = [self.template.section_of[key] for key in called]
        return list({section.key: section for section in sections}.values())

    def _may_answer(self, key):
        question = self.template.questions.get(key)
        if question is None or not self.openness.asks(question):
            return False
        return question.computed is not Computed.RAISED_NEEDS or key in self._offered

    def _with_unseen(self, key, texts):
        """What is chosen among needs that this reader may not know stays chosen."""
        if self.template.questions[key].computed is not Computed.RAISED_NEEDS:
            return texts
        known, held = dict(self._offered[key]), self.answers.given.get(key, ())
        if REFUSED in (held, *texts):
            return texts
        kept = [one for one in held if one in texts or one not in known]
        # Another text is refused like any unknown one: whether she needs it is not to be learned.
        return kept + [one if one in known else "?" for one in texts if one and one not in kept]

    def _given(self):
        given = dict(self.answers.given)
        lists = offered(self.template, given, actions=self.actions)
        for key, texts in self.typed.items():
            try:
                value = read_answer(self.template.questions[key], texts, lists.get(key, ()))
            except RuleBroken:
                continue
            given.pop(key, None)
            if value is not None:
                given[key] = value
        return given

    def _options(self):
        """`{question key: [(text, Words)]}` of the computed lists that are not empty."""
        needs = {
            one.need: self.template.needs[one.need].label
            for one in self.derived.raised.values()
            if self.openness.shows_need(self.template, one)
        }
        actions = {code: Words(name) for code, name in self.actions.items()}
        lists = {
            Computed.SKILLS: SKILLS,
            Computed.SUGGESTED_SKILLS: {key: SKILLS[key] for key in self.derived.strengths},
            Computed.RAISED_NEEDS: needs,
            Computed.MATCHING_ACTIONS: actions,
        }
        return {
            one.key: list(lists[one.computed].items())
            for one in self.template.questions.values()
            if one.computed and lists[one.computed]
        }

    def part_of(self, section, questions):
        """The `Part` of these questions of a section: all of them, or those of a sheet of paper."""
        part = Part(section)
        for question in questions:
            self._place(part, question, self._stands(question, section))
        part.closed = [
            domain
            for domain in dict.fromkeys(
                one.shared_with for one in questions if not self.openness.asks(one)
            )
            if domain
        ]
        part.states = [
            (domain, self.state_of(domain))
            for domain in section.domains
            if self.openness.shows_domain(domain)
            and (not self.openness.is_folded(domain) or self.unmasked == section.key)
        ]
        return part

    def _asks_something(self, section):
        stands = (self._stands(question, section) for question in section.questions)
        return any(one in (_Stands.ASKED, _Stands.MASKED) for one in stands)

    def _stands(self, question, section):
        if not self.openness.asks(question):
            return _Stands.CLOSED
        if self.openness.is_masked(question) and self.unmasked != section.key:
            return _Stands.MASKED
        if not question.is_shown(self.derived.answers):
            return _Stands.SKIPPED
        if question.computed and question.key not in self._offered:
            return _Stands.WITHOUT_LIST
        return _Stands.ASKED

    def _place(self, part, question, stands):
        if stands is _Stands.ASKED:
            part.asked.append(self._asked(question))
        elif stands is _Stands.MASKED:
            part.masked.append(question)
        elif stands is _Stands.SKIPPED:
            part.skipped.append(question)
            former = self.answers.history(question.key)[:1]
            if former and (former[0].state is AnswerState.HIDDEN or former[0].given is not None):
                part.lost.append(question)
        elif question.computed is Computed.MATCHING_ACTIONS and stands is _Stands.WITHOUT_LIST:
            part.lacks_actions = bool(self.derived.raised)

    def _asked(self, question):
        answers, _ = self._signed
        notes = answers.standing(question.key)
        if question.key in self.typed:
            texts = tuple(text for text in self.typed[question.key] if text)
        else:
            texts = () if len(notes) > 1 else _texts(self.answers.given.get(question.key))
        options = self._offered.get(question.key) or [
            (str(choice.value), choice.label) for choice in question.choices
        ]
        return Asked(question, texts, options, notes, question.key in self.template.leading)

    @property
    def open_domains(self):
        """The domains that may be read here, those of the template in their order."""
        return [domain for domain in self._domains() if self._is_open(domain)]

    @property
    def masked_domains(self):
        return [
            domain for domain in self._domains()
            if self.openness.shows_domain(domain) and not self._is_open(domain)
        ]  # fmt: skip

    @property
    def closed_domains(self):
        return [one for one in self._domains() if not self.openness.shows_domain(one)]

    def _domains(self):
        named = {domain for section in self.template.sections for domain in section.domains}
        return [domain for domain in Domain if domain in named]

    def _is_open(self, domain):
        is_masked = self.openness.is_folded(domain) and self.unmasked != domain.value
        return self.openness.shows_domain(domain) and not is_masked

    @property
    def _needs(self):
        raised = self.derived.raised.values()
        return [one for one in raised if self.openness.shows_need(self.template, one)]

    def _is_masked_need(self, one):
        level = self.template.sensitivity_of(one.need, one.question)
        return level == HIGHEST and self.unmasked is None

    @property
    def open_needs(self):
        """The needs raised that may be read here (`Raised`)."""
        return [one for one in self._needs if not self._is_masked_need(one)]

    @property
    def masked_needs(self):
        return [one for one in self._needs if self._is_masked_need(one)]

    @property
    def priorities(self):
        """The domains of the needs she chose to begin with: three at most."""
        chosen = [
            value
            for one in self.asked.values()
            if one.question.computed is Computed.RAISED_NEEDS
            for value in one.texts
            if value in self.template.needs
        ]
        return {self.template.needs[key].domain for key in chosen}

    def state_of(self, domain):
        """Where a domain stands: as it was chosen last, else as the answers propose."""
        lines = self.lines.standing(domain)
        return lines[-1].state if lines else self.derived.state(domain)


def _texts(given):
    """The texts that write an answer in its field."""
    if given is None:
        return ()
    return tuple(map(str, given)) if isinstance(given, list) else (str(given),)
