"""The form of an agreement, wherever it is given: what is shared, until when, and that it is she
who agrees (REQ-73). `ui.sharing` draws it."""

from wtforms import BooleanField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, ValidationError

from models.base import N_, RuleBroken, today
from models.days import months_after
from models.persons import codes
from models.persons.agreements import DURATIONS, Given, paper_number
from models.persons.sharing import WORDING, WORDINGS, Domain

from .access import asking
from .forms import Day, Form, Line, OneOf, by_rule, once
from .languages import say

_SECRET = {domain for domain in Domain if domain.sensitivity == 3}


class Consent(Form):
    """Nothing is asked but the consent of who sends it: what is shared is agreed already."""

    # The code to check before anything is written; None when none is needed.
    typed_code = None

    def agreed(self):
        """What `Agreement.give` writes of it; None when it writes nothing."""

    def refusal(self, person):
        """`{field: sentence}` of what is wrong in it, or of a code which is not hers; nothing when
        she may be heard. A code is judged outside the act: hashing takes 25 ms, and a refusal stays
        written."""
        if not self.validate():
            return self.problems
        try:
            if self.typed_code is not None:
                codes.recognise(person.identifier, self.typed_code, by=asking())
        except RuleBroken as broken:
            return {"code": say(broken)}
        return {}


class SharingForm(Consent):
    """What a person shares with one organisation. Nothing is ticked beforehand."""

    # Those that go together, and those that are ticked one by one, the most personal last.
    usual = [domain for domain in Domain if domain.sensitivity == 1]
    apart = sorted(
        (domain for domain in Domain if domain.sensitivity > 1),
        key=lambda domain: domain.sensitivity,
    )
    wording = WORDINGS[WORDING]
    # The field where a rule of the agreement is said.
    about_dates = "duree"

    courants = BooleanField()
    domaines = SelectMultipleField(validate_choice=False)
    passeport = BooleanField()
    duree = OneOf(
        N_("Jusqu’à quand"),
        [(str(months), words) for months, words in DURATIONS.items()],
        wrong=N_("choisissez jusqu’à quand."),
    )

    def validate_domaines(self, field):
        if not set(field.data or ()) <= set(self.apart):
            raise ValidationError(N_("cochez des sujets de la liste."))

    @property
    def ends(self):
        """`[(months, words, last day)]` that one may choose."""
        day = today()
        return [(str(n), words, months_after(day, n)) for n, words in DURATIONS.items()]

    @property
    def domains(self):
        usual = self.usual if self.courants.data else []
        return [*usual, *map(Domain, self.domaines.data or ())]

    def agreed(self):
        return {
            "domains": self.domains,
            "has_passport": self.passeport.data,
            "ends_on": months_after(today(), int(self.duree.data)),
        }

    def write(self, person, give):
        """Check it, then `give(**what)` once; answers `{field: sentence}` of what refuses it."""
        if problems := self.refusal(person):
            return problems
        try:
            once(lambda: give(**self.agreed()).code)
        except RuleBroken as broken:
            return {self.about_dates: say(broken)}
        return {}


class HerCode:
    """A form on the screen of a professional, where the person types her own code."""

    code = StringField(validators=[DataRequired(N_("la personne tape ici son code."))])

    @property
    def typed_code(self):
        return self.code.data


class OwnSharingForm(SharingForm):
    """The same in her own space: a session left open does not share her health for her."""

    code = StringField()

    @property
    def needs_her_code(self):
        return not _SECRET.isdisjoint(self.domaines.data or ())

    @property
    def typed_code(self):
        return self.code.data if self.needs_her_code else None

    def validate_code(self, field):
        if self.needs_her_code and not field.data:
            raise ValidationError(N_("tapez votre code : la santé est plus secrète."))


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

    @property
    def typed_code(self):
        return None if self.is_on_paper else self.code.data

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
        return "signe_le" if self.is_on_paper else "duree"
