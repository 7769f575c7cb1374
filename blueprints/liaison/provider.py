"""The liaison sheet as the provider writes it, by its accounts (REQ-181, REQ-182)."""

from flask import abort

from models.base import N_
from models.liaison.notes import LiaisonNote
from models.liaison.reading import received
from models.permissions import Permission
from models.prescriptions.mover import provider

from ..access import actor, allowed_to
from ..forms import written
from ..languages import gettext
from ..pages import go_to, render_page
from .forms import NoteForm
from .views import blueprint, words


def _by(asked):
    return provider(asked.prescription.provider, actor())


@blueprint.get("/prescriptions/recues/<code:code>/liaison")
@allowed_to(Permission.PRESCRIPTION_ANSWER, load=received)
def received_sheet(asked):
    asked.sheet.read_by(_by(asked))
    return _show(asked)


def _show(asked, problems=(), form=None):
    return render_page(
        "liaison/received.html",
        status=422 if problems else 200,
        prescription=asked.prescription,
        shared=asked.prescription.shared,
        notes=LiaisonNote.of_sheet(asked.sheet),
        form=form or NoteForm(formdata=None),
        problems=dict(problems),
        **words(),
    )


@blueprint.post("/prescriptions/recues/<code:code>/liaison")
@allowed_to(Permission.PRESCRIPTION_ANSWER, load=received)
def report(asked):
    form = NoteForm()
    if problems := written(form, "difficulte", lambda: write_note(asked.sheet, form, _by(asked))):
        return _show(asked, problems, form)
    return _back(asked, N_("C’est signalé : son référent est prévenu."))


def write_note(sheet, form, mover):
    """What this `NoteForm` says, by an account of the provider or by its link."""
    (difficulty, since), rest = form.said
    LiaisonNote.report(sheet, difficulty, since, mover=mover, **rest)


@blueprint.post("/prescriptions/recues/<code:code>/liaison/<code:note>/lever")
@allowed_to(Permission.PRESCRIPTION_ANSWER, load=received)
def lift_received(asked, note):
    found = LiaisonNote.of_hers(asked.sheet, note) or abort(404)
    found.lift(by=actor(), organisation=asked.prescription.provider)
    return _back(asked, N_("C’est noté : cette difficulté est levée."))


def _back(asked, sentence):
    return go_to("liaison.received_sheet", code=asked.prescription.code, say=gettext(sentence))
