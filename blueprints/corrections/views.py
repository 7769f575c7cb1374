"""Proposing a correction on any sheet, following it, and answering it."""

from flask import Blueprint, abort, request

from models.action_bank import corrections
from models.action_bank.corrections import Correction, CorrectionState, Proposable, Topic
from models.action_bank.sheets import Action
from models.action_bank.versions import ActionVersion, Conflict, content_of
from models.base import N_, RuleBroken
from models.permissions import Permission

from ..access import actor, allowed_to, may, signed_in
from ..forms import once, whole_number
from ..languages import gettext, say
from ..pages import go_to, page_asked, render_page
from .forms import AnswerForm, CorrectionForm

blueprint = Blueprint("corrections", __name__)
SHOWN = 20


@blueprint.route("/actions/<code:code>/corriger", methods=["GET", "POST"])
@allowed_to(Permission.CORRECTION_PROPOSE, load=Action.sheet)
def propose(action):
    """On another partner's sheet too; one that is not public says nothing of itself."""
    if not may(Permission.ACTION_READ, action):
        abort(404)
    if not action.is_listed_now:
        return go_to("action_bank.show", code=action.code)
    if request.method == "GET":
        return _ask(action, CorrectionForm.of(content_of(action)), action.edition)
    seen = whole_number(request.form.get("vu", ""), action.edition)
    seen = action.edition if seen is None else seen
    form = CorrectionForm(ActionVersion.content_at(action, seen) or content_of(action))
    if not form.validate():
        return _ask(action, form, seen, form.problems)
    try:
        code = once(lambda: _propose(action, form, seen).code)
    except RuleBroken as broken:
        return _ask(action, form, seen, {"sujets": say(broken)})
    done = gettext(N_("Merci. L’organisme est prévenu, et vous lirez ici sa réponse."))
    return go_to("corrections.show", code=code, say=done)


def _propose(action, form, seen):
    return Correction.propose(
        action,
        by=actor(),
        seen=seen,
        topics=form.sujets.data or (),
        values=form.values,
        message=form.message.data or "",
    )


def _ask(action, form, seen, problems=()):
    return render_page(
        "corrections/propose.html",
        status=422 if problems else 200,
        action=action,
        form=form,
        seen=seen,
        problems=dict(problems),
        topics=Topic.choices(),
        proposable=Proposable,
    )


@blueprint.get("/corrections")
@signed_in
def index():
    """Those one may answer, then those one made: whatever waits comes first."""
    lists = {
        "recues": Correction.received_by(actor()),
        "proposees": Correction.made_by(actor()),
    }
    return render_page(
        "corrections/index.html",
        lists={name: _page_of(query, name) for name, query in lists.items()},
        waiting=Correction.waiting_count(actor()),
        may_answer=corrections.may_answer(actor()),
    )


def _page_of(query, name):
    count = query.count()
    page, page_count = page_asked(count, SHOWN, name)
    rows = corrections.page_of(query, page=page, page_size=SHOWN)
    return {"rows": rows, "count": count, "page": page, "page_count": page_count}


@blueprint.get("/corrections/<code:code>")
@allowed_to(Permission.CORRECTION_READ, load=Correction.of_code)
def show(correction):
    return _show(correction, AnswerForm(formdata=None))


def _show(correction, form, *, status=200, problems=(), sentence=None):
    lines = correction.lines()
    changed = {field for field, said, _, says in lines if says != said}
    return render_page(
        "corrections/show.html",
        status=status,
        correction=correction,
        action=correction.action,
        lines=lines,
        changed=changed,
        form=form,
        # What somebody changed since is not replaced unless it is asked for.
        taken=form.champ.data
        if problems
        else [field for field in correction.fields if field not in changed],
        problems=dict(problems),
        sentence=sentence,
        may_decide=correction.is_open and may(Permission.CORRECTION_DECIDE, correction),
        states=CorrectionState,
    )


@blueprint.post("/corrections/<code:code>/accepter")
@allowed_to(Permission.CORRECTION_DECIDE, load=Correction.of_code)
def accept(correction):
    seen = whole_number(request.form.get("vu", ""), correction.action.edition)

    def act(form):
        correction.accept(
            form.champ.data or (),
            by=actor(),
            # A form without its version has read nothing: every field changed since is shown.
            seen=correction.seen if seen is None else seen,
            answer=form.accord.data or "",
        )

    return _decide(correction, act, "champ", N_("La fiche est corrigée."))


@blueprint.post("/corrections/<code:code>/repondre")
@allowed_to(Permission.CORRECTION_DECIDE, load=Correction.of_code)
def reply(correction):
    def act(form):
        correction.reply(form.reponse.data or "", by=actor())

    return _decide(correction, act, "reponse", N_("Votre réponse est enregistrée."))


@blueprint.post("/corrections/<code:code>/refuser")
@allowed_to(Permission.CORRECTION_DECIDE, load=Correction.of_code)
def decline(correction):
    def act(form):
        correction.decline(form.motif.data or "", by=actor())

    return _decide(correction, act, "motif", N_("La proposition est refusée, et la raison donnée."))


def _decide(correction, act, about, done):
    """Act once; what somebody changed or decided meanwhile is shown, and nothing is lost."""
    form = AnswerForm()
    if not form.validate():
        return _show(correction, form, status=422, problems=form.problems)
    try:
        once(lambda: act(form))
    except (Conflict, corrections.AlreadyDecided) as late:
        current = Correction.of_code(correction.code)
        return _show(current, form, status=409, sentence=say(late))
    except RuleBroken as broken:
        return _show(correction, form, status=422, problems={about: say(broken)})
    return go_to("corrections.show", code=correction.code, say=gettext(done))
