"""What is asked of an engine, and what it gives back: the words both sides speak."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

END_OF_TIME = 1 << 62


@dataclass(frozen=True)
class Condition:
    """What a sheet must hold: all the words (or any of them) or one of the themes; and one token
    of each group; with its number in `low <= docid < high`.

    `fewest` is how many sheets hold the rarest of the words: what an engine may plan with.
    """

    words: tuple[str, ...] = ()
    any_word: bool = False
    themes: tuple[str, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    low: int = 0
    high: int = END_OF_TIME
    fewest: int = 0

    def text(self, *, both: str, either: str, quote: Callable[[str], str]):
        """The condition in an engine's language, empty when it asks nothing but a range."""
        words = (either if self.any_word else both).join(map(quote, self.words))
        choices = [f"({words})"] if words else []
        choices += map(quote, self.themes)
        groups = [either.join(choices)] if choices else []
        groups += [either.join(map(quote, group)) for group in self.groups]
        return both.join(f"({group})" for group in groups)


class Hit(NamedTuple):
    """A sheet that meets a condition."""

    docid: int
    facets: str
    latitude: float | None
    longitude: float | None
