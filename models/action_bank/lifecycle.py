"""The life of a sheet, act by act: draft → in review → published → archived."""

from typing import NamedTuple

from ..base import N_, RuleBroken, new_code, now, today, transaction
from ..vocabularies import Status
from . import versions
from .sheets import SOURCE, Action
from .versions import CONTENT, Act, content_of, hold

# « quatre animateurs de la banque » (issue of the bank): how many the network means to name.
ANNOUNCED_BANK_ANIMATORS = 4
# What a copy does not take over: figures and days that were true of the other one alone.
_NOT_COPIED = ("places_left", "places_total", "places_on", "sessions", "testimonials",
               "outcome_rate", "outcome_count", "outcome_year", "outcome_source")  # fmt: skip


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
    code = new_code()
    copied = content_of(model) if model else {}
    values = {k: v for k, v in copied.items() if k in CONTENT and k not in _NOT_COPIED}
    values |= {"name": name, "description": values.get("description", "")}
    sheet = Action(
        code=code,
        source_id=f"{SOURCE}--{code}",
        source=SOURCE,
        organisation=organisation,
        status=Status.DRAFT,
        updated_on=today(),
        **values,
    )
    sheet.save()
    versions.record(sheet, Act.CREATED, by=by, before={}, words=model.code if model else "")
    return sheet


@transaction
def submit(action, *, by):
    """Ask for a review; asking twice is asking once."""
    sheet = hold(action)
    if sheet.status == Status.IN_REVIEW:
        return sheet
    _refuse_unless(sheet, Status.DRAFT)
    _refuse_lacking(sheet)
    sheet.status, sheet.submitted_at = Status.IN_REVIEW, now()
    versions.record(sheet, Act.SUBMITTED, by=by)
    return sheet


@transaction
def publish(action, *, by):
    """Let everyone read it, from this moment; its reviewer is never the one who proposed it."""
    sheet = hold(action)
    if sheet.status == Status.PUBLISHED:
        return sheet
    _refuse_unless(sheet, Status.IN_REVIEW)
    _refuse_lacking(sheet)
    if by and by.id == _submitter(sheet):
        raise RuleBroken(N_("Vous avez proposé cette fiche : une autre personne doit la relire."))
    sheet.status, sheet.published_at = Status.PUBLISHED, now()
    sheet.verified_on, sheet.verified_by = today(), sheet.organisation.name
    versions.record(sheet, Act.PUBLISHED, by=by)
    return sheet


@transaction
def send_back(action, *, by, reason):
    """Return it to its author with the reason, which the author reads on the sheet."""
    sheet = hold(action)
    _refuse_unless(sheet, Status.IN_REVIEW)
    if not reason.strip():
        raise RuleBroken(N_("Dites à l’auteur ce qu’il faut changer."))
    sheet.status = Status.DRAFT
    versions.record(sheet, Act.SENT_BACK, by=by, words=reason)
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


def reason_of_return(action):
    """Why a draft came back from review, or None."""
    latest = next((v for v in versions.ActionVersion.of(action) if v.act in _REVIEW_ACTS), None)
    return latest.words if latest and latest.act == Act.SENT_BACK else None


_REVIEW_ACTS = (Act.SUBMITTED, Act.SENT_BACK, Act.PUBLISHED)


def _submitter(sheet):
    version = versions.ActionVersion
    mine = (version.action == sheet) & (version.act == Act.SUBMITTED)
    latest = version.select(version.account).where(mine).order_by(version.number.desc())
    return next((account for (account,) in latest.limit(1).tuples()), None)


def _refuse_unless(sheet, *allowed):
    if sheet.status not in allowed:
        raise RuleBroken(N_("La fiche a changé d’état entre-temps : relisez-la."))


def _refuse_lacking(sheet):
    missing = lacks(sheet)
    if missing:
        raise RuleBroken(missing[0].sentence)
