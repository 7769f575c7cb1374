"""The life of a sheet, act by act: draft → in review → published → archived."""

from typing import NamedTuple

from .. import outbox
from ..accounts.account import Account
from ..base import N_, RuleBroken, new_code, now, today, transaction
from ..vocabularies import Status
from . import versions
from .sheets import SOURCE, Action
from .versions import Act, content_of, hold

# « quatre animateurs de la banque » (issue of the bank): how many the network means to name.
ANNOUNCED_BANK_ANIMATORS = 4
NO_REASON = N_("Dites à l’auteur ce qu’il faut changer.")
# What a copy does not take over: figures and days that were true of the other one alone.
_NOT_COPIED = ("places_left", "places_total", "places_on", "sessions", "testimonials",
               "outcome_rate", "outcome_count", "outcome_year", "outcome_source")  # fmt: skip
# Nor, out of another organisation's sheet, where it is and how it is reached.
_NOT_COPIED_FROM_OTHERS = (
    "address", "address_extra", "postcode", "commune", "insee_code", "longitude", "latitude",
    "opening_hours", "phone", "email", "mobilisation_url", "referral_contact", "supporters",
    "attached",
)  # fmt: skip


class Lack(NamedTuple):
    """What a sheet cannot be published without: the step of the form, and the sentence."""

    part: str
    sentence: str


def lacks(action):
    """What is still to be written before the sheet may be read by a person."""
    asked = (
        (action.name.strip(), "essentiel", N_("Donnez un titre.")),
        (action.description.strip(), "essentiel", N_("Décrivez l’action.")),
        (action.thematics, "essentiel", N_("Choisissez au moins un thème.")),
        (action.reception_modes, "lieu", N_("Dites si l’action a lieu sur place ou à distance.")),
        (
            action.phone or action.email or action.mobilisation_url,
            "demande",
            N_("Donnez un téléphone, un courriel ou un lien."),
        ),
    )
    return [Lack(part, sentence) for given, part, sentence in asked if not given]


@transaction
def start(organisation, *, by, name, model=None):
    """A new draft of this organisation; out of a `model`, it takes over what can be copied."""
    values = copied_from(model, organisation) if model else {}
    sheet = _new_draft(organisation, values | {"name": name})
    versions.record(sheet, Act.CREATED, by=by, before={}, words=model.code if model else "")
    return sheet


@transaction
def bring_in(organisation, values, *, by):
    """A new draft of this organisation that says all of these `values` from its first version."""
    sheet = _new_draft(organisation, values)
    versions.record(sheet, Act.BROUGHT_IN, by=by, before={}, fields=sorted(values))
    return sheet


def _new_draft(organisation, values):
    code = new_code()
    sheet = Action(
        code=code,
        source_id=f"{SOURCE}--{code}",
        source=SOURCE,
        organisation=organisation,
        status=Status.DRAFT,
        updated_on=today(),
        description="",
    )
    versions.fill(sheet, values)
    sheet.save()
    return sheet


def copied_from(model, organisation):
    """`{column: value}` of what a new sheet of this organisation takes over from a model."""
    left = {*_NOT_COPIED}
    if model.organisation_id != organisation.id:
        left |= {*_NOT_COPIED_FROM_OTHERS}
    return {name: value for name, value in content_of(model).items() if name not in left}


@transaction
def submit(action, *, by):
    """Ask for a review; asking twice is asking once."""
    sheet = hold(action)
    if sheet.status == Status.IN_REVIEW:
        return sheet
    _refuse_unless(sheet, Status.DRAFT)
    if sheet.is_model:
        raise RuleBroken(N_("Cette fiche est un modèle : on la copie, on ne la publie pas."))
    _refuse_lacking(sheet)
    sheet.status, sheet.submitted_at = Status.IN_REVIEW, now()
    versions.record(sheet, Act.SUBMITTED, by=by)
    return sheet


@transaction
def withdraw(action, *, by):
    """Take it back from review, to go on writing; asking twice is asking once."""
    sheet = hold(action)
    if sheet.status == Status.DRAFT:
        return sheet
    _refuse_unless(sheet, Status.IN_REVIEW)
    sheet.status = Status.DRAFT
    versions.record(sheet, Act.WITHDRAWN, by=by)
    return sheet


@transaction
def publish(action, *, by, seen=None, tells=True):
    """Let everyone read it, from this moment; its reviewer is never the one who proposed it, and
    publishes the words of the version `seen`. Many at once are told otherwise than one by one."""
    sheet = hold(action)
    if sheet.status == Status.PUBLISHED:
        return sheet
    _refuse_unless(sheet, Status.IN_REVIEW)
    submitter = submitter_of(sheet)
    if by and by.id == submitter:
        raise RuleBroken(N_("Vous avez proposé cette fiche : une autre personne doit la relire."))
    if seen is not None and seen != sheet.edition:
        raise RuleBroken(N_("La fiche a changé pendant votre relecture : relisez-la."))
    _refuse_lacking(sheet)
    sheet.status, sheet.published_at = Status.PUBLISHED, now()
    sheet.verified_on, sheet.verified_by = today(), sheet.organisation.name
    versions.record(sheet, Act.PUBLISHED, by=by)
    if tells:
        _tell(submitter, "sheet_published", sheet)
    return sheet


@transaction
def send_back(action, *, by, reason):
    """Return it to its author with the reason, which the author reads on the sheet."""
    sheet = hold(action)
    if sheet.status == Status.DRAFT and reason and reason_of_return(sheet) == reason:
        return sheet
    _refuse_unless(sheet, Status.IN_REVIEW)
    if not reason.strip():
        raise RuleBroken(NO_REASON)
    sheet.status = Status.DRAFT
    versions.record(sheet, Act.SENT_BACK, by=by, words=reason)
    _tell(submitter_of(sheet), "sheet_sent_back", sheet, reason=reason)
    return sheet


@transaction
def archive(action, *, by, reason=""):
    """Take it out of the search; its printed links keep leading to what it said."""
    sheet = hold(action)
    if sheet.status == Status.ARCHIVED:
        return sheet
    _refuse_unless(sheet, Status.PUBLISHED)
    sheet.status = Status.ARCHIVED
    versions.record(sheet, Act.ARCHIVED, by=by, words=reason)
    return sheet


@transaction
def restore(action, *, by):
    """Put an archived sheet back in service: whoever does so vouches for it today."""
    sheet = hold(action)
    if sheet.status == Status.PUBLISHED:
        return sheet
    _refuse_unless(sheet, Status.ARCHIVED)
    _refuse_lacking(sheet)
    sheet.status = Status.PUBLISHED
    sheet.verified_on, sheet.verified_by = today(), sheet.organisation.name
    versions.record(sheet, Act.RESTORED, by=by)
    return sheet


@transaction
def discard(action, *, by):
    """Throw away a draft that nobody has ever published."""
    sheet = hold(action)
    _refuse_unless(sheet, Status.DRAFT)
    versions.audit.record("action:discard", sheet, by=by)
    sheet.delete_instance()


@transaction
def make_model(action, *, by):
    """Let every writer copy a draft; a model is never published itself."""
    sheet = hold(action)
    if sheet.is_model:
        return sheet
    _refuse_unless(sheet, Status.DRAFT)
    sheet.is_model = True
    versions.record(sheet, Act.MADE_MODEL, by=by)
    return sheet


@transaction
def unmake_model(action, *, by):
    """Make it a draft again: nobody has reviewed a model."""
    sheet = hold(action)
    if sheet.is_model:
        sheet.is_model, sheet.status = False, Status.DRAFT
        versions.record(sheet, Act.UNMADE_MODEL, by=by)
    return sheet


def reason_of_return(action):
    """Why a draft came back from review, or None."""
    version = versions.ActionVersion
    acts = (version.action == action) & (version.act << _REVIEW_ACTS)
    latest = version.select(version.act, version.words).where(acts)
    latest = latest.order_by(version.number.desc()).first()
    return latest.words if latest and latest.act == Act.SENT_BACK else None


_REVIEW_ACTS = (Act.SUBMITTED, Act.WITHDRAWN, Act.SENT_BACK, Act.PUBLISHED)


def submitter_of(sheet):
    """The row number of the account that last proposed this sheet, or None."""
    version = versions.ActionVersion
    mine = (version.action == sheet) & (version.act == Act.SUBMITTED)
    latest = version.select(version.account).where(mine).order_by(version.number.desc())
    return next((account for (account,) in latest.limit(1).tuples()), None)


def _tell(submitter, kind, sheet, **values):
    """Whoever proposed it reads what became of it; a closed account is not written to."""
    account = Account.get_or_none((Account.id == submitter) & Account.is_active)
    if account:
        values |= {"name": sheet.name, "code": sheet.code}
        outbox.post(kind, account.identifier, account.language, **values)


def _refuse_unless(sheet, *allowed):
    if sheet.status not in allowed:
        raise RuleBroken(N_("La fiche a changé d’état entre-temps : relisez-la."))


def _refuse_lacking(sheet):
    missing = lacks(sheet)
    if missing:
        raise RuleBroken(missing[0].sentence)
