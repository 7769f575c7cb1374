"""What to choose a step from: actions of the bank that answer a need near her, and one's own."""

from typing import NamedTuple

from ..action_bank.search import Search, search
from ..action_bank.sheets import Action
from ..following.bookmarks import Bookmark

MOST_FOUND, MOST_KEPT = 6, 6


class Choice(NamedTuple):
    """An action that may become a step. `km` is None when it is remote, or without place;
    `is_kept` says that it comes from the bookmarks of the professional."""

    action: Action
    km: float | None
    is_kept: bool


def choices_for(need, commune, account, *, asked=None):
    """The `Choice`s for a `Need`: the one of the code `asked` first, then those of its themes
    around her commune, then the bookmarks of this account."""
    found = {}
    if asked and (action := Action.sheet(asked)) and action.is_listed_now:
        found[action.code] = Choice(action, None, False)
    if need.thematics:
        answer = search(
            Search(commune=commune, chosen={"thematic": need.thematics}), page_size=MOST_FOUND
        )
        for action in answer.actions:
            km = answer.found.distances.get(action.id)
            found.setdefault(action.code, Choice(action, km, False))
    for bookmark in Bookmark.of_account(account)[:MOST_KEPT]:
        if bookmark.action.is_listed_now:
            found.setdefault(bookmark.action.code, Choice(bookmark.action, None, True))
    return found
