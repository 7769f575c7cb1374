"""The forms of a file: the least that must be known, in fields that hold no sentence (I10)."""

from wtforms import BooleanField, StringField
from wtforms.validators import ValidationError

from models.base import N_, RuleBroken
from models.identifiers import holds_social_security_number
from models.persons import identity
from models.persons.person import ContactBy, Declared
from models.territories import one_commune
from models.text import one_line

from ..display import phone as in_pairs
from ..forms import Form, Line, OneOf, by_rule
from ..languages import LANGUAGES, say
from ..sharing_form import DeskSharingForm, HerCode, SharingForm

LONGEST_TYPED = 200


class Phone(StringField):
    """A telephone number. A French one of thirteen digits (0033…) is no social security number;
    what is one is not shown back."""

    def __init__(self, label, **kwargs):
        super().__init__(label, [_telephone], **kwargs)


def _telephone(form, field):
    field.data = one_line(field.data or "", LONGEST_TYPED)
    if not field.data:
        return
    try:
        field.data = identity.phone(field.data)
    except RuleBroken as broken:
        if holds_social_security_number(field.data):
            field.data = ""
        raise ValidationError(say(broken)) from None


def _commune_name(text):
    return one_commune(text).name


class _Criteria(Form):
    """What tells somebody: as an identity and as a search ask for it."""

    prenom = Line(N_("Prénom"), LONGEST_TYPED, checks=[by_rule(identity.name)])
    nom = Line(N_("Nom"), LONGEST_TYPED, checks=[by_rule(identity.name)])
    annee = Line(N_("Année de naissance"), 20, checks=[by_rule(identity.birth_year)])
    telephone = Phone(N_("Téléphone"))
    courriel = Line(N_("Adresse électronique"), 254, checks=[by_rule(identity.email)])
    commune = Line(N_("Commune"), 120, checks=[by_rule(_commune_name)])

    def values(self):
        """Under the names of the file; None for what is empty."""
        commune = self.commune.data and one_commune(self.commune.data).code
        return {
            "given_name": self.prenom.data or None,
            "family_name": self.nom.data or None,
            "birth_year": int(self.annee.data) if self.annee.data else None,
            "phone": self.telephone.data or None,
            "email": self.courriel.data or None,
            "commune_code": commune or None,
        }


class SearchForm(_Criteria):
    """Exact elements of somebody whom one accompanies."""

    def criteria(self):
        return {column: value for column, value in self.values().items() if value}


class IdentityForm(_Criteria):
    contact = OneOf(
        N_("Comment la joindre"), ContactBy.choices(), wrong=N_("choisissez comment la joindre.")
    )
    langue = OneOf(
        N_("Langue de son espace"),
        list(LANGUAGES.items()),
        wrong=N_("choisissez une langue."),
        default="fr",
    )
    rsa = OneOf(
        N_("Reçoit le RSA, d’après elle"),
        Declared.choices(),
        wrong=N_("choisissez une réponse."),
    )

    def validate_prenom(self, field):
        _needed(field, N_("écrivez son prénom."))

    def validate_nom(self, field):
        _needed(field, N_("écrivez son nom."))

    def validate_annee(self, field):
        _needed(field, N_("écrivez son année de naissance."))

    def validate_contact(self, field):
        lacks = {"phone": self.telephone, "email": self.courriel}
        needed = ContactBy(field.data).needs if field.data in list(ContactBy) else None
        if needed and not lacks[needed].data and not lacks[needed].errors:
            raise ValidationError(
                N_("écrivez son téléphone, ou choisissez une autre façon de la joindre.")
                if needed == "phone"
                else N_("écrivez son adresse électronique, ou une autre façon de la joindre.")
            )

    def values(self):
        return super().values() | {
            "contact_by": ContactBy(self.contact.data),
            "language": self.langue.data,
            "receives_rsa": Declared(self.rsa.data),
        }


def _needed(field, sentence):
    if not field.data and not field.errors:
        raise ValidationError(sentence)


def described(person):
    """The identity of a file as `IdentityForm` shows it."""
    return {
        "prenom": person.given_name or "",
        "nom": person.family_name or "",
        "annee": str(person.birth_year or ""),
        "telephone": in_pairs(person.phone) if person.phone else "",
        "courriel": person.email or "",
        "commune": person.commune.name if person.commune else "",
        "contact": person.contact_by.value,
        "langue": person.language,
        "rsa": person.receives_rsa.value,
    }


class _Somewhere:
    """A form that says for which of one's organisations it is filled in."""

    @classmethod
    def among(cls, places, **kwargs):
        form = cls(**kwargs)
        form.places = {one.code: one for one in places}
        form.organisme.choices = [(one.code, one.name) for one in places]
        if len(places) == 1:
            form.organisme.data = places[0].code
        return form

    @property
    def place(self):
        return self.places[self.organisme.data]


def _organisation():
    return OneOf(N_("Pour quel organisme"), wrong=N_("choisissez votre organisme."))


class NewFileForm(_Somewhere, IdentityForm):
    organisme = _organisation()
    # Said once it is known that another file has the same elements.
    autre = BooleanField()
    # Of whom it was read already that the organisation accompanies other ages.
    age_lu = StringField()

    @property
    def about_age(self):
        return f"{self.organisme.data} {self.annee.data}"

    @property
    def is_of_another_age(self):
        """Whether it is still to be read that the organisation accompanies other ages: it tells,
        and refuses nobody (REQ-207)."""
        is_usual = self.place.accompanies_born_in(int(self.annee.data))
        return not is_usual and self.age_lu.data != self.about_age


class AgreementForm(_Somewhere, DeskSharingForm):
    organisme = _organisation()


class JoinForm(_Somewhere, HerCode, SharingForm):
    """The person types her own identifier and her own code."""

    organisme = _organisation()
    identifiant = StringField()

    def validate_identifiant(self, field):
        _needed(field, N_("la personne tape ici son identifiant."))
