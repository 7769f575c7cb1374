"""Someone in front of a real Chromium, with the keyboard alone and without scripts."""

from tests.browser.chromium import Window

LAST_TAB = 150
# What a screen reader would say of the control that has the focus.
NAME = """() => {
    const e = document.activeElement;
    const label = e.labels && e.labels.length ? e.labels[0].innerText : e.innerText;
    return (label || '').replace(/\\s+/g, ' ').trim();
}"""


class Keyboard:
    """Someone in front of a window, without mouse and without scripts."""

    def __init__(self, browser, address, width=1280):
        self.window = Window(browser, address, javascript=False, width=width)
        self.page = self.window.page

    def open(self, path):
        self.window.visit(path)
        return self

    def reach(self, words):
        """Press Tab until the control that reads so has the focus."""
        for _ in range(LAST_TAB):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(NAME).startswith(words):
                return self
        raise AssertionError(f"Tab never reaches « {words} » on {self.page.url}")

    def type(self, words, text):
        self.reach(words)
        self.page.keyboard.type(text)
        return self

    def retype(self, words, text):
        """Type in the place of what a field holds."""
        self.reach(words)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)
        return self

    def tick(self, *boxes):
        for words in boxes:
            self.reach(words)
            self.page.keyboard.press("Space")
        return self

    def press(self, words):
        """Follow a link or press a button, and be on the page it leads to."""
        self.reach(words)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self

    def reads(self, words):
        text = " ".join(self.page.inner_text("main").split())
        assert words in text, f"« {words} » is not on {self.page.url} :\n{text}"
        return self
