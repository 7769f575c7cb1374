"""Depositing a spreadsheet, following it, and taking one’s own sheets away in one."""

import contextlib
import io
from types import SimpleNamespace

from flask import Blueprint, make_response, request

from models.base import N_, RuleBroken, typed_code
from models.exchange.bulk import BulkImport, State, advance_by_hand
from models.exchange.exporting import export_of, spreadsheet_rows
from models.exchange.spreadsheets.columns import SERVICES, STRUCTURES
from models.exchange.spreadsheets.reading import MAX_BYTES, read_file
from models.exchange.spreadsheets.writing import as_csv, as_ods, as_xlsx, lists_as_csv
from models.network.organisations import Organisation
from models.permissions import Permission

from ..access import actor, allowed_to, may, signed_in
from ..forms import once
from ..languages import gettext, say
from ..pages import go_to, render_page

blueprint = Blueprint("exchange", __name__)
blueprint.add_app_template_global(State, "DepositState")

ERRORS_PER_PAGE = 50
FOLLOWED_SECONDS = 5
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv",
    "json": "application/json",
}
# The two sheets make two files where a file holds one.
# An organisation of nobody: only who may act in all of them may act there.
NOWHERE = SimpleNamespace(organisation_id=None)
CSV_SHEETS = {"services": SERVICES, "structures": STRUCTURES}


@blueprint.get("/fiches/par-tableur")
@signed_in
def index():
    if code := typed_code(request.args.get("organisme", "")):
        return go_to("exchange.organisation", code=code)
    mine = [membership.organisation for membership in actor().rights.memberships]
    organisations = [one for one in mine if may(Permission.BULK_WRITE, one)]
    is_everywhere = may(Permission.BULK_WRITE, NOWHERE)
    return render_page(
        "exchange/index.html",
        organisations=organisations,
        others=[(one.code, one.name) for one in Organisation.network()] if is_everywhere else [],
    )


@blueprint.get("/fiches/par-tableur/modele.<any(xlsx, ods):form>")
@signed_in
def template(form):
    write = as_xlsx if form == "xlsx" else as_ods
    return _attached(write({}), f"modele-fiches.{form}", form)


@blueprint.get("/fiches/par-tableur/modele-<any(services, structures, listes):sheet>.csv")
@signed_in
def template_csv(sheet):
    content = lists_as_csv() if sheet == "listes" else as_csv(CSV_SHEETS[sheet], [])
    return _attached(content, f"modele-{sheet}.csv", "csv")


def _attached(content, name, form):
    response = make_response(content)
    response.headers["Content-Type"] = TYPES[form]
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blueprint.get("/fiches/par-tableur/<code:code>")
@allowed_to(Permission.BULK_WRITE, load=Organisation.by_code)
def organisation(organisation):
    return _show_organisation(organisation)


def _show_organisation(organisation, *, status=200, problems=()):
    return render_page(
        "exchange/organisation.html",
        status=status,
        organisation=organisation,
        deposits=BulkImport.of(organisation),
        problems=dict(problems),
    )


@blueprint.post("/fiches/par-tableur/<code:code>")
@allowed_to(Permission.BULK_WRITE, load=Organisation.by_code)
def deposit(organisation):
    """Read at once, checked later: the file itself is let go."""
    try:
        code = once(lambda: _received(organisation).code)
    except RuleBroken as refusal:
        return _show_organisation(organisation, status=422, problems={"fichier": say(refusal)})
    return go_to("exchange.show", code=code)


def _received(organisation):
    sent = request.files.get("fichier")
    if not sent or not sent.filename:
        raise RuleBroken(N_("Choisissez un fichier."))
    with contextlib.closing(sent):
        content = sent.stream.read(MAX_BYTES + 1)
    found = read_file(content)
    return BulkImport.receive(organisation, found, by=actor())


@blueprint.get("/fiches/par-tableur/<code:code>/fiches.<any(xlsx, ods, json):form>")
@allowed_to(Permission.BULK_WRITE, load=Organisation.by_code)
def export(organisation, form):
    if form == "json":
        file = io.StringIO()
        export_of(organisation, file)
        content = file.getvalue().encode()
    else:
        write = as_xlsx if form == "xlsx" else as_ods
        content = write(spreadsheet_rows(organisation))
    return _attached(content, f"fiches-{organisation.code}.{form}", form)


@blueprint.get("/fiches/par-tableur/<code:code>/<any(services, structures):sheet>.csv")
@allowed_to(Permission.BULK_WRITE, load=Organisation.by_code)
def export_csv(organisation, sheet):
    content = as_csv(CSV_SHEETS[sheet], spreadsheet_rows(organisation)[sheet])
    return _attached(content, f"{sheet}-{organisation.code}.csv", "csv")


@blueprint.get("/fiches/par-tableur/depots/<code:code>")
@allowed_to(Permission.BULK_WRITE, load=BulkImport.reading)
def show(bulk):
    """Where a deposit stands: its progress, then its report."""
    return _show(bulk)


def _show(bulk, *, status=200, sentence=None):
    text = request.args.get("page", "1")
    last = max(1, -(-len(bulk.errors) // ERRORS_PER_PAGE))
    number = min(int(text), last) if text.isascii() and text.isdecimal() and len(text) < 4 else 1
    start = (max(1, number) - 1) * ERRORS_PER_PAGE
    is_applied = bulk.state in (State.APPLIED, State.PUBLISHED)
    is_followed = "suivre" in request.args and bulk.is_running
    response = render_page(
        "exchange/show.html",
        fragment="progress",
        status=status,
        bulk=bulk,
        sentence=sentence,
        errors=bulk.errors[start : start + ERRORS_PER_PAGE],
        page=max(1, number),
        last_page=last,
        brought=bulk.brought() if is_applied else {},
        is_by_hand=bulk.is_left_alone or "main" in request.args,
        is_followed=is_followed,
    )
    if is_followed:
        # Only when asked: a page that reloads by itself is started again for who hears it.
        response.headers["Refresh"] = str(FOLLOWED_SECONDS)
    return response


def _act(bulk, act, words=None):
    """Do it, then show the deposit as it stands; a refusal is said on its page."""
    try:
        act()
    except RuleBroken as refusal:
        return _show(BulkImport.reading(bulk.code), status=409, sentence=say(refusal))
    return go_to("exchange.show", code=bulk.code, say=words and gettext(words))


@blueprint.post("/fiches/par-tableur/depots/<code:code>/avancer")
@allowed_to(Permission.BULK_WRITE, load=BulkImport.reading)
def advance(bulk):
    """A few seconds of what the worker does, for whoever has no worker."""
    advance_by_hand(bulk)
    return go_to("exchange.show", code=bulk.code, main=1)


@blueprint.post("/fiches/par-tableur/depots/<code:code>/importer")
@allowed_to(Permission.BULK_WRITE, load=BulkImport.reading)
def apply(bulk):
    return _act(bulk, lambda: bulk.apply(by=actor()))


@blueprint.post("/fiches/par-tableur/depots/<code:code>/abandonner")
@allowed_to(Permission.BULK_WRITE, load=BulkImport.reading)
def abandon(bulk):
    words = N_("Le dépôt est abandonné. Rien n’a été importé.")
    return _act(bulk, lambda: bulk.abandon(by=actor()), words)


@blueprint.post("/fiches/par-tableur/depots/<code:code>/reprendre")
@allowed_to(Permission.BULK_WRITE, load=BulkImport.reading)
def resume(bulk):
    return _act(bulk, lambda: bulk.resume(by=actor()))


@blueprint.post("/fiches/par-tableur/depots/<code:code>/publier")
@allowed_to(Permission.ACTION_REVIEW, load=BulkImport.reading)
def publish(bulk):
    return _act(bulk, lambda: bulk.publish(by=actor()))
