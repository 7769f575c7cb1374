"""What the person types and chooses in her space."""

from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, ValidationError

from models.base import N_, RuleBroken
from models.identifiers import holds_social_security_number
from models.persons.closing import Keeping
from models.persons.journal import Concern
from models.persons.rectifications import Refusal

from ..forms import Form, OneOf
from ..languages import say


class EnterForm(Form):
    identifiant = StringField(validators=[DataRequired(N_("écrivez votre identifiant."))])
    code = StringField(validators=[DataRequired(N_("écrivez votre code."))])
    appareil_a_moi = BooleanField()


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
