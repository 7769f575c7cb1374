"""The forms of joining: short, each mistake explained where it is."""

import re

from wtforms import PasswordField
from wtforms.validators import InputRequired, ValidationError

from models.base import N_, RuleBroken
from models.identifiers import check_siret
from models.network.joining import DeclineReason
from models.network.organisations import Category, SuspensionReason
from models.territories import find_communes

from ..forms import Form, Line, OneOf, by_rule, mailable

# Who runs the network is named by it; everybody else asks to join one of the four others.
OPEN_CATEGORIES = [choice for choice in Category.choices() if choice[0] != Category.STEERING]
_WEBSITE = re.compile(r"https?://[^\s/]+\.[^\s/]{2,}(/\S*)?")
SHOWN_COMMUNES = 6


def one_commune(text):
    """The name of the one commune of the département that this text means."""
    found = find_communes(text)
    if not found:
        raise RuleBroken(
            N_(
                "nous ne trouvons pas cette commune en Haute-Garonne. "
                "Corrigez-la, ou videz le champ."
            )
        )
    if len(found) > 1:
        names = ", ".join(f"{c.name} ({c.postcodes[0]})" for c in found[:SHOWN_COMMUNES])
        raise RuleBroken(
            N_("plusieurs communes y ressemblent : %(names)s. Écrivez son nom entier."), names=names
        )
    return found[0].name


def website(text):
    """A complete address of the web; the « https:// » that nobody types is added."""
    address = text if "://" in text else f"https://{text}"
    if not _WEBSITE.fullmatch(address):
        raise RuleBroken(N_("cette adresse de site n’est pas complète."))
    return address


class JoinForm(Form):
    organisme = Line(N_("Nom de l’organisme"), 255, needed=N_("écrivez le nom de l’organisme."))
    categorie = OneOf(
        N_("Sa catégorie"), OPEN_CATEGORIES, wrong=N_("choisissez une catégorie dans la liste.")
    )
    commune = Line(N_("Sa commune"), 100, checks=[by_rule(one_commune)])
    siret = Line(N_("Son numéro SIRET"), 40, checks=[by_rule(check_siret)])
    site = Line(N_("Son site"), 250, checks=[by_rule(website)])
    contact = Line(N_("Votre nom"), 120, needed=N_("écrivez votre nom."))
    fonction = Line(N_("Votre fonction"), 120, needed=N_("écrivez votre fonction."))
    courriel = Line(
        N_("Votre adresse électronique"),
        254,
        needed=N_("écrivez votre adresse électronique."),
        checks=[mailable],
    )

    def answers(self):
        """What the request keeps, under its own names."""
        return {
            "organisation_name": self.organisme.data,
            "category": self.categorie.data,
            "commune": self.commune.data or "",
            "siret": self.siret.data or "",
            "website": self.site.data or "",
            "contact_name": self.contact.data,
            "contact_function": self.fonction.data,
            "contact_email": self.courriel.data,
        }


class InviteForm(Form):
    """An organisation that did not ask: one of the list, or a new one."""

    organisme = OneOf(N_("Un organisme annoncé"), wrong=N_("cet organisme n’est plus à inviter."))
    nouveau = Line(N_("Ou un nouvel organisme"), 255)
    categorie = OneOf(
        N_("Catégorie du nouvel organisme"),
        [("", ""), *Category.choices()],
        wrong=N_("choisissez la catégorie du nouvel organisme."),
    )
    contact = Line(N_("Nom du signataire"), 120, needed=N_("écrivez le nom du signataire."))
    courriel = Line(
        N_("Son adresse électronique"),
        254,
        needed=N_("écrivez l’adresse électronique du signataire."),
        checks=[mailable],
    )

    def validate_organisme(self, field):
        if bool(field.data) == bool(self.nouveau.data):
            raise ValidationError(
                N_("choisissez un organisme de la liste, ou nommez-en un nouveau : l’un des deux.")
            )

    def validate_categorie(self, field):
        if self.nouveau.data and not field.data:
            raise ValidationError(field.wrong)


class AcceptForm(Form):
    """Which organisation the request is about: `nouveau`, or the code of a known one."""

    organisme = OneOf(
        N_("De quel organisme s’agit-il ?"), wrong=N_("dites de quel organisme il s’agit.")
    )


class DeclineForm(Form):
    motif = OneOf(
        N_("Pourquoi ?"),
        DeclineReason.choices(),
        wrong=N_("choisissez la raison que le demandeur lira."),
    )


class SuspendForm(Form):
    motif = OneOf(N_("Pourquoi ?"), SuspensionReason.choices(), wrong=N_("choisissez une raison."))


class NewcomerForm(Form):
    nom = Line(N_("Votre nom"), 120, needed=N_("écrivez votre prénom et votre nom."))
    mot_de_passe = PasswordField(
        N_("Choisissez un mot de passe"), [InputRequired(N_("choisissez un mot de passe."))]
    )
