"""The one page that a référent fills with the person: shown, saved, led on (REQ-30)."""

from flask import request

from models.base import N_
from models.diagnostics import filling
from models.diagnostics.matching import actions_question, first_actions
from models.diagnostics.sheet import Sheet
from models.diagnostics.synthesis import Synthesis
from models.permissions import Permission

from ..access import opens_file
from ..forms import KEY_FIELD
from ..keeping import never_lost
from ..languages import gettext, ngettext, say
from ..pages import go_to
from .views import ONE, blueprint, hers, opened_to_reader, render, seen, writer

# The fields of the form that are no question.
CONTROLS = ("csrf_token", KEY_FIELD, "vu", "apres", "ouvrir", "montrer", "chercher")
CONTESTED = N_("Vos réponses sont gardées. Une autre personne a répondu autrement.")


def typed():
    """`{field: texts}` of the form, its own controls aside."""
    return {name: request.form.getlist(name) for name in request.form if name not in CONTROLS}


def read_sheet(person, diagnostic, **how):
    """`montrer` names the section, or the domain, whose masked questions were asked for."""
    opened = opened_to_reader(person)
    actions = (
        first_actions(person, Synthesis(diagnostic, opened)) if _lists_actions(diagnostic) else {}
    )
    unmasked = request.values.get("montrer")
    return Sheet(diagnostic, opened, unmasked=unmasked, actions=actions, **how)


def _lists_actions(diagnostic):
    """Whether actions are looked for: only when their section is asked for, or one was chosen."""
    if (question := actions_question(diagnostic.template)) is None:
        return False
    section = diagnostic.template.section_of[question.key].key
    return request.args.get("partie") == section or any(request.form.getlist(question.key))


@blueprint.get(ONE)
@opens_file(Permission.DIAGNOSTIC_READ, act="diagnostic:read")
@hers
def show(person, diagnostic):
    """To be filled while it is a draft, then to be read."""
    sheet = read_sheet(person, diagnostic)
    if not diagnostic.is_draft:
        return render("read", person, diagnostic, sheet=sheet)
    asked = request.args.get("partie")
    return show_form(person, sheet, opened=asked if asked in sheet.keys else sheet.resumed_at())


def show_form(person, sheet, *, problems=None, opened=None, vu=None, **context):
    """`problems` are told by question; `vu` is the revision that the fields were made from."""
    return render(
        "fill",
        person,
        sheet.diagnostic,
        sheet=sheet,
        problems=problems or {},
        opened={opened, sheet.unmasked}
        | {sheet.template.section_of[key].key for key in problems or ()},
        vu=sheet.diagnostic.revision if vu is None else vu,
        **context,
    )


@opens_file(Permission.DIAGNOSTIC_WRITE, act="diagnostic:read")
@hers
def found_again(person, diagnostic):
    """What was typed before signing in again: shown, not written."""
    form, _ = read_sheet(person, diagnostic).receive(typed())
    sheet = read_sheet(person, diagnostic, typed=form)
    opened = request.form.get("apres") or sheet.resumed_at()
    return show_form(person, sheet, opened=opened, vu=seen(), is_found=True, status=409)


@blueprint.post(ONE)
@never_lost(found_again)
@opens_file(Permission.DIAGNOSTIC_WRITE, act="diagnostic:read")
@hers
def save(person, diagnostic):
    """Write what was typed: all that can be, whatever else is refused."""
    before = read_sheet(person, diagnostic)
    form, strange = before.receive(typed())
    saved = filling.save(
        diagnostic, form, seen=seen(), writer=writer(person), keys=list(form),
        actions=before.actions, read=before.answers,
    )  # fmt: skip
    if saved.faults or strange:
        return _ask_again(person, diagnostic, form, saved, strange)
    if _is_passing(before, form):
        # Never in an address, in a cookie or in the database: in this answer, then nowhere.
        sheet = read_sheet(person, diagnostic)
        return show_form(
            person, sheet, opened=request.form.get("apres"), passing=saved.passing,
            called=sheet.contacts_for(form),
        )  # fmt: skip
    return _go_on(person, before, saved)


def _is_passing(sheet, form):
    """Whether a question was answered whose answer is never kept."""
    return any(any(form[key]) and not sheet.template.questions[key].is_kept for key in form)


def _ask_again(person, diagnostic, form, saved, strange):
    wrong = {key: form[key] for key in saved.faults}
    sheet = read_sheet(person, diagnostic, typed=wrong)
    return show_form(
        person, sheet, **refusal(sheet.asked, saved, strange), passing=saved.passing,
        called=sheet.contacts_for(form), opened=request.form.get("apres"),
    )  # fmt: skip


def refusal(asked, saved, strange):
    """What a page says of a form that was not written whole; `asked` are the keys it shows."""
    problems = {key: say(broken) for key, broken in saved.faults.items() if key in asked}
    return {
        "problems": problems,
        "strange": len(strange) + len(saved.faults) - len(problems),
        "written": len(saved.written),
        "vu": seen(),
        "status": 422,
    }


def _go_on(person, before, saved):
    """To the section that was asked for, or to what somebody else answered otherwise."""
    where = {"code": person.code, "diagnostic": before.diagnostic.code}
    if saved.contested:
        key = saved.contested[0]
        part = before.template.section_of[key].key
        return go_to(
            "diagnostics.show", **where, partie=part, _anchor=key,
            say=gettext(CONTESTED),
        )  # fmt: skip
    masked = request.form.get("ouvrir")
    if masked in before.keys:
        return go_to(
            "diagnostics.show", **where, partie=masked, montrer=masked, _anchor=f"partie-{masked}",
            say=in_count(saved),
        )  # fmt: skip
    searched = request.form.get("chercher")
    following = searched if searched in before.keys else before.after(request.form.get("apres"))
    anchor = following and f"partie-{following}"
    return go_to("diagnostics.show", **where, partie=following, _anchor=anchor, say=in_count(saved))


def in_count(saved):
    """The sentence that says how much was written, and left aside."""
    count, aside = len(saved.written), len(saved.unasked)
    said = gettext(N_("Rien n’a changé."))
    if count:
        said = ngettext("%(n)d réponse enregistrée.", "%(n)d réponses enregistrées.", count)
    if aside:
        said += " " + ngettext(
            "%(m)d réponse est laissée de côté : sa question ne se pose pas.",
            "%(m)d réponses sont laissées de côté : leurs questions ne se posent pas.",
            aside,
        )
    return said % {"n": count, "m": aside}


@blueprint.post(f"{ONE}/questions")
@opens_file(Permission.DIAGNOSTIC_WRITE, act="diagnostic:read")
@hers
def follow(person, diagnostic):
    """The questions that come and go with what is typed, before anything is written."""
    form, _ = read_sheet(person, diagnostic).receive(typed())
    return show_following(person, diagnostic, read_sheet(person, diagnostic, typed=form), form)


def show_following(person, diagnostic, page, form, **context):
    """`page` is what `form` leads to: a whole sheet, or a leaf of it."""
    asked = [one for part in page.parts for one in part.asked]
    come = [one for one in asked if one.is_hanging and one.key not in form]
    gone = [one for part in page.parts for one in part.skipped if one.key in form]
    return render("follow", person, diagnostic, come=come, gone=gone, **context)
