"""What the demonstration follows: Amina’s bookmarks, list and search, and a year of needs that
nobody answered."""

from ..accounts.account import Account
from ..action_bank.asking import search_of
from ..action_bank.search import search
from ..base import today, transaction
from ..days import months_before
from ..following.bookmarks import Bookmark
from ..following.lists import ActionList
from ..following.saved_searches import Rhythm, SavedSearch
from ..network.memberships import Membership
from ..unmet_needs import UnmetNeed

QUERY = {"commune": "31395", "thematique": ["famille"]}
NOTE = "Appeler le matin. Dire que c’est pour une entrée en formation."
# Theme and EPCI → how many searches found nothing in each of the last months.
NEEDS = {
    ("famille", "200072643"): (6, 9, 8),
    ("famille", "200068641"): (4, 3, 0),
    ("famille", "243100518"): (2, 1, 1),
    ("famille", ""): (11, 14, 9),
    ("mobilite", "200072643"): (12, 10, 15),
    ("mobilite", "200072635"): (3, 2, 2),
    ("mobilite", "243100732"): (1, 0, 4),
    ("mobilite", "200066819"): (2, 1, 3),
    ("logement-hebergement", "200072635"): (1, 1, 0),
    ("", ""): (7, 5, 6),
}


@transaction
def load():
    """Bring it to its state, once: what was done since is left as it is."""
    amina = Account.get(Account.identifier == "amina@demo.example")
    if SavedSearch.of_account(amina):
        return
    _follow(amina)
    for (theme, place), months in NEEDS.items():
        for ago, searches in enumerate(months, start=1):
            month = months_before(today().replace(day=1), ago)
            if searches:
                UnmetNeed.create(theme=theme, place=place, month=month, searches=searches)


def _follow(account):
    SavedSearch.keep("Famille, Muret", QUERY, Rhythm.FORTNIGHTLY, by=account)
    found = search(search_of(QUERY)).actions[:4]
    for action in reversed(found):
        bookmark = Bookmark.keep(action, by=account)
    bookmark.annotate(NOTE, by=account)
    kept = ActionList.start("Garde d’enfants autour de Muret", by=account)
    kept.describe(kept.name, Membership.of_account(account)[0].organisation, by=account)
    for action in found[:3]:
        kept.add(action, by=account)
    kept.share(True, by=account)
