"""The forms of the platform's administration."""

from models.accounts.account import Role
from models.base import N_

from ..forms import Form, Line, OneOf, mailable

WRONG_ROLE = N_("choisissez un rôle dans la liste.")


class AccountForm(Form):
    nom = Line(N_("Prénom et nom"), 120, needed=N_("écrivez le prénom et le nom."))
    courriel = Line(
        N_("Adresse électronique"),
        254,
        needed=N_("écrivez l’adresse électronique."),
        checks=[mailable],
    )
    role = OneOf(N_("Rôle"), Role.choices(), wrong=WRONG_ROLE)


class RoleForm(Form):
    role = OneOf(N_("Rôle"), Role.choices(), wrong=WRONG_ROLE)
