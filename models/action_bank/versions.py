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
    WITHDRAWN = "withdraw", N_("Reprise par son organisme")
    SENT_BACK = "send-back", N_("Renvoyée à son auteur")
    PUBLISHED = "publish", N_("Publiée")
    ARCHIVED = "archive", N_("Archivée")
    RESTORED = "restore", N_("Remise en service")
    CONFIRMED = "confirm", N_("Confirmée à jour")
    ROLLED_BACK = "roll-back", N_("Revenue à une version")
    CORRECTED = "correct", N_("Corrigée sur proposition")
    IMPORTED = "import", N_("Importée")
    BROUGHT_IN = "bring-in", N_("Créée par un import")
    MADE_MODEL = "make-model", N_("Devenue un modèle")
    UNMADE_MODEL = "unmake-model", N_("N’est plus un modèle")


# The acts that start a sheet here.
_STARTS = (Act.CREATED, Act.BROUGHT_IN)


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
    def of(cls, action, *, before=None, limit=None):
        """The versions of a sheet with their writers, the latest first, without their content:
        those older than the number `before`, at most `limit`."""
        shown = (cls.number, cls.act, cls.words, cls.created_at, cls.account, Account.name)
        rows = cls.select(*shown).join(Account, pw.JOIN.LEFT_OUTER).where(cls.action == action)
        if before is not None:
            rows = rows.where(cls.number < before)
        return list(rows.order_by(cls.number.desc()).limit(limit))

    @classmethod
    def numbered(cls, action, number):
        """One version with its writer, or None."""
        rows = cls.select(cls, Account).join(Account, pw.JOIN.LEFT_OUTER)
        return rows.where(cls.action == action, cls.number == number).first()

    @classmethod
    def author_of(cls, action):
        """The account that started this sheet here, or None."""
        started = (cls.action == action) & (cls.act << _STARTS)
        row = cls.select(cls, Account).join(Account).where(started).first()
        return row and row.account

    @classmethod
    def authors_of(cls, actions):
        """`{row number of the sheet: row number of the account that started it here}`."""
        started = cls.action.in_([action.id for action in actions]) & (cls.act << _STARTS)
        rows = cls.select(cls.action, cls.account).where(started, cls.account.is_null(False))
        return dict(rows.tuples()) if actions else {}

    @classmethod
    def content_at(cls, action, number):
        """`{column: JSON value}` as of a version, or None when there was no such version."""
        if not 0 <= number <= action.edition:
            return None
        told = cls.select(cls.content).where(cls.action == action, cls.content.is_null(False))
        row = told.where(cls.number <= number).order_by(cls.number.desc()).first()
        if row:
            return {**content_of(action), **row.content}
        # Acts that change no word leave a sheet from elsewhere as it came.
        return None if told.exists() else content_of(action)


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
    rows = Action.select(Action, Organisation).join(Organisation).where(Action.id == action.id)
    if sheet := rows.first():
        return sheet
    raise RuleBroken(N_("Cette fiche n’existe plus : quelqu’un l’a jetée."))


@transaction
def write(action, values, *, by, seen, settled=None, act=Act.WRITTEN, words=""):
    """Write what differs from the version `seen`; answers the sheet and the names it changed.

    Raises `Conflict`, and writes nothing, when somebody else changed one of the same fields.
    `settled` maps a field of a former conflict to the version whose value its author has read
    since, and replaces.
    """
    current, settled = hold(action), settled or {}
    before = content_of(current)
    values = _with_the_day_of_places({n: _plain(v) for n, v in values.items()}, before)
    read = {n: ActionVersion.content_at(current, n) for n in {seen, *settled.values()}}
    base = {n: (read[settled.get(n, seen)] or {}).get(n, _UNREAD) for n in values}
    changes = {n: v for n, v in values.items() if v not in (base[n], before[n])}
    clashes = {
        name: Clash(None if base[name] is _UNREAD else base[name], before[name], value)
        for name, value in changes.items()
        if base[name] != before[name]
    }
    if clashes:
        raise Conflict(current, values, clashes)
    if changes:
        _set(current, changes)
        current.updated_on = today()
        record(current, act, by=by, words=words, before=before, fields=sorted(changes))
    return current, sorted(changes)


def fill(action, values):
    """Set what a sheet says that is not saved yet: nobody else can have written it."""
    plain = {name: _plain(value) for name, value in values.items()}
    _set(action, _with_the_day_of_places(plain, content_of(action)))


def _set(action, values):
    for name, value in values.items():
        setattr(action, name, _typed(name, value))


# What differs from every value: nobody has read this field.
_UNREAD = object()


def _with_the_day_of_places(values, before):
    """Places left are those of the day on which they are written (product rules, §3)."""
    figure = values.get("places_left", before["places_left"])
    if "places_on" in values or figure == before["places_left"]:
        return values
    return values | {"places_on": None if figure is None else today().isoformat()}


def record(action, act, *, by, words="", before=None, fields=()):
    """Save a sheet with its new version, its trace and its place in the index, all or nothing.

    `before` is its content until now when the act changes it.
    """
    if before:
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
    """What a sheet from elsewhere said when it came here, under the number 0."""
    version = ActionVersion
    told = (version.action == action) & version.content.is_null(False)
    if not version.select().where(told).exists():
        version.create(
            action=action, number=0, act=Act.IMPORTED, content=before, created_at=action.created_at
        )


@transaction
def roll_back(action, number, *, by, seen=None):
    """Give a sheet the content of one of its versions again; what stands now stays a version.

    `seen` is the version that was compared with it, when somebody compared.
    """
    current = hold(action)
    if seen is not None and seen != current.edition:
        raise RuleBroken(N_("La fiche a changé entre-temps : relisez ce qui va changer."))
    content = ActionVersion.content_at(current, number)
    if content is None:
        raise RuleBroken(N_("Cette version n’existe pas."))
    return write(
        current, content, by=by, seen=current.edition, act=Act.ROLLED_BACK, words=str(number)
    )


def _plain(value):
    return value.isoformat() if isinstance(value, dt.date) else value


def _typed(name, value):
    is_day = isinstance(Action._meta.fields[name], pw.DateField) and isinstance(value, str)
    return dt.date.fromisoformat(value) if is_day else value
