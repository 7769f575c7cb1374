"""« Mes demandes »: she reads what was asked for her, agrees to it, calls it off (REQ-71)."""

from flask import abort

from models.base import N_, RuleBroken
from models.permissions import Permission
from models.persons.agreements import Given
from models.prescriptions import acting, reading
from models.prescriptions.attachments import Attachment
from models.prescriptions.history import Transition
from models.prescriptions.mover import herself

from ..access import opens_file
from ..languages import gettext, say
from ..pages import go_to, render_page
from .agreeing import seen_revision
from .views import OWN, blueprint, opened_to_reader


@blueprint.get("/mon-espace/prescriptions")
@opens_file(Permission.PRESCRIPTION_AGREE, act="prescription:read")
def mine(person):
    lines = reading.of_person(person, opened_to_reader(person))
    return render_page("prescriptions/mine.html", person=person, lines=lines)


@blueprint.get(OWN)
@opens_file(Permission.PRESCRIPTION_AGREE, act="prescription:read")
def show_mine(person, prescription):
    return _show(person, reading.of_hers(person, prescription) or abort(404))


def _show(person, one, problems=()):
    return render_page(
        "prescriptions/show_mine.html",
        status=422 if problems else 200,
        person=person,
        one=one,
        shared=one.shared,
        papers=Attachment.of(one),
        history=Transition.of(one),
        problems=dict(problems),
    )


@blueprint.post(f"{OWN}/accepter")
@opens_file(Permission.PRESCRIPTION_AGREE, act="prescription:read")
def agree(person, prescription):
    """To what she has just read, and nothing else; then it leaves."""
    one = reading.of_hers(person, prescription) or abort(404)
    try:
        acting.send(one, mover=herself(person), given=Given.OWN_SPACE, seen=seen_revision())
    except RuleBroken as broken:
        return _show(person, one, {"accepter": say(broken)})
    return _back(one, N_("Votre demande est partie. Vous lirez la réponse ici."))


@blueprint.post(f"{OWN}/annuler")
@opens_file(Permission.PRESCRIPTION_AGREE, act="prescription:read")
def call_off(person, prescription):
    """No reason is asked; the organisation reads nothing of her any more."""
    one = reading.of_hers(person, prescription) or abort(404)
    acting.cancel(one, mover=herself(person))
    return _back(one, N_("La demande est annulée. L’organisme ne peut plus la lire."))


def _back(one, words):
    return go_to("prescriptions.show_mine", prescription=one.code, say=gettext(words))
