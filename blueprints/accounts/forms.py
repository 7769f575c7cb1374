"""The sign-in form: paste allowed, nothing asked twice."""

from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired

from models.base import N_

from ..forms import Form


class SignInForm(Form):
    identifiant = StringField(
        N_("Votre adresse électronique"),
        [InputRequired(N_("saisissez votre adresse électronique."))],
    )
    mot_de_passe = PasswordField(
        N_("Votre mot de passe"), [InputRequired(N_("saisissez votre mot de passe."))]
    )
