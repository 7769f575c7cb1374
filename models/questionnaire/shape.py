"""What a template of the diagnostic is made of, read from its data (`reference/trame-unique.json`).

Everything here is frozen: a published version is read once and answers for ever the same.
"""

import functools
import operator
from collections.abc import Mapping
from dataclasses import dataclass

from ..base import N_, Vocabulary
from ..persons.sharing import Domain

REFUSED = "refus"
REFUSAL_WORDS = {
    "fr": "Je préfère ne pas répondre",
    "en": "I prefer not to answer",
    "ar": "أفضّل عدم الإجابة",
}
HIGHEST = 3


class Kind(Vocabulary):
    """How a question is answered; none holds free text."""

    SINGLE = "single", N_("un seul choix")
    MULTIPLE = "multiple", N_("plusieurs choix")
    SCALE = "scale", N_("une échelle de 1 à 4")
    YES_NO = "yes_no", N_("oui ou non")
    DATE = "date", N_("une date")
    NUMBER = "number", N_("un nombre entier")


class Computed(Vocabulary):
    """Lists of choices that are not written in the template (`choices_ref`)."""

    SKILLS = "savoir-etre:pe-14", N_("les 14 savoir-être")
    SUGGESTED_SKILLS = (
        "savoir-etre:pe-14:suggestions",
        N_("les forces vues dans ses réponses"),
    )
    RAISED_NEEDS = "besoins_souleves", N_("les besoins levés")
    MATCHING_ACTIONS = "banque_actions:correspondances", N_("les actions trouvées")


@dataclass(frozen=True, slots=True)
class Words:
    """A text as it is read: French is always there, the other languages when they exist."""

    fr: str
    en: str = ""
    ar: str = ""
    simple: str = ""

    def said(self, language, *, simply=False):
        """The text in a language, or in French when nobody has translated it."""
        if language == "fr":
            return self.simple if simply and self.simple else self.fr
        return getattr(self, language, "") or self.fr


@dataclass(frozen=True, slots=True)
class Need:
    """Something to be answered. `answered_by`: « banque », « referent », « portail:… »."""

    key: str
    label: Words
    domain: Domain
    thematics: tuple[str, ...]
    answered_by: str
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a closed list. `strengths` are keys of `savoir-etre.json`; `state` is the one
    that the domain is proposed; `to_talk` says « I would rather talk about it »."""

    value: str | int
    label: Words
    needs: tuple[str, ...] = ()
    strengths: tuple[str, ...] = ()
    state: str = ""
    is_exclusive: bool = False
    is_urgent: bool = False
    is_to_talk: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """Another question, asked before, and what it must say."""

    question: str
    op: str
    value: object

    def holds(self, answers):
        given = answers.get(self.question)
        if given is None or given == REFUSED:
            return False
        return any(_OPS[self.op](one, self.value) for one in _each(given))


_OPS = {"in": lambda one, wanted: one in wanted, "lte": operator.le, "gte": operator.ge}


@dataclass(frozen=True, slots=True)
class Question:
    """`domain` is the one it speaks of; `shared_with` the one whose agreement opens it."""

    key: str
    kind: Kind
    label: Words
    hint: Words
    sensitivity: int
    domain: Domain | None
    shared_with: Domain | None
    is_optional: bool
    choices: tuple[Choice, ...]
    computed: Computed | None
    most_choices: int | None
    shown_if: tuple[Condition, ...]
    is_shown_if_all: bool
    bounds: Mapping[str, object]
    is_kept: bool
    at_kiosk: bool
    may_refuse: bool
    proposes: str
    since: str
    origin: str
    usage: str
    asked_for: tuple[Mapping[str, str], ...]

    @property
    def is_list(self):
        """Whether it is answered by choosing, rather than by writing a day or a number."""
        return self.kind not in (Kind.DATE, Kind.NUMBER)

    def is_shown(self, answers):
        """Whether the answers to the questions before lead to it."""
        if not self.shown_if:
            return True
        met = (condition.holds(answers) for condition in self.shown_if)
        return all(met) if self.is_shown_if_all else any(met)

    def choice(self, value):
        """Its written choice of this value, or None."""
        return next((one for one in self.choices if one.value == value), None)

    def chosen(self, answer):
        """The written choices of an answer; a refusal chooses none."""
        if answer is None or answer == REFUSED:
            return []
        return [one for value in _each(answer) if (one := self.choice(value))]


@dataclass(frozen=True, slots=True)
class Section:
    """Questions on one subject. `contacts` are keys of the immediate help it shows."""

    key: str
    title: Words
    intro: Words
    domains: tuple[Domain, ...]
    contacts: tuple[str, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Template:
    """A whole template, with the needs that its choices raise."""

    key: str
    title: Words
    intro: Words
    audience: Words
    sections: tuple[Section, ...]
    needs: Mapping[str, Need]

    @functools.cached_property
    def questions(self):
        """`{key: Question}` in the order they are asked."""
        return {one.key: one for section in self.sections for one in section.questions}

    @functools.cached_property
    def section_of(self):
        """`{question key: Section}`."""
        return {one.key: section for section in self.sections for one in section.questions}

    @functools.cached_property
    def leading(self):
        """The keys of the questions on which others hang."""
        return {one.question for asked in self.questions.values() for one in asked.shown_if}

    def section(self, key):
        """Its section of this key, or None."""
        return next((one for one in self.sections if one.key == key), None)

    def sensitivity_of(self, need, question):
        """The level of a need raised by a question: the higher of its domain and the question."""
        return max(self.needs[need].domain.sensitivity, self.questions[question].sensitivity)


def read_template(content):
    """The `Template` of a version's content: `{"modele": {…}, "besoins": […]}`."""
    record = content["modele"]
    return Template(
        key=record["key"],
        title=words(record, "titre"),
        intro=words(record, "intro"),
        audience=words(record, "public"),
        sections=tuple(map(_section, record["sections"])),
        needs={need["key"]: _need(need) for need in content["besoins"]},
    )


def words(record, name):
    """The `Words` of a field and of its translations."""
    return Words(*(record.get(f"{name}{end}", "") for end in ("", "_en", "_ar", "_simple")))


def _section(record):
    domains = tuple(map(Domain, record["domaines"]))
    return Section(
        key=record["key"],
        title=words(record, "titre"),
        intro=words(record, "intro"),
        domains=domains,
        contacts=tuple(record.get("aide_immediate", ())),
        questions=tuple(_question(one, domains) for one in record["questions"]),
    )


def _question(record, domains):
    mode, conditions = next(iter(record.get("visible_if", {"any": []}).items()))
    domain = record["domaine"] and Domain(record["domaine"])
    is_optional, is_kept = record["facultatif"], record.get("enregistre", True)
    return Question(
        key=record["key"],
        kind=Kind(record["type"]),
        label=words(record, "label"),
        hint=words(record, "aide"),
        sensitivity=record["sensibilite"],
        domain=domain,
        shared_with=domain or next(iter(domains), None),
        is_optional=is_optional,
        choices=tuple(map(_choice, record.get("choices", ()))),
        computed=record.get("choices_ref") and Computed(record["choices_ref"]),
        most_choices=record.get("max_choices"),
        shown_if=tuple(Condition(one["question"], one["op"], one["value"]) for one in conditions),
        is_shown_if_all=mode == "all",
        bounds=record.get("contrainte", {}),
        is_kept=is_kept,
        at_kiosk=record.get("borne") != "jamais",
        may_refuse=is_optional and is_kept,
        proposes=record.get("propose_grille", ""),
        since=record.get("depuis", ""),
        origin=record.get("origine", ""),
        usage=record.get("usage", ""),
        asked_for=tuple(record.get("demandes", ())),
    )


def _choice(record):
    return Choice(
        value=record["value"],
        label=words(record, "label"),
        needs=tuple(record.get("besoins", ())),
        strengths=tuple(record.get("forces", ())),
        state=record.get("etat", ""),
        is_exclusive=record.get("exclusif", False),
        is_urgent=record.get("urgence", False),
        is_to_talk=record.get("entretien", False),
    )


def _need(record):
    return Need(
        key=record["key"],
        label=words(record, "label"),
        domain=Domain(record["domaine"]),
        thematics=tuple(record["thematiques"]),
        answered_by=record["reponse"],
        is_kept=record.get("enregistre", True),
    )


def _each(answer):
    return answer if isinstance(answer, list | tuple) else (answer,)
