"""The shared action bank: the data·inclusion v1 service, and what its users ask besides."""

import datetime as dt
from typing import NamedTuple

import peewee as pw

from ..base import N_, Entity, VocabularyField, today
from ..counts import K
from ..days import months_before
from ..network.organisations import Organisation
from ..text import one_line
from ..vocabularies import OTHER, Status

# The source of the sheets written here, and how their national identifiers begin.
SOURCE = "portail-spie-31"

DEFAULT_REVIEW_MONTHS = 6
# What the form offers, the most frequent first, then what an import may give besides.
RHYTHMS = (6, 12, 3, 1)
IMPORTED_RHYTHMS = range(1, 25)
# Proposal of the product: months before an unconfirmed sheet is hidden; see `hide_after` (REQ 20).
HIDDEN_AFTER_MONTHS = 24
REMOTE = "a-distance"
TRAINING, PLACE_OF_INFORMATION = "formation", "lieu-d-information"
MOST_ATTACHED = 50
LINE_COLUMNS = (
    "id", "code", "name", "commune", "fees", "audiences", "reception_modes", "places_left",
    "places_on", "verified_on", "verified_by", "updated_on", "review_months", "status",
)  # fmt: skip


class Outcome(NamedTuple):
    """After a training, `rate` per cent of `count` people had a job in `year`, says `source`."""

    rate: float
    count: int
    year: int
    source: str


class Limit(NamedTuple):
    """A number of a sheet that may not exceed another one: the column `asked` again, and why."""

    column: str
    most: str
    asked: str
    sentence: str


_LIMITS = (
    Limit("age_min", "age_max", "age_max", N_("l’âge le plus haut est plus bas que l’autre.")),
    Limit(
        "places_left",
        "places_total",
        "places_left",
        N_("il y a plus de places libres que de places en tout."),
    ),
)


def exceeded(said):
    """The limits that `{column: value}` does not keep; what is not filled in exceeds nothing."""
    both = ((limit, said.get(limit.column), said.get(limit.most)) for limit in _LIMITS)
    return [limit for limit, value, most in both if None not in (value, most) and value > most]


class Action(Entity):
    """A published offer. Days and lists come from its producer; `None` means not filled in.

    `source_id` is the national identifier; `other_values` keeps, by field, the vocabulary values
    we do not know. `eligibility` lists commune, EPCI and département codes: empty is everywhere.
    `edition` numbers the last of its versions, 0 while nobody has written it here. After a
    training, `outcome_rate` per cent of `outcome_count` people work (REQ 21). `testimonials` holds
    `{employer, words, day}` (REQ 24); `attached` the national identifiers of what a place of
    information hosts (REQ 27).
    """

    source_id = pw.CharField(max_length=255, unique=True)
    source = pw.CharField(max_length=120)
    organisation = pw.ForeignKeyField(Organisation, backref="actions", on_delete="RESTRICT")
    name = pw.CharField(max_length=255)
    summary = pw.TextField(null=True)
    description = pw.TextField()
    source_url = pw.TextField(null=True)
    updated_on = pw.DateField()
    kind = pw.CharField(max_length=60, null=True)
    format = pw.CharField(max_length=60, null=True)
    thematics = pw.JSONField(default=list)
    needs = pw.JSONField(default=list)
    fees = pw.CharField(max_length=60, null=True)
    fees_detail = pw.TextField(null=True)
    audiences = pw.JSONField(default=list)
    audiences_detail = pw.TextField(null=True)
    access_conditions = pw.TextField(null=True)
    age_min = pw.SmallIntegerField(null=True)
    age_max = pw.SmallIntegerField(null=True)
    languages = pw.JSONField(default=list)
    documents = pw.JSONField(default=list)
    commune = pw.TextField(null=True)
    postcode = pw.CharField(max_length=5, null=True)
    insee_code = pw.CharField(max_length=5, null=True)
    address = pw.TextField(null=True)
    address_extra = pw.TextField(null=True)
    longitude = pw.DoubleField(null=True)
    latitude = pw.DoubleField(null=True)
    reception_modes = pw.JSONField(default=list)
    eligibility = pw.JSONField(default=list)
    phone = pw.TextField(null=True)
    email = pw.TextField(null=True)
    opening_hours = pw.TextField(null=True)
    mobilisation_url = pw.TextField(null=True)
    mobilisation_modes = pw.JSONField(default=list)
    mobilisers = pw.JSONField(default=list)
    mobilisation_detail = pw.TextField(null=True)
    offline_access = pw.TextField(null=True)
    referrers = pw.JSONField(default=list)
    referral_contact = pw.TextField(null=True)
    supporters = pw.JSONField(default=list)
    weekly_hours = pw.DoubleField(null=True)
    weeks = pw.IntegerField(null=True)
    places_left = pw.IntegerField(null=True)
    places_total = pw.IntegerField(null=True)
    places_on = pw.DateField(null=True)
    sessions = pw.JSONField(default=list)
    pay_and_aid = pw.TextField(null=True)
    emergency = pw.JSONField(null=True)
    sensitivity = pw.SmallIntegerField(default=0)
    review_months = pw.SmallIntegerField(default=DEFAULT_REVIEW_MONTHS)
    verified_on = pw.DateField(null=True)
    verified_by = pw.TextField(null=True)
    outcome_rate = pw.DoubleField(null=True)
    outcome_count = pw.IntegerField(null=True)
    outcome_year = pw.SmallIntegerField(null=True)
    outcome_source = pw.TextField(null=True)
    testimonials = pw.JSONField(default=list)
    attached = pw.JSONField(default=list)
    edition = pw.IntegerField(default=0)
    submitted_at = pw.DateTimeField(null=True)
    published_at = pw.DateTimeField(null=True)
    status = VocabularyField(Status, default=Status.PUBLISHED, index=True)
    is_model = pw.BooleanField(default=False)
    is_demonstration = pw.BooleanField(default=False)
    origin = pw.JSONField(null=True)
    other_values = pw.JSONField(default=dict)

    @property
    def is_public(self):
        return self.status in (Status.PUBLISHED, Status.ARCHIVED) and not self.is_model

    @property
    def is_archived(self):
        return self.status == Status.ARCHIVED

    @property
    def is_listed_now(self):
        """Whether search shows it: the same fact as `is_listed()`, of a sheet in hand."""
        return self.status == Status.PUBLISHED and not self.is_model

    @property
    def is_remote_only(self):
        return self.reception_modes == [REMOTE]

    @property
    def last_verified_on(self):
        """The day its author last vouched for it; the producer's own date when nobody did here."""
        return self.verified_on or self.updated_on

    def values_of(self, column):
        """The values of a vocabulary column, with `OTHER` for those outside the national list."""
        held = getattr(self, column)
        values = held if isinstance(held, list) else [held] if held else []
        return [*values, OTHER] if self.other_values.get(column) else values

    @property
    def coming_sessions(self):
        """`[(start, end or None)]` of the sessions not over yet, in local time, soonest first."""
        moments = [
            (
                dt.datetime.fromisoformat(s["debut"]),
                s.get("fin") and dt.datetime.fromisoformat(s["fin"]),
            )
            for s in self.sessions
        ]
        return sorted((m for m in moments if (m[1] or m[0]).date() >= today()), key=lambda m: m[0])

    @property
    def is_training(self):
        return TRAINING in (self.kind, self.format)

    @property
    def is_place_of_information(self):
        return self.format == PLACE_OF_INFORMATION

    @property
    def outcome(self):
        """The `Outcome` that may be shown, or None: it needs its source, its year, and enough
        people (REQ 21)."""
        held = (self.outcome_rate, self.outcome_count, self.outcome_year, self.outcome_source)
        if None in held or not self.outcome_source.strip():
            return None
        return Outcome(*held) if self.outcome_count >= K else None

    @property
    def is_overdue(self):
        return self.last_verified_on < months_before(today(), self.review_months)

    @classmethod
    def sheet(cls, code):
        """The action of this code with its organisation, whatever its status, or None."""
        return cls.select(cls, Organisation).join(Organisation).where(cls.code == code).first()

    @classmethod
    def name_of(cls, code):
        """The name of the action of this code, whatever its status, or None."""
        return cls.select(cls.name).where(cls.code == code).scalar()

    @classmethod
    def for_list(cls, *more):
        """A query of the columns that a line of a list shows, and `more`, with the organisation's
        name: a sheet has sixty columns, and building them all costs more than the search."""
        shown = [getattr(cls, name) for name in (*LINE_COLUMNS, *more)]
        return cls.select(*shown, Organisation.name).join(Organisation)

    @classmethod
    def listed_of(cls, organisation):
        """What an organisation offers today, by name."""
        listed = cls.for_list().where(cls.is_listed(), cls.organisation == organisation)
        return list(listed.order_by(cls.name))

    @classmethod
    def of_source(cls, source_id):
        """The action of this national identifier, or None."""
        return cls.get_or_none(cls.source_id == one_line(source_id))

    def backers(self):
        """The supporting organisations (REQ 17): named by national identifier, known ones only."""
        from .naming import organisations_named

        known = organisations_named(self.supporters).values()
        return sorted(known, key=lambda organisation: organisation.sort_name)

    def attached_sheets(self):
        """The listed actions that a place of information hosts (REQ 27), by name."""
        if not (self.is_place_of_information and self.attached):
            return []
        known = Action.source_id << self.attached[:MOST_ATTACHED]
        return list(Action.for_list().where(known, Action.is_listed()).order_by(Action.name))

    @classmethod
    def is_listed(cls):
        """The condition of what search shows: published, and not a model to copy."""
        return (cls.status == Status.PUBLISHED) & (cls.is_model == False)  # noqa: E712

    @classmethod
    def verification_day(cls):
        """`last_verified_on` in a query."""
        return pw.fn.COALESCE(cls.verified_on, cls.updated_on)

    @classmethod
    def is_overdue_on(cls, day):
        """The condition `is_overdue` as it will be on this day, unless somebody confirms."""
        rhythms = dict.fromkeys((*RHYTHMS, *IMPORTED_RHYTHMS))  # tried in this order, row by row
        limits = [(months, months_before(day, months)) for months in rhythms]
        return cls.verification_day() < pw.Case(cls.review_months, limits)


_hidden_after = HIDDEN_AFTER_MONTHS


def hide_after(months):
    """Set how long a sheet stays in default results without being confirmed (REQ 20)."""
    global _hidden_after
    _hidden_after = months


def hidden_before():
    """The day before which a last verification hides a sheet from default results (REQ 20)."""
    return months_before(today(), _hidden_after)
