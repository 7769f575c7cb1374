"""A real Chromium in front of a real server, on each engine, with the demonstration world."""

import os

import pytest

from tests.browser.chromium import ChromiumMissing, Window, chromium
from tests.browser.server import load_demonstration, serve
from tests.engines import ENGINES, EngineMissing, engine_address


def skip_unless_in_ci(missing):
    if os.environ.get("CI") == "true":
        raise missing
    pytest.skip(str(missing))


@pytest.fixture(scope="session", params=ENGINES)
def server(request):
    try:
        with engine_address(request.param) as address:
            load_demonstration(address)
            with serve(address) as running:
                yield running
    except EngineMissing as missing:
        skip_unless_in_ci(missing)


@pytest.fixture(scope="session")
def browser():
    try:
        with chromium() as started:
            yield started
    except ChromiumMissing as missing:
        skip_unless_in_ci(missing)


@pytest.fixture
def open_window(browser, server):
    """Open windows on the server: `open_window(javascript=False, width=320).visit("/")`."""
    opened = []

    def open_one(**settings):
        opened.append(Window(browser, server.address, **settings))
        return opened[-1]

    yield open_one
    for window in opened:
        window.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A failure shows what the server wrote meanwhile."""
    report = yield
    server = getattr(item, "funcargs", {}).get("server")
    if report.failed and server:
        report.sections.append(("Journal du serveur", server.log()))
    return report
