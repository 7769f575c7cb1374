"""Reading the charter: the version in force, former ones, what changed, who signed (REQ 69)."""

from flask import Blueprint, abort, request

from models.base import today
from models.charter.checks import CharterCheck, confirmed_by_organisation
from models.charter.comparison import compare
from models.charter.signatures import CharterSignature
from models.charter.versions import CharterVersion
from models.network.organisations import Category
from models.permissions import Permission

from ..access import allowed_to, may, open_to_all
from ..languages import gettext
from ..pages import as_file, render_page

blueprint = Blueprint("charter", __name__)


@blueprint.get("/charte")
@open_to_all
def index():
    version, checks = CharterVersion.current(), CharterCheck.latest()
    return render_page(
        "charter/index.html",
        version=version,
        articles=version.ordered_articles() if version else [],
        checks=checks,
        checked_at=max((check.checked_at for check in checks.values()), default=None),
    )


@blueprint.get("/charte/fiches-a-jour")
@open_to_all
def confirmed_sheets():
    return render_page("charter/confirmed_sheets.html", rows=confirmed_by_organisation())


@blueprint.get("/charte/versions")
@open_to_all
def versions():
    drafts = CharterVersion.drafts() if may(Permission.CHARTER_WRITE) else []
    return render_page(
        "charter/versions.html",
        versions=CharterVersion.published(),
        drafts=drafts,
        this_day=today(),
    )


@blueprint.get("/charte/versions/<code:code>")
@allowed_to(Permission.CHARTER_READ, load=CharterVersion.by_code)
def version(version):
    return render_page(
        "charter/version.html",
        version=version,
        articles=version.ordered_articles(),
        current=CharterVersion.current(),
    )


@blueprint.get("/charte/versions/<code:code>.txt")
@allowed_to(Permission.CHARTER_READ, load=CharterVersion.by_code)
def version_text(version):
    """The exact text, byte for byte: its SHA-256 is the version's."""
    return as_file(version.exact_text, f"charte-{version.code}.txt")


@blueprint.get("/charte/versions/<code:code>/depuis/<code:former>")
@allowed_to(Permission.CHARTER_READ, load=CharterVersion.by_code)
def comparison(version, former):
    before = CharterVersion.by_code(former)
    if before is None or not may(Permission.CHARTER_READ, before):
        abort(404)
    return render_page("charter/comparison.html", comparison=compare(before, version))


@blueprint.get("/charte/signataires")
@open_to_all
def signatories():
    asked = request.args.get("categorie", "")
    category = next((one for one in Category if one.value == asked), None)
    return render_page(
        "charter/signatories.html",
        organisations=CharterSignature.register(category),
        categories=[(one.value, gettext(one.label)) for one in Category],
        category=category,
        shows_names=may(Permission.SIGNERS_READ),
    )
