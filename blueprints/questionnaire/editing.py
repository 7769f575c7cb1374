"""Editing a draft part by part: texts, choices, conditions, needs, who asked for a question."""

import functools

from flask import abort, redirect, request, url_for

from models.base import N_, RuleBroken
from models.editing import EditConflict
from models.questionnaire import drafting
from models.questionnaire.asking import AskedWhy, Asker
from models.questionnaire.parts import CHOICE, HEAD, HOLDS, NEED, QUESTION, SECTION, parts
from models.questionnaire.shape import Condition

from ..access import actor
from ..forms import once, whole_number
from ..languages import gettext, say
from ..pages import go_to, render_page
from .drafting import back_to, prepares
from .forms import form_of, values_of
from .views import blueprint

FAR = 999


def of_part(*kinds):
    """With the part of the address; one that somebody removed leads back to the draft."""

    def decorate(view):
        @prepares
        @functools.wraps(view)
        def checked(draft, part, **kwargs):
            found = parts(draft.data).get(part)
            if found is None:
                return back_to(draft, N_("Cette partie n’existe plus."))
            if found.kind not in (kinds or (found.kind,)):
                abort(404)
            return view(draft, found, **kwargs)

        return checked

    return decorate


def go_to_part(draft, address, words=None):
    return go_to(
        "questionnaire.edit_part", code=draft.code, part=address, say=words and gettext(words)
    )


def after(draft, part):
    """Where one goes when a part is written: to what holds it."""
    if part.kind in (HEAD, NEED, SECTION):
        return go_to_part(draft, part.address, N_("Enregistré."))
    return go_to_part(draft, part.parent, N_("Enregistré."))


@blueprint.route("/coordination/trame/<code:code>/parties/<part>", methods=["GET", "POST"])
@of_part()
def edit_part(draft, part):
    form = form_of(part.kind, part.record, number=draft.number, needs=draft.data["besoins"])
    if request.method == "GET":
        return _ask(draft, part, form)
    if not form.validate():
        return _ask(draft, part, form, status=422, problems=form.problems)
    values = values_of(form, part.kind, part.record)
    try:
        _write(draft, part, form, values)
    except EditConflict as conflict:
        return _show_both(draft, part, form, values, conflict)
    except RuleBroken as refusal:
        return _ask(draft, part, form, status=422, problems={"number": say(refusal)})
    return after(draft, part)


def _write(draft, part, form, values):
    if part.kind == HEAD and form.number.data != draft.number:
        drafting.renumber(draft, form.number.data, by=actor())
    seen = request.form.get("vu") or "-"
    drafting.write(draft, part.address, values, seen=seen, by=actor())


def _show_both(draft, part, form, values, conflict):
    """409: what somebody else wrote stands beside what was typed; nothing is lost."""
    theirs = conflict.theirs
    others = {
        name: theirs.record.get(name) or ""
        for name, value in values.items()
        if (theirs.record.get(name) or "") != (value or "") and name in form
    }
    return _ask(
        draft, part, form, status=409, stamp=theirs.stamp, others=others, sentence=say(conflict)
    )


def _ask(draft, part, form, *, status=200, problems=(), stamp=None, **context):
    return render_page(
        "questionnaire/edit.html",
        status=status,
        draft=draft,
        part=part,
        form=form,
        stamp=stamp or request.form.get("vu") or part.stamp,
        problems=dict(problems),
        held=[one for one in parts(draft.data).values() if one.parent == part.address],
        adds=_adds(part),
        places=_places(draft, part),
        asked=_asked_for(part),
        **context,
    )


def _adds(part):
    """What may be added to a part, or None."""
    kind, field = HOLDS.get(part.kind, (None, None))
    if field not in part.record or part.kind == HEAD:
        return None
    is_open = part.kind != QUESTION or part.record["type"] in drafting.OPEN_LISTS
    return kind if is_open else None


def _places(draft, part):
    """The other sections a question may go to."""
    if part.kind != QUESTION:
        return []
    sections = draft.data["modele"]["sections"]
    return [(one["key"], one["titre"]) for one in sections]


def _asked_for(part):
    """What a question says of who asked for it, and the lists to add to it; None elsewhere."""
    if part.kind != QUESTION:
        return None
    rows = [
        (Asker(one["role"]), AskedWhy(one["raison"]), one["date"])
        for one in part.record.get("demandes", ())
    ]
    return rows, Asker.choices(), AskedWhy.choices()


@blueprint.route(
    "/coordination/trame/<code:code>/parties/<part>/ajouter/<kind>", methods=["GET", "POST"]
)
@of_part(HEAD, SECTION, QUESTION)
def add_part(draft, part, kind):
    if kind not in (SECTION, QUESTION, CHOICE, NEED):
        abort(404)
    form = form_of(kind, needs=draft.data["besoins"])
    if request.method == "GET":
        return _ask_new(draft, part, kind, form)
    if not form.validate():
        return _ask_new(draft, part, kind, form, status=422, problems=form.problems)
    try:
        values = values_of(form, kind)
        address = once(lambda: drafting.add(draft, part.address, kind, values, by=actor()))
    except RuleBroken as refusal:
        return _ask_new(draft, part, kind, form, status=422, problems={"label": say(refusal)})
    return go_to_part(draft, part.address if kind == CHOICE else address, N_("Ajouté."))


def _ask_new(draft, part, kind, form, *, status=200, problems=()):
    return render_page(
        "questionnaire/add.html",
        status=status,
        draft=draft,
        part=part,
        kind=kind,
        form=form,
        problems=dict(problems),
    )


@blueprint.post("/coordination/trame/<code:code>/parties/<part>/deplacer")
@of_part(SECTION, QUESTION, CHOICE)
def move_part(draft, part):
    """To a place rather than up or down: the same form sent twice moves once."""
    place = whole_number(request.form.get("place", ""), FAR)
    section = request.form.get("partie")
    try:
        if place or section:
            drafting.move(draft, part.address, place or FAR, by=actor(), section=section)
    except RuleBroken as refusal:
        return back_to(draft, refusal.sentence)
    if part.kind == SECTION:
        address = url_for("questionnaire.draft", code=draft.code, _anchor=f"p-{part.record['key']}")
        return redirect(address, 303)
    return go_to_part(draft, f"{SECTION}.{section}" if section else part.parent)


@blueprint.route("/coordination/trame/<code:code>/parties/<part>/retirer", methods=["GET", "POST"])
@of_part(SECTION, QUESTION, CHOICE, NEED)
def remove_part(draft, part):
    if request.method == "GET":
        return _before_removing(draft, part)
    try:
        drafting.remove(draft, part.address, seen=request.form.get("vu") or "-", by=actor())
    except EditConflict as conflict:
        return _before_removing(draft, conflict.theirs, status=409, sentence=say(conflict))
    except RuleBroken as refusal:
        return _before_removing(draft, part, status=422, sentence=say(refusal))
    if part.kind in (SECTION, NEED):
        return back_to(draft, N_("C’est retiré du projet."))
    return go_to_part(draft, part.parent, N_("C’est retiré du projet."))


def _before_removing(draft, part, *, status=200, sentence=None):
    return render_page(
        "questionnaire/remove.html", status=status, draft=draft, part=part, sentence=sentence
    )


@blueprint.post("/coordination/trame/<code:code>/parties/<part>/demandes")
@of_part(QUESTION)
def ask_for(draft, part):
    roles, reasons = dict(Asker.choices()), dict(AskedWhy.choices())
    role, reason = request.form.get("role"), request.form.get("raison")
    if role not in roles or reason not in reasons:
        return go_to_part(draft, part.address, N_("Choisissez qui la demande, et pourquoi."))
    drafting.ask_for(draft, part.address, Asker(role), AskedWhy(reason), by=actor())
    return go_to_part(draft, part.address, N_("Enregistré."))


@blueprint.route(
    "/coordination/trame/<code:code>/parties/<part>/condition", methods=["GET", "POST"]
)
@of_part(QUESTION)
def ask_if(draft, part):
    """The conditions kept, and one more on a question asked before."""
    if request.method == "GET":
        return _ask_if(draft, part)
    mode = "all" if request.form.get("mode") == "all" else "any"
    try:
        drafting.ask_if(
            draft, part.address, mode, _conditions(draft, part),
            seen=request.form.get("vu") or "-", by=actor(),
        )  # fmt: skip
    except EditConflict as conflict:
        return _ask_if(draft, conflict.theirs, status=409, sentence=say(conflict))
    except RuleBroken as refusal:
        return _ask_if(draft, part, status=422, sentence=say(refusal))
    return go_to_part(draft, part.address, N_("Enregistré."))


def _present(part):
    """`(mode, conditions)` of a question; any of none when it is always asked."""
    return next(iter((part.record.get("visible_if") or {"any": []}).items()))


def _conditions(draft, part):
    """What the form asks for: the conditions that stay, and the new one."""
    kept = set(request.form.getlist("garder"))
    conditions = [one for n, one in enumerate(_present(part)[1]) if str(n) in kept]
    key, chosen = request.form.get("sur"), request.form.getlist("reponses")
    if key and (chosen or not kept):
        cited = drafting.before(draft.data, part).get(key, {})
        values = [one["value"] for one in cited.get("choices", ()) if str(one["value"]) in chosen]
        conditions.append({"question": key, "op": "in", "value": values})
    return conditions


def _ask_if(draft, part, *, status=200, sentence=None):
    before = drafting.before(draft.data, part)
    asked = request.values.get("sur")
    mode, conditions = _present(part)
    return render_page(
        "questionnaire/condition.html",
        status=status,
        draft=draft,
        part=part,
        before=before,
        cited=before.get(asked),
        chosen=request.form.getlist("reponses"),
        mode=request.form.get("mode") or mode,
        conditions=[_in_words(one, before) for one in conditions],
        sentence=sentence,
    )


def _in_words(condition, before):
    """`(question, its answers)` of a condition, in the French of the template."""
    cited = before.get(condition["question"], {"label": condition["question"]})
    asked = Condition(**condition)
    led = [
        one["label"]
        for one in cited.get("choices", ())
        if asked.holds({asked.question: one["value"]})
    ]
    return cited["label"], led
