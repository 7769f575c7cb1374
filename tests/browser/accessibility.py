"""What axe-core finds against a page, at the levels A, AA and AAA and in its best practices."""

import functools
import pathlib

SOURCE = pathlib.Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
# With scripts disabled, timers never fire, and axe waits for them: promises still resolve. They
# resolve at once, though, and the time-out of the style sheets it preloads would too.
PROMISES_FOR_TIMERS = """() => {
    window.setTimeout = (act, _, ...values) => {
        Promise.resolve().then(() => act(...values));
        return 0;
    };
}"""
RUN = """(preload) => axe.run({
    preload,
    resultTypes: ["violations"],
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "wcag2aaa",
              "best-practice"],
    rules: {"target-size": {enabled: true}},
})"""


class CheckerMissing(RuntimeError):
    """axe-core is not installed; the message names the command that installs it."""


def require_checker():
    if not SOURCE.exists():
        raise CheckerMissing("axe-core est introuvable. Installez-le : make tools (avec npm)")


@functools.cache
def _checker():
    return SOURCE.read_text(encoding="utf-8")


def violations(page, *, javascript=True):
    """One line per rule broken, with the places; none on a good page."""
    if not javascript:
        page.evaluate(PROMISES_FOR_TIMERS)
    if not page.evaluate("'axe' in window"):
        page.evaluate(_checker())
    return [
        f"{found['id']} ({found['help']}) : "
        + " ; ".join(" ".join(node["target"]) for node in found["nodes"])
        for found in page.evaluate(RUN, javascript)["violations"]
    ]
