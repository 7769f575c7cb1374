"""What to choose a step from: actions of the bank that answer a need near her, and one's own."""

from typing import NamedTuple

from ..action_bank.sheets import Action
from ..diagnostics import matching
from ..diagnostics.matching import Match
from ..following.bookmarks import Bookmark

MOST_KEPT = 6


class Choices(NamedTuple):
    """`{code: Match}` of the actions that may become a step: those `found` for the need, with why,
    and those `kept` among the bookmarks of the professional. `is_lacking` says that nothing
    answers the need near her."""

    found: dict[str, Match]
    kept: dict[str, Match]
    is_lacking: bool

    @property
    def actions(self):
        """`{code: Action}` of all of them."""
        return {code: match.action for code, match in (self.found | self.kept).items()}


def choices_for(need, circumstances, account, *, asked=None):
    """The `Choices` for a `Need`: the action of the code `asked` comes first."""
    [proposal] = matching.proposals([need], circumstances)
    found = {match.action.code: match for match in proposal.matches}
    if asked and asked not in found and (action := Action.sheet(asked)) and action.is_listed_now:
        found = {asked: Match(action, None, ())} | found
    kept = {
        one.action.code: Match(one.action, None, ())
        for one in Bookmark.of_account(account)[:MOST_KEPT]
        if one.action.is_listed_now and one.action.code not in found
    }
    matching.count_lacks([proposal], circumstances)
    return Choices(found, kept, proposal.is_lacking)
