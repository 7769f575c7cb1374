"""The form of an agreement, at a desk and in the person's own space: what is shared, and until
when (REQ-73). `ui.sharing` draws it."""

from wtforms import BooleanField, SelectMultipleField, StringField
from wtforms.validators import ValidationError

from models.base import N_, today
from models.persons.agreements import DURATIONS, Given, months_after, paper_number
from models.persons.sharing import Domain

from .forms import Day, Form, Line, OneOf, by_rule

# Those that go together, and those that are ticked one by one, the most personal last.
USUAL = [domain for domain in Domain if domain.sensitivity == 1]
APART = sorted(
    (domain for domain in Domain if domain.sensitivity > 1), key=lambda domain: domain.sensitivity
)


class SharingForm(Form):
    """What a person shares with one organisation. Nothing is ticked beforehand."""

    courants = BooleanField()
    domaines = SelectMultipleField(validate_choice=False)
    passeport = BooleanField()
    duree = OneOf(
        N_("Jusqu’à quand"),
        [(str(months), "") for months in DURATIONS],
        wrong=N_("choisissez jusqu’à quand."),
    )

    def validate_domaines(self, field):
        if not set(field.data or ()) <= set(APART):
            raise ValidationError(N_("cochez des sujets de la liste."))

    def agreed(self):
        """What `Agreement.give` writes of it."""
        usual = USUAL if self.courants.data else []
        return {
            "domains": [*usual, *map(Domain, self.domaines.data or ())],
            "has_passport": self.passeport.data,
            "ends_on": months_after(today(), int(self.duree.data)),
        }


class DeskSharingForm(SharingForm):
    """The same at a desk: the person types her code there, or has signed a paper."""

    comment = OneOf(
        N_("Comment elle donne son accord"),
        [(Given.CODE.value, ""), (Given.PAPER.value, "")],
        wrong=N_("dites comment la personne donne son accord."),
    )
    code = StringField()
    papier = Line(N_("Numéro du papier signé"), 40, checks=[by_rule(paper_number)])
    signe_le = Day(N_("Jour de la signature"))

    @property
    def is_on_paper(self):
        return self.comment.data == Given.PAPER

    def validate_code(self, field):
        if self.comment.data == Given.CODE and not field.data:
            raise ValidationError(N_("la personne tape ici son code."))

    def validate_papier(self, field):
        if self.is_on_paper and not field.data:
            raise ValidationError(N_("écrivez le numéro du papier signé."))

    def validate_signe_le(self, field):
        if self.is_on_paper and not field.data:
            raise ValidationError(N_("écrivez le jour de la signature."))

    def agreed(self):
        how = {"given": Given(self.comment.data)}
        if self.is_on_paper:
            how |= {"paper_reference": self.papier.data, "signed_on": self.signe_le.day}
        return super().agreed() | how

    @property
    def about_dates(self):
        """The field where a rule of the agreement is said."""
        return "signe_le" if self.is_on_paper else "duree"


def sharing_choices():
    """What `ui.sharing` offers: `(domains together, domains one by one, [(months, last day)])`."""
    ends = [(months, months_after(today(), months)) for months in DURATIONS]
    return USUAL, APART, ends
