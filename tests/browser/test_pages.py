"""Every page open to all, in a real browser: readable, alone with its server, and light."""

import pytest

from app import create_app
from blueprints.access import OPEN
from tests.browser.chromium import Window
from tests.browser.pages import PAGES, path_of
from tests.engines import ENGINES

pytestmark = pytest.mark.browser

# One initial window of a TCP connection is 14,600 bytes: pages aim well below it.
FIRST_PAGE_BYTES = 9_000
FIRST_LOAD_BYTES = 24_000
FIRST_LOAD_REQUESTS = 3
NEXT_PAGE_BYTES = 4_000
# The charter is one text, read and printed whole: fourteen articles and what holds them.
WHOLE_CHARTER_BYTES = 4_700
WHOLE_CHARTER = {"charte", "charte en anglais", "une version de la charte"}
# They answer programs, lead to a page, or open with a secret of their owner.
NOT_PAGES = {
    "home.health",
    "action_bank.short",
    "action_bank.of_source",
    "accounts.ask_provider",
    "accounts.return_from_provider",
    "accounts.leave_provider",
    "joining.follow",
    "joining.invitation",
    "charter.proof_text",
    "following.feed",
    "exchange.page",
    "exchange.whole",
    "freshness.verify",
    "employment.by_link",
    "liaison.employer",
    "my_space.still_there",
    "liaison.report_by_link",
    "replies.paper_by_link",
    "replies.show",
}

# The engine changes nothing to the bytes of a page: one is enough for what takes long.
on_one_engine = pytest.mark.parametrize("server", ENGINES[:1], indirect=True, scope="session")


@pytest.fixture(params=PAGES)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def used_window(browser, server):
    """A window that has seen pages before: it holds the script and the style sheets, a terminal's
    among them."""
    window = Window(browser, server.address)
    for held in ("/actions?q=garde", "/charte/verifier", "/borne"):
        window.visit(held, settled=True)
    yield window
    window.close()


def test_a_page_opens_without_a_complaint(used_window, server, name):
    response = used_window.visit(path_of(server, name))

    assert response.status == PAGES[name].status
    assert used_window.complaints == []


@on_one_engine
def test_a_page_has_no_fault_that_a_tool_can_see(open_window, server, violations, name):
    window = open_window(javascript=False)

    window.visit(path_of(server, name))

    assert window.complaints == []
    assert window.requests_elsewhere() == []
    for _ in window.each_width():
        assert violations(window.page, javascript=False) == []
        assert window.sideways_scroll() == 0


@on_one_engine
def test_nor_has_a_page_with_scripts(open_window, server, violations, name):
    """A page that leaves nothing to the script is the same with it: the tool has read it."""
    window = open_window()

    window.visit(path_of(server, name))

    assert window.complaints == []
    assert window.requests_elsewhere() == []
    is_moved = "data-hx-" in window.page.content()
    for _ in window.each_width():
        assert not is_moved or violations(window.page) == []
        assert window.sideways_scroll() == 0


@on_one_engine
def test_a_first_visit_fits_in_the_first_bytes_of_a_slow_line(open_window, server, name):
    window = open_window()

    window.visit(path_of(server, name), settled=True)

    # The document holds its style sheet; the file it also names is for print, and blocks nothing.
    assert window.bytes_of("Document") <= FIRST_PAGE_BYTES
    assert window.bytes_of() <= FIRST_LOAD_BYTES
    assert len(window.weights) <= FIRST_LOAD_REQUESTS


@on_one_engine
def test_the_next_page_is_one_light_request(used_window, server, name):
    used_window.visit(path_of(server, name), settled=True)

    assert [kind for kind, weight in used_window.weights if weight] == ["Document"]
    assert used_window.bytes_of() <= (
        WHOLE_CHARTER_BYTES if name in WHOLE_CHARTER else NEXT_PAGE_BYTES
    )


@on_one_engine
def test_a_text_browser_shows_the_title_and_the_labels(open_window, server, lynx, name):
    window = open_window(javascript=False)
    path = path_of(server, name)
    window.visit(path)
    said = window.page.locator("h1, label, legend, button").all_text_contents()

    shown = squeezed(lynx(server.address + path))

    assert [words for words in said if squeezed(words) not in shown] == []


@on_one_engine
def test_every_page_open_to_all_is_visited(server):
    app = create_app(DATABASE_URL="sqlite:///:memory:", SECRET_KEY="x" * 32)
    routes = app.url_map.bind("127.0.0.1")
    visited = {
        routes.match(path_of(server, name).partition("?")[0])[0]
        for name, page in PAGES.items()
        if page.status != 404
    }

    open_to_all = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods
        and getattr(app.view_functions[rule.endpoint], "access", "") == OPEN
    }

    assert open_to_all - visited - NOT_PAGES == set()


def squeezed(text):
    """The text without its spaces: a text browser breaks lines where it likes."""
    return "".join(text.split())
