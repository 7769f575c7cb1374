"""From the entry to the exit, for many people at once: what became of their needs, by domain, and
how far action 1 of axis 1 has gone (REQ-37).

Only a year, a domain and two states are kept. Health is never counted (REQ-34). Each year is told
apart: two tables that share a month would tell, by their difference, who left in another.
"""

import datetime as dt
import itertools
from typing import NamedTuple

import peewee as pw

from ..base import Entity, VocabularyField, local_day, today, transaction
from ..counts import Line, shown_line, tell_no_more
from ..days import first_moment
from ..network.organisations import Organisation
from ..persons.sharing import Domain
from ..questionnaire.deriving import DomainState
from ..questionnaire.shape import HIGHEST
from ..questionnaire.versions import SINGLE_TEMPLATE, TemplateVersion
from ..unmet_needs import period
from .answers import Answer
from .diagnostic import Diagnostic, Moment
from .openness import Openness
from .synthesis import Synthesis

# From the end of the year counted.
KEPT_MONTHS = 36
DOMAINS = tuple(domain for domain in Domain if domain.sensitivity < HIGHEST)
STATES = (DomainState.NEED, DomainState.NO_OBSTACLE, DomainState.STRENGTH)
NEED, NO_OBSTACLE, STRENGTH = STATES


class DomainPassage(Entity):
    """How many of the persons who left in a year went from one state to another in a domain.

    `created_at` is the first moment of the year: that of a seal would tell whose it was.
    """

    year = pw.SmallIntegerField()
    domain = VocabularyField(Domain)
    entry = VocabularyField(DomainState)
    exit = VocabularyField(DomainState)
    persons = pw.IntegerField(default=0)

    class Meta:
        indexes = ((("year", "domain", "entry", "exit"), True),)

    @classmethod
    @transaction
    def count(cls, last):
        """Count an exit that was just sealed, once for each domain spoken of at both ends."""
        first = entry_of(last)
        if first is None:
            return
        before, after = _states(first), _states(last)
        cls._add(_year(last), {one: (before[one], after[one]) for one in before.keys() & after})

    @classmethod
    def _add(cls, year, passed):
        """Every cell of the year is written each time, by 1 or by 0, in one order: the numbers of
        the rows do not tell which came together, and no two writers wait for each other."""
        cells = itertools.product(DOMAINS, STATES, STATES)
        rows = [
            {
                "year": year, "created_at": dt.datetime(year, 1, 1), "domain": domain,
                "entry": entry, "exit": end, "persons": int(passed.get(domain) == (entry, end)),
            }
            for domain, entry, end in cells
        ]  # fmt: skip
        cls.insert_many(rows).on_conflict(
            conflict_target=[cls.year, cls.domain, cls.entry, cls.exit],
            update={cls.persons: cls.persons + pw.EXCLUDED.persons},
        ).execute()


def entry_of(last):
    """Her latest entry before this exit, both on the single template, or None. Who left already in
    the same year counts no more in it: eleven must be eleven persons."""
    if last.moment is not Moment.EXIT or last.version.key != SINGLE_TEMPLATE:
        return None
    before = [
        one for one in Diagnostic.of_person(last.person)
        if one.id < last.id and one.version.key == SINGLE_TEMPLATE and not one.is_draft
    ]  # fmt: skip
    if any(one.moment is Moment.EXIT and _year(one) == _year(last) for one in before):
        return None
    return next((one for one in before if one.moment is Moment.ENTRY), None)


def _year(diagnostic):
    return local_day(diagnostic.validated_at).year


def _states(diagnostic):
    """`{domain: state}` of what was spoken of, as she reads it herself; without health."""
    views = Synthesis(diagnostic, Openness(Domain)).domains
    return {view.domain: view.state for view in views if view.state in STATES}


class DomainPicture(NamedTuple):
    """What may be told of a domain: those in need at the entry, by what they are in at the exit
    (need, no obstacle, strength), then who gained a strength, or a need, without one before. None
    for all when they would tell too much together."""

    domain: Domain
    in_need: Line | None
    gained: Line | None
    newly: Line | None

    @property
    def tells(self):
        """Whether any number of people shows."""
        lines = (self.in_need, self.gained, self.newly)
        return any(cell for line in lines if line for cell in line.cells)


def pictures():
    """`[(year, [DomainPicture])]` of the years that are over, the latest first; no `DomainPicture`
    where nothing may be shown."""
    rows = DomainPassage.select().where(DomainPassage.year < today().year)
    counts = {}
    for row in rows.order_by(DomainPassage.year.desc()):
        of_year = counts.setdefault(row.year, {})
        of_year.setdefault(row.domain, {})[row.entry, row.exit] = row.persons
    return [(year, _shown(by_domain)) for year, by_domain in counts.items()]


def _shown(by_domain):
    every = [_picture(domain, by_domain[domain]) for domain in DOMAINS if domain in by_domain]
    return every if any(one.tells for one in every) else []


def _picture(domain, passed):
    in_need = shown_line([passed[NEED, state] for state in STATES])
    gained = shown_line([passed[NO_OBSTACLE, STRENGTH]])
    newly = shown_line([passed[NO_OBSTACLE, NEED] + passed[STRENGTH, NEED]])
    lines = (in_need, gained, newly)
    if tell_no_more(lines, among=sum(passed.values())):
        return DomainPicture(domain, *lines)
    return DomainPicture(domain, None, None, None)


class Progress(NamedTuple):
    """Action 1 of axis 1: the version in force or None, the day of the first one, what was led
    over whole months (`start` included, `end` excluded) by moment, and by how many organisations.
    """

    version: TemplateVersion | None
    since: dt.datetime | None
    start: dt.date
    end: dt.date
    led: Line
    organisations: int


def progress():
    """The `Progress` of the diagnostic of the single template."""
    versions = TemplateVersion.published(SINGLE_TEMPLATE)
    start, end = period()
    return Progress(
        version=versions[0] if versions else None,
        since=versions[-1].published_at if versions else None,
        start=start, end=end, led=shown_line(_led(start, end)),
        organisations=_organisations(start, end),
    )  # fmt: skip


def _sealed(start, end):
    return (
        (Diagnostic.validated_at >= first_moment(start))
        & (Diagnostic.validated_at < first_moment(end))
        & (TemplateVersion.key == SINGLE_TEMPLATE)
    )


def _led(start, end):
    rows = Diagnostic.select(Diagnostic.moment, pw.fn.COUNT(Diagnostic.id)).join(TemplateVersion)
    found = dict(rows.where(_sealed(start, end)).group_by(Diagnostic.moment).tuples())
    return [found.get(moment, 0) for moment in Moment]


def _organisations(start, end):
    """How many wrote in one of these diagnostics."""
    wrote = (
        Answer.select(Answer.id).join(Diagnostic).join(TemplateVersion)
        .where(_sealed(start, end), Answer.organisation == Organisation.id)
    )  # fmt: skip
    return Organisation.select().where(pw.fn.EXISTS(wrote)).count()
