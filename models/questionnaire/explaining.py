"""What a template says of its questions, in words that anybody reads: when, how shared, by whom."""

from ..base import N_
from .shape import Kind

LANGUAGES = {"fr": "Français", "en": "English", "ar": "العربية"}
SENSITIVITIES = {
    0: N_("Réponse ordinaire"),
    1: N_("Partagée avec l’accord général"),
    2: N_("Partagée si la personne coche ce sujet"),
    3: N_("Accord écrit pour ce sujet, jamais à la borne"),
}
HOW_TO_ANSWER = {
    Kind.SINGLE: N_("Une seule réponse"),
    Kind.MULTIPLE: N_("Plusieurs réponses possibles"),
    Kind.SCALE: N_("Une réponse, de 1 à 4"),
    Kind.YES_NO: N_("Oui ou non"),
    Kind.DATE: N_("Un jour"),
    Kind.NUMBER: N_("Un nombre"),
}
ANSWERED_BY = {
    "banque": N_("La banque d’actions"),
    "portail:passeport": N_("Le passeport emploi"),
    "portail:parrainage": N_("Le parrainage"),
    "referent": N_("Le référent"),
}


def languages_of(template):
    """`{code: name}` of the languages in which a template can be read."""
    return {code: name for code, name in LANGUAGES.items() if getattr(template.title, code)}


def numbers_of(template):
    """`{question key: its number}`, from one to the end of the template."""
    return {key: number for number, key in enumerate(template.questions, 1)}


def reasons_of(template, question):
    """`[(question asked before, its choices that lead to this one)]`."""
    found = []
    for condition in question.shown_if:
        if cited := template.questions.get(condition.question):
            led = [one for one in cited.choices if condition.holds({cited.key: one.value})]
            found.append((cited, led))
    return found
