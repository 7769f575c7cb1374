"""« Son emploi », for who accompanies her: written down, answered beside her, ended (REQ-13)."""

from flask import Blueprint, abort, request

from models.base import N_, typed_code
from models.employment.entry import EmploymentEntry, EntryEnd
from models.employment.points import AnsweredBy, EmploymentPoint
from models.permissions import Permission
from models.prescriptions.reading import of_hers

from ..access import actor, opens_file
from ..forms import once, written
from ..languages import gettext
from ..pages import go_to, render_page
from .forms import AnswerForm, EndForm, EntryForm

blueprint = Blueprint("employment", __name__)


def followed_up(person):
    """What both sides read: the living entry with its points, the former ones, the forms."""
    entries = EmploymentEntry.of_person(person)
    entry = next((one for one in entries if one.is_living), None)
    return {
        "person": person,
        "entry": entry,
        "points": EmploymentPoint.of_entry(entry) if entry else (),
        "former": [(one, EmploymentPoint.of_entry(one)) for one in entries if not one.is_living],
        "answers": AnswerForm(formdata=None).reponse.choices,
    }


def _asked_from(person):
    """Her prescription that the address names, from whose outcome this entry comes, or None."""
    code = typed_code(request.values.get("demande", ""))
    return code and of_hers(person, code)


@blueprint.get("/personnes/<code:code>/emploi")
@opens_file(Permission.EMPLOYMENT_READ, act="employment:read")
def show(person):
    return _show(person)


def _show(person, problems=(), form=None):
    asked = _asked_from(person)
    done_on = asked and asked.outcome_on
    usual = {"jour": done_on.isoformat()} if done_on else {}
    return render_page(
        "employment/show.html",
        status=422 if problems else 200,
        form=form or EntryForm(formdata=None, data=usual),
        ends=EndForm(formdata=None).pourquoi.choices,
        asked=asked,
        problems=dict(problems),
        **followed_up(person),
    )


@blueprint.post("/personnes/<code:code>/emploi")
@opens_file(Permission.EMPLOYMENT_WRITE)
def record(person):
    form, asked = EntryForm(), _asked_from(person)

    def act():
        return EmploymentEntry.record(
            person, form.jour.day, mover_account=actor(), organisation=_place(person),
            prescription=asked,
        ).code  # fmt: skip

    problems = written(form, "jour", lambda: once(act))
    if problems:
        return _show(person, problems, form)
    return _back(person, N_("C’est noté. Les questions à venir sont prêtes."))


@blueprint.post("/personnes/<code:code>/emploi/<code:point>/reponse")
@opens_file(Permission.EMPLOYMENT_WRITE)
def answer(person, point):
    """With her, at the desk."""
    found, form = EmploymentPoint.of_hers(person, point) or abort(404), AnswerForm()
    reply = {"how": AnsweredBy.DESK, "by": actor(), "organisation": _place(person)}
    problems = written(form, "reponse", lambda: found.reply(form.answer, **reply))
    if problems:
        return _show(person, problems)
    return _back(person, N_("Sa réponse est notée."))


@blueprint.post("/personnes/<code:code>/emploi/finir")
@opens_file(Permission.EMPLOYMENT_WRITE)
def end(person):
    entry, form = EmploymentEntry.current_of(person), EndForm()
    if entry is None:
        return go_to("employment.show", code=person.code)
    if not form.validate():
        return _show(person, form.problems)
    entry.finish(EntryEnd(form.pourquoi.data), by=actor(), organisation=_place(person))
    return _back(person, N_("Le suivi est terminé : il n’y a plus de question."))


def _place(person):
    """For which organisation the file was opened."""
    return person.opened_through.organisation


def _back(person, words):
    return go_to("employment.show", code=person.code, say=gettext(words))
