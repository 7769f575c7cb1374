"""The papers of a prescription: joined to a draft, taken off it, taken away by who may read it."""

from flask import abort, request

from models.base import N_, RuleBroken
from models.permissions import Permission
from models.prescriptions.attachments import Attachment, PaperKind
from models.prescriptions.papers import FAULTS, MOST_BYTES, received

from ..access import opens_file
from ..forms import Form, OneOf, once, written
from ..languages import gettext
from ..pages import go_to
from ..papers import send_paper
from .views import ONE, OWN, blueprint, hers, mover_for, show_one


class PaperForm(Form):
    """A file, and what it is: neither its name nor its declared type is looked at."""

    papier = OneOf(N_("Ce que c’est"), PaperKind.choices(), wrong=N_("choisissez ce que c’est."))

    @property
    def kind(self):
        return PaperKind(self.papier.data)

    @property
    def content(self):
        """The bytes sent, up to one more than what is taken; None when no file was chosen."""
        sent = request.files.get("fichier")
        return sent.stream.read(MOST_BYTES + 1) if sent and sent.filename else None


@blueprint.post(f"{ONE}/pieces")
@opens_file(Permission.PRESCRIPTION_WRITE, act="prescription:read")
@hers
def attach(person, prescription):
    # Before the work of reading a file: a page left open since it was sent says so.
    prescription.check_is_draft()
    form = PaperForm()
    if problems := written(form, "fichier", lambda: _attach(person, prescription, form)):
        return show_one(person, prescription, problems, form.data)
    return _back(person, prescription, N_("Le papier est joint. La personne le relit avec vous."))


def _attach(person, prescription, form):
    if (content := form.content) is None:
        raise RuleBroken(FAULTS["missing"])
    paper = received(content)
    once(lambda: Attachment.add(prescription, form.kind, paper, mover=mover_for(person)).code)


@blueprint.post(f"{ONE}/pieces/<code:attachment>/retirer")
@opens_file(Permission.PRESCRIPTION_WRITE, act="prescription:read")
@hers
def detach(person, prescription, attachment):
    if found := Attachment.of_code(prescription, attachment):
        found.remove(mover=mover_for(person))
    return _back(person, prescription, N_("Ce papier n’est plus joint."))


def _back(person, prescription, words):
    return go_to(
        "prescriptions.show", code=person.code, prescription=prescription.code, say=gettext(words)
    )


@blueprint.get(f"{ONE}/pieces/<code:attachment>")
@opens_file(Permission.PRESCRIPTION_READ, act="prescription:download")
@hers
def download(person, prescription, attachment):
    return send_paper(Attachment.of_code(prescription, attachment) or abort(404))


@blueprint.get(f"{OWN}/pieces/<code:attachment>")
@opens_file(Permission.PRESCRIPTION_AGREE, act="prescription:download")
@hers
def download_mine(person, prescription, attachment):
    return send_paper(Attachment.of_code(prescription, attachment) or abort(404))
