"""Following one: a new link, the other day, called off, what came of it."""

from models.base import N_
from models.permissions import Permission
from models.prescriptions import acting

from ..access import opens_file
from ..forms import written
from ..languages import gettext
from ..pages import go_to
from .forms import OutcomeForm
from .views import ONE, blueprint, hers, mover_for, show_one


def _back(person, prescription, words):
    return go_to(
        "prescriptions.show", code=person.code, prescription=prescription.code, say=gettext(words)
    )


@blueprint.post(f"{ONE}/relancer")
@opens_file(Permission.PRESCRIPTION_WRITE, act="prescription:read")
@hers
def send_again(person, prescription):
    acting.send_again(prescription, mover=mover_for(person))
    return _back(person, prescription, N_("Un nouveau lien est parti. L’ancien ne marche plus."))


@blueprint.post(f"{ONE}/jour")
@opens_file(Permission.PRESCRIPTION_WRITE, act="prescription:read")
@hers
def keep_day(person, prescription):
    acting.keep_day(prescription, mover=mover_for(person))
    return _back(person, prescription, N_("C’est accepté pour ce jour. L’organisme est prévenu."))


@blueprint.post(f"{ONE}/annuler")
@opens_file(Permission.PRESCRIPTION_WRITE, act="prescription:read")
@hers
def cancel(person, prescription):
    acting.cancel(prescription, mover=mover_for(person))
    return _back(person, prescription, N_("La demande est annulée."))


@blueprint.post(f"{ONE}/issue")
@opens_file(Permission.PRESCRIPTION_WRITE, act="prescription:read")
@hers
def conclude(person, prescription):
    form = OutcomeForm()
    problems = written(
        form, "jour",
        lambda: acting.conclude(prescription, *form.said, mover=mover_for(person)),
    )  # fmt: skip
    if problems:
        return show_one(person, prescription, problems, form.data)
    return _back(person, prescription, N_("C’est noté."))
