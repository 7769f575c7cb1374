"""The action plans of the invented persons: one under way, with what still waits for an answer."""

import datetime as dt

from ..base import today, transaction
from ..diagnostics import filling
from ..diagnostics.diagnostic import Diagnostic, Moment, Writer
from ..diagnostics.matching import Circumstances
from ..diagnostics.openness import Openness
from ..diagnostics.synthesis import Synthesis
from ..persons.agreements import Agreement, Given
from ..persons.person import Person
from ..persons.sharing import Domain
from ..plans.plan import MeetingBy, Plan
from ..plans.priorities import MOST, PlanPriority, offers_of
from ..plans.proposing import choices_for
from ..plans.steps import Engagement, HerPart, OurPart, PlanStep, Side
from ..plans.waivers import Waiver, WaiverReason
from ..questionnaire.versions import SINGLE_TEMPLATE, TemplateVersion

# Who, with whom, and what she answered if no diagnostic says it.
PLANS = (
    ("sam1a031", "amina", {}),
    ("dem00007", "amina", {"mob_permis": "souhaite", "sit_niveau": "sans", "com_entretien": "2"}),
)
MEETING, SOON, LATER = 21, 7, 14
# What each side does, priority after priority: the last one waits for her agreement.
PARTS = (
    (HerPart.VISIT, OurPart.CALL), (HerPart.PAPERS, OurPart.FILL), (HerPart.TALK, OurPart.FIND),
)  # fmt: skip


def load(place_of):
    """Decide them once; `place_of(name)` is the membership of a demonstration account."""
    for who, by, answers in PLANS:
        somebody, place = Person.of_identifier(who), place_of(by)
        if somebody and not Plan.of_person(somebody):
            _lead(somebody, Writer(place.account, place.organisation), answers)


@transaction
def _lead(somebody, writer, answers):
    """Whoever has no need that she shares with this organisation has no plan."""
    if answers and not Diagnostic.of_person(somebody):
        _answer(somebody, answers, writer)
    agreement = Agreement.between(somebody, writer.organisation)
    opened = Openness(agreement.shared_domains if agreement else ())
    if offers := [one for one in offers_of(somebody) if one.is_open(opened)]:
        _decide(somebody, offers[:MOST], writer)


def _answer(somebody, answers, writer):
    version = TemplateVersion.current(SINGLE_TEMPLATE)
    begun = Diagnostic.start(somebody, version, Moment.ENTRY, by=writer.account)
    form = {key: [given] for key, given in answers.items()}
    filling.save(begun, form, seen=begun.revision, writer=writer, keys=list(form))


def _decide(somebody, offers, writer):
    where, account = writer.organisation, writer.account
    plan = Plan.start(somebody, _day(MEETING), MeetingBy.DESK, where, by=account)
    PlanPriority.choose(plan, offers, writer=writer)
    *first, last = zip(PlanPriority.of_plan(plan), PARTS, strict=False)
    steps = [_propose(row, parts, somebody, writer) for row, parts in first]
    Waiver.propose(plan, WaiverReason.WORKS, 10, _day(90), writer=writer)
    plan.agree(by=somebody, given=Given.OWN_SPACE, seen=plan.revision)
    for step in steps[:1]:
        hers = Engagement.of_steps([step])[step.id][0]
        hers.keep(by=somebody)
    _propose(*last, somebody, writer)


def _propose(row, parts, somebody, writer):
    """A step with the first action of the bank that answers the need, if there is one."""
    lived = Circumstances.of(somebody, Synthesis(row.diagnostic, Openness(Domain)))
    choices = choices_for(row.offer.said, lived, writer.account)
    action = next((match.action for match in choices.found.values()), None)
    days = dict(zip(Side, zip(parts, (_day(LATER), _day(SOON)), strict=True), strict=True))
    return PlanStep.propose(row, action, days, writer=writer)


def _day(days):
    return today() + dt.timedelta(days=days)
