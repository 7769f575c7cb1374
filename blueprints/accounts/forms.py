"""The forms of accounts: paste allowed, nothing asked twice."""

from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired

from models.base import N_

from ..forms import Form


class AddressForm(Form):
    identifiant = StringField(
        N_("Votre adresse électronique"),
        [InputRequired(N_("saisissez votre adresse électronique."))],
    )


class SignInForm(AddressForm):
    mot_de_passe = PasswordField(
        N_("Votre mot de passe"), [InputRequired(N_("saisissez votre mot de passe."))]
    )


class NewPasswordForm(Form):
    nouveau = PasswordField(
        N_("Nouveau mot de passe"), [InputRequired(N_("saisissez un nouveau mot de passe."))]
    )


class ChangePasswordForm(NewPasswordForm):
    actuel = PasswordField(
        N_("Mot de passe actuel"), [InputRequired(N_("saisissez votre mot de passe actuel."))]
    )


class CodeForm(Form):
    code = StringField(N_("Votre code"), [InputRequired(N_("saisissez votre code."))])
