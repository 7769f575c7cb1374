"""Recruiting together: a coordinated operation, its steps, its organisations and its results.

« diffusion des profils de poste, test par la méthode des habiletés de l’ANPE et préparation aux
entretiens d’embauche » (document 001, REQ 28). Nobody is named here: organisations and counts only.
"""

from typing import NamedTuple

import peewee as pw

from . import audit
from .action_bank.sheets import Action
from .base import N_, Entity, RuleBroken, Vocabulary, VocabularyField, now, transaction
from .counts import K, shown_count
from .database import held
from .editing import EditConflict, Edited, move_to, renumber
from .network.organisations import Organisation
from .plain_language import Remark

MOST_STAGES = 20
MOST_PARTNERS = 60
MOST_PEOPLE = 100_000
PAGE_SIZE = 30


class OperationState(Vocabulary):
    """Where an operation stands; the order is that of the list."""

    OPEN = "ouverte", N_("Ouverte")
    DRAFT = "brouillon", N_("En préparation")
    CLOSED = "close", N_("Close")
    CANCELLED = "annulee", N_("Annulée")


class StageKind(Vocabulary):
    """What is done together, in the order of the document."""

    PROFILE = "diffusion-profil", N_("Diffusion du profil de poste")
    INFORMATION = "information-collective", N_("Information collective")
    ABILITIES = "test-habiletes", N_("Test par la méthode des habiletés")
    PREPARATION = "preparation-entretien", N_("Préparation aux entretiens d’embauche")
    INTERVIEW = "entretien", N_("Entretiens d’embauche")
    HIRING = "embauche", N_("Embauches")
    FOLLOW_UP = "suivi", N_("Suivi dans l’emploi")


# The funnel, from the widest to the narrowest; each name is a column of `RecruitmentPartner`.
FUNNEL = {
    "proposed": N_("Proposés"),
    "preselected": N_("Présélectionnés"),
    "recruited": N_("Recrutés"),
}


class Level(NamedTuple):
    """One width of the funnel. `count` is None when nobody gave it, `missing` tells how many
    organisations did not; `rate` is its share of the level before, None when that is unknown.
    `is_hidden` replaces a count too small to be shown."""

    name: str
    label: str
    count: int | None
    missing: int
    rate: float | None
    is_hidden: bool = False


class RecruitmentOperation(Edited, Entity):
    """What an employer and several organisations do to fill posts. `organisation` leads it,
    `employer` is an organisation too, never a person; `title` and `profile` describe the post."""

    EDITED = (
        "title", "employer", "commune", "places", "opens_on", "closes_on", "profile", "action_id",
    )  # fmt: skip

    organisation = pw.ForeignKeyField(
        Organisation, backref="recruitment_operations", on_delete="RESTRICT"
    )
    title = pw.CharField(max_length=150)
    employer = pw.CharField(max_length=255, default="")
    commune = pw.CharField(max_length=120, default="")
    places = pw.IntegerField(null=True)
    opens_on = pw.DateField(null=True)
    closes_on = pw.DateField(null=True)
    profile = pw.TextField(default="")
    action = pw.ForeignKeyField(Action, null=True, backref="+", on_delete="SET NULL")
    state = VocabularyField(OperationState, default=OperationState.DRAFT, index=True)
    ended_at = pw.DateTimeField(null=True)
    is_demonstration = pw.BooleanField(default=False)

    @classmethod
    def reading(cls, code):
        """The operation of this code with the organisation that leads it, or None."""
        return cls._with_lead().where(cls.code == code).first()

    @classmethod
    def _with_lead(cls):
        return cls.select(cls, Organisation).join(Organisation)

    @classmethod
    def count_shown(cls, state=None):
        """How many there are, drafts aside; in one state alone if asked."""
        return cls.select().where(cls._is_shown(state)).count()

    @classmethod
    def page(cls, number=1, state=None):
        """A page of these: open ones first, then the most recent."""
        rank = pw.Case(cls.state, [(OperationState.OPEN, 0)], 1)
        rows = cls._with_lead().where(cls._is_shown(state))
        return list(
            rows.order_by(rank, cls.created_at.desc(), cls.id.desc()).paginate(number, PAGE_SIZE)
        )

    @classmethod
    def _is_shown(cls, state):
        return (cls.state == state) if state else (cls.state != OperationState.DRAFT)

    @classmethod
    def drafts(cls):
        """Those in preparation, the most recent first."""
        return list(cls._with_lead().where(cls.state == OperationState.DRAFT).order_by(-cls.id))

    @property
    def is_running(self):
        """Whether something of it may still be written."""
        return self.state in (OperationState.DRAFT, OperationState.OPEN)

    @property
    def linked_action(self):
        """The sheet of the bank it goes with, when everyone may read it, or None."""
        return self.action if self.action_id and self.action.is_listed_now else None

    def ordered_stages(self):
        rows = RecruitmentStage.select(RecruitmentStage, Organisation).where(
            RecruitmentStage.operation == self
        )
        rows = rows.join(Organisation, pw.JOIN.LEFT_OUTER)
        return list(rows.order_by(RecruitmentStage.number, RecruitmentStage.id))

    def partners_by_name(self):
        rows = RecruitmentPartner.select(RecruitmentPartner, Organisation).join(Organisation)
        return list(
            rows.where(RecruitmentPartner.operation == self).order_by(
                Organisation.sort_name, Organisation.id
            )
        )

    def stage(self, code):
        """Its own stage of this public code, or None."""
        return next((one for one in self.ordered_stages() if one.code == code), None)

    def partner(self, code):
        """Its own participating organisation of this public code, or None."""
        return next((one for one in self.partners_by_name() if one.code == code), None)

    # Preparing

    @classmethod
    @transaction
    def start(cls, organisation, *, by, **values):
        """A new operation in preparation, led by this organisation."""
        _check_description(values)
        operation = cls.create(organisation=organisation, **values)
        audit.record("recruitment:start", operation, by=by)
        return operation

    @transaction
    def describe(self, *, by, seen=None, **values):
        """Change what is said of the post and of the employer."""
        self._hold()
        _check_description(values)
        self.rewrite(values, seen=seen)
        audit.record("recruitment:describe", self, by=by)

    @transaction
    def write_stage(self, stage=None, *, by, seen=None, **values):
        """Add a stage at the end, or change one of its own."""
        self._hold()
        if stage is None:
            stage = self._add_stage(values)
        else:
            stage.rewrite(values, seen=seen)
        audit.record("recruitment:stage", self, by=by, number=stage.number, kind=stage.kind)
        return stage

    def _add_stage(self, values):
        number = len(self.ordered_stages()) + 1
        if number > MOST_STAGES:
            raise RuleBroken(N_("Une opération a 20 étapes au plus."))
        return RecruitmentStage.create(operation=self, number=number, **values)

    @transaction
    def move_stage(self, stage, place, *, by):
        """Put a stage at `place` (from 1); the others make room."""
        self._hold()
        move_to(place, stage, self.ordered_stages(), RecruitmentStage.number)
        audit.record("recruitment:move", self, by=by, number=place)

    @transaction
    def set_stage_done(self, stage, is_done, *, by):
        """Say that a stage took place, or that it did not after all."""
        self._hold()
        if stage.is_done == is_done:
            return
        stage.is_done = is_done
        stage.save(only=[RecruitmentStage.is_done])
        audit.record("recruitment:done", self, by=by, number=stage.number, done=is_done)

    @transaction
    def remove_stage(self, stage, *, by):
        """Take a stage out; the following ones change number."""
        self._hold()
        stage.delete_instance()
        renumber(self.ordered_stages(), RecruitmentStage.number)
        audit.record("recruitment:remove-stage", self, by=by, number=stage.number)

    @transaction
    def add_partner(self, organisation, *, by, quota=None):
        """Let an organisation take part; `quota` is how many people it is asked to propose."""
        self._hold()
        partners = self.partners_by_name()
        if organisation.id in {one.organisation_id for one in partners}:
            raise RuleBroken(N_("Cet organisme participe déjà à l’opération."))
        if len(partners) >= MOST_PARTNERS:
            raise RuleBroken(N_("Une opération a 60 organismes au plus."))
        partner = RecruitmentPartner.create(
            operation=self, organisation=organisation, quota=_count(quota)
        )
        audit.record("recruitment:add-partner", partner, by=by, organisation=organisation)
        return partner

    @transaction
    def remove_partner(self, partner, *, by, seen=None):
        """Take an organisation out with its figures, when they are those that were `seen`."""
        self._hold()
        present = RecruitmentPartner.get_or_none(RecruitmentPartner.id == partner.id)
        if present and seen and present.stamp != seen:
            raise EditConflict(present)
        audit.record(
            "recruitment:remove-partner", partner, by=by, organisation=partner.organisation
        )
        partner.delete_instance()

    # States

    def lacks(self):
        """What is still missing before it may be opened, in sentences."""
        asked = (
            (self.profile.strip(), N_("Décrivez le poste en quelques phrases.")),
            (self.employer.strip(), N_("Dites quelle entreprise recrute.")),
            (self.places, N_("Dites combien de postes sont à pourvoir.")),
            (self.ordered_stages(), N_("Ajoutez au moins une étape.")),
            (self.partners_by_name(), N_("Ajoutez au moins un organisme.")),
        )
        return [sentence for given, sentence in asked if not given]

    def awaited(self):
        """The organisations whose figures are not definitive yet."""
        return [one for one in self.partners_by_name() if not one.is_confirmed]

    @transaction
    def open(self, *, by):
        """Show it to the network, and let each organisation give its figures."""
        if self._already(OperationState.OPEN):
            return
        self._hold(OperationState.DRAFT)
        if missing := self.lacks():
            raise RuleBroken(missing[0])
        self._turn(OperationState.OPEN, "open", by)

    @transaction
    def close(self, *, by):
        """End it: every organisation has said that its figures will not change any more."""
        if self._already(OperationState.CLOSED):
            return
        self._hold(OperationState.OPEN)
        if waiting := self.awaited():
            names = ", ".join(one.organisation.name for one in waiting)
            raise RuleBroken(N_("Les chiffres ne sont pas définitifs : %(names)s."), names=names)
        self._turn(OperationState.CLOSED, "close", by)

    @transaction
    def cancel(self, *, by):
        """Give it up, whatever was entered; it stays readable."""
        if self._already(OperationState.CANCELLED):
            return
        self._hold()
        self._turn(OperationState.CANCELLED, "cancel", by)

    @transaction
    def reopen(self, *, by):
        """Take up again what was closed or cancelled; what never opened is prepared again."""
        if self._already(OperationState.OPEN) or self._already(OperationState.DRAFT):
            return
        self._hold(OperationState.CLOSED, OperationState.CANCELLED)
        back = OperationState.DRAFT if self.lacks() else OperationState.OPEN
        self._turn(back, "reopen", by)

    def _already(self, state):
        return (
            type(self).select().where(type(self).id == self.id, type(self).state == state).exists()
        )

    def _turn(self, state, verb, by):
        self.state = state
        self.ended_at = None if self.is_running else now()
        self.save()
        audit.record(f"recruitment:{verb}", self, by=by)

    def _hold(self, *allowed):
        """Keep the operation for this act alone until its transaction ends, and read it anew."""
        model = type(self)
        [row] = held(model.select().where(model.id == self.id))
        for name in (*self.EDITED, "state", "ended_at"):
            setattr(self, name, getattr(row, name))
        if self.state not in (allowed or (OperationState.DRAFT, OperationState.OPEN)):
            raise RuleBroken(N_("L’opération a changé d’état entre-temps : relisez-la."))


class RecruitmentStage(Edited, Entity):
    """One step done together; `organisation` is who does it, None while nobody said."""

    EDITED = ("kind", "day", "place", "organisation_id")

    operation = pw.ForeignKeyField(RecruitmentOperation, backref="stages", on_delete="CASCADE")
    number = pw.SmallIntegerField()
    kind = VocabularyField(StageKind)
    day = pw.DateField(null=True)
    place = pw.CharField(max_length=150, default="")
    organisation = pw.ForeignKeyField(Organisation, null=True, backref="+", on_delete="RESTRICT")
    is_done = pw.BooleanField(default=False)


class RecruitmentPartner(Edited, Entity):
    """An organisation that proposes people. None is not filled in, which is not zero; once
    `is_confirmed`, its three figures will not change any more."""

    EDITED = ("quota", "proposed", "preselected", "recruited", "is_confirmed")

    operation = pw.ForeignKeyField(RecruitmentOperation, backref="partners", on_delete="CASCADE")
    organisation = pw.ForeignKeyField(Organisation, backref="+", on_delete="RESTRICT")
    quota = pw.IntegerField(null=True)
    proposed = pw.IntegerField(null=True)
    preselected = pw.IntegerField(null=True)
    recruited = pw.IntegerField(null=True)
    is_confirmed = pw.BooleanField(default=False)

    class Meta:
        indexes = ((("operation", "organisation"), True),)

    @classmethod
    def reading(cls, code):
        """The participation of this code in an operation that is not in preparation any more,
        with both sides, or None: what its own organisation may fill in."""
        rows = (
            cls.select(cls, Organisation, RecruitmentOperation)
            .join_from(cls, Organisation)
            .join_from(cls, RecruitmentOperation)
        )
        shown = RecruitmentOperation.state != OperationState.DRAFT
        return rows.where(cls.code == code, shown).first()

    @property
    def figures(self):
        return tuple(getattr(self, name) for name in FUNNEL)

    @transaction
    def enter(self, *, by, seen=None, **values):
        """Write the quota or the figures given; `is_confirmed` needs all three."""
        self.operation._hold()
        values = {
            name: value if name == "is_confirmed" else _count(value)
            for name, value in values.items()
        }
        _check_figures({name: getattr(self, name) for name in self.EDITED} | values)
        self.rewrite(values, seen=seen)
        audit.record("recruitment:figures", self, by=by, **values)


def remarks_on(operation, partners):
    """What is possible but surprising in the figures."""
    found = [
        Remark(
            N_(
                "%(name)s a proposé plus de personnes que demandé : %(count)s au lieu de %(quota)s."
            ),
            {"name": one.organisation.name, "count": one.proposed, "quota": one.quota},
        )
        for one in partners
        if None not in (one.proposed, one.quota) and one.proposed > one.quota
    ]
    hired = total(partners, "recruited")
    if None not in (hired, operation.places) and hired > operation.places:
        words = N_("Il y a plus de personnes recrutées que de postes : %(count)s pour %(places)s.")
        found.append(Remark(words, {"count": hired, "places": operation.places}))
    return found


def funnel(partners):
    """The three `Level`s of these organisations together."""
    levels, before, was_whole = [], None, False
    for name, label in FUNNEL.items():
        given = [getattr(one, name) for one in partners if getattr(one, name) is not None]
        count, missing = sum(given) if given else None, len(partners) - len(given)
        # A share is only true of figures that are all there.
        is_whole = bool(partners) and not missing
        rate = count / before if is_whole and was_whole and before else None
        levels.append(Level(name, label, count, missing, rate))
        before, was_whole = count, is_whole
    return levels


def shown_outside(levels):
    """The same levels for who takes no part: no small count (I11), be it of those who go on or of
    those who stop there, nor a share that would tell a hidden one."""
    shown, last, after_hidden = [], None, False
    for level in levels:
        if level.count is not None:
            stopped = 0 if last is None else last - level.count
            is_small = shown_count(level.count) is None or 0 < stopped < K
            if is_small:
                level = level._replace(count=None, rate=None, is_hidden=True)
            elif after_hidden:
                level = level._replace(rate=None)
            last, after_hidden = last if is_small else level.count, is_small
        shown.append(level)
    return shown


def total(partners, name):
    """The sum of what was given, or None when nothing was."""
    given = [getattr(one, name) for one in partners if getattr(one, name) is not None]
    return sum(given) if given else None


def takes_part(account, operation, partners):
    """Whether one of this account’s organisations leads the operation or takes part in it."""
    concerned = {operation.organisation_id, *(one.organisation_id for one in partners)}
    return bool(concerned & {one.organisation_id for one in account.rights.memberships})


def _count(value):
    if value is not None and not 0 <= value <= MOST_PEOPLE:
        raise RuleBroken(N_("Un nombre de personnes va de 0 à 100 000."))
    return value


def _check_description(values):
    opens, closes = values.get("opens_on"), values.get("closes_on")
    if opens and closes and closes < opens:
        raise RuleBroken(N_("L’opération ne peut pas finir avant de commencer."))
    if values.get("places") is not None and not 1 <= values["places"] <= MOST_PEOPLE:
        raise RuleBroken(N_("Il faut au moins un poste à pourvoir."))


# What cannot be, whoever counted: the wider level, the narrower one, and what is said.
_IMPOSSIBLE = (
    (
        "proposed",
        "preselected",
        N_("Il ne peut pas y avoir plus de présélectionnés que de proposés."),
    ),
    (
        "preselected",
        "recruited",
        N_("Il ne peut pas y avoir plus de recrutés que de présélectionnés."),
    ),
    ("proposed", "recruited", N_("Il ne peut pas y avoir plus de recrutés que de proposés.")),
)


def _check_figures(values):
    """Nobody is preselected without being proposed, nor recruited without being preselected."""
    for wider, narrower, sentence in _IMPOSSIBLE:
        if None not in (values[wider], values[narrower]) and values[narrower] > values[wider]:
            raise RuleBroken(sentence)
    if values["is_confirmed"] and None in [values[name] for name in FUNNEL]:
        raise RuleBroken(N_("Pour dire que les chiffres sont définitifs, donnez les trois."))
