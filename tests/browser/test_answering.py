"""A person alone with her questions, in a real browser: at a kiosk, in Arabic, read aloud."""

import pytest

from models import (
    Account,
    Answer,
    DomainLine,
    Membership,
    PersonSession,
    QuestionProposal,
    Session,
)  # fmt: skip
from models.base import database
from models.diagnostics import filling
from models.diagnostics.answers import Answers
from models.diagnostics.diagnostic import Writer
from models.persons.sharing import Domain
from models.questionnaire.deriving import DomainState
from models.questionnaire.proposals import Reason
from models.questionnaire.versions import POTENTIALS_GRID, SINGLE_TEMPLATE
from tests import factories
from tests.browser.keyboard import Keyboard
from tests.browser.test_own_space import opened
from tests.browser.test_work_pages import assert_no_fault
from tests.engines import ENGINES

pytestmark = [
    pytest.mark.browser,
    # What these pages look like does not change with the engine.
    pytest.mark.parametrize("server", ENGINES[:1], indirect=True, scope="session"),
]
HOME = "/mon-espace/diagnostic"
# The ninety questions that one may want to change.
MOST_BYTES = {"/trame/propositions/proposer": 11_000}
KEPT = {
    "sit_age": ["26-29"], "mob_permis": ["souhaite"], "log_situation": ["sans"],
    "fam_charge": ["enfants"], "fam_moins3": ["oui"], "acc_format": ["lecture-voix-haute"],
}  # fmt: skip


class Hers:
    """A mother whom Amina accompanies, with both templates begun and two boxes noted."""

    def __init__(self):
        amina = Account.get(Account.identifier == "amina@demo.example")
        held = Membership.of_account(amina)[0]
        _, self.amina_token = Session.open(amina, by_means="test", has_second_factor=True)
        self.person = factories.accompanied(held, factories.person())
        self.trame = factories.diagnostic(self.person, key=SINGLE_TEMPLATE)
        self.grid = factories.diagnostic(self.person, key=POTENTIALS_GRID)
        filling.save(self.trame, KEPT, seen=0, writer=Writer(self.person), keys=list(KEPT))
        for domain, state in (
            (Domain.MOBILITY, DomainState.NEED),
            (Domain.HEALTH, DomainState.STRENGTH),
        ):
            DomainLine.choose(
                self.trame, domain, state, seen=self.trame.revision,
                writer=Writer(amina, held.organisation),
            )  # fmt: skip
        QuestionProposal.propose(SINGLE_TEMPLATE, Reason.HARD, question="sit_age", by=amina)

    def at(self, diagnostic, key):
        rank = list(diagnostic.template.questions).index(key) + 1
        return f"{HOME}/{diagnostic.code}/{rank}"

    def pages(self):
        trame = f"{HOME}/{self.trame.code}"
        return {
            "home": HOME,
            "masked": self.at(self.trame, "log_situation"),
            "alarm": self.at(self.trame, "log_courrier"),
            "scale": self.at(self.trame, "mot_confiance"),
            "needs to choose": self.at(self.trame, "pri_priorites"),
            "number": self.at(self.grid, "gp_heures"),
            "arabic": f"{self.at(self.grid, 'gp_garde')}?langue=ar",
            "done": f"{trame}/fin",
            "review": f"{trame}/relire",
            "needs": f"{trame}/besoins",
            "proposals": "/trame/propositions",
        }


@pytest.fixture
def hers(server):
    with server.data():
        yield Hers()


@pytest.mark.parametrize(
    "page",
    ["home", "masked", "alarm", "scale", "needs to choose", "number", "arabic", "done", "review",
     "needs", "proposals"],
)  # fmt: skip
def test_her_page_has_no_fault_that_a_tool_can_see(open_window, server, violations, hers, page):
    window = opened(open_window(javascript=False), server, hers.person)
    assert_no_fault(window, window.visit(hers.pages()[page]), violations)


@pytest.mark.parametrize(
    "path",
    ["/trame/propositions", "/trame/propositions/proposer",
     "/trame/propositions/proposer?question=sit_age", "/trame/propositions/question/sit_age"],
)  # fmt: skip
def test_a_page_of_proposals_has_no_fault_that_a_tool_can_see(
    open_window, server, violations, hers, path
):
    window = open_window(javascript=False)
    cookie = {"name": "session_id", "value": hers.amina_token, "url": server.address}
    window.context.add_cookies([cookie])
    assert_no_fault(window, window.visit(path), violations, MOST_BYTES.get(path, 9_000))


def root_size(window, path):
    window.visit(path)
    return window.page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")


@pytest.mark.parametrize("width", [320, 1280])
def test_type_is_larger_at_a_kiosk(open_window, server, hers, width):
    """REQ-36: the whole page grows, buttons and choices included."""
    window = opened(open_window(javascript=False, width=width), server, hers.person)
    small = root_size(window, "/plan-du-site")
    assert root_size(window, hers.at(hers.trame, "sit_age")) >= small * 1.1
    assert window.sideways_scroll() == 0


def test_the_grid_is_led_in_arabic_with_the_keyboard_alone(browser, server, hers):
    """REQ-38: at a kiosk, without a mouse and without scripts, from right to left."""
    hand = Keyboard(browser, server.address)
    opened(hand.window, server, hers.person)
    hand.open(f"{hers.at(hers.grid, 'gp_journee')}?langue=ar")
    hand.reach("التعامل مع أمر مفاجئ")
    hand.page.keyboard.press("Space")
    hand.reach("متابعة")
    hand.page.keyboard.press("Enter")
    hand.page.wait_for_url("**/2")
    with database.connection_context():
        assert Answers(hers.grid).given == {"gp_journee": ["imprevus"]}
    heading = hand.page.get_by_role("heading", level=1)
    assert heading.evaluate("e => getComputedStyle(e).direction") == "rtl"


VOICE = """
window.said = [];
window.SpeechSynthesisUtterance = class { constructor(words) { this.words = words; } };
Object.defineProperty(window, 'speechSynthesis', { value: {
    speaking: false, cancel() {}, speak(one) { window.said.push([one.lang, one.words]); } } });
"""


def test_the_question_is_read_aloud_when_she_asked_for_it(open_window, server, hers):
    """REQ-36: « acc_format » drives reading aloud; question and answers, in their language."""
    window = opened(open_window(), server, hers.person)
    window.page.add_init_script(VOICE)
    window.visit(hers.at(hers.trame, "sit_age"))
    window.page.get_by_role("button", name="Écouter la question").click()
    [[language, words]] = window.page.evaluate("window.said")
    assert language == "fr"
    assert words.startswith("Quel âge avez-vous")
    assert "Plus de 50 ans" in words
    assert window.page.get_by_role("button", name="Arrêter la lecture").is_visible()


def test_nobody_is_offered_a_voice_that_is_not_there_or_not_wanted(open_window, server, hers):
    without = opened(open_window(javascript=False), server, hers.person)
    without.visit(hers.at(hers.trame, "sit_age"))
    assert not without.page.get_by_text("Écouter la question").is_visible()
    with database.connection_context():
        Answer.delete().where(Answer.question == "acc_format").execute()
    window = opened(open_window(), server, hers.person)
    window.visit(hers.at(hers.trame, "sit_age"))
    assert window.page.get_by_text("Écouter la question").count() == 0


def test_on_her_own_telephone_the_page_is_as_large_as_the_others(open_window, server, hers):
    window = opened(open_window(javascript=False, width=320), server, hers.person)
    PersonSession.update(is_shared=False).where(PersonSession.person == hers.person).execute()
    small = root_size(window, "/plan-du-site")
    assert root_size(window, hers.at(hers.trame, "sit_age")) == small
