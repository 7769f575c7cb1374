"""The prescriptions of the invented persons, one in each state that a visitor may want to see."""

from ..action_bank.sheets import Action
from ..base import today, transaction
from ..days import months_before
from ..diagnostics.openness import Openness
from ..liaison.notes import LiaisonNote
from ..liaison.sheet import LiaisonSheet
from ..liaison.words import Difficulty
from ..persons.agreements import Agreement, Given
from ..persons.person import Person
from ..plans.plan import Plan
from ..plans.reading import WholePlan
from ..prescriptions import acting, reading
from ..prescriptions.eligibility import checks_of
from ..prescriptions.mover import herself, prescriber, provider
from ..prescriptions.shared import ConcernedNeed, Reach, Shared

# Who, with whom, and what becomes of each step of her plan, the first one first.
PRESCRIBED = (
    ("sam1a031", "amina", ("accepted", "waiting")),
    ("dem00007", "amina", ("day", "draft")),
)


def load(place_of):
    """Ask once; `place_of(name)` is the membership of a demonstration account."""
    for who, by, states in PRESCRIBED:
        somebody, place = Person.of_identifier(who), place_of(by)
        plan = somebody and Plan.current_of(somebody)
        if plan and not reading.of_person(somebody, Openness(())):
            _ask(somebody, plan, place, states)


@transaction
def _ask(somebody, plan, place, states):
    agreement = Agreement.between(somebody, place.organisation)
    whole = WholePlan(plan, Openness(agreement.shared_domains if agreement else ()))
    steps = [(shown, one) for shown in whole.priorities for one in shown.steps]
    for (priority, shown), state in zip(steps, states, strict=False):
        action = shown.step.action_code and Action.sheet(shown.step.action_code)
        if action and not any(one.is_stopping for one in checks_of(somebody, action)):
            need = ConcernedNeed.of(priority.offer)
            _lead(somebody, action, need, shown.step, place, state)


def _lead(somebody, action, need, step, place, state):
    by = prescriber(place.account, place.organisation)
    shared = Shared.of(somebody, action, Reach.REFERENT, [need])
    asked = acting.prepare(somebody, action, shared, mover=by, step=step)
    if state == "draft":
        return
    acting.send(asked, mover=herself(somebody), given=Given.OWN_SPACE, seen=asked.revision)
    place_of_action = provider(action.organisation)
    if state == "accepted":
        acting.accept(asked, mover=place_of_action, day=today())
        sheet = LiaisonSheet.open(asked, mover=herself(somebody), given=Given.OWN_SPACE)
        LiaisonNote.report(sheet, Difficulty.TRANSPORT, today(), mover=place_of_action)
    elif state == "day":
        acting.offer_day(asked, months_before(today(), -1), mover=place_of_action)
