"""What is asked to find who accompanies somebody: two exact names and a year."""

from models.base import N_
from models.persons import identity

from ..forms import Form, Line, by_rule

LONGEST = 100
_name, _year = by_rule(identity.name), by_rule(identity.birth_year)


class WhoForm(Form):
    nom = Line(N_("Votre nom"), LONGEST, needed=N_("écrivez votre nom."), checks=[_name])
    prenom = Line(N_("Votre prénom"), LONGEST, needed=N_("écrivez votre prénom."), checks=[_name])
    annee = Line(
        N_("Votre année de naissance"),
        LONGEST,
        needed=N_("écrivez votre année de naissance."),
        checks=[_year],
    )
