"""Two diagnostics of one person, domain by domain: what changed, in words, without any measure.

A need that is not raised again is « no longer a need » only when its question was asked again.
"""

import functools
from typing import NamedTuple

from ..base import N_, Vocabulary
from ..persons.sharing import Domain
from ..questionnaire.shape import REFUSED, Need
from .diagnostic import Diagnostic
from .synthesis import DomainView, Strength, Synthesis


class Became(Vocabulary):
    """What a need became between two diagnostics."""

    GONE = "leve", N_("N’est plus un besoin")
    STILL = "reste", N_("Toujours là")
    NEW = "nouveau", N_("Nouveau")
    PUT_ASIDE = "ecarte", N_("Mis de côté par la personne")
    NOT_ASKED = "pas-aborde", N_("Pas abordé cette fois")


class NeedChange(NamedTuple):
    need: Need
    became: Became


class DomainChange(NamedTuple):
    """One domain before and after; None where that template asks nothing of it. `gained` are the
    strengths that were not said before."""

    domain: Domain
    before: DomainView | None
    after: DomainView | None
    needs: tuple[NeedChange, ...]
    gained: tuple[Strength, ...]

    @property
    def has_changed(self):
        moved = any(one.became is not Became.STILL for one in self.needs)
        return moved or bool(self.gained) or _words(self.before) != _words(self.after)

    @property
    def is_folded(self):
        return any(view and view.is_folded for view in (self.before, self.after))


class Comparison:
    """What one reader may read of both: a `former` diagnostic and the `latter` one."""

    def __init__(self, former, latter, opened):
        self.former, self.latter = Synthesis(former, opened), Synthesis(latter, opened)

    @property
    def same_version(self):
        former, latter = self.former.diagnostic, self.latter.diagnostic
        return former.version_id == latter.version_id

    @functools.cached_property
    def every_change(self):
        return [self._change(domain) for domain in Domain if self._speaks_of(domain)]

    @property
    def changes(self):
        """What moved in the domains that show at once."""
        return [one for one in self.every_change if one.has_changed and not one.is_folded]

    @property
    def unchanged(self):
        return [one for one in self.every_change if not one.has_changed and not one.is_folded]

    @property
    def folded(self):
        """The most sensitive domains, shown only to who asks."""
        return [one for one in self.every_change if one.is_folded]

    def _speaks_of(self, domain):
        return self.former.view(domain) or self.latter.view(domain)

    def _change(self, domain):
        before, after = self.former.view(domain), self.latter.view(domain)
        return DomainChange(
            domain=domain, before=before, after=after, needs=tuple(self._needs(before, after)),
            gained=tuple(_gained(before, after)),
        )  # fmt: skip

    def _needs(self, before, after):
        had = {line.need.key: line for line in before.needs} if before else {}
        has = {line.need.key: line for line in after.needs} if after else {}
        aside = {line.need.key for line in after.declined} if after else set()
        for key, line in had.items():
            if key in has:
                yield NeedChange(has[key].need, Became.STILL)
            elif key in aside:
                yield NeedChange(line.need, Became.PUT_ASIDE)
            else:
                yield NeedChange(line.need, self._fate(line))
        for key, line in has.items():
            if key not in had:
                yield NeedChange(line.need, Became.NEW)

    def _fate(self, line):
        """A need that no answer raises any more: its question was answered again, or was not."""
        answer = self.latter.answer(line.question.key)
        return Became.NOT_ASKED if answer is None or answer == REFUSED else Became.GONE


def _gained(before, after):
    """What is a strength now, and was not said before."""
    said = {
        (strength.question.key, choice.value)
        for strength in (before.strengths if before else ())
        for choice in strength.choices
    }
    for strength in after.strengths if after else ():
        key = strength.question.key
        new = tuple(one for one in strength.choices if (key, one.value) not in said)
        if new:
            yield Strength(strength.question, new)


def _words(view):
    return view and view.words


def others_of(diagnostic):
    """Her other diagnostics on the same template, the latest first."""
    every = Diagnostic.of_person(diagnostic.person)
    return [
        one for one in every if one.version.key == diagnostic.version.key and one != diagnostic
    ]  # fmt: skip


def in_order(one, other):
    """Both, the earlier first."""
    return sorted((one, other), key=lambda diagnostic: diagnostic.id)
