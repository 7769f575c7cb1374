"""The forms of a plan: lists, days and hours, never a sentence (I10)."""

import datetime as dt

from wtforms import StringField
from wtforms.validators import DataRequired, ValidationError

from models.base import N_, today
from models.plans.plan import MeetingBy
from models.plans.priorities import MOST, Outcome
from models.plans.steps import HerPart, OurPart, Side
from models.plans.waivers import WEEKLY_HOURS, WaiverReason

from ..forms import Day, Form, Line, OneOf, whole_number
from ..languages import gettext

NO_ACTION = "aucune"


class PointForm(Form):
    """The next point: a plan is begun with it, and always has one."""

    point = Day(N_("Jour du prochain point"), needed=N_("écrivez le jour du prochain point."))
    comment = OneOf(
        N_("Comment"), MeetingBy.choices(), wrong=N_("dites comment se fait le point."),
        default=MeetingBy.DESK.value,
    )  # fmt: skip


class PrioritiesForm(Form):
    """One list per place; what is chosen there is a need of her diagnostic, or nothing."""

    besoin1 = OneOf("", wrong=N_("choisissez un besoin de la liste."))
    besoin2 = OneOf("", wrong=N_("choisissez un besoin de la liste."))
    besoin3 = OneOf("", wrong=N_("choisissez un besoin de la liste."))

    @classmethod
    def among(cls, offers, present, places=MOST):
        """`offers` are those that one may read, `present` the keys that stand already; there are
        as many lists as `places`."""
        form = cls(data={f"besoin{place}": key for place, key in enumerate(present, 1)})
        form.offers = {one.need: one for one in offers}
        for place, field in enumerate(list(form.lists), 1):
            field.choices = [("", ""), *((key, key) for key in form.offers)]
            if place > places:
                delattr(form, field.name)
        return form

    @property
    def lists(self):
        return [field for field in self if field.name.startswith("besoin")]

    @property
    def chosen(self):
        """The `Offer`s, in the order of their places."""
        return [self.offers[field.data] for field in self.lists if field.data]


class StepForm(Form):
    """`action` is the code of a sheet among `choices`, or none."""

    action = OneOf(N_("Action"), wrong=N_("choisissez une action, ou « Sans action »."))
    debut = Day(N_("L’action commence le"))
    elle = OneOf(N_("Ce qu’elle fait"), HerPart.choices(), wrong=N_("dites ce qu’elle fait."))
    elle_avant = Day(N_("Avant le"), needed=N_("écrivez avant quel jour elle le fait."))
    nous = OneOf(N_("Ce que je fais"), OurPart.choices(), wrong=N_("dites ce que vous faites."))
    nous_avant = Day(N_("Avant le"), needed=N_("écrivez avant quel jour vous le faites."))

    @classmethod
    def among(cls, actions, plan, *, asked=None):
        """`actions` are `{code: Action}`."""
        usual = max(plan.meets_on, today()).isoformat()
        started = {"debut": today().isoformat(), "elle_avant": usual, "nous_avant": usual}
        form = cls(data=started | ({"action": asked} if asked in actions else {}))
        form.actions = actions
        form.action.choices = [(code, code) for code in (*actions, NO_ACTION)]
        return form

    @property
    def parts(self):
        return {
            Side.PERSON: (HerPart(self.elle.data), self.elle_avant.day),
            Side.REFERENT: (OurPart(self.nous.data), self.nous_avant.day),
        }


class WaiverForm(Form):
    motif = OneOf(N_("Pourquoi"), wrong=N_("choisissez un motif de la liste."))
    heures = Line(
        N_("Heures par semaine"), 5, needed=N_("écrivez combien d’heures par semaine restent.")
    )
    jusqu = Day(N_("Jusqu’au"), needed=N_("écrivez jusqu’à quel jour."))

    @classmethod
    def among(cls, reasons, plan):
        """`reasons` are those whose domain she shares with who writes."""
        day = max(plan.meets_on, today() + dt.timedelta(days=30))
        form = cls(data={"jusqu": day.isoformat()})
        form.motif.choices = [(one.value, one.label) for one in reasons]
        return form

    def validate_heures(self, field):
        if whole_number(field.data, WEEKLY_HOURS) is None:
            raise ValidationError(N_("écrivez un nombre entier, de 0 à 14."))

    @property
    def wanted(self):
        return WaiverReason(self.motif.data), int(self.heures.data), self.jusqu.day


class CodeForm(Form):
    code = StringField(validators=[DataRequired(N_("la personne tape ici son code."))])


class NoQuestionForm(Form):
    """Nothing but the consent of who sends it."""


class BalanceForm(Form):
    """What became of each step and of each need: the names of its fields end with their codes."""

    def read(self, whole, sent):
        """`(done, outcomes, problems)` of what was `sent`."""
        done = {one.code for one in whole.under_way if sent.get(f"etape-{one.code}") == "1"}
        outcomes, problems = {}, {}
        for one in whole.priorities:
            name = f"besoin-{one.row.code}"
            if sent.get(name) in set(Outcome):
                outcomes[one.row.code] = Outcome(sent[name])
            else:
                problems[name] = gettext(N_("dites si ce besoin est levé ou encore là."))
        return done, outcomes, problems
