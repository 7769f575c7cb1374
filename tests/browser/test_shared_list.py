"""A list handed over at the desk: read by anyone on a small screen, and printed on paper."""

import pytest

from models import ActionList
from tests.engines import ENGINES

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("server", ENGINES[:1], indirect=True, scope="session"),
]
FIRST_PAGE_BYTES = 9_000
SCREEN_ONLY = "header, footer, .noprint, .crumbs"


@pytest.fixture
def path(server):
    with server.data():
        return f"/listes/{ActionList.get(ActionList.is_shared).code}"


def test_a_shared_list_is_light_and_has_no_fault(open_window, violations, path):
    window = open_window(javascript=False)
    assert window.visit(path).status == 200
    assert window.complaints == []
    assert window.requests_elsewhere() == []
    for _ in window.each_width():
        assert violations(window.page, javascript=False) == []
        assert window.sideways_scroll() == 0
    assert window.bytes_of("Document") <= FIRST_PAGE_BYTES


def test_a_list_of_two_actions_holds_on_one_sheet_of_paper(open_window, path):
    """« printable on A4 for a person at the desk »: large type, no navigation."""
    window = open_window(javascript=False)
    window.visit(path)
    assert window.sheets_of_paper() == 1
    window.page.emulate_media(media="print")
    shown = window.page.eval_on_selector_all(
        SCREEN_ONLY, "all => all.filter(one => one.checkVisibility()).length"
    )
    assert shown == 0
    size = window.page.eval_on_selector(".hand", "one => getComputedStyle(one).fontSize")
    assert float(size.removesuffix("px")) > 17
