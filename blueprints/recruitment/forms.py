"""The forms of an operation of recruitment: organisations and counts, never a person."""

from wtforms import BooleanField

from models.base import N_, RuleBroken
from models.recruitment import FUNNEL, MOST_PEOPLE, StageKind

from ..forms import Day, Form, Line, OneOf, Paragraphs, by_rule, whole_number

LONGEST_PROFILE = 4000


def whole(text):
    """The digits of a number of people or posts."""
    number = whole_number(text.replace(" ", ""), MOST_PEOPLE)
    if number is None:
        raise RuleBroken(N_("écrivez un nombre entier, de 0 à 100 000, ou laissez vide."))
    return str(number)


class Number(Line):
    """A whole number, kept as typed so that a page can show it back; 0 is not empty."""

    def __init__(self, label, **kwargs):
        super().__init__(label, 20, checks=[by_rule(whole)], **kwargs)

    @property
    def number(self):
        return int(self.data) if self.data else None


class OperationForm(Form):
    titre = Line(N_("Titre : le poste et le nombre"), 150, needed=N_("donnez un titre."))
    entreprise = Line(N_("Entreprise qui recrute"), 255)
    commune = Line(N_("Commune du poste"), 120)
    postes = Number(N_("Postes à pourvoir"))
    debut = Day(N_("Premier jour"))
    fin = Day(N_("Dernier jour"))
    profil = Paragraphs(N_("Profil de poste"), LONGEST_PROFILE)
    fiche = OneOf(
        N_("Fiche de la banque liée"), wrong=N_("cette fiche n’est plus publiée : choisissez.")
    )

    # `{code: row number}` of the sheets that may be linked.
    sheets = {}

    def values(self):
        """What the operation keeps, under its own names."""
        return {
            "title": self.titre.data,
            "employer": self.entreprise.data or "",
            "commune": self.commune.data or "",
            "places": self.postes.number,
            "opens_on": self.debut.day,
            "closes_on": self.fin.day,
            "profile": self.profil.data or "",
            "action_id": self.sheets.get(self.fiche.data),
        }


class StageForm(Form):
    etape = OneOf(N_("Étape"), StageKind.choices(), wrong=N_("choisissez une étape."))
    jour = Day(N_("Jour"))
    lieu = Line(N_("Lieu"), 150)
    organisme = OneOf(N_("Qui s’en charge"), wrong=N_("choisissez un organisme de l’opération."))


class PartnerForm(Form):
    organisme = OneOf(N_("Organisme"), wrong=N_("choisissez un organisme du réseau."))
    quota = Number(N_("Nombre de personnes demandées"))


class FiguresForm(Form):
    proposes = Number(N_("Personnes proposées"))
    preselectionnes = Number(N_("Personnes présélectionnées"))
    recrutes = Number(N_("Personnes recrutées"))
    definitifs = BooleanField(N_("Ces trois chiffres sont définitifs"))

    def values(self):
        fields = (self.proposes, self.preselectionnes, self.recrutes)
        counts = dict(zip(FUNNEL, (field.number for field in fields), strict=True))
        return counts | {"is_confirmed": self.definitifs.data}


class LeadFiguresForm(FiguresForm):
    """The same, and what the organisation was asked for: the lead alone changes it."""

    quota = Number(N_("Nombre de personnes demandées"))

    def values(self):
        return super().values() | {"quota": self.quota.number}


def shown(value):
    """A number or a day as a form shows it: nothing for None, « 0 » for zero."""
    return "" if value is None else str(value)
