"""The liaison sheet as her référent reads it, and takes it up (REQ-181)."""

from flask import Blueprint, abort

from models.base import N_
from models.diagnostics.openness import Openness
from models.liaison.notes import LiaisonNote
from models.liaison.reading import of_followed
from models.liaison.sheet import LiaisonSheet, may_have_sheet
from models.liaison.words import Adaptation, Difficulty
from models.permissions import Permission
from models.persons import codes
from models.persons.agreements import Given
from models.prescriptions.mover import prescriber

from ..access import actor, asking, opens_file
from ..forms import written
from ..languages import gettext
from ..pages import go_to, render_page
from .forms import AgreeForm, EmployerForm

blueprint = Blueprint("liaison", __name__)


def asked_of(person, code):
    """Her prescription of this address, if whoever asks may know of it; answers 404 otherwise."""
    return of_followed(person, code, Openness.of_asker(person, asking())) or abort(404)


def sheet_of(prescription):
    """Its open sheet, or None: a closed one is read by nobody but her."""
    sheet = LiaisonSheet.of_prescription(prescription)
    return sheet if sheet and sheet.is_open else None


def words():
    """The closed lists, for the templates."""
    return {"difficulties": Difficulty.choices(), "adaptations": Adaptation.choices()}


def _by(person):
    return prescriber(actor(), person.opened_through.organisation)


@blueprint.get("/personnes/<code:code>/prescriptions/<code:prescription>/liaison")
@opens_file(Permission.PRESCRIPTION_READ, act="liaison:read")
def show(person, prescription):
    return _show(person, asked_of(person, prescription))


def _show(person, prescription, problems=(), form=None):
    sheet = sheet_of(prescription)
    return render_page(
        "liaison/show.html",
        status=422 if problems else 200,
        person=person,
        prescription=prescription,
        sheet=sheet,
        notes=LiaisonNote.of_sheet(sheet) if sheet else (),
        opened=Openness.of_asker(person, asking()),
        may_open=may_have_sheet(prescription),
        form=form or AgreeForm(formdata=None),
        problems=dict(problems),
        **words(),
    )


@blueprint.get("/personnes/<code:code>/prescriptions/<code:prescription>/liaison/imprimer")
@opens_file(Permission.PRESCRIPTION_READ, act="liaison:print")
def print_sheet(person, prescription):
    asked = asked_of(person, prescription)
    sheet = sheet_of(asked) or abort(404)
    opened = Openness.of_asker(person, asking())
    notes = LiaisonNote.of_sheet(sheet)
    return render_page(
        "liaison/paper.html", person=person, prescription=asked, sheet=sheet, notes=notes,
        opened=opened,
    )  # fmt: skip


@blueprint.post("/personnes/<code:code>/prescriptions/<code:prescription>/liaison")
@opens_file(Permission.PRESCRIPTION_WRITE)
def open_here(person, prescription):
    """She reads who reads it, on his screen, and types her code."""
    asked, form = asked_of(person, prescription), AgreeForm()

    def act():
        agreed = {"mover": _by(person), "given": Given.CODE, "employer": form.to}
        codes.recognise(person.identifier, form.code.data, by=actor())
        LiaisonSheet.open(asked, **agreed)

    if problems := written(form, "code", act):
        return _show(person, asked, problems, form)
    return _back(person, asked, N_("La personne est d’accord : la fiche de liaison est ouverte."))


@blueprint.post("/personnes/<code:code>/prescriptions/<code:prescription>/liaison/employeur")
@opens_file(Permission.PRESCRIPTION_WRITE)
def share(person, prescription):
    """An employer reads too: her code again."""
    asked, form = asked_of(person, prescription), EmployerForm()
    sheet = sheet_of(asked) or abort(404)

    def act():
        codes.recognise(person.identifier, form.code.data, by=actor())
        sheet.show_to(form.to, mover=_by(person))

    if problems := written(form, "code", act):
        return _show(person, asked, problems, form)
    return _back(person, asked, N_("Un lien part vers l’employeur. Il s’ouvre huit jours."))


@blueprint.post(
    "/personnes/<code:code>/prescriptions/<code:prescription>/liaison/employeur/renvoyer"
)
@opens_file(Permission.PRESCRIPTION_WRITE)
def send_again(person, prescription):
    asked = asked_of(person, prescription)
    (sheet_of(asked) or abort(404)).send_again(mover=_by(person))
    return _back(person, asked, N_("Un nouveau lien part vers l’employeur."))


def _note(person, prescription, note):
    """`(prescription, note)` of these addresses, if he may know which difficulty it is."""
    asked = asked_of(person, prescription)
    sheet = sheet_of(asked) or abort(404)
    found = LiaisonNote.of_hers(sheet, note)
    if found is None or not found.is_shown(Openness.of_asker(person, asking())):
        abort(404)
    return asked, found


@blueprint.post(
    "/personnes/<code:code>/prescriptions/<code:prescription>/liaison/<code:note>/prendre"
)
@opens_file(Permission.PRESCRIPTION_WRITE)
def take(person, prescription, note):
    asked, found = _note(person, prescription, note)
    found.take(by=actor(), organisation=person.opened_through.organisation)
    return _back(person, asked, N_("C’est noté : vous vous en occupez."))


@blueprint.post(
    "/personnes/<code:code>/prescriptions/<code:prescription>/liaison/<code:note>/lever"
)
@opens_file(Permission.PRESCRIPTION_WRITE)
def lift(person, prescription, note):
    asked, found = _note(person, prescription, note)
    found.lift(by=actor(), organisation=person.opened_through.organisation)
    return _back(person, asked, N_("C’est noté : cette difficulté est levée."))


def _back(person, prescription, sentence):
    place = {"code": person.code, "prescription": prescription.code}
    return go_to("liaison.show", **place, say=gettext(sentence))
