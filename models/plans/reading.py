"""A plan read whole, for one reader: what her agreement does not open is said, and not shown."""

import functools
from typing import NamedTuple

from ..base import today
from ..prescriptions.prescription import Prescription
from ..prescriptions.reading import of_steps
from . import hours
from .closing import balance_of
from .priorities import Offer, PlanPriority
from .steps import Engagement, PlanStep
from .waivers import Waiver


class ShownStep(NamedTuple):
    """A step with what each side commits to, and the last prescription of its action."""

    step: PlanStep
    engagements: list[Engagement]
    prescription: Prescription | None = None


class ShownPriority(NamedTuple):
    """A priority; when it is not open to the reader, nothing of its need nor of its steps is told.
    `ended` are the steps that no longer stand."""

    row: PlanPriority
    offer: Offer
    is_open: bool
    steps: list[ShownStep]
    ended: list[ShownStep]


class WholePlan:
    """Five queries, however many steps there are; `opened` is the `Openness` of the reader."""

    def __init__(self, plan, opened):
        self.plan, self.opened = plan, opened
        rows = PlanPriority.of_plan(plan)
        self.steps = PlanStep.of_priorities(rows)
        self.waivers = Waiver.of_plan(plan)
        self._engagements = Engagement.of_steps(self.steps)
        self._prescribed = of_steps(self.steps)
        self.priorities = [self._shown(row) for row in rows]

    def _shown(self, row):
        offer = row.offer
        steps = [one for one in self.steps if one.priority_id == row.id]
        if not offer.is_open(self.opened):
            return ShownPriority(row, offer, False, [], [])
        return ShownPriority(
            row, offer, True,
            [self._with_parts(one) for one in steps if one.ended_at is None],
            [self._with_parts(one) for one in steps if one.ended_at is not None],
        )  # fmt: skip

    def _with_parts(self, step):
        prescribed = self._prescribed.get(step.id)
        return ShownStep(step, self._engagements.get(step.id, []), prescribed)

    @property
    def hidden(self):
        """The priorities that are not open to the reader."""
        return [one for one in self.priorities if not one.is_open]

    @property
    def waiting(self):
        """The steps and waivers that wait for her agreement."""
        return [one for one in [*self.steps, *self.waivers] if one.is_waiting]

    @property
    def waiting_shown(self):
        """Those of them that the reader may see: what she agrees to on his screen."""
        steps = [one.step for priority in self.priorities for one in priority.steps]
        waivers = [one for one in self.waivers if self.shows_reason(one)]
        return [one for one in [*steps, *waivers] if one.is_waiting]

    @property
    def under_way(self):
        """The accepted steps that are not ended."""
        return [one for one in self.steps if one.is_agreed]

    @property
    def decided_at(self):
        """When she last agreed to something, or None."""
        agreed = [one.agreed_at for one in [*self.steps, *self.waivers] if one.agreed_at]
        return max(agreed, default=None)

    @property
    def waiver(self):
        """The one that holds today, or None."""
        return next((one for one in reversed(self.waivers) if one.holds_on(today())), None)

    def shows_reason(self, waiver):
        return self.opened.shows_domain(waiver.reason.domain)

    @functools.cached_property
    def week(self):
        return hours.week_of(self.steps, self.waivers, today())

    @property
    def weeks(self):
        """This week and those to come, until the next point."""
        return hours.weeks_from(self.steps, self.waivers, today(), self.plan.meets_on)

    @property
    def volume(self):
        return hours.volume(self.steps)

    @property
    def balance(self):
        return balance_of([one.row for one in self.priorities], self.steps)
