"""The forms of a follow-up: a day, one answer, one reason. Never a sentence (I10)."""

from models.base import N_
from models.employment.entry import ENDS_OF_REFERENT
from models.employment.points import InWork

from ..forms import Day, Form, OneOf


class EntryForm(Form):
    jour = Day(N_("Premier jour de l’emploi"), needed=N_("écrivez le premier jour de l’emploi."))


class AnswerForm(Form):
    reponse = OneOf(N_("La réponse"), InWork.choices(), wrong=N_("choisissez une réponse."))

    @property
    def answer(self):
        return InWork(self.reponse.data)


class EndForm(Form):
    pourquoi = OneOf(
        N_("Pourquoi"),
        [(one.value, one.label) for one in ENDS_OF_REFERENT],
        wrong=N_("dites pourquoi le suivi est terminé."),
    )
