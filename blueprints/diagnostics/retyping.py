"""Sheets filled by hand, typed again one by one, each found by the code written on it (REQ-30)."""

from flask import abort, g, request

from models.base import N_
from models.diagnostics import filling
from models.diagnostics.diagnostic import Diagnostic, Moment
from models.diagnostics.retyping import leaf_of, leaves
from models.permissions import Permission
from models.questionnaire.explaining import numbers_of, reasons_of
from models.questionnaire.paper import find_sheet, required_sheet
from models.questionnaire.versions import TemplateVersion

from ..access import actor, opens_file
from ..forms import Form, Line, by_rule, once
from ..keeping import never_lost
from ..languages import gettext, ngettext
from ..pages import go_to, render_page
from .filling import CONTESTED, in_count, read_sheet, refusal, show_following, typed
from .views import ALL, ONE, blueprint, hers, lacking, render, seen, writer

PAPER = f"{ALL}/papier"
LEAF = f"{ONE}/feuilles/<sheet>"


class SheetForm(Form):
    """The code of a sheet; once valid, `feuille` holds the sheet itself."""

    feuille = Line(
        N_("Code de la feuille"), 60, needed=N_("écrivez le code de la feuille."),
        checks=[by_rule(required_sheet)],
    )  # fmt: skip


@blueprint.route(PAPER, methods=["GET", "POST"])
@opens_file(Permission.DIAGNOSTIC_WRITE, act="diagnostic:read")
def ask_sheet(person):
    form = SheetForm()
    if form.validate_on_submit():
        return go_to("diagnostics.take_sheet", code=person.code, sheet=form.feuille.data.code)
    return render_page(
        "diagnostics/ask_sheet.html", status=422 if form.problems else 200, person=person,
        form=form, problems=form.problems,
    )  # fmt: skip


@blueprint.get(f"{PAPER}/<sheet>")
@opens_file(Permission.DIAGNOSTIC_WRITE, act="diagnostic:read")
def take_sheet(person, sheet):
    return _take(person, find_sheet(sheet) or abort(404))


def _take(person, paper, problems=()):
    """Her draft on the version of this sheet; else what lacks is begun, or said."""
    key = paper.version.key
    draft = Diagnostic.living(person, key)
    if draft and draft.version == paper.version:
        return go_to("diagnostics.retype", code=person.code, diagnostic=draft.code,
                     sheet=paper.code)  # fmt: skip
    has_read = Diagnostic.latest_validated(person, key) is not None
    return render_page(
        "diagnostics/take_sheet.html", status=422 if problems else 200, person=person,
        paper=paper, draft=draft, current=TemplateVersion.current(key), problems=dict(problems),
        moments=Moment.choices(), moment=Moment.FOLLOW_UP if has_read else Moment.ENTRY,
    )  # fmt: skip


@blueprint.post(f"{PAPER}/<sheet>")
@opens_file(Permission.DIAGNOSTIC_WRITE, act="diagnostic:read")
def begin_from_sheet(person, sheet):
    """On the version of the sheet, be there a newer one: she answered the words she read."""
    paper, moment = find_sheet(sheet) or abort(404), request.form.get("moment")
    if moment not in list(Moment):
        return _take(person, paper, lacking(paper.version, moment))
    once(lambda: Diagnostic.start(person, paper.version, Moment(moment), by=actor()).code)
    return go_to("diagnostics.take_sheet", code=person.code, sheet=paper.code)


def read_leaf(person, diagnostic, sheet, **how):
    return leaf_of(read_sheet(person, diagnostic, **how), sheet) or abort(404)


@blueprint.get(LEAF)
@opens_file(Permission.DIAGNOSTIC_WRITE, act="diagnostic:read")
@hers
def retype(person, diagnostic, sheet):
    leaf = read_leaf(person, diagnostic, sheet)
    if diagnostic.is_draft:
        return show_leaf(person, leaf)
    closed = gettext(N_("Ce diagnostic est validé : il ne change plus."))
    return go_to("diagnostics.show", code=person.code, diagnostic=diagnostic.code, say=closed)


def show_leaf(person, leaf, *, problems=None, vu=None, **context):
    """As `show_form` does of the whole page."""
    diagnostic, template = leaf.page.diagnostic, leaf.page.template
    skipped = [one for part in leaf.parts for one in part.skipped]
    return render(
        "retype", person, diagnostic, leaf=leaf, paper=leaf.paper, sheet=leaf.page,
        shown=g.language, problems=problems or {}, vu=diagnostic.revision if vu is None else vu,
        leaves=leaves(leaf.page), numbers=numbers_of(template),
        reasons=[(one, reasons_of(template, one)) for one in skipped], **context,
    )  # fmt: skip


@opens_file(Permission.DIAGNOSTIC_WRITE, act="diagnostic:read")
@hers
def found_leaf_again(person, diagnostic, sheet):
    """What was typed before signing in again: shown, not written."""
    form, _ = read_leaf(person, diagnostic, sheet).receive(typed())
    leaf = read_leaf(person, diagnostic, sheet, typed=form)
    return show_leaf(person, leaf, vu=seen(), is_found=True, status=409)


@blueprint.post(LEAF)
@never_lost(found_leaf_again)
@opens_file(Permission.DIAGNOSTIC_WRITE, act="diagnostic:read")
@hers
def write_leaf(person, diagnostic, sheet):
    """By the rules of the whole page; then the next sheet, or what this one still asks."""
    before = read_leaf(person, diagnostic, sheet)
    form, strange = before.receive(typed())
    saved = filling.save(diagnostic, form, seen=seen(), writer=writer(person), keys=list(form))
    if saved.faults or strange:
        wrong = {key: form[key] for key in saved.faults}
        leaf = read_leaf(person, diagnostic, sheet, typed=wrong)
        asked = {one.key for one in leaf.asked}
        return show_leaf(person, leaf, **refusal(asked, saved, strange))
    come = read_leaf(person, diagnostic, sheet).come_since(before, form)
    return _go_on(person, before, saved, come)


def _go_on(person, leaf, saved, come):
    """To what somebody else answered otherwise, to what was masked, to the questions that come with
    these answers; else to the next sheet, or to the diagnostic after the last one."""
    where = {"code": person.code, "diagnostic": leaf.page.diagnostic.code}
    here = where | {"sheet": leaf.paper.code, "montrer": leaf.page.unmasked}
    masked = request.form.get("ouvrir")
    if saved.contested:
        key = saved.contested[0]
        return go_to("diagnostics.retype", **here, _anchor=key, say=gettext(CONTESTED))
    if masked in [part.key for part in leaf.parts]:
        here |= {"montrer": masked, "_anchor": f"partie-{masked}"}
        return go_to("diagnostics.retype", **here, say=in_count(saved))
    if come:
        return go_to(
            "diagnostics.retype", **here, _anchor=come[0].key, say=_told(leaf, saved, come)
        )
    if following := leaf.following:
        return go_to("diagnostics.retype", **where, sheet=following.code, say=_told(leaf, saved))
    last = gettext(N_("C’était la dernière feuille."))
    return go_to("diagnostics.show", **where, say=f"{_told(leaf, saved)} {last}")


def _told(leaf, saved, come=()):
    """How much was written, and what came and went with it."""
    lost = [key for key in saved.lost if key in leaf.page.asked]
    sentences = [in_count(saved)]
    if lost:
        sentences.append(ngettext(
            "%(n)d question ne se pose plus : sa réponse est effacée.",
            "%(n)d questions ne se posent plus : leurs réponses sont effacées.", len(lost),
        ) % {"n": len(lost)})  # fmt: skip
    if come:
        sentences.append(ngettext(
            "%(n)d question de plus à recopier sur cette feuille.",
            "%(n)d questions de plus à recopier sur cette feuille.", len(come),
        ) % {"n": len(come)})  # fmt: skip
    return " ".join(sentences)


@blueprint.post(f"{LEAF}/questions")
@opens_file(Permission.DIAGNOSTIC_WRITE, act="diagnostic:read")
@hers
def follow_leaf(person, diagnostic, sheet):
    """As `follow`, for the questions of this sheet alone."""
    form, _ = read_leaf(person, diagnostic, sheet).receive(typed())
    leaf = read_leaf(person, diagnostic, sheet, typed=form)
    numbers = numbers_of(leaf.page.template)
    return show_following(person, diagnostic, leaf, form, numbers=numbers)
