"""The forms of référents and pathways: choices, days and codes, never a sentence (I10)."""

from wtforms import BooleanField

from models.base import N_, today
from models.persons.accompaniments import ReferentRole
from models.persons.handover import OWN_REASONS, REASONS
from models.persons.pathways import PathwayKind, PathwayReason, Time
from models.persons.requests import check_identifier

from ..forms import Day, Form, Line, OneOf, by_rule
from ..sharing_form import Consent, HerCode, OwnSharingForm, SharingForm

NO_WHO = N_("choisissez un professionnel de la liste.")


def chosen_from(memberships):
    """`[("", ""), (code, « organisation, name »)]` of professionals, the first being nobody."""
    said = [(one.code, f"{one.organisation.name}, {one.account.name}") for one in memberships]
    return [("", ""), *said]


class _Successor(Form):
    """A form in which somebody is chosen among these memberships."""

    vers = OneOf(N_("À qui"), wrong=NO_WHO)

    @classmethod
    def among(cls, memberships, **kwargs):
        form = cls(**kwargs)
        form.memberships = {one.code: one for one in memberships}
        form.vers.choices = chosen_from(memberships)[1:]
        return form

    @property
    def who(self):
        return self.memberships[self.vers.data]


class HandOverForm(_Successor):
    motif = OneOf(
        N_("Pourquoi"),
        [(one.value, one.label) for one in REASONS],
        wrong=N_("dites pourquoi vous passez le relais."),
    )
    reste = BooleanField()


class NameForm(_Successor):
    """Somebody for a person without référent."""


class EndForm(Form):
    motif = OneOf(
        N_("Pourquoi"),
        [(one.value, one.label) for one in OWN_REASONS],
        wrong=N_("dites pourquoi cet accompagnement finit."),
    )
    sans_referent = BooleanField()


def _today():
    return today().isoformat()


class PathwayForm(Form):
    parcours = OneOf(
        N_("Parcours"), PathwayKind.choices(), wrong=N_("choisissez un des trois parcours.")
    )
    motif = OneOf(
        N_("Motif"), PathwayReason.choices(), wrong=N_("dites pourquoi ce parcours commence.")
    )
    organisme = OneOf(N_("Décidé par"), wrong=N_("choisissez l’organisme qui a décidé."))
    jour = Day(N_("À partir du"), needed=N_("écrivez le premier jour."), default=_today)


class TimeForm(Form):
    temps = OneOf(
        N_("Temps du parcours"), Time.choices(), wrong=N_("choisissez un des trois temps.")
    )
    jour_temps = Day(N_("À partir du"), needed=N_("écrivez le premier jour."), default=_today)


class InterruptForm(Form):
    jour_arret = Day(N_("Depuis le"), needed=N_("écrivez le jour."), default=_today)


class AskForm(Form):
    """`organisme` is a code among those in which the professional may write."""

    identifiant = Line(
        N_("Identifiant de la personne"),
        40,
        needed=N_("écrivez l’identifiant que la personne vous a dit."),
        checks=[by_rule(check_identifier)],
    )
    organisme = OneOf(N_("Pour quel organisme"), wrong=N_("choisissez votre organisme."))

    @classmethod
    def of(cls, memberships, **kwargs):
        form = cls(**kwargs)
        form.memberships = {one.organisation.code: one for one in memberships}
        form.organisme.choices = [
            (code, one.organisation.name) for code, one in form.memberships.items()
        ]
        if len(memberships) == 1:
            form.organisme.data = memberships[0].organisation.code
        return form

    @property
    def membership(self):
        return self.memberships[self.organisme.data]


class AnswerForm(OwnSharingForm):
    """What she shares with who asks, and what he is for her when she has no référent unique."""

    role = OneOf(
        N_("Ce qu’il sera pour moi"), ReferentRole.choices(), wrong=N_("choisissez une réponse.")
    )


class ReceiveForm(HerCode, SharingForm):
    """The same on the screen of a professional, where she types her own code."""


class OnlyCodeForm(HerCode, Consent):
    """She has agreed already to his organisation: her code is enough."""
