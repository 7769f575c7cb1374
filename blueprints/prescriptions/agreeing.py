"""Her agreement on the screen of her référent: she reads what leaves, and types her own code."""

from flask import request

from models.base import N_
from models.permissions import Permission
from models.persons import codes
from models.persons.agreements import Given
from models.prescriptions import acting
from models.prescriptions.attachments import Attachment

from ..access import actor, opens_file
from ..forms import whole_number, written
from ..languages import gettext
from ..pages import go_to, render_page
from .forms import CodeForm
from .views import ONE, blueprint, hers, mover_for

LARGEST = 10**9


def seen_revision():
    """The revision that the form says it showed; none when it says nothing of the kind."""
    number = whole_number(request.form.get("vu", ""), LARGEST)
    return -1 if number is None else number


@blueprint.route(f"{ONE}/accord", methods=["GET", "POST"])
@opens_file(Permission.PRESCRIPTION_WRITE, act="prescription:read")
@hers
def agree_here(person, prescription):
    if not prescription.is_draft:
        return go_to("prescriptions.show", code=person.code, prescription=prescription.code)
    form, problems = CodeForm(), {}
    if form.is_submitted():
        problems = written(form, "code", lambda: _agree(person, prescription, form.code.data))
        if not problems:
            return go_to(
                "prescriptions.show", code=person.code, prescription=prescription.code,
                say=gettext(N_("La demande est partie. La personne est d’accord.")),
            )  # fmt: skip
    return render_page(
        "prescriptions/agree.html", status=422 if problems else 200,
        person=person, one=prescription, shared=prescription.shared, problems=problems,
        papers=Attachment.of(prescription),
    )  # fmt: skip


def _agree(person, prescription, code):
    """The code is judged before the act: it takes long."""
    codes.recognise(person.identifier, code, by=actor())
    acting.send(prescription, mover=mover_for(person), given=Given.CODE, seen=seen_revision())
