"""« Mon emploi »: she writes it herself, answers, and may ask for no more questions (REQ-13)."""

from flask import abort

from models.base import N_
from models.employment.entry import EmploymentEntry, EntryEnd
from models.employment.points import AnsweredBy, EmploymentPoint
from models.permissions import Permission

from ..access import opens_file
from ..forms import once, written
from ..languages import gettext
from ..pages import go_to, render_page
from .forms import AnswerForm, EntryForm
from .views import blueprint, followed_up


@blueprint.get("/mon-espace/emploi")
@opens_file(Permission.EMPLOYMENT_ANSWER, act="employment:read")
def mine(person):
    return _show(person)


def _show(person, problems=(), form=None):
    return render_page(
        "employment/mine.html",
        status=422 if problems else 200,
        form=form or EntryForm(formdata=None),
        problems=dict(problems),
        **followed_up(person),
    )


@blueprint.post("/mon-espace/emploi")
@opens_file(Permission.EMPLOYMENT_ANSWER)
def record_mine(person):
    form = EntryForm()

    def act():
        mine = EmploymentEntry.record(person, form.jour.day, mover_account=None, organisation=None)
        return mine.code

    problems = written(form, "jour", lambda: once(act))
    if problems:
        return _show(person, problems, form)
    return _back(N_("C’est noté. Bravo !"))


@blueprint.post("/mon-espace/emploi/<code:point>/reponse")
@opens_file(Permission.EMPLOYMENT_ANSWER)
def answer_mine(person, point):
    found, form = EmploymentPoint.of_hers(person, point) or abort(404), AnswerForm()
    reply = {"how": AnsweredBy.SPACE, "by": person}
    problems = written(form, "reponse", lambda: found.reply(form.answer, **reply))
    if problems:
        return _show(person, problems)
    return _back(N_("Votre réponse est notée. Merci."))


@blueprint.post("/mon-espace/emploi/arreter")
@opens_file(Permission.EMPLOYMENT_ANSWER)
def stop_mine(person):
    """No reason is asked."""
    if entry := EmploymentEntry.current_of(person):
        entry.finish(EntryEnd.STOPPED, by=person)
    return _back(N_("Nous ne vous poserons plus de question sur cet emploi."))


def _back(words):
    return go_to("employment.mine", say=gettext(words))
