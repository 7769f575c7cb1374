"""Every page open to all, in a real browser: readable, alone with its server, and light."""

import shutil
import subprocess

import pytest

from app import create_app
from blueprints.access import OPEN
from tests.browser.accessibility import violations
from tests.browser.pages import PAGES, path_of

pytestmark = pytest.mark.browser

# One initial window of a TCP connection is 14,600 bytes: pages aim well below it.
FIRST_PAGE_BYTES = 9_000
FIRST_LOAD_BYTES = 24_000
FIRST_LOAD_REQUESTS = 3
NEXT_PAGE_BYTES = 4_000
# They answer programs, not people.
NOT_PAGES = {"home.health"}


@pytest.fixture(params=PAGES)
def name(request):
    return request.param


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
def test_a_page_has_no_fault_that_a_tool_can_see(open_window, server, name, javascript, width):
    window = open_window(javascript=javascript, width=width)

    response = window.visit(path_of(server, name))

    assert response.status == PAGES[name].status
    assert violations(window.page, javascript=javascript) == []
    assert window.complaints == []
    assert window.requests_elsewhere() == []
    assert window.sideways_scroll() == 0


def test_a_first_visit_fits_in_the_first_bytes_of_a_slow_line(open_window, server, name):
    window = open_window()

    window.visit(path_of(server, name), settled=True)

    assert window.bytes_of("Document", "Stylesheet") <= FIRST_PAGE_BYTES
    assert window.bytes_of() <= FIRST_LOAD_BYTES
    assert len(window.weights) <= FIRST_LOAD_REQUESTS


def test_the_next_page_is_one_light_request(open_window, server, name):
    window = open_window()
    window.visit("/partenaires" if name != "partenaires" else "/", settled=True)

    window.visit(path_of(server, name), settled=True)

    assert [kind for kind, _ in window.weights] == ["Document"]
    assert window.bytes_of() <= NEXT_PAGE_BYTES


def test_a_text_browser_shows_the_title_and_the_labels(open_window, server, name):
    window = open_window(javascript=False)
    path = path_of(server, name)
    window.visit(path)
    said = window.page.locator("h1, label, legend, button").all_text_contents()

    shown = squeezed(lynx(server.address + path))

    assert [words for words in said if squeezed(words) not in shown] == []


def test_every_page_open_to_all_is_visited(server):
    app = create_app(DATABASE_URL="sqlite:///:memory:", SECRET_KEY="x" * 32)
    routes = app.url_map.bind("127.0.0.1")
    visited = {
        routes.match(path_of(server, name).partition("?")[0])[0]
        for name, page in PAGES.items()
        if page.status == 200
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


def lynx(address):
    program = shutil.which("lynx")
    if program is None:
        pytest.skip("lynx est introuvable. Installez-le : apt-get install -y lynx")
    return subprocess.run(
        [program, "-dump", "-nolist", "-assume_charset=utf-8", "-display_charset=utf-8", address],
        check=True,
        capture_output=True,
        text=True,
        env={"HOME": "/nonexistent", "LANG": "C.UTF-8", "TERM": "dumb"},
    ).stdout
