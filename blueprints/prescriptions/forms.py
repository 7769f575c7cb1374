"""The forms of prescriptions: choices, days and a code, never a sentence (I10)."""

from wtforms import SelectMultipleField, StringField
from wtforms.validators import DataRequired, ValidationError

from models.base import N_, today
from models.prescriptions.shared import MOST_NEEDS, ConcernedNeed, Reach, Shared, ways_to_reach
from models.prescriptions.states import Outcome

from ..forms import Day, Form, OneOf


class AskForm(Form):
    """What is shared: how she is reached, and for which needs."""

    joindre = OneOf(N_("Comment la joindre"), wrong=N_("choisissez comment la joindre."))
    besoins = SelectMultipleField(validate_choice=False)

    @classmethod
    def among(cls, person, offers, *, reach=None, needs=()):
        """`offers` are the needs that one may read (`Offer`); `reach` and `needs` (keys) stand."""
        ways = ways_to_reach(person)
        form = cls(data={"joindre": reach or ways[0].value, "besoins": list(needs)})
        form.joindre.choices = [(one.value, one.label) for one in ways]
        form.offers = {one.need: one for one in offers}
        return form

    def validate_besoins(self, field):
        if not set(field.data or ()) <= set(self.offers):
            raise ValidationError(N_("choisissez des besoins de la liste."))
        if len(field.data or ()) > MOST_NEEDS:
            raise ValidationError(N_("choisissez trois besoins au plus."))

    def shared(self, person, action):
        """The `Shared` that the form makes."""
        needs = [ConcernedNeed.of(self.offers[key]) for key in self.besoins.data or ()]
        return Shared.of(person, action, Reach(self.joindre.data), needs)


class CodeForm(Form):
    code = StringField(validators=[DataRequired(N_("la personne tape ici son code."))])


class OutcomeForm(Form):
    """What came of it, in one choice, and its day."""

    issue = OneOf(N_("Ce qui est arrivé"), Outcome.choices(), wrong=N_("dites ce qui est arrivé."))
    jour = Day(N_("Quel jour"), default=lambda: today().isoformat())

    @property
    def said(self):
        return Outcome(self.issue.data), self.jour.day or today()
