"""The form of a correction: what is wrong, and the new values of what people correct most."""

import re

from wtforms import SelectMultipleField, StringField
from wtforms.validators import ValidationError

from models.action_bank.corrections import Proposable, Topic
from models.base import N_, RuleBroken
from models.identifiers import holds_social_security_number
from models.outbox import deliverable
from models.territories import place_of, read_commune
from models.text import one_line

from ..display import phone as spaced
from ..forms import Form, Paragraphs, phone, whole_number
from ..languages import say

LONGEST_VALUE = 500
LONGEST_TEXT = 2000
MOST_PLACES = 9999
_WEB = re.compile(r"https?://[^\s/]+\.[^\s]+", re.IGNORECASE)


def _places(text):
    if (count := whole_number(text, MOST_PLACES)) is None:
        raise RuleBroken(N_("écrivez un nombre de places, de 0 à 9999."))
    return count


def _link(text):
    if not _WEB.fullmatch(text):
        raise RuleBroken(N_("écrivez une adresse qui commence par https://"))
    return text


# What a new value must be, by column; the others are a line of text.
RULES = {"phone": phone, "email": deliverable, "places_left": _places, "mobilisation_url": _link}


class CorrectionForm(Form):
    """The fields bear the names of the columns; what is left as it was is not judged."""

    sujets = SelectMultipleField(N_("Qu’est-ce qui ne va pas ?"), validate_choice=False)
    phone = StringField(Proposable.PHONE.label)
    email = StringField(Proposable.EMAIL.label)
    address = StringField(Proposable.ADDRESS.label)
    commune = StringField(Proposable.COMMUNE.label)
    opening_hours = StringField(Proposable.HOURS.label)
    fees_detail = StringField(Proposable.FEES.label)
    places_left = StringField(Proposable.PLACES.label)
    mobilisation_url = StringField(Proposable.LINK.label)
    message = Paragraphs(N_("Ce qu’il faut savoir (facultatif)"), LONGEST_TEXT)

    def __init__(self, said, **kwargs):
        """`said` is what the sheet said on the version that was read, by column."""
        self.said = said
        super().__init__(**kwargs)
        self.values = {}

    @classmethod
    def of(cls, said):
        """The form as the sheet stands."""
        return cls(
            said, formdata=None, data={field.value: shown(said, field) for field in Proposable}
        )

    def validate_sujets(self, field):
        if not set(field.data or ()) <= set(Topic):
            raise ValidationError(N_("choisissez dans la liste."))

    def validate(self, extra_validators=None):
        is_valid = super().validate(extra_validators)
        for field in Proposable:
            is_valid = self._read(field) and is_valid
        return is_valid

    def _read(self, field):
        """Keep what a changed field says; answers whether it can be said."""
        typed = self[field.value]
        text = typed.data or ""
        if not typed.raw_data or text == shown(self.said, field):
            return True
        try:
            self.values |= self._values(field, text)
        except RuleBroken as broken:
            typed.errors = [say(broken)]
        return not typed.errors

    def _values(self, field, text):
        if not text:
            return {field.value: None}
        if len(text) > LONGEST_VALUE:
            self[field.value].data = text[:LONGEST_VALUE]
            raise RuleBroken(
                N_("écrivez %(most)d caractères au plus : la suite est coupée."), most=LONGEST_VALUE
            )
        if holds_social_security_number(text):
            self[field.value].data = ""
            raise RuleBroken(
                N_("n’écrivez jamais de numéro de sécurité sociale : le champ a été vidé.")
            )
        if field is Proposable.COMMUNE:
            return place_of(*read_commune(text))
        return {field.value: RULES.get(field.value, str)(text)}


def shown(said, field):
    """What a column said, as its field shows it."""
    value = said[field.value]
    text = "" if value is None else one_line(str(value))
    return one_line(spaced(text)) if field is Proposable.PHONE else text


class AnswerForm(Form):
    """What is answered, and what is taken over when a proposal is accepted."""

    champ = SelectMultipleField(validate_choice=False)
    accord = Paragraphs(N_("Un mot à qui l’a signalé (facultatif)"), LONGEST_TEXT)
    reponse = Paragraphs(N_("Votre réponse"), LONGEST_TEXT)
    motif = Paragraphs(N_("Pourquoi la fiche reste comme elle est"), LONGEST_TEXT)
