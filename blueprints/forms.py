"""What every form shares: tidy values, the error summary, and answers of the right status."""

import datetime as dt
import hashlib
import re
import secrets

from flask import request
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, ValidationError

from models import outbox, submissions
from models.base import N_, RuleBroken
from models.identifiers import holds_social_security_number
from models.text import one_line, tidy

from .languages import gettext, say

# The name of the hidden field that makes a form act once, and what its key looks like.
KEY_FIELD = "cle"
_KEY = re.compile(r"[\w-]{22}", re.ASCII)
_PHONE = re.compile(r"\+?[\d\s.\-()]{4,30}")


class Form(FlaskForm):
    """A form whose labels and errors are French source strings."""

    class Meta(FlaskForm.Meta):
        # WTForms' own English messages never show: each validator carries its French sentence.
        locales = ["fr"]

        def bind_field(self, form, unbound_field, options):
            kind = unbound_field.field_class
            if kind is StringField or issubclass(kind, Line):
                own = unbound_field.kwargs.get("filters", ())
                options["filters"] = [*own, _tidy_line]
            return super().bind_field(form, unbound_field, options)

    @property
    def fields_in_error(self):
        return [field for field in self if field.errors and field.name != "csrf_token"]

    @property
    def problems(self):
        """`{field: its sentence}`, in the reader's language."""
        return {field.name: gettext(field.errors[0]) for field in self.fields_in_error}


def _tidy_line(value):
    return one_line(value) if isinstance(value, str) else value


class Line(StringField):
    """One line of at most `most` characters; `needed` is the sentence said when it is missing."""

    def __init__(self, label, most, *, needed=None, checks=(), **kwargs):
        required = [DataRequired(needed)] if needed else []
        super().__init__(label, [*required, _no_secret_number, _at_most(most), *checks], **kwargs)


class Paragraphs(TextAreaField):
    """Several lines of at most `most` characters in all; `needed` as in `Line`."""

    def __init__(self, label, most, *, needed=None, checks=(), **kwargs):
        required = [DataRequired(needed)] if needed else []
        validators = [*required, _no_secret_number, _at_most(most), *checks]
        super().__init__(label, validators, filters=[_tidy_lines], **kwargs)


def _tidy_lines(value):
    return tidy(value) if isinstance(value, str) else value


class OneOf(StringField):
    """One value of a list; `choices` holds `(value, French words)`, `wrong` what is said of any
    other value."""

    def __init__(self, label, choices=(), *, wrong, **kwargs):
        super().__init__(label, [_listed], **kwargs)
        self.choices, self.wrong = list(choices), wrong


def _listed(form, field):
    if (field.data or "") not in dict(field.choices):
        raise ValidationError(field.wrong)


def _at_most(most):
    def check(form, field):
        if len(field.data or "") > most:
            field.data = field.data[:most]
            sentence = gettext(N_("écrivez %(most)d caractères au plus : la suite est coupée."))
            raise ValidationError(sentence % {"most": most})

    return check


def _no_secret_number(form, field):
    """What was typed is not even shown back: it may be read over a shoulder."""
    if holds_social_security_number(field.data or ""):
        field.data = ""
        raise ValidationError(
            N_("n’écrivez jamais de numéro de sécurité sociale : le champ a été vidé.")
        )


def written(form, field, act):
    """`{field: sentence}` of what refuses a form, or its act."""
    if not form.validate():
        return form.problems
    try:
        act()
    except RuleBroken as broken:
        return {field: say(broken)}
    return {}


def whole_number(text, most):
    """The whole number that a text writes, from 0 to `most`, or None."""
    text = text.strip()
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(most))
    return int(text) if is_number and int(text) <= most else None


def by_rule(rule):
    """A validator out of a rule of the models: what the rule answers becomes the field's value."""

    def check(form, field):
        if field.data:
            try:
                field.data = rule(field.data)
            except RuleBroken as broken:
                raise ValidationError(say(broken)) from None

    return check


def a_day(text):
    """A day as browsers send it: `2026-12-03`."""
    try:
        found = dt.date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or not 2000 <= found.year <= 2100:
        raise RuleBroken(N_("écrivez un jour qui existe."))
    return found.isoformat()


class Day(Line):
    """A day or nothing."""

    def __init__(self, label, **kwargs):
        super().__init__(label, 20, checks=[by_rule(a_day)], **kwargs)

    @property
    def day(self):
        return dt.date.fromisoformat(self.data) if self.data else None


def phone(text):
    """A telephone number as it is typed; raises `RuleBroken` for what cannot be called."""
    if not _PHONE.fullmatch(text) or not 4 <= sum(sign.isdigit() for sign in text) <= 15:
        raise RuleBroken(N_("ce numéro de téléphone n’est pas complet."))
    return text


mailable = by_rule(outbox.deliverable)


def new_key():
    """What `ui.form.once()` hides in a form."""
    return secrets.token_urlsafe(16)


def once(act):
    """What `act()` answers, done a single time however often this very form is sent.

    The key goes with the address: a key of another form does nothing here.
    """
    if not _KEY.fullmatch(request.form.get(KEY_FIELD, "")):
        raise RuleBroken(N_("Ce formulaire est incomplet : rouvrez la page et recommencez."))
    return submissions.once(_scoped_key(), act)


def is_done():
    """Whether this very form has acted already: what it did may have closed its own page."""
    return request.method == "POST" and submissions.is_known(_scoped_key())


def _scoped_key():
    return hashlib.sha256(
        f"{request.path} {request.form.get(KEY_FIELD, '')}".encode("utf-8", "replace")
    ).hexdigest()
