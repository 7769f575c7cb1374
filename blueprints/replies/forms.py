"""How a provider answers: yes, no and why, or another day; then what came of it."""

from wtforms import SelectMultipleField

from models.base import N_, today
from models.prescriptions.states import Outcome, Refusal

from ..forms import Day, Form, OneOf

YES, NO, OTHER_DAY = "oui", "non", "autre-jour"
ANSWERS = (
    (YES, N_("Oui, nous l’accueillons")),
    (OTHER_DAY, N_("Oui, mais un autre jour")),
    (NO, N_("Non")),
)


class AnswerForm(Form):
    """One step: the answer, the day or the reasons that go with it."""

    reponse = OneOf(N_("Votre réponse"), ANSWERS, wrong=N_("choisissez une réponse."))
    jour = Day(N_("Quel jour"))
    raisons = SelectMultipleField(validate_choice=False)

    @property
    def problems(self):
        found = super().problems
        if not found and self.reponse.data == NO and not self.refusals:
            found["raisons"] = N_("choisissez au moins une raison.")
        if not found and self.reponse.data == OTHER_DAY and not self.jour.data:
            found["jour"] = N_("écrivez le jour que vous proposez.")
        return found

    @property
    def refusals(self):
        known = set(Refusal)
        return [Refusal(value) for value in self.raisons.data or () if value in known]


class OutcomeForm(Form):
    issue = OneOf(N_("Ce qui est arrivé"), Outcome.choices(), wrong=N_("dites ce qui est arrivé."))
    jour = Day(N_("Quel jour"))

    @property
    def said(self):
        return Outcome(self.issue.data), self.jour.day or today()
