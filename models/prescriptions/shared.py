"""What a prescription shares with the provider, as the person reads it before she agrees.

Her name, one way to reach her, the needs concerned and chosen papers; nothing else, ever.
"""

import json
from typing import NamedTuple

from ..base import N_, RuleBroken, Vocabulary
from ..persons.person import ContactBy

MOST_NEEDS = 3


class ConcernedNeed(NamedTuple):
    """A need of her diagnostic that the action answers: `label` is what the provider reads,
    `domains` those that a référent must share with her to read it."""

    key: str
    label: str
    domains: tuple[str, ...]

    @classmethod
    def of(cls, offer):
        """Of an `Offer` of her plan."""
        template, said = offer.diagnostic.template, offer.said
        question = template.questions[offer.question]
        gates = {said.domain} if said.domain.sensitivity > 1 else set()
        gates |= {question.shared_with} if question.sensitivity > 1 else set()
        return cls(offer.need, said.label.fr, tuple(sorted(gates)))

    def is_open(self, opened):
        """Whether a reader may know of it (`Openness`)."""
        return opened.domains.issuperset(self.domains)


class Reach(Vocabulary):
    """How the provider reaches her; `REFERENT` gives nothing of hers."""

    PHONE = "telephone", N_("Appeler la personne")
    SMS = "sms", N_("Envoyer un SMS à la personne")
    EMAIL = "courriel", N_("Écrire à la personne")
    REFERENT = "referent", N_("Passer par son référent")

    @property
    def column(self):
        """The column of her file that it needs, or None."""
        return None if self is Reach.REFERENT else ContactBy(self.value).needs


class Shared(NamedTuple):
    """What is sent. `name` and `contact` are as they were when she agreed."""

    name: str
    reach: Reach
    contact: str | None
    needs: tuple[ConcernedNeed, ...]
    action_code: str
    action_name: str

    @classmethod
    def of(cls, person, action, reach, needs):
        """Raises `RuleBroken` when she cannot be reached so, or for too many needs."""
        contact = reach.column and getattr(person, reach.column)
        if reach.column and not contact:
            raise RuleBroken(N_("Le dossier ne dit pas comment joindre la personne ainsi."))
        if len(needs) > MOST_NEEDS:
            raise RuleBroken(N_("%(most)d besoins au plus."), most=MOST_NEEDS)
        return cls(person.name, reach, contact, tuple(needs), action.code, action.name)

    def written(self):
        """As `read` reads it."""
        said = {"nom": self.name, "joindre": self.reach.value, "contact": self.contact}
        needs = [list(one) for one in self.needs]
        action = {"action": self.action_code, "intitule": self.action_name}
        return json.dumps(said | {"besoins": needs} | action)

    @classmethod
    def read(cls, text):
        said = json.loads(text)
        needs = tuple(ConcernedNeed(key, label, tuple(at)) for key, label, at in said["besoins"])
        reach = Reach(said["joindre"])
        return cls(said["nom"], reach, said["contact"], needs, said["action"], said["intitule"])

    def is_open(self, opened):
        """Whether a reader may know what was asked for: the action itself may tell the need."""
        return all(one.is_open(opened) for one in self.needs)


def ways_to_reach(person):
    """The `Reach`es that her file allows, the one she prefers first."""
    allowed = [one for one in Reach if one.column is None or getattr(person, one.column)]
    return sorted(allowed, key=lambda one: one.value != person.contact_by.value)
