"""Closing a plan makes its balance: done, lifted, still there; what is still there goes on."""

from collections import Counter
from typing import NamedTuple

from ..base import N_, RuleBroken, now, transaction
from ..persons.notices import News, PersonNotice
from .plan import Plan, ProposalEnd
from .priorities import Outcome, PlanPriority
from .steps import PlanStep
from .waivers import Waiver


class Balance(NamedTuple):
    """What a plan did, in words and counts that judge nobody."""

    done: int
    not_done: int
    stopped: int
    lifted: int
    still_there: int


def balance_of(priorities, steps):
    """The `Balance` of what was read of a plan; what she never accepted does not count."""
    ends = Counter(one.end for one in steps if one.agreed_at)
    outcomes = Counter(one.outcome for one in priorities)
    return Balance(
        done=ends[ProposalEnd.DONE], not_done=ends[ProposalEnd.NOT_DONE],
        stopped=ends[ProposalEnd.STOPPED], lifted=outcomes[Outcome.LIFTED],
        still_there=outcomes[Outcome.STILL_THERE],
    )  # fmt: skip


@transaction
def close(plan, done, outcomes, *, by, organisation=None, seen=None):
    """End a plan. `done` holds the codes of the steps that are done among those accepted and not
    ended; `outcomes` is `{code of a priority: Outcome}`, for each of them.

    What waited for her agreement is withdrawn. Raises `RuleBroken` when a priority has no outcome.
    """
    plan.write(seen=seen)
    priorities = PlanPriority.of_plan(plan)
    if {one.code for one in priorities} != set(outcomes):
        raise RuleBroken(N_("Dites pour chaque priorité si le besoin est levé ou encore là."))
    for step in PlanStep.of_priorities(priorities):
        if step.is_agreed:
            step.finish(step.code in done, by=by, organisation=organisation)
        elif step.is_waiting:
            step.withdraw(by=by, organisation=organisation)
    for waiver in Waiver.waiting_of(plan):
        waiver.withdraw(by=by, organisation=organisation)
    for one in priorities:
        one.outcome = outcomes[one.code]
        one.save(only=[PlanPriority.outcome])
    plan.closed_at, plan.closed_by, plan.slot = now(), by, None
    plan.save(only=[Plan.closed_at, Plan.closed_by, Plan.slot])
    plan.record("plan:close", by=by, organisation=organisation)
    PersonNotice.tell(plan.person, News.PLAN_CLOSED, account=by, organisation=organisation)
