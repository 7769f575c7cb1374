"""What the person types and chooses in her space."""

from wtforms import BooleanField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, ValidationError

from models.base import N_, RuleBroken
from models.identifiers import holds_social_security_number
from models.persons.agreements import MOST_MONTHS, USUAL_MONTHS
from models.persons.closing import Keeping
from models.persons.journal import Concern
from models.persons.rectifications import Refusal
from models.persons.sharing import Domain

from ..forms import Form, OneOf
from ..languages import say

# Said once for the domains that tell little of a life, one by one for the others.
PATH = [domain for domain in Domain if domain.sensitivity == 1]
APART = [domain for domain in Domain if domain.sensitivity > 1]

# In months.
DURATIONS = {6: N_("6 mois"), USUAL_MONTHS: N_("1 an"), MOST_MONTHS: N_("2 ans")}


class EnterForm(Form):
    identifiant = StringField(validators=[DataRequired(N_("écrivez votre identifiant."))])
    code = StringField(validators=[DataRequired(N_("écrivez votre code."))])
    appareil_a_moi = BooleanField()


class GiveForm(Form):
    parcours = BooleanField()
    domaines = SelectMultipleField(validate_choice=False)
    passeport = BooleanField()
    duree = OneOf(
        N_("Combien de temps"),
        [(str(months), "") for months in DURATIONS],
        wrong=N_("choisissez combien de temps."),
    )
    code = StringField()

    def validate_domaines(self, field):
        if not set(field.data or ()) <= set(APART):
            raise ValidationError(N_("choisissez des sujets de la liste."))

    @property
    def domains(self):
        chosen = {Domain(value) for value in self.domaines.data or ()}
        return chosen | set(PATH if self.parcours.data else ())

    @property
    def needs_her_code(self):
        return any(domain.sensitivity == 3 for domain in self.domains)


class QuestionForm(Form):
    pourquoi = OneOf(
        N_("Qu’est-ce qui n’est pas normal ?"),
        Concern.choices(),
        wrong=N_("choisissez une réponse."),
    )


class RectifyForm(Form):
    """One item of the identity, which its own rule reads; a secret number is not shown back."""

    reponse = StringField(validators=[DataRequired(N_("écrivez la bonne réponse."))])

    def __init__(self, item):
        super().__init__()
        self.item = item

    def validate_reponse(self, field):
        try:
            self.item.read(field.data)
        except RuleBroken as broken:
            if holds_social_security_number(field.data):
                field.data = ""
            raise ValidationError(say(broken)) from None


class RefuseForm(Form):
    pourquoi = OneOf(N_("Pourquoi"), Refusal.choices(), wrong=N_("choisissez une raison."))


class CloseForm(Form):
    suite = OneOf(
        N_("Ensuite"),
        Keeping.choices(),
        wrong=N_("choisissez ce que devient votre dossier."),
    )
    code = StringField(validators=[DataRequired(N_("écrivez votre code."))])
