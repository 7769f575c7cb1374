"""A prescription through its whole life: a need of the diagnostic, a step of the plan, what leaves
with her agreement, the provider’s answer in lynx without an account, what came of it, the balance.

A real Chromium without a script, a real lynx, a real server, on each engine (REQ-190, product §3).
"""

import pytest

from models import OutgoingEmail, Plan, PlanPriority, Prescription, Session
from models.persons.agreements import Given
from models.persons.sharing import Domain
from models.plans.plan import ProposalEnd
from models.plans.steps import PlanStep
from models.prescriptions.states import State
from tests import factories
from tests.browser import lynx
from tests.browser.conftest import skip_unless_in_ci
from tests.browser.test_file_acts import follow, press, told
from tests.browser.test_own_space import opened
from tests.engines import ENGINES

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("server", ENGINES, indirect=True, scope="session"),
]
LICENCE = "mobilite-permis"
SHEET = "Le permis pas à pas"


@pytest.fixture
def nadia(amina):
    """Her plan has a step under way, for an action that an address answers."""
    somebody = factories.person(given_name="Nadia", family_name="Essai", phone="0612345678")
    factories.accompanied(amina, somebody, domains=list(Domain))
    factories.answered(somebody, amina, mob_permis="souhaite")
    plan = factories.plan(somebody, amina, LICENCE)
    action = factories.action(name=SHEET, email="accueil@permis.example", weekly_hours=6, weeks=4)
    factories.step(PlanPriority.of_plan(plan)[0], amina, action=action)
    plan.agree(by=somebody, given=Given.OWN_SPACE, seen=plan.revision)
    return somebody


@pytest.fixture
def desk(open_window, server, amina):
    """The browser of Amina, at work."""
    window = open_window(javascript=False)
    _, token = Session.open(amina.account, by_means="test", has_second_factor=True)
    cookie = {"name": "session_id", "value": token, "url": server.address}
    window.context.add_cookies([cookie])
    return window


@pytest.fixture
def hers(open_window, server, nadia):
    """Her space, on a small shared screen."""
    return opened(open_window(javascript=False, width=320), server, nadia)


def words(window):
    return " ".join(window.page.locator("main").inner_text().split())


def prescribe(desk, person):
    """From the step of her plan: the action and the need are known already."""
    desk.visit(f"/personnes/{person.code}/plan")
    follow(desk, "Prescrire cette action")
    assert desk.page.locator(f"[name=besoins][value={LICENCE}]").is_checked()
    desk.page.locator("[name=joindre][value=telephone]").check()
    press(desk, "Préparer la demande")
    assert "Rien n’est parti." in words(desk)


def agree(hers):
    """In her space, after having read what leaves."""
    hers.visit("/mon-espace/prescriptions")
    follow(hers, SHEET)
    assert "06 12 34 56 78" in words(hers)
    press(hers, "Je suis d’accord, envoyer")
    assert "Votre demande est partie." in told(hers)


def answer_in_lynx(server):
    """The first choice is yes: to the button, and send."""
    [mail] = OutgoingEmail.select().where(OutgoingEmail.recipient == "accueil@permis.example")
    address = f"{server.address}/repondre/{mail.values['token']}"
    try:
        shown = lynx.press(address, [*lynx.looking_for("Envoyer"), lynx.ENTER])
    except lynx.LynxMissing as missing:
        skip_unless_in_ci(missing)
    assert "Nadia Essai" in shown
    return shown


def test_from_a_need_to_the_balance(server, desk, hers, nadia):
    """Each side reads the same state, and nobody retypes anything."""
    prescribe(desk, nadia)
    agree(hers)
    desk.visit(f"/personnes/{nadia.code}/plan")
    assert "Attend une réponse" in words(desk)

    assert "vous accueillez cette personne" in answer_in_lynx(server)
    assert Prescription.get(Prescription.person == nadia).state is State.ACCEPTED
    for window, path in ((desk, "/prescriptions"), (hers, "/mon-espace/plan")):
        window.visit(path)
        assert "Acceptée" in words(window)

    desk.visit("/prescriptions")
    desk.page.locator("li", has_text="Nadia").get_by_role("link", name=SHEET).click()
    desk.page.locator("[name=issue][value=faite]").check()
    press(desk, "Enregistrer")
    assert "C’est noté." in told(desk)
    step = PlanStep.of_priorities(PlanPriority.of_plan(Plan.current_of(nadia)))[0]
    assert step.end is ProposalEnd.DONE

    follow_to_balance(desk, nadia)
    assert "Étapes faites 1" in words(desk)


def follow_to_balance(desk, person):
    desk.visit(f"/personnes/{person.code}/plan")
    follow(desk, "Finir ce plan, et faire le bilan")
    desk.page.locator("[value=leve]").first.check()
    press(desk, "Finir ce plan")
    follow(desk, "Plan du")
