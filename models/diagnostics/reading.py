"""Reading what a form says: each answer is one that its question allows, or is refused."""

import datetime as dt
import re

from ..base import N_, RuleBroken, today
from ..questionnaire.shape import REFUSED, Kind

_DELAY = re.compile(r"aujourdhui(?:\+(\d+)j)?")


def read_answer(question, texts, offered):
    """What the values of a form field answer: a value, a list, `REFUSED`, or None for « not
    discussed ». `offered` are the values of a computed list. Raises `RuleBroken`."""
    texts = [text for text in dict.fromkeys(texts) if text != ""]
    if not texts:
        return None
    if REFUSED in texts:
        return _refusal(question, texts)
    if question.kind is Kind.MULTIPLE:
        return _several(question, texts, offered)
    if len(texts) > 1:
        raise RuleBroken(N_("choisissez une seule réponse."))
    if question.kind is Kind.DATE:
        return _day(question, texts[0])
    if question.kind is Kind.NUMBER:
        return _number(question, texts[0])
    return _one(question, texts[0], offered)


def day_bounds(question):
    """The first and the last day of a date question, from today."""
    return _bound(question.bounds["min"]), _bound(question.bounds["max"])


def _refusal(question, texts):
    if not question.may_refuse:
        raise RuleBroken(N_("choisissez une réponse de la liste."))
    if len(texts) > 1:
        raise RuleBroken(N_("cochez des réponses, ou « Je préfère ne pas répondre »."))
    return REFUSED


def _several(question, texts, offered):
    values = [_one(question, text, offered) for text in texts]
    if question.most_choices and len(values) > question.most_choices:
        raise RuleBroken(N_("%(most)d réponses au plus."), most=question.most_choices)
    exclusive = [one for one in question.chosen(values) if one.is_exclusive]
    if exclusive and len(values) > 1:
        raise RuleBroken(N_("une des réponses cochées ne va pas avec les autres."))
    return values


def _one(question, text, offered):
    """The value of the template that a text writes."""
    if question.computed:
        if text in offered:
            return text
    else:
        for choice in question.choices:
            if str(choice.value) == text:
                return choice.value
    raise RuleBroken(N_("choisissez une réponse de la liste."))


def _day(question, text):
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise RuleBroken(N_("écrivez un jour qui existe.")) from None
    first, last = day_bounds(question)
    if not first <= day <= last:
        raise RuleBroken(N_("choisissez un jour, d’aujourd’hui à %(days)d jours."),
                         days=(last - first).days)  # fmt: skip
    return day.isoformat()


def _number(question, text):
    bounds = question.bounds
    if re.fullmatch(r"[0-9]{1,6}", text) and bounds["min"] <= int(text) <= bounds["max"]:
        return int(text)
    raise RuleBroken(
        N_("écrivez un nombre entier, de %(least)d à %(most)d."),
        least=bounds["min"], most=bounds["max"],
    )  # fmt: skip


def _bound(text):
    return today() + dt.timedelta(days=int(_DELAY.fullmatch(text)[1] or 0))
