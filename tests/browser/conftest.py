"""A real Chromium in front of a real server, on each engine, with the demonstration world."""

import os
import subprocess

import pytest

from models import Account, Membership
from tests.browser import accessibility
from tests.browser.chromium import ChromiumMissing, Window, chromium
from tests.browser.installation import Installation
from tests.browser.lynx import LynxMissing
from tests.browser.lynx import find as find_lynx
from tests.browser.server import load_demonstration, serve
from tests.engines import ENGINES, EngineMissing, engine_address
from tests.mailbox import mail_server


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


@pytest.fixture
def inside(server):
    """The database of the server, open for the test."""
    with server.data():
        yield


@pytest.fixture
def amina(inside):
    """A référent of the demonstration world, in her organisation."""
    return Membership.of_account(Account.get(Account.identifier == "amina@demo.example"))[0]


@pytest.fixture(params=ENGINES)
def installation(request):
    try:
        with engine_address(request.param) as address, mail_server() as (mailbox, port):
            installed = Installation(address, mailbox, port)
            installed.flask("database", "migrate")
            installed.flask("demo", "load")
            yield installed
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


@pytest.fixture(scope="session")
def violations():
    """What axe-core finds against a page: `violations(page, javascript=True)`."""
    try:
        accessibility.require_checker()
    except accessibility.CheckerMissing as missing:
        skip_unless_in_ci(missing)
    return accessibility.violations


@pytest.fixture(scope="session")
def lynx():
    """What a text browser shows of an address."""
    try:
        program = find_lynx()
    except LynxMissing as missing:
        skip_unless_in_ci(missing)
    words = [program, "-dump", "-nolist", "-assume_charset=utf-8", "-display_charset=utf-8"]
    alone = {"HOME": "/nonexistent", "LANG": "C.UTF-8", "TERM": "dumb"}

    def shown(address):
        # Its exit code only repeats the status of the page.
        return subprocess.run(
            [*words, address], check=False, capture_output=True, text=True, env=alone
        ).stdout

    return shown


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A failure shows what the server wrote meanwhile."""
    report = yield
    server = getattr(item, "funcargs", {}).get("server")
    if report.failed and server:
        report.sections.append(("Journal du serveur", server.log()))
    return report
