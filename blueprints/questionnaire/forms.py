"""The forms of the editor: one for each kind of part, whose fields are those of its data."""

from wtforms import BooleanField, Field
from wtforms.validators import ValidationError

from models.base import N_
from models.persons.sharing import Domain
from models.questionnaire.deriving import DomainState
from models.questionnaire.drafting import LONGEST_NUMBER
from models.questionnaire.explaining import ANSWERED_BY, HOW_TO_ANSWER, SENSITIVITIES
from models.questionnaire.parts import CHOICE, HEAD, NEED, QUESTION, SECTION
from models.questionnaire.reference import CONTACTS, SKILLS
from models.questionnaire.shape import Computed, Kind
from models.text import typeset
from models.vocabularies import THEMATICS

from ..forms import Form, Line, OneOf, whole_number

LONGEST_TEXT, LONGEST_NUMBER_TYPED = 300, 366
_CHOOSE = N_("choisissez dans la liste.")
_IN_FRENCH = N_("écrivez ce texte en français.")


class Several(Field):
    """Some values of a list; `choices` holds `(value, French words)`."""

    def __init__(self, label, choices=(), **kwargs):
        super().__init__(label, [_listed], **kwargs)
        self.choices = list(choices)

    def process_formdata(self, valuelist):
        self.data = list(dict.fromkeys(valuelist))


def _listed(form, field):
    if not {*(field.data or ())} <= {value for value, *_ in field.choices}:
        raise ValidationError(_CHOOSE)


class Whole(Line):
    """A whole number, or nothing."""

    def __init__(self, label, **kwargs):
        super().__init__(label, 3, checks=[_is_whole], **kwargs)


def _is_whole(form, field):
    if field.data and whole_number(str(field.data), LONGEST_NUMBER_TYPED) is None:
        raise ValidationError(N_("écrivez un nombre entier, de 0 à 366."))


def _text(label, *, needed=False):
    return Line(label, LONGEST_TEXT, needed=_IN_FRENCH if needed else None)


def _one(label, choices, default=""):
    return OneOf(label, choices, wrong=_CHOOSE, default=default)


_DOMAINS = [("", N_("Aucun domaine")), *Domain.choices()]


class HeadForm(Form):
    number = Line(N_("Numéro de la version"), LONGEST_NUMBER, needed=N_("donnez un numéro."))
    titre = _text(N_("Titre"), needed=True)
    titre_simple = _text(N_("Titre plus simple"))
    titre_en = _text(N_("Titre en anglais"))
    titre_ar = _text(N_("Titre en arabe"))
    intro = _text(N_("Introduction"), needed=True)
    intro_en = _text(N_("Introduction en anglais"))
    intro_ar = _text(N_("Introduction en arabe"))
    public = _text(N_("Pour qui"))
    public_en = _text(N_("Pour qui, en anglais"))


class SectionForm(Form):
    titre = _text(N_("Titre"), needed=True)
    titre_en = _text(N_("Titre en anglais"))
    titre_ar = _text(N_("Titre en arabe"))
    intro = _text(N_("Introduction"))
    intro_en = _text(N_("Introduction en anglais"))
    intro_ar = _text(N_("Introduction en arabe"))
    aide_immediate = Several(
        N_("Contacts montrés dans cette partie"), [(key, one.fr) for key, one in CONTACTS.items()]
    )


class QuestionForm(Form):
    """`type` and `choices_ref` are asked of a new question only; the numbers, of their types."""

    type = _one(N_("Comment on y répond"), [*HOW_TO_ANSWER.items()], Kind.SINGLE.value)
    choices_ref = _one(
        N_("Ses réponses viennent de"), [("", N_("Une liste écrite ici")), *Computed.choices()]
    )
    label = _text(N_("Question"), needed=True)
    label_simple = _text(N_("Question plus simple"))
    label_en = _text(N_("Question en anglais"))
    label_ar = _text(N_("Question en arabe"))
    aide = _text(N_("Aide"))
    aide_en = _text(N_("Aide en anglais"))
    aide_ar = _text(N_("Aide en arabe"))
    domaine = _one(N_("Domaine"), _DOMAINS)
    sensibilite = _one(N_("Sensibilité"), [(str(n), one) for n, one in SENSITIVITIES.items()], "1")
    facultatif = BooleanField(N_("On peut ne pas y répondre"), default=True)
    jamais_gardee = BooleanField(N_("Réponse jamais gardée : elle montre seulement un contact"))
    max_choices = Whole(N_("Nombre de réponses au plus"))
    minimum = Whole(N_("Le plus petit nombre"))
    maximum = Whole(N_("Le plus grand nombre"))
    jours = Whole(N_("Nombre de jours au plus, à partir d’aujourd’hui"))
    origine = _text(N_("D’où vient la question"))
    usage = _text(N_("À quoi sert la réponse"))


class ChoiceForm(Form):
    label = _text(N_("Réponse"), needed=True)
    label_simple = _text(N_("Réponse plus simple"))
    label_en = _text(N_("Réponse en anglais"))
    label_ar = _text(N_("Réponse en arabe"))
    etat = _one(
        N_("Ce qu’elle dit du domaine"),
        [
            ("", N_("Rien")),
            *((one.value, one.label) for one in (DomainState.STRENGTH, DomainState.NO_OBSTACLE)),
        ],
    )
    besoins = Several(N_("Besoins qu’elle lève"))
    forces = Several(N_("Forces qu’elle suggère"), [(key, one.fr) for key, one in SKILLS.items()])
    exclusif = BooleanField(N_("Ne va avec aucune autre réponse"))
    urgence = BooleanField(N_("Montre tout de suite les contacts de la partie"))
    entretien = BooleanField(N_("Dit « je préfère en parler »"))


class NeedForm(Form):
    label = _text(N_("Besoin"), needed=True)
    label_en = _text(N_("Besoin en anglais"))
    label_ar = _text(N_("Besoin en arabe"))
    domaine = _one(N_("Domaine"), Domain.choices(), Domain.SUPPORT.value)
    reponse = _one(N_("Qui y répond"), [*ANSWERED_BY.items()], "banque")
    thematiques = Several(N_("Thèmes d’action à chercher"), [*THEMATICS.items()])
    jamais_gardee = BooleanField(N_("Besoin jamais gardé : il montre seulement un contact"))


FORMS = {
    HEAD: HeadForm,
    SECTION: SectionForm,
    QUESTION: QuestionForm,
    CHOICE: ChoiceForm,
    NEED: NeedForm,
}
# Fields of a question that only some types have.
_OF_TYPES = {
    "max_choices": (Kind.MULTIPLE,),
    "minimum": (Kind.NUMBER,),
    "maximum": (Kind.NUMBER,),
    "jours": (Kind.DATE,),
}


def form_of(kind, record=None, *, number="", needs=()):
    """The form of a part, filled with its record; `needs` are the records of the list of needs."""
    form = FORMS[kind](data=_shown(record, number) if record else None)
    if kind == CHOICE:
        form.besoins.choices = [(need["key"], need["label"]) for need in needs]
    if kind == QUESTION:
        asked = record["type"] if record else None
        absent = [name for name, types in _OF_TYPES.items() if asked not in types]
        for name in (*absent, *(("type", "choices_ref") if record else ())):
            delattr(form, name)
    return form


def _shown(record, number):
    """The data of a record as its form shows them."""
    bounds = record.get("contrainte", {})
    return record | {
        "number": number,
        "domaine": record.get("domaine") or "",
        "sensibilite": str(record.get("sensibilite", 1)),
        "jamais_gardee": record.get("enregistre") is False,
        "max_choices": str(record.get("max_choices") or ""),
        "minimum": str(bounds.get("min", "")),
        "maximum": str(bounds.get("max", "")),
        "jours": "".join(filter(str.isdigit, str(bounds.get("max", "")))),
    }


def values_of(form, kind, record=None):
    """The fields of a record that a form says."""
    said = {field.name: field.data for field in form if field.name != "csrf_token"}
    said.pop("number", None)
    for name, value in said.items():
        if isinstance(value, str) and not name.endswith(("_en", "_ar")):
            said[name] = typeset(value)
        elif isinstance(value, list):
            # In the order they had: a form shows them in the order of its list.
            former = [one for one in (record or {}).get(name, ()) if one in value]
            said[name] = former + [one for one in value if one not in former]
    if kind in (QUESTION, NEED):
        is_forgotten = said.pop("jamais_gardee")
        said["enregistre"] = False if is_forgotten else None
        said["domaine"] = said["domaine"] or None
    if kind == QUESTION:
        said["besoin_ephemere"] = True if is_forgotten else None
        said["sensibilite"] = int(said["sensibilite"])
        if "max_choices" in said:
            said["max_choices"] = whole_number(said["max_choices"] or "", LONGEST_NUMBER_TYPED)
        said |= _bounds(said, (record or {}).get("contrainte", {}))
    return said


def _bounds(said, bounds):
    """The bounds of a number or of a day, from their own fields."""
    least, most = said.pop("minimum", None), said.pop("maximum", None)
    days = said.pop("jours", None)
    if days:
        return {"contrainte": bounds | {"max": f"aujourdhui+{int(days)}j"}}
    if least or most:
        return {"contrainte": bounds | {"min": int(least or 0), "max": int(most or 0)}}
    return {}
