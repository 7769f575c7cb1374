"""The forms of the charter: lengths are those of the columns, or what can be read aloud."""

from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, DataRequired, Length

from models.base import N_
from models.charter.checks import Check
from models.charter.versions import LONGEST_NUMBER, Foundation
from models.text import tidy

from ..forms import Form

LONGEST_TITLE = 255
LONGEST_TEXT = 4000
_TITLE = Length(max=LONGEST_TITLE, message=N_("gardez 255 caractères au plus."))
_TEXT = Length(max=LONGEST_TEXT, message=N_("gardez 4 000 caractères au plus."))


def _tidy(value):
    return tidy(value) if isinstance(value, str) else value


def _list(label, choices, default):
    listed = AnyOf([value for value, _ in choices], N_("choisissez dans la liste."))
    shown = [SelectChoice(value, words) for value, words in choices]
    return SelectField(label, [listed], choices=shown, default=default, validate_choice=False)


def _text(label, *validators):
    return TextAreaField(label, [*validators, _TEXT], filters=[_tidy])


class SignForm(Form):
    """`version` is the one that was read; the two boxes are two distinct acts."""

    version = HiddenField()
    lu = BooleanField(validators=[DataRequired(N_("cochez que vous avez lu les articles."))])
    engage = BooleanField(
        validators=[DataRequired(N_("cochez que vous vous engagez à les respecter."))]
    )


class VersionForm(Form):
    number = StringField(
        N_("Numéro de la version"),
        [
            DataRequired(N_("donnez un numéro, par exemple 0.3.")),
            Length(max=LONGEST_NUMBER, message=N_("gardez 20 caractères au plus.")),
        ],
    )
    title = StringField(N_("Titre"), [DataRequired(N_("donnez un titre.")), _TITLE])
    title_en = StringField(N_("Titre en anglais"), [_TITLE])
    preamble = _text(N_("Préambule"))
    preamble_en = _text(N_("Préambule en anglais"))
    scope = _text(N_("Portée"))


class ArticleForm(Form):
    title = StringField(N_("Titre"), [DataRequired(N_("donnez un titre.")), _TITLE])
    text = _text(N_("Texte"), DataRequired(N_("écrivez le texte de l’article.")))
    title_en = StringField(N_("Titre en anglais"), [_TITLE])
    text_en = _text(N_("Texte en anglais"))
    control = _text(N_("Ce qui est contrôlé chaque mois"))
    control_en = _text(N_("Ce qui est contrôlé, en anglais"))
    check_name = _list(
        N_("Contrôle automatique"), [("", N_("Aucun pour l’instant")), *Check.choices()], ""
    )
    foundation = _list(N_("Fondement"), Foundation.choices(), Foundation.APPLICATION.value)
    origin = _text(N_("Origine"))
