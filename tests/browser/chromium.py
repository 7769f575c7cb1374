"""Debian's Chromium, silent towards the rest of the world, and what it saw of a page."""

import contextlib
import os
import re
import shutil
from urllib.parse import urlsplit

from playwright.sync_api import Error, sync_playwright

# The same engine, without the tabs and menus that nobody looks at: four times less work a window.
PROGRAMS = ("chromium-headless-shell", "chromium")
INSTALL = f"apt-get install -y {PROGRAMS[0]}"
# Without these, a browser calls its maker at each start.
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]
HEIGHT = 900
WIDTHS = (320, 1280)


class ChromiumMissing(RuntimeError):
    """No browser here; the message names the command that installs one."""


@contextlib.contextmanager
def chromium():
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if not program:
        raise ChromiumMissing(f"Chromium est introuvable. Installez-le : {INSTALL}")
    # Its sandbox refuses to run as root, which is what containers run as.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET + sandbox)
        try:
            yield browser
        finally:
            browser.close()


class Window:
    """One window with nothing kept from before, and the journal of what it asked and said."""

    def __init__(self, browser, address, *, javascript=True, width=1280):
        self.address = address
        self.context = browser.new_context(
            base_url=address,
            java_script_enabled=javascript,
            locale="fr-FR",
            timezone_id="Europe/Paris",
            viewport={"width": width, "height": HEIGHT},
        )
        self.page = self.context.new_page()
        self.requested, self.complaints = [], []
        self.page.on("request", lambda request: self.requested.append(request.url))
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self._network = self.context.new_cdp_session(self.page)
        self._network.send("Network.enable")
        self._network.on("Network.responseReceived", self._name_answer)
        self._network.on("Network.loadingFinished", self._weigh_answer)
        self._kinds, self.weights = {}, []

    def _hear(self, message):
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _name_answer(self, event):
        self._kinds[event["requestId"]] = event["type"]

    def _weigh_answer(self, event):
        kind = self._kinds.get(event["requestId"], "Other")
        self.weights.append((kind, int(event["encodedDataLength"])))

    def each_width(self):
        """The page that is open, on a small telephone and on a desk: loading it twice would cost
        more than what is looked at."""
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            yield width

    def visit(self, path, *, settled=False):
        """Load a page; what was asked, said and weighed before is forgotten.

        `settled` waits for what the browser fetches afterwards, while idle.
        """
        self.requested.clear()
        self.complaints.clear()
        self.weights.clear()
        response = self.page.goto(path, wait_until="networkidle" if settled else "load")
        if response.status >= 400:
            # The browser complains of the very status that the page means to give.
            self.complaints = [
                text for text in self.complaints if f"status of {response.status}" not in text
            ]
        return response

    def bytes_of(self, *kinds):
        """The bytes on the wire, headers included, of these kinds of answers (all by default)."""
        return sum(weight for kind, weight in self.weights if not kinds or kind in kinds)

    def requests_elsewhere(self):
        here = urlsplit(self.address).netloc
        return [
            url
            for url in self.requested
            if urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).netloc != here
        ]

    def sideways_scroll(self):
        return self.page.evaluate(
            "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
        )

    def sheets_of_paper(self):
        """How many A4 sheets the page prints on, once what a click asked for has arrived."""
        self.page.wait_for_load_state("networkidle")
        try:
            pdf = self._print()
        except Error:
            # The print of a page just loaded may fail inside the browser: a tool, not a page.
            pdf = self._print()
        return len(re.findall(rb"/Type\s*/Page\b", pdf))

    def _print(self):
        return self.page.pdf(format="A4", prefer_css_page_size=True)

    def close(self):
        self.context.close()
