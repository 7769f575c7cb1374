"""From the entry to the exit, for many people at once: what became of their needs, by domain, and
how far action 1 of axis 1 has gone (REQ-37).

Only a year, domains and states are kept, sealed. Health is never counted (REQ-34). Each year is
told apart: two tables that share a month would tell, by their difference, who left in another.
"""

import datetime as dt
import itertools
import json
from collections import Counter
from typing import NamedTuple

import peewee as pw

from ..base import Entity, local_day, new_code, today, transaction
from ..counts import Line, shown_line, tell_no_more
from ..database import held
from ..days import first_moment
from ..network.organisations import Organisation
from ..persons.sharing import Domain
from ..questionnaire.deriving import DomainState
from ..questionnaire.shape import HIGHEST
from ..questionnaire.versions import SINGLE_TEMPLATE, TemplateVersion
from ..sealed import SealedField
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


class YearOfPassages(Entity):
    """How many of the persons who left in a year went from one state to another, by domain.

    `counts` is sealed JSON `{"domain entry exit": persons}`: the first one to leave in a year would
    be alone in it for whoever reads the database. `created_at` is the first moment of the year:
    that of a seal would tell whose it was.
    """

    year = pw.SmallIntegerField(unique=True)
    counts = SealedField()

    @classmethod
    @transaction
    def count(cls, last):
        """Count an exit that was just sealed, once for each domain spoken of at both ends."""
        first = entry_of(last)
        if first is None:
            return
        before, after = _states(first), _states(last)
        cls.add(_year(last), {(one, before[one], after[one]) for one in before.keys() & after})

    @classmethod
    def add(cls, year, passed, persons=1):
        """So many persons more in each `(domain, entry, exit)` of `passed`."""
        if not cls.select().where(cls.year == year).exists():
            began = cls(code=new_code(), year=year, created_at=dt.datetime(year, 1, 1), counts="{}")
            cls.insert(began.__data__).on_conflict_ignore().execute()
        [row] = held(cls.select().where(cls.year == year))
        cells = Counter(row.cells) + Counter(dict.fromkeys(passed, persons))
        row.counts = json.dumps({" ".join(cell): count for cell, count in sorted(cells.items())})
        row.save(only=[cls.counts])

    @property
    def cells(self):
        """`{(domain, entry, exit): persons}`, without those that count nobody."""
        read = ((key.split(), count) for key, count in json.loads(self.counts).items())
        return {
            (Domain(domain), DomainState(entry), DomainState(end)): count
            for (domain, entry, end), count in read
        }


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
    over = YearOfPassages.select().where(YearOfPassages.year < today().year)
    return [(row.year, _shown(row.cells)) for row in over.order_by(YearOfPassages.year.desc())]


def _shown(cells):
    every = [_picture(domain, _of_domain(cells, domain)) for domain in DOMAINS]
    return every if any(one.tells for one in every) else []


def _of_domain(cells, domain):
    """`{(entry, exit): persons}`, also where there is nobody."""
    pairs = itertools.product(STATES, STATES)
    return {(entry, end): cells.get((domain, entry, end), 0) for entry, end in pairs}


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
