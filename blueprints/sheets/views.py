"""One’s sheets, and the page of a sheet for who writes it: its state, its quality, its answers."""

from flask import Blueprint, abort, request

from models.action_bank import lifecycle, shelves
from models.action_bank.quality import quality_of
from models.action_bank.sheets import Action
from models.action_bank.shelves import PAGE, Shelf
from models.action_bank.versions import PARTS, content_of
from models.base import N_, RuleBroken, typed_code
from models.permissions import Permission, organisations_within
from models.plain_language import remarks
from models.vocabularies import Status

from ..access import actor, allowed_to, may, signed_in
from ..forms import Form, Paragraphs
from ..languages import gettext, say
from ..pages import go_to, page_asked, render_page
from . import wording

blueprint = Blueprint("sheets", __name__)
wording.register(blueprint)
blueprint.add_app_template_global(Status, "Status")

LONGEST_REASON = 1000
# What is read for long sentences and unexplained acronyms (REQ-18).
TEXTS = (
    "summary", "description", "audiences_detail", "access_conditions", "fees_detail",
    "pay_and_aid", "mobilisation_detail", "offline_access",
)  # fmt: skip


class ReasonForm(Form):
    motif = Paragraphs(N_("Pourquoi"), LONGEST_REASON)


@blueprint.get("/mes-fiches")
@signed_in
def index():
    """Of the organisations whose sheets one may follow; an unknown state shows them all."""
    within = organisations_within(actor(), Permission.ACTION_HISTORY)
    asked = request.args.get("etat", "")
    shelf = Shelf(asked) if asked in list(Shelf) else None
    counts = shelves.counts_of(within)
    # What is to be checked is published too: it is counted once.
    total = sum(counts.values()) - counts[Shelf.OVERDUE] if shelf is None else counts[shelf]
    page, page_count = page_asked(total, PAGE)
    return render_page(
        "sheets/index.html",
        lines=[(s, quality_of(s).percent) for s in shelves.sheets_of(within, shelf, page=page)],
        shelf=shelf,
        shelves=[(one, counts[one]) for one in Shelf],
        total=total,
        page=page,
        page_count=page_count,
        sees_all=within is None,
        places=actor().rights.places,
        may_start=organisations_within(actor(), Permission.ACTION_WRITE) != set(),
    )


@blueprint.get("/fiches/<code:code>")
@allowed_to(Permission.ACTION_HISTORY, load=Action.sheet)
def show(action):
    return show_sheet(action)


def show_sheet(action, *, status=200, sentence=None, form=None, problems=()):
    """The page of a sheet; `sentence` says why an act was refused."""
    content = content_of(action)
    teller = wording.Teller(content)
    return render_page(
        "sheets/show.html",
        status=status,
        action=action,
        quality=quality_of(action),
        lacks=lifecycle.lacks(action),
        reason=lifecycle.reason_of_return(action) if action.status == Status.DRAFT else None,
        is_submitter=lifecycle.submitter_of(action) == actor().id,
        steps=answers(teller, content),
        hard=hard_to_read(action),
        sentence=sentence,
        form=form or ReasonForm(formdata=None),
        problems=dict(problems),
    )


def answers(teller, content):
    """`[(step, [(column, lines of the answer)])]`."""
    return [
        (part, [(column, teller.say(column, content)) for column in wording.questions_of(part)])
        for part in PARTS
    ]


def hard_to_read(action):
    """`{column: sentences}`: what could be read more easily, where there is something."""
    found = {name: [say(r) for r in remarks(getattr(action, name) or "")] for name in TEXTS}
    return {name: sentences for name, sentences in found.items() if sentences}


def acted_on(action, act, done):
    """Do an act, then show the sheet; a refusal is said on its page."""
    try:
        act()
    except RuleBroken as broken:
        return show_sheet(Action.sheet(action.code) or abort(404), status=409, sentence=say(broken))
    return go_to("sheets.show", code=action.code, say=gettext(done))


@blueprint.post("/fiches/<code:code>/proposer")
@allowed_to(Permission.ACTION_WRITE, load=Action.sheet)
def submit(action):
    done = N_("La fiche est proposée. Une autre personne va la relire.")
    return acted_on(action, lambda: lifecycle.submit(action, by=actor()), done)


@blueprint.post("/fiches/<code:code>/reprendre")
@allowed_to(Permission.ACTION_WRITE, load=Action.sheet)
def withdraw(action):
    done = N_("La fiche est de nouveau un brouillon.")
    return acted_on(action, lambda: lifecycle.withdraw(action, by=actor()), done)


@blueprint.post("/fiches/<code:code>/archiver")
@allowed_to(Permission.ACTION_WRITE, load=Action.sheet)
def archive(action):
    form = ReasonForm()
    if not form.validate():
        return show_sheet(action, status=422, form=form, problems=form.problems)
    reason = form.motif.data or ""
    done = N_("La fiche est archivée : elle ne paraît plus dans la recherche.")
    return acted_on(action, lambda: lifecycle.archive(action, by=actor(), reason=reason), done)


@blueprint.post("/fiches/<code:code>/remettre")
@allowed_to(Permission.ACTION_WRITE, load=Action.sheet)
def restore(action):
    done = N_("La fiche paraît de nouveau, vérifiée aujourd’hui.")
    return acted_on(action, lambda: lifecycle.restore(action, by=actor()), done)


@blueprint.get("/fiches/<code:code>/jeter")
@allowed_to(Permission.ACTION_WRITE, load=Action.sheet)
def discard(action):
    if action.status != Status.DRAFT:
        return go_to("sheets.show", code=action.code)
    return render_page("sheets/discard.html", action=action)


@blueprint.post("/fiches/jeter")
@signed_in
def do_discard():
    """Its code comes in the form: sent twice, the second finds nothing left and says the same."""
    if action := Action.sheet(typed_code(request.form.get("fiche", "")) or ""):
        if not may(Permission.ACTION_WRITE, action):
            abort(404)
        try:
            lifecycle.discard(action, by=actor())
        except RuleBroken as broken:
            return show_sheet(action, status=409, sentence=say(broken))
    return go_to("sheets.index", say=gettext(N_("Le brouillon est jeté.")))
