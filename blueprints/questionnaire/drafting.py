"""Preparing the next version of a template: from which one, what is to correct, its publication."""

import functools

from flask import redirect, request, url_for

from models.base import N_, RuleBroken, typed_code
from models.editing import EditConflict
from models.permissions import Permission
from models.questionnaire import drafting
from models.questionnaire.comparison import compare
from models.questionnaire.parts import NEED, SECTION, parts
from models.questionnaire.versions import TemplateVersion
from models.questionnaire.wording import remarks

from ..access import actor, allowed_to
from ..forms import once
from ..languages import gettext, say
from ..pages import go_to, render_page
from .views import KEYS, blueprint, told


def prepares(view):
    """For coordination and animation; the page of a draft published meanwhile leads to what it
    became."""

    @allowed_to(Permission.TEMPLATE_WRITE, load=TemplateVersion.by_code)
    @functools.wraps(view)
    def checked(version, **kwargs):
        if not version.is_draft:
            return redirect(url_for("questionnaire.version", code=version.code), 303)
        return view(version, **kwargs)

    return checked


def back_to(draft, words=None):
    return go_to("questionnaire.draft", code=draft.code, say=words and gettext(words))


@blueprint.get("/coordination/trame")
@allowed_to(Permission.TEMPLATE_WRITE)
def prepare():
    current = filter(None, map(TemplateVersion.current, KEYS))
    return render_page(
        "questionnaire/prepare.html", drafts=TemplateVersion.drafts(), current=list(current)
    )


@blueprint.post("/coordination/trame")
@allowed_to(Permission.TEMPLATE_WRITE)
def start_draft():
    source = TemplateVersion.by_code(typed_code(request.form.get("source", "")))
    if source is None or source.is_draft:
        return go_to("questionnaire.prepare")
    code = once(lambda: drafting.start_from(source, by=actor()).code)
    return go_to("questionnaire.draft", code=code)


@blueprint.get("/coordination/trame/<code:code>")
@prepares
def draft(draft):
    found = parts(draft.data)
    return render_page(
        "questionnaire/draft.html",
        draft=draft,
        sections=[part for part in found.values() if part.kind == SECTION],
        need_count=sum(part.kind == NEED for part in found.values()),
        faults=_said(draft.faults(), found),
        former=draft.former,
    )


@blueprint.get("/coordination/trame/<code:code>/besoins")
@prepares
def needs(draft):
    rows = [part for part in parts(draft.data).values() if part.kind == NEED]
    return render_page("questionnaire/needs.html", draft=draft, needs=rows)


@blueprint.get("/coordination/trame/<code:code>/publier")
@prepares
def publish(draft):
    return _before_publishing(draft)


def _before_publishing(draft, *, status=200, sentence=None):
    """What is to correct, what could be said more simply, and what changes for whom."""
    found = parts(draft.data)
    former = draft.former
    return render_page(
        "questionnaire/publish.html",
        status=status,
        draft=draft,
        faults=_said(draft.faults(), found),
        remarks=_said(remarks(draft.data), found),
        comparison=compare(former, draft) if former else None,
        problem=sentence,
    )


def _said(faults, found):
    """`[(part or None, sentence)]`, in the reader’s language."""
    return [(found.get(one.where), told(one)) for one in faults]


@blueprint.post("/coordination/trame/<code:code>/publier")
@prepares
def do_publish(draft):
    try:
        draft.publish(by=actor(), seen=request.form.get("vu") or "-")
    except EditConflict as conflict:
        return _before_publishing(draft, status=409, sentence=say(conflict))
    except RuleBroken as refusal:
        return _before_publishing(draft, status=422, sentence=say(refusal))
    words = gettext(N_("La version est publiée. Les diagnostics commencés gardent la leur."))
    return go_to("questionnaire.version", code=draft.code, say=words)


@blueprint.get("/coordination/trame/<code:code>/jeter")
@prepares
def discard(draft):
    return render_page("questionnaire/discard.html", draft=draft)


@blueprint.post("/coordination/trame/jeter")
@allowed_to(Permission.TEMPLATE_WRITE)
def do_discard():
    """Its code comes in the form: sent twice, the second finds nothing left and says the same."""
    if draft := TemplateVersion.by_code(typed_code(request.form.get("projet", ""))):
        drafting.discard(draft, by=actor())
    return go_to("questionnaire.prepare", say=gettext(N_("Le projet est jeté.")))
