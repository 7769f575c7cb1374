"""The forms of a sheet, one per step: lengths are those of the columns or of data·inclusion."""

from models.action_bank.sheets import exceeded
from models.action_bank.versions import ActionVersion, content_of
from models.base import N_
from models.vocabularies import CATEGORIES, category_of

from ..forms import Form, mailable
from ..languages import gettext
from . import rows
from .fields import Lines, Link, Number, Pick, Several, Text, Words, refuse
from .questions import Attached, Commune, Needs, Rhythm, Supporters, Zones
from .wording import LABELS, VOCABULARIES

LONGEST_TITLE, SHORTEST_TITLE = 150, 3
A_LINE_EACH = N_("Un par ligne.")


def _words(column, most=255, **kwargs):
    return Words(LABELS[column], most, **kwargs)


def _text(column, **kwargs):
    return Text(LABELS[column], **kwargs)


def _number(column, low, high, **kwargs):
    return Number(LABELS[column], low, high, **kwargs)


def _pick(column, **kwargs):
    return Pick(LABELS[column], VOCABULARIES[column], **kwargs)


def _several(column, **kwargs):
    return Several(LABELS[column], VOCABULARIES[column], **kwargs)


def title_long_enough(form, field):
    if len(field.data or "") < SHORTEST_TITLE:
        refuse(N_("donnez un titre de 3 lettres au moins."))


class SheetForm(Form):
    """The form of a step, for a sheet of which the author had read the version `seen`."""

    def __init__(self, action, seen):
        self.base = ActionVersion.content_at(action, seen) or content_of(action)
        super().__init__()
        for field in self.questions():
            if hasattr(field, "know"):
                field.know(self.base)

    @classmethod
    def of(cls, action):
        """The form as the sheet stands."""
        form = cls(action, action.edition)
        for field in form.questions():
            field.show(form.base)
        return form

    def questions(self):
        return [field for field in self if field.name != "csrf_token"]

    def validate(self, extra_validators=None):
        """Each answer by itself, then those that contradict each other."""
        valid = super().validate(extra_validators)
        typed = {field.name: getattr(field, "value", None) for field in self.questions()}
        for limit in exceeded(typed):
            self[limit.asked].errors = [*self[limit.asked].errors, gettext(limit.sentence)]
            valid = False
        return valid

    def content(self):
        """`{column: value}` of all that the form writes."""
        return {k: v for field in self.questions() for k, v in field.written(self.base).items()}


class Essentials(SheetForm):
    name = _words(
        "name",
        LONGEST_TITLE,
        checks=[title_long_enough],
        description=N_(
            "Ce que l’on vient y faire. Par exemple : « Garde d’enfant pendant un entretien »."
        ),
    )
    summary = _words(
        "summary",
        300,
        rows=2,
        description=N_(
            "25 mots au plus, des mots de tous les jours. Elle paraît en tête de la fiche."
        ),
    )
    description = _text(
        "description",
        rows=9,
        empty="",
        description=N_(
            "Ce qu’on y fait, avec qui, et ce qu’on y gagne : 200 signes au moins. Une "
            "ligne vide sépare deux paragraphes. Ne nommez jamais une personne accompagnée."
        ),
    )
    kind = _pick("kind")
    format = _pick("format")
    thematics = _several(
        "thematics",
        groups=lambda value: gettext(CATEGORIES[category_of(value)]),
        description=N_("C’est par eux qu’on vous trouve. Un à trois suffisent."),
    )
    needs = Needs(
        LABELS["needs"],
        description=N_(
            "Ceux auxquels l’action répond. Ils sont proposés d’après les thèmes enregistrés."
        ),
    )


class Audience(SheetForm):
    audiences = _several("audiences")
    audiences_detail = _text("audiences_detail", rows=2)
    age_min = _number(
        "age_min", 0, 130, description=N_("En années. Laissez vide s’il n’y a pas de limite.")
    )
    age_max = _number("age_max", 0, 130)
    languages = _several("languages")
    access_conditions = _text(
        "access_conditions",
        rows=3,
        description=N_(
            "Par exemple : « être inscrit à France Travail ». Laissez vide s’il n’y en a pas."
        ),
    )
    fees = _pick("fees")
    fees_detail = _text(
        "fees_detail", rows=2, description=N_("Combien, pour qui, et qui peut payer à la place.")
    )
    pay_and_aid = _text(
        "pay_and_aid",
        rows=3,
        description=N_(
            "Ce que la personne touche, et les aides qu’elle peut demander avant de s’inscrire."
        ),
    )


class Place(SheetForm):
    reception_modes = _several("reception_modes")
    address = _words("address", description=N_("Numéro et rue."))
    address_extra = _words("address_extra", description=N_("Bâtiment, étage, arrêt de bus."))
    commune = Commune(
        LABELS["commune"], 120, description=N_("Nom ou code postal. Par exemple : « 31600 Muret ».")
    )
    opening_hours = _text(
        "opening_hours",
        rows=2,
        description=N_("Par exemple : du lundi au vendredi, de 9 h à 12 h."),
    )
    eligibility = Zones(
        LABELS["eligibility"],
        rows=3,
        description=N_(
            "Communes, communautés de communes ou « Haute-Garonne » : un lieu par ligne. "
            "Laissez vide si l’action est ouverte à tous, où que l’on habite."
        ),
    )


class Asking(SheetForm):
    mobilisation_modes = _several("mobilisation_modes")
    mobilisers = _several("mobilisers")
    phone = _words(
        "phone", 60, description=N_("Celui de l’action, jamais celui d’une personne accompagnée.")
    )
    email = _words("email", 254, checks=[mailable])
    mobilisation_url = Link(
        LABELS["mobilisation_url"],
        1000,
        description=N_("L’adresse d’un formulaire ou d’une prise de rendez-vous."),
    )
    mobilisation_detail = _text("mobilisation_detail", rows=3)
    offline_access = _text(
        "offline_access", rows=2, description=N_("Comment faire sans téléphone ni ordinateur.")
    )
    referrers = _several("referrers")
    referral_contact = _text(
        "referral_contact",
        rows=2,
        description=N_("Pour les professionnels qui orientent : service, téléphone, courriel."),
    )
    documents = Lines(LABELS["documents"], rows=4, description=A_LINE_EACH)


class Dates(SheetForm):
    places_left = _number(
        "places_left",
        0,
        1_000_000,
        description=N_(
            "0 veut dire complet. Laissez vide si vous ne savez pas. Le jour du chiffre est"
            " noté tout seul."
        ),
    )
    places_total = _number("places_total", 0, 1_000_000)
    sessions = rows.Sessions(
        LABELS["sessions"],
        description=N_(
            "Videz une ligne pour retirer une date. Le dernier jour ne sert que s’il est différent."
        ),
    )
    weekly_hours = _number(
        "weekly_hours",
        0,
        168,
        decimal=True,
        description=N_("Elles comptent dans le contrat d’engagement."),
    )
    weeks = _number("weeks", 1, 5200)


class Following(SheetForm):
    supporters = Supporters(
        LABELS["supporters"],
        rows=3,
        description=N_("Les organismes qui aident à la mener : un nom par ligne."),
    )
    review_months = Rhythm(
        LABELS["review_months"],
        description=N_(
            "Un courriel vous le rappelle. Une fiche non relue finit par ne plus paraître."
        ),
    )
    outcome_rate = _number(
        "outcome_rate",
        0,
        100,
        decimal=True,
        description=N_(
            "Pour une formation. Le chiffre ne paraît qu’avec sa source, et sur 11 "
            "personnes au moins."
        ),
    )
    outcome_count = _number("outcome_count", 0, 1_000_000)
    outcome_year = _number("outcome_year", 1990, 2100)
    outcome_source = _words(
        "outcome_source", description=N_("Qui l’a mesuré, et où on peut le lire.")
    )
    testimonials = rows.Testimonials(
        LABELS["testimonials"],
        description=N_(
            "Ce qu’un employeur dit de l’action. Ne nommez jamais une personne accompagnée."
        ),
    )
    attached = Attached(
        LABELS["attached"],
        rows=3,
        description=N_("Pour un lieu d’information : l’adresse d’une fiche par ligne."),
    )


FORMS = {
    "essentiel": Essentials,
    "public": Audience,
    "lieu": Place,
    "demande": Asking,
    "dates": Dates,
    "suivi": Following,
}
