"""From a need to actions of the shared bank: which ones, and why in three reasons (REQ-31).

One question to the index for each need, and one reading of the sheets for all of them.
"""

from dataclasses import dataclass
from typing import NamedTuple

from ..action_bank.search import DEFAULT_RADIUS
from ..action_bank.sheets import Action, hidden_before
from ..base import N_, Vocabulary
from ..questionnaire.shape import REFUSED, Computed, Need
from ..search_index import Place, Query, current_index
from ..unmet_needs import UnmetNeed
from ..vocabularies import MINIMUM_INCOME

MOST_ACTIONS = 3
MOST_REASONS = 3
# As many needs as she may choose to start with.
MOST_FIRST = 3
# Read for each need, the nearest first, before the best ones are kept.
CANDIDATES = 12
BANK = "banque"
EVERYONE = "tous-publics"
# Actions of the same ten kilometres are equally near; a remote one is as far as the last of them.
STEP_KM, FAR = 10, 3
_ALSO_READ = ("thematics", "needs", "age_min", "age_max", "phone")
# What some answers of the single template say of an audience of data·inclusion.
_AUDIENCES = {
    ("sit_age", "moins-18"): "jeunes",
    ("sit_age", "18-25"): "jeunes",
    ("sit_age", "plus-50"): "seniors",
    ("sit_statut", "recherche"): "demandeurs-emploi",
    ("sit_statut", "emploi"): "actifs",
    ("sit_statut", "scolaire"): "etudiants",
    ("sit_qpv", "oui"): "residents-qpv-frr",
    ("fam_charge", "enfants"): "familles",
    ("fam_charge", "les-deux"): "familles",
}
_AGES = {
    "moins-18": (0, 17),
    "18-25": (18, 25),
    "26-29": (26, 29),
    "30-50": (30, 50),
    "plus-50": (51, 120),
}


class Why(Vocabulary):
    """Why an action is proposed; the blank of a sentence is the value of its `Reason`."""

    NEED = "besoin", N_("Répond à ce besoin, dit l’organisme")
    THEME = "theme", N_("Sur le thème : %(value)s")
    WORDS = "mots", N_("Avec les mots de ce besoin")
    NEAR = "pres", N_("Proche : %(value)s")
    REMOTE = "distance", N_("À distance, sans se déplacer")
    PLACES = "places", N_("Places libres : %(value)s")
    AUDIENCE = "public", N_("Pour : %(value)s")
    FRESH = "fraicheur", N_("Vérifiée le %(value)s")


class Reason(NamedTuple):
    """`value` is a thematic, km, `(free places, day they were counted or None)`, an audience, or a
    day, as `why` needs it."""

    why: Why
    value: object = None


class Match(NamedTuple):
    """An action proposed, how far it is (None: remote, or no known point), and why."""

    action: Action
    km: float | None
    reasons: tuple[Reason, ...]


class Proposal(NamedTuple):
    """What answers a need: actions, or `answered_by` somebody else than the bank. Without either,
    nothing is near."""

    need: Need
    matches: tuple[Match, ...]
    answered_by: str | None

    @property
    def is_lacking(self):
        return not self.matches and self.answered_by is None


@dataclass(frozen=True)
class Circumstances:
    """Where she lives and what tells for whom an action is: `ages` are the bounds of her age,
    `but_not` the row numbers of actions that were asked for already."""

    commune: object | None
    audiences: frozenset[str]
    ages: tuple[int, int] | None
    but_not: frozenset[int] = frozenset()

    @classmethod
    def of(cls, person, synthesis):
        """From what the reader of the synthesis may read."""
        told = {key: synthesis.answer(key) for key, _ in _AUDIENCES}
        audiences = {held for pair, held in _AUDIENCES.items() if told[pair[0]] == pair[1]}
        age = synthesis.answer("sit_age")
        ages = None if age in (None, REFUSED) else _AGES.get(age)
        return cls(person.commune, frozenset(audiences), ages)

    @property
    def place(self):
        here = self.commune
        return here and Place(here.latitude, here.longitude, DEFAULT_RADIUS, here.zone_codes)

    def admits(self, action):
        """False when her age is outside what the action asks for, whatever it is exactly, or when
        it was asked for already."""
        if action.id in self.but_not:
            return False
        if self.ages is None:
            return True
        least, most = self.ages
        too_young = action.age_min is not None and most < action.age_min
        too_old = action.age_max is not None and least > action.age_max
        return not (too_young or too_old)

    def shared_with(self, action):
        """The first audience of the action that she belongs to, as she said, or None."""
        return next((one for one in action.audiences if one in self.audiences), None)


def proposals(needs, circumstances):
    """A `Proposal` for each of these needs."""
    found = {need.key: _found(need, circumstances) for need in needs}
    sheets = _sheets({row for one in found.values() if one for row in one.ids})
    return [_proposal(need, found[need.key], sheets, circumstances) for need in needs]


def actions_question(template):
    """The question whose list is made of actions (`MATCHING_ACTIONS`), or None."""
    asked = template.questions.values()
    return next((one for one in asked if one.computed is Computed.MATCHING_ACTIONS), None)


def first_actions(person, synthesis):
    """`{code: name}` of the actions that answer her first needs, and of the one she chose already:
    what `actions_question` offers to choose from."""
    first = [line.need for line in synthesis.needs if not synthesis.is_folded(line)][:MOST_FIRST]
    found = proposals(first, Circumstances.of(person, synthesis))
    names = {match.action.code: match.action.name for one in found for match in one.matches}
    chosen = synthesis.answer(actions_question(synthesis.template).key)
    if chosen and chosen not in (REFUSED, *names):
        names |= {chosen: Action.name_of(chosen) or chosen}
    return names


def count_lacks(proposed, circumstances):
    """Count the needs that nothing answers near her, for the map of gaps; the keys of those that
    the counts hold."""
    lacking = [one.need for one in proposed if one.is_lacking]
    here = circumstances.commune
    return {need.key for need in lacking if UnmetNeed.note_need(need.thematics, here)}


def _found(need, circumstances):
    """What the index knows for a need, or None when the bank is not who answers."""
    if not need.thematics and need.answered_by != BANK:
        return None
    # Without a theme, the words of the need are looked for (TRAME.md).
    text = "" if need.thematics else need.label.fr
    found = current_index().query(
        Query(
            text=text, thematics=need.thematics, needs=(need.key,), place=circumstances.place,
            since=hidden_before(), limit=CANDIDATES, with_counts=False,
        )
    )  # fmt: skip
    # Sheets that hold some of the words only are not an answer.
    return None if found.relaxed else found


def _sheets(ids):
    rows = Action.for_list(*_ALSO_READ).where(Action.id << list(ids)) if ids else ()
    return {action.id: action for action in rows}


def _proposal(need, found, sheets, circumstances):
    ids = found.ids if found else ()
    read = [(sheets[row], found.distances.get(row)) for row in ids if row in sheets]
    open_to_her = [pair for pair in read if circumstances.admits(pair[0])]
    best = sorted(open_to_her, key=lambda pair: _rank(*pair, need, circumstances))[:MOST_ACTIONS]
    matches = tuple(
        Match(action, km, _reasons(action, km, need, circumstances)) for action, km in best
    )
    answered_by = None if need.answered_by == BANK else need.answered_by
    return Proposal(need, matches, answered_by)


def _rank(action, km, need, circumstances):
    """The best first: a full one, or one for others, comes last; then what is said to answer the
    need, what is near, what is fresh, and where there is room."""
    return (
        action.places_left == 0,
        _is_for_others(action, circumstances),
        need.key not in action.needs,
        FAR if km is None else min(int(km / STEP_KM), FAR),
        action.is_overdue,
        not action.places_left,
        circumstances.shared_with(action) is None,
        km or 0,
        action.code,
    )


def _is_for_others(action, circumstances):
    # Nothing is read, nor told on paper, of the income that she declared (REQ-14).
    if {EVERYONE, MINIMUM_INCOME} & set(action.audiences):
        return False
    return bool(action.audiences) and circumstances.shared_with(action) is None


def _reasons(action, km, need, circumstances):
    """What it answers, where it is, then what tells most of the rest."""
    reasons = [Reason(Why.NEED) if need.key in action.needs else _theme(action, need)]
    if action.is_remote_only:
        reasons.append(Reason(Why.REMOTE))
    elif km is not None:
        reasons.append(Reason(Why.NEAR, km))
    if action.places_left:
        reasons.append(Reason(Why.PLACES, (action.places_left, action.places_on)))
    if shared := circumstances.shared_with(action):
        reasons.append(Reason(Why.AUDIENCE, shared))
    if not action.is_overdue:
        reasons.append(Reason(Why.FRESH, action.last_verified_on))
    return tuple(reasons[:MOST_REASONS])


def _theme(action, need):
    shared = [value for value in need.thematics if value in action.thematics]
    return Reason(Why.THEME, shared[0]) if shared else Reason(Why.WORDS)
