"""The forms of a liaison sheet: closed lists, a day, an address, her code (I10, REQ-182)."""

from wtforms import SelectMultipleField, StringField
from wtforms.validators import DataRequired, ValidationError

from models.base import N_
from models.liaison.sheet import Employer
from models.liaison.words import Adaptation, Difficulty

from ..forms import Day, Form, Line, OneOf, mailable


class _Adaptations(SelectMultipleField):
    """Some of the closed list; any other value is refused."""

    def __init__(self, label, **kwargs):
        super().__init__(label, [_listed], validate_choice=False, **kwargs)

    @property
    def chosen(self):
        return [Adaptation(one) for one in self.data or ()]


def _listed(form, field):
    if set(field.data or ()) - set(Adaptation):
        raise ValidationError(N_("choisissez des aménagements de la liste."))


class NoteForm(Form):
    """What a provider tells; `urgent` goes with absences."""

    difficulte = OneOf(
        N_("Quelle difficulté"),
        Difficulty.choices(),
        wrong=N_("choisissez une difficulté de la liste."),
    )
    depuis = Day(N_("Depuis quel jour"), needed=N_("écrivez depuis quel jour."))
    amenagements = _Adaptations(N_("Quels aménagements"))
    urgent = StringField()

    @property
    def said(self):
        """`(difficulty, since)` and the rest, as `LiaisonNote.report` takes them."""
        rest = {"adaptations": self.amenagements.chosen, "is_urgent": self.urgent.data == "1"}
        return (Difficulty(self.difficulte.data), self.depuis.day), rest


class OwnAgreeForm(Form):
    """In her space: whether an employer reads too, and what."""

    employeur = Line(N_("Adresse électronique de l’employeur"), 254, checks=[mailable])
    montre = _Adaptations(N_("Aménagements montrés à l’employeur"))

    @property
    def to(self):
        """The `Employer` she chose, or None."""
        return Employer.at(self.employeur.data, self.montre.chosen) if self.employeur.data else None


class OwnEmployerForm(OwnAgreeForm):
    employeur = Line(
        N_("Adresse électronique de l’employeur"),
        254,
        needed=N_("écrivez l’adresse électronique de l’employeur."),
        checks=[mailable],
    )


class AgreeForm(OwnAgreeForm):
    """On the screen of her référent: her own code says that it is her."""

    code = StringField(validators=[DataRequired(N_("la personne tape ici son code."))])


class EmployerForm(OwnEmployerForm):
    code = StringField(validators=[DataRequired(N_("la personne tape ici son code."))])
