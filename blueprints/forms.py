"""What every form shares: tidy values, the error summary, and answers of the right status."""

from flask_wtf import FlaskForm
from wtforms import StringField

from models.text import one_line


class Form(FlaskForm):
    """A form whose labels and errors are French source strings."""

    class Meta(FlaskForm.Meta):
        # WTForms' own English messages never show: each validator carries its French sentence.
        locales = ["fr"]

        def bind_field(self, form, unbound_field, options):
            if unbound_field.field_class is StringField:
                options["filters"] = [*options.get("filters", []), _tidy_line]
            return super().bind_field(form, unbound_field, options)

    @property
    def fields_in_error(self):
        return [field for field in self if field.errors and field.name != "csrf_token"]


def _tidy_line(value):
    return one_line(value) if isinstance(value, str) else value
