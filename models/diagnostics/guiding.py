"""One question at a time, for a person alone: which are asked, which comes next (REQ-30)."""

from typing import NamedTuple

from ..base import N_, RuleBroken
from ..questionnaire.deriving import derive
from ..questionnaire.shape import REFUSED, Section
from ..questionnaire.versions import POTENTIALS_GRID, SINGLE_TEMPLATE, TemplateVersion
from .answers import Answer, Answers, AnswerState
from .diagnostic import Diagnostic, Moment
from .filling import offered

# From this level on, what was answered is no longer shown on a shared screen (TRAME.md, « borne »).
MASKED_FROM = 2
YES = "oui"


class Place(NamedTuple):
    """Where a question stands among those that are asked, both counted from one."""

    section: Section
    part: int
    parts: int
    number: int
    total: int


class Guide:
    """What one reader is asked in a diagnostic, from the answers so far.

    Never asked of somebody alone: what is too sensitive, what is not kept, and what is filled in
    together (who, when, read again). `rank` is the place of a question in its version: it never
    changes, and an address that holds it tells nothing.
    """

    def __init__(self, diagnostic, openness):
        self.template, self.openness = diagnostic.template, openness
        self.answers = Answers(diagnostic)
        self.given = self.answers.given
        self.derived = derive(self.template, self.given)
        self.lists = offered(self.template, self.given)
        self.ranks = {key: rank for rank, key in enumerate(self.template.questions, start=1)}
        self.asked = [one for one in self.template.questions.values() if self._is_asked(one)]

    def _is_asked(self, question):
        is_hers = question.is_optional and question.is_kept and self.openness.asks(question)
        has_choices = not question.computed or bool(self.lists[question.key])
        return is_hers and has_choices and question.is_shown(self.derived.answers)

    def question(self, rank):
        """The asked question of this rank, or None."""
        return next((one for one in self.asked if self.ranks[one.key] == rank), None)

    def after(self, rank):
        """The rank of the next asked question, or None at the end."""
        return next((found for found in map(self._rank, self.asked) if found > rank), None)

    def before(self, rank):
        """The rank of the asked question before, or None at the start."""
        return next((found for found in map(self._rank, self.asked[::-1]) if found < rank), None)

    def resume(self):
        """The rank where she goes on: after the last answer written, by whoever wrote it, then what
        was passed over; None when all is answered."""
        left = [self._rank(one) for one in self.asked if one.key not in self.given]
        last = self._last_written()
        return next((rank for rank in left if rank > last), next(iter(left), None))

    def _last_written(self):
        said = (AnswerState.ANSWERED, AnswerState.REFUSED)
        rows = [row for row in self.answers.rows if row.stands and row.state in said]
        return self.ranks[rows[-1].question] if rows else 0

    def _rank(self, question):
        return self.ranks[question.key]

    def place(self, question):
        """Its `Place`."""
        sections = self.sections
        section = self.template.section_of[question.key]
        return Place(
            section, sections.index(section) + 1, len(sections),
            self.asked.index(question) + 1, len(self.asked),
        )  # fmt: skip

    @property
    def sections(self):
        """Those that hold an asked question, in order."""
        held = {self.template.section_of[one.key].key for one in self.asked}
        return [section for section in self.template.sections if section.key in held]

    def asked_in(self, section):
        """The asked questions of a section."""
        keys = {one.key for one in self.asked}
        return [one for one in section.questions if one.key in keys]

    @property
    def answered(self):
        """The asked questions that she, or somebody with her, has answered or refused."""
        return [one for one in self.asked if one.key in self.given]

    def is_masked(self, question, *, is_shared):
        """Whether its answer is kept without being shown: sensitive, on a screen others use."""
        is_sensitive = question.sensitivity >= MASKED_FROM
        return is_shared and is_sensitive and question.key in self.given

    def alarm(self, rank):
        """The section whose contacts are read before this rank: the answer just given is urgent."""
        former = self.question(self.before(rank) or 0)
        if former is None:
            return None
        chosen = former.chosen(self.given.get(former.key))
        return self.template.section_of[former.key] if any(c.is_urgent for c in chosen) else None


class Path(NamedTuple):
    """One template as a person meets it: `draft` goes on, `read` was validated, or None.
    `is_proposed` says that her own answers lead to it; nobody has to fill it in."""

    version: TemplateVersion
    draft: Diagnostic | None
    read: Diagnostic | None
    is_proposed: bool

    @property
    def is_news(self):
        """Whether it is proposed, and she has done nothing of it yet."""
        return self.is_proposed and self.draft is None and self.read is None


def paths_of(person):
    """The `Path` of each template that is hers: the single one, and the grid when she began it or
    when her answers propose it (REQ-38)."""
    found = Diagnostic.of_person(person)
    paths = []
    for key in (SINGLE_TEMPLATE, POTENTIALS_GRID):
        mine = [one for one in found if one.version.key == key]
        draft = next((one for one in mine if one.is_draft), None)
        read = next((one for one in mine if not one.is_draft), None)
        version = TemplateVersion.current(key)
        is_proposed = key == POTENTIALS_GRID and _is_proposed(found, key)
        if version and (key == SINGLE_TEMPLATE or mine or is_proposed):
            paths.append(Path(version, draft, read, is_proposed))
    return paths


def _is_proposed(diagnostics, key):
    """Whether the latest diagnostic on another template says yes where it proposes this one."""
    for one in diagnostics:
        if one.version.key != key:
            return key in proposals(one.template, Answers(one).given)
    return False


def proposals(template, given):
    """The keys of the templates that these answers propose."""
    return {
        question.proposes for question in template.questions.values()
        if question.proposes and given.get(question.key) == YES
    }  # fmt: skip


def begin(person, key):
    """Her living draft on this template, begun now if need be; raises `RuleBroken` without one."""
    version = TemplateVersion.current(key)
    if version is None:
        raise RuleBroken(N_("Il n’y a pas de question pour le moment."))
    has_read = Diagnostic.latest_validated(person, key) is not None
    moment = Moment.FOLLOW_UP if has_read else Moment.ENTRY
    return Diagnostic.start(person, version, moment, by=person)


class Comfort(NamedTuple):
    """How a page is made for her, as she asked it (« Comment préférez-vous échanger ? »)."""

    large: bool
    simple: bool
    aloud: bool


def comfort_of(person):
    """Her `Comfort`, from the last answer she gave, whatever the diagnostic (REQ-36)."""
    row = (
        Answer.select(Answer, Diagnostic).join(Diagnostic)
        .where(
            Diagnostic.person == person, Answer.question == "acc_format",
            Answer.replaced_at.is_null(),
        ).order_by(Answer.id.desc()).first()
    )  # fmt: skip
    said = row.given if row else None
    said = () if said in (None, REFUSED) else said
    return Comfort("gros-caracteres" in said, "ecrit-simple" in said, "lecture-voix-haute" in said)
