"""The forms of the team and of the card."""

from wtforms import BooleanField, DateField, SelectMultipleField
from wtforms.validators import Optional, ValidationError

from models.base import N_, RuleBroken
from models.network.memberships import Availability
from models.territories import read_zone, zone_name
from models.vocabularies import AUDIENCES

from ..forms import Form, Line, OneOf, by_rule, mailable, phone, whole_number

MOST_ZONES = 30
OLDEST = 120


def by_commas(text):
    """Lines are as good as commas."""
    return text and text.replace("\n", ",")


def read_zones(text):
    """The codes of the zones that commas part; each one must be understood without a doubt."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) > MOST_ZONES:
        raise RuleBroken(N_("nommez %(most)d lieux au plus."), most=MOST_ZONES)
    return list(dict.fromkeys(map(read_zone, parts)))


def an_age(text):
    if whole_number(text, OLDEST) is None:
        raise RuleBroken(N_("écrivez un âge de 0 à %(oldest)d ans."), oldest=OLDEST)
    return text


class InviteForm(Form):
    nom = Line(N_("Son nom"), 120, needed=N_("écrivez le nom de la personne."))
    courriel = Line(
        N_("Son adresse électronique"),
        254,
        needed=N_("écrivez son adresse électronique."),
        checks=[mailable],
    )
    responsable = BooleanField(N_("Cette personne sera responsable de l’organisme"))


class TrainingForm(Form):
    jour = DateField(N_("Jour de la formation"), default=None)

    def validate_jour(self, field):
        if field.data is None:
            raise ValidationError(N_("écrivez un jour qui existe."))


class AgesForm(Form):
    age_min = Line(N_("Âge le plus bas"), 20, checks=[by_rule(an_age)])
    age_max = Line(N_("Âge le plus haut"), 20, checks=[by_rule(an_age)])
    depuis = DateField(N_("Depuis le"), validators=[Optional()])

    def ages(self):
        """`(youngest, oldest, since)`, None where nothing is said."""
        ages = (self.age_min.data, self.age_max.data)
        return *(int(text) if text else None for text in ages), self.depuis.data


class CardForm(Form):
    fonction = Line(N_("Votre fonction"), 120, needed=N_("écrivez votre fonction."))
    territoire = Line(N_("Où vous intervenez"), 1000, filters=[by_commas])
    publics = SelectMultipleField(N_("Qui vous accompagnez"), validate_choice=False)
    disponibilite = OneOf(
        N_("Votre disponibilité"),
        Availability.choices(),
        wrong=N_("choisissez votre disponibilité."),
    )
    telephone = Line(N_("Téléphone professionnel"), 30, checks=[by_rule(phone)])
    courriel = Line(N_("Adresse professionnelle"), 254, checks=[mailable])
    referent = BooleanField(N_("Je suis référent : j’accompagne des personnes"))
    visible = BooleanField(N_("Je veux paraître sur la page publique du réseau"))

    zones = ()

    def validate_territoire(self, field):
        by_rule(self._read_zones)(self, field)

    def _read_zones(self, text):
        self.zones = read_zones(text)
        return text

    def validate_publics(self, field):
        if not set(field.data or ()) <= set(AUDIENCES):
            raise ValidationError(N_("choisissez des publics de la liste."))

    def card(self):
        """What the membership keeps, under its own names."""
        return {
            "function": self.fonction.data,
            "zones": list(self.zones),
            "audiences": [one for one in AUDIENCES if one in (self.publics.data or ())],
            "availability": self.disponibilite.data,
            "phone": self.telephone.data or "",
            "email": self.courriel.data or "",
            "is_lead": self.referent.data,
            "is_listed": self.visible.data,
        }

    @classmethod
    def of(cls, membership):
        """The form as the card stands."""
        return cls(
            formdata=None,
            fonction=membership.function,
            territoire=", ".join(map(zone_name, membership.zones)),
            publics=membership.audiences,
            disponibilite=membership.availability.value,
            telephone=membership.phone,
            courriel=membership.email,
            referent=membership.is_lead,
            visible=membership.is_listed,
        )
