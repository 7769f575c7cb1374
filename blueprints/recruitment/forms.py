"""The forms of an operation of recruitment: organisations and counts, never a person."""

import datetime as dt

from wtforms import BooleanField, TextAreaField
from wtforms.validators import Length, ValidationError

from models.base import N_, RuleBroken
from models.identifiers import holds_social_security_number
from models.recruitment import FUNNEL, MOST_PEOPLE, StageKind
from models.text import one_line, tidy

from ..forms import Form, Line, OneOf, by_rule

LONGEST_PROFILE = 4000
LONGEST_NUMBER = len(str(MOST_PEOPLE))


def whole(text):
    """The digits of a number of people or posts."""
    digits = text.replace(" ", "")
    is_whole = digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST_NUMBER
    if not is_whole or int(digits) > MOST_PEOPLE:
        raise RuleBroken(N_("écrivez un nombre entier, de 0 à 100 000, ou laissez vide."))
    return digits


def a_day(text):
    """A day as browsers send it: `2026-12-03`."""
    try:
        found = dt.date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or not 2000 <= found.year <= 2100:
        raise RuleBroken(N_("écrivez un jour qui existe."))
    return found.isoformat()


def _no_secret_number(form, field):
    if holds_social_security_number(field.data or ""):
        field.data = ""
        raise ValidationError(
            N_("n’écrivez jamais de numéro de sécurité sociale : le champ a été vidé.")
        )


def _tidy(value):
    return tidy(value) if isinstance(value, str) else value


def _tidy_line(value):
    return one_line(value) if isinstance(value, str) else value


class Number(Line):
    """A whole number, kept as typed so that a page can show it back; 0 is not empty."""

    def __init__(self, label, **kwargs):
        super().__init__(label, 20, checks=[by_rule(whole)], filters=[_tidy_line], **kwargs)

    @property
    def number(self):
        return int(self.data) if self.data else None


class Day(Line):
    """A day or nothing."""

    def __init__(self, label, **kwargs):
        super().__init__(label, 20, checks=[by_rule(a_day)], filters=[_tidy_line], **kwargs)

    @property
    def day(self):
        return dt.date.fromisoformat(self.data) if self.data else None


class OperationForm(Form):
    titre = Line(N_("Titre : le poste et le nombre"), 150, needed=N_("donnez un titre."))
    entreprise = Line(N_("Entreprise qui recrute"), 255)
    commune = Line(N_("Commune du poste"), 120)
    postes = Number(N_("Postes à pourvoir"))
    debut = Day(N_("Premier jour"))
    fin = Day(N_("Dernier jour"))
    profil = TextAreaField(
        N_("Profil de poste"),
        [Length(max=LONGEST_PROFILE, message=N_("gardez 4 000 caractères au plus.")),
         _no_secret_number],
        filters=[_tidy],
    )  # fmt: skip
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
