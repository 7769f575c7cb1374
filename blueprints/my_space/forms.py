"""What the person types to open her space."""

from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired

from models.base import N_

from ..forms import Form


class EnterForm(Form):
    identifiant = StringField(validators=[DataRequired(N_("écrivez votre identifiant."))])
    code = StringField(validators=[DataRequired(N_("écrivez votre code."))])
    appareil_a_moi = BooleanField()
