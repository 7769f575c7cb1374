"""What a sheet said, version by version, and writing it by several hands: no word is overwritten.

A form carries the number of the version it showed. What its author changed since that version is
written; what somebody else changed meanwhile stays; the same field changed by both is a `Clash`.
"""

import datetime as dt
from typing import NamedTuple

import peewee as pw

from .. import audit
from ..accounts.account import Account
from ..base import N_, Entity, RuleBroken, Vocabulary, VocabularyField, today, transaction
from ..database import held
from ..network.organisations import Organisation
from ..search_index import current_index
from .sheets import Action

# The steps of the form, in their order, and the columns each one writes.
PARTS = {
    "essentiel": ("name", "summary", "description", "kind", "format", "thematics", "needs"),
    "public": (
        "audiences", "audiences_detail", "age_min", "age_max", "languages", "access_conditions",
        "fees", "fees_detail", "pay_and_aid",
    ),
    "lieu": (
        "reception_modes", "address", "address_extra", "postcode", "commune", "insee_code",
        "longitude", "latitude", "eligibility", "opening_hours",
    ),
    "demande": (
        "mobilisation_modes", "mobilisers", "mobilisation_url", "mobilisation_detail", "phone",
        "email", "offline_access", "referrers", "referral_contact", "documents",
    ),
    "dates": ("places_left", "places_total", "places_on", "sessions", "weekly_hours", "weeks"),
    "suivi": (
        "supporters", "review_months", "outcome_rate", "outcome_count", "outcome_year",
        "outcome_source", "testimonials", "attached",
    ),
}  # fmt: skip
CONTENT = tuple(name for names in PARTS.values() for name in names)


class Act(Vocabulary):
    """What happened to a sheet; the value is the verb of its trace."""

    CREATED = "create", N_("Créée")
    WRITTEN = "write", N_("Modifiée")
    SUBMITTED = "submit", N_("Proposée à la relecture")
    SENT_BACK = "send-back", N_("Renvoyée à son auteur")
    PUBLISHED = "publish", N_("Publiée")
    ARCHIVED = "archive", N_("Archivée")
    RESTORED = "restore", N_("Remise en service")
    CONFIRMED = "confirm", N_("Confirmée à jour")
    ROLLED_BACK = "roll-back", N_("Revenue à une version")
    CORRECTED = "correct", N_("Corrigée sur proposition")
    IMPORTED = "import", N_("Importée")


class ActionVersion(Entity):
    """One act on a sheet. `content` holds every column of `CONTENT` after it, as JSON values; it is
    None when the act changed none of them. `words` is the reason given, if any."""

    action = pw.ForeignKeyField(Action, backref="versions", on_delete="CASCADE")
    number = pw.IntegerField()
    act = VocabularyField(Act)
    account = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL")
    words = pw.TextField(default="")
    content = pw.JSONField(null=True)

    class Meta:
        indexes = ((("action", "number"), True),)

    @classmethod
    def of(cls, action):
        """Every version of a sheet with its writer, the latest first."""
        rows = cls.select(cls, Account).join(Account, pw.JOIN.LEFT_OUTER)
        return list(rows.where(cls.action == action).order_by(cls.number.desc()))

    @classmethod
    def author_of(cls, action):
        """The account that started this sheet here, or None."""
        started = (cls.action == action) & (cls.act == Act.CREATED)
        row = cls.select(cls, Account).join(Account).where(started).first()
        return row and row.account

    @classmethod
    def content_at(cls, action, number):
        """`{column: JSON value}` as of a version, or None when there was no such version."""
        if not 0 <= number <= action.edition:
            return None
        known = (cls.action == action) & (cls.number <= number) & cls.content.is_null(False)
        row = cls.select().where(known).order_by(cls.number.desc()).first()
        if row:
            return {**content_of(action), **row.content}
        return content_of(action) if action.edition == 0 else None


class Clash(NamedTuple):
    """A field that two people changed: what both had read, what stands now, what was typed."""

    base: object
    theirs: object
    mine: object


class Conflict(RuleBroken):
    """`clashes` maps each field to its `Clash`; `mine` holds all that was to be written, `action`
    is the sheet as it stands. Nothing was written."""

    def __init__(self, action, mine, clashes):
        super().__init__(
            N_("Une autre personne a modifié cette fiche pendant que vous l’écriviez.")
        )
        self.action, self.mine, self.clashes = action, mine, clashes


def content_of(action):
    """`{column: JSON value}` of what a sheet says."""
    return {name: _plain(getattr(action, name)) for name in CONTENT}


def hold(action):
    """The sheet as it stands, with its organisation, kept from others until the act ends."""
    held(Action.select(Action.id).where(Action.id == action.id))
    return (
        Action.select(Action, Organisation).join(Organisation).where(Action.id == action.id).get()
    )


@transaction
def write(action, values, *, by, seen, act=Act.WRITTEN, words=""):
    """Write what differs from the version `seen`; answers the sheet and the names it changed.

    Raises `Conflict`, and writes nothing, when somebody else changed one of the same fields.
    """
    current = hold(action)
    before = content_of(current)
    base = ActionVersion.content_at(current, seen)
    values = {name: _plain(value) for name, value in values.items()}
    mine = {n: v for n, v in values.items() if base is None or base[n] != v}
    changes = {name: value for name, value in mine.items() if before[name] != value}
    clashes = {
        name: Clash(base and base[name], before[name], value)
        for name, value in changes.items()
        if base is None or base[name] != before[name]
    }
    if clashes:
        raise Conflict(current, values, clashes)
    if changes:
        for name, value in changes.items():
            setattr(current, name, _typed(name, value))
        current.updated_on = today()
        record(current, act, by=by, words=words, before=before, fields=sorted(changes))
    return current, sorted(changes)


def record(action, act, *, by, words="", before=None, fields=()):
    """Save a sheet with its new version, its trace and its place in the index, all or nothing.

    `before` is its content until now when the act changes it.
    """
    if before and action.edition == 0:
        _keep_first(action, before)
    action.edition += 1
    # A sheet has seventy columns: writing only what changed takes a third of the time.
    action.save(only=action.dirty_fields)
    ActionVersion.create(
        action=action,
        number=action.edition,
        act=act,
        account=by,
        words=words,
        content=content_of(action) if before is not None else None,
    )
    audit.record(f"action:{act}", action, by=by, number=action.edition, fields=list(fields))
    current_index().put(action)


def _keep_first(action, before):
    """What the sheet said when it came here, under the number 0."""
    first = (ActionVersion.action == action) & (ActionVersion.number == 0)
    if not ActionVersion.select().where(first).exists():
        ActionVersion.create(
            action=action, number=0, act=Act.IMPORTED, content=before, created_at=action.created_at
        )


def roll_back(action, number, *, by):
    """Give a sheet the content of one of its versions again; what stands now stays a version."""
    content = ActionVersion.content_at(action, number)
    if content is None:
        raise RuleBroken(N_("Cette version n’existe pas."))
    words = str(number)
    return write(action, content, by=by, seen=action.edition, act=Act.ROLLED_BACK, words=words)


def _plain(value):
    return value.isoformat() if isinstance(value, dt.date) else value


def _typed(name, value):
    is_day = isinstance(Action._meta.fields[name], pw.DateField) and isinstance(value, str)
    return dt.date.fromisoformat(value) if is_day else value
