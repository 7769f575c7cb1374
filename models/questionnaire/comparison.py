"""What changed between two versions of a template, in plain words (REQ-29)."""

import difflib
from typing import NamedTuple

from ..base import N_, Vocabulary
from ..charter.comparison import Piece, pieces
from .asking import AskedWhy, Asker
from .shape import Need, Question, Section

_LANGUAGES = {"en": N_("Anglais revu."), "ar": N_("Arabe revu.")}


class What(Vocabulary):
    """What became of a part."""

    ADDED = "ajoute", N_("Ajouté")
    REMOVED = "retire", N_("Retiré")
    CHANGED = "change", N_("Changé")
    MOVED = "deplace", N_("Déplacé")


class Detail(NamedTuple):
    """One thing that changed: a sentence with its values, or the words before and after."""

    sentence: str
    values: dict = {}
    pieces: tuple[Piece, ...] = ()


class Change(NamedTuple):
    """A part that is not the same in both versions; `before` or `after` may be None."""

    what: tuple[What, ...]
    before: Section | Question | Need | None
    after: Section | Question | Need | None
    details: tuple[Detail, ...]

    @property
    def part(self):
        return self.after or self.before


class Comparison(NamedTuple):
    """Two versions side by side; `same_count` counts the questions that nothing changed."""

    before: object
    after: object
    around: tuple[Detail, ...]
    sections: list[Change]
    questions: list[Change]
    needs: list[Change]
    same_count: int

    @property
    def is_empty(self):
        return not (self.around or self.sections or self.questions or self.needs)


def compare(before, after):
    """The `Comparison` of two `TemplateVersion`."""
    old, new = before.template, after.template
    around = (
        *_texts(N_("Titre changé :"), old.title, new.title),
        *_texts(N_("Introduction changée :"), old.intro, new.intro),
    )
    questions = _changes(old.questions, new.questions, lambda *pair: _question(*pair, old, new))
    return Comparison(
        before, after, around,
        _changes(_by_key(old.sections), _by_key(new.sections), _section),
        questions,
        _changes(old.needs, new.needs, _need),
        len(old.questions.keys() | new.questions.keys()) - len(questions),
    )  # fmt: skip


def _by_key(rows):
    return {one.key: one for one in rows}


def _changes(olds, news, details_of):
    """Each `Change`, in the new order; what left comes last."""
    moved = _moved(list(olds), list(news))
    found = []
    for key, new in news.items():
        old = olds.get(key)
        if old is None:
            found.append(Change((What.ADDED,), None, new, ()))
            continue
        details = tuple(details_of(old, new))
        what = (What.CHANGED,) * bool(details) + (What.MOVED,) * (key in moved)
        if what:
            found.append(Change(what, old, new, details))
    gone = [old for key, old in olds.items() if key not in news]
    return found + [Change((What.REMOVED,), old, None, ()) for old in gone]


def _moved(olds, news):
    """The keys whose place changed among those that stayed: a new question above moves nobody."""
    stayed = [key for key in olds if key in news], [key for key in news if key in olds]
    blocks = difflib.SequenceMatcher(None, *stayed, autojunk=False).get_matching_blocks()
    still = {index for block in blocks for index in range(block.b, block.b + block.size)}
    return {key for index, key in enumerate(stayed[1]) if index not in still}


def _texts(sentence, old, new):
    """What changed of a text in French, then whether its translations did."""
    if old.fr != new.fr:
        yield Detail(sentence, pieces=tuple(pieces(old.fr, new.fr)))
    if old.simple != new.simple:
        yield Detail(N_("Mots plus simples revus."))
    for language, words in _LANGUAGES.items():
        if getattr(old, language) != getattr(new, language):
            yield Detail(words)


def _section(old, new):
    yield from _texts(N_("Titre changé :"), old.title, new.title)
    yield from _texts(N_("Introduction changée :"), old.intro, new.intro)
    if old.contacts != new.contacts:
        yield Detail(N_("Contacts d’aide changés."))


def _need(old, new):
    yield from _texts(N_("Mots changés :"), old.label, new.label)
    if old.domain != new.domain:
        yield Detail(N_("Il change de domaine."))
    if old.thematics != new.thematics:
        yield Detail(N_("Il cherche d’autres thèmes d’action."))
    if old.answered_by != new.answered_by:
        yield Detail(N_("Une autre partie du portail y répond."))
    if old.is_kept != new.is_kept:
        yield Detail(N_("Il est maintenant gardé.") if new.is_kept else N_("Il n’est plus gardé."))


def _question(old, new, before, after):
    yield from _texts(N_("Question reformulée :"), old.label, new.label)
    yield from _texts(N_("Aide reformulée :"), old.hint, new.hint)
    if before.section_of[old.key].key != after.section_of[new.key].key:
        title = after.section_of[new.key].title.fr
        yield Detail(N_("Elle passe dans la partie « %(section)s »."), {"section": title})
    yield from _rules(old, new)
    yield from _choices(old, new, before, after)
    for asked in new.asked_for[len(old.asked_for) :]:
        yield Detail(N_("Demandée par : %(role)s. %(why)s."), asked_by(asked))


def asked_by(asked):
    """The labels of a role and of its reason, to be translated where they are shown."""
    return {"role": Asker(asked["role"]).label, "why": AskedWhy(asked["raison"]).label}


def _rules(old, new):
    if old.sensitivity != new.sensitivity:
        levels = {"level": new.sensitivity, "former": old.sensitivity}
        yield Detail(N_("Sensibilité : %(level)s (avant : %(former)s)."), levels)
    if (old.shown_if, old.is_shown_if_all) != (new.shown_if, new.is_shown_if_all):
        yield Detail(N_("Elle est posée dans d’autres cas."))
    if old.domain != new.domain:
        yield Detail(N_("Elle change de domaine."))
    if old.is_optional != new.is_optional:
        optional, needed = N_("On peut ne pas y répondre."), N_("Elle est demandée pour valider.")
        yield Detail(optional if new.is_optional else needed)
    if (old.kind, old.computed, old.bounds, old.most_choices) != (
        new.kind, new.computed, new.bounds, new.most_choices,
    ):  # fmt: skip
        yield Detail(N_("On y répond autrement."))
    if old.is_kept != new.is_kept:
        kept, forgotten = N_("Sa réponse est gardée."), N_("Sa réponse n’est plus gardée.")
        yield Detail(kept if new.is_kept else forgotten)


def _choices(old, new, before, after):
    olds, news = ({one.value: one for one in question.choices} for question in (old, new))
    for value, choice in news.items():
        if value not in olds:
            yield Detail(N_("Réponse ajoutée : « %(choice)s »."), {"choice": choice.label.fr})
        else:
            yield from _choice(olds[value], choice, before, after)
    for value, choice in olds.items():
        if value not in news:
            yield Detail(N_("Réponse retirée : « %(choice)s »."), {"choice": choice.label.fr})
    if _moved(list(olds), list(news)):
        yield Detail(N_("Réponses dans un autre ordre."))


def _choice(old, new, before, after):
    named = {"choice": new.label.fr}
    yield from _texts(N_("Réponse reformulée :"), old.label, new.label)
    raised, dropped = set(new.needs) - set(old.needs), set(old.needs) - set(new.needs)
    for need in sorted(raised):
        about = {**named, "need": after.needs[need].label.fr}
        yield Detail(N_("« %(choice)s » lève aussi : %(need)s."), about)
    for need in sorted(dropped):
        about = {**named, "need": before.needs[need].label.fr}
        yield Detail(N_("« %(choice)s » ne lève plus : %(need)s."), about)
    if set(old.strengths) != set(new.strengths):
        yield Detail(N_("« %(choice)s » suggère d’autres forces."), named)
    rules = [(one.state, one.is_exclusive, one.is_urgent, one.is_to_talk) for one in (old, new)]
    if rules[0] != rules[1]:
        yield Detail(N_("« %(choice)s » ne compte plus de la même façon."), named)
