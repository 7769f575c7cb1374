"""Her liaison sheet: she opens it, reads all of it, lets an employer read, stops it at once."""

from flask import abort

from models.base import N_
from models.liaison.notes import LiaisonNote
from models.liaison.sheet import LiaisonSheet, may_have_sheet
from models.permissions import Permission
from models.persons.agreements import Given
from models.prescriptions.mover import herself

from ..access import opens_file
from ..forms import written
from ..languages import gettext
from ..pages import go_to, render_page
from .forms import OwnAgreeForm, OwnEmployerForm
from .views import asked_of, blueprint, words


@blueprint.get("/mon-espace/prescriptions/<code:prescription>/liaison")
@opens_file(Permission.PRESCRIPTION_AGREE, act="liaison:read")
def mine(person, prescription):
    return _show(person, asked_of(person, prescription))


def _show(person, prescription, problems=(), form=None):
    sheet = LiaisonSheet.of_prescription(prescription)
    return render_page(
        "liaison/mine.html",
        status=422 if problems else 200,
        person=person,
        prescription=prescription,
        sheet=sheet,
        notes=LiaisonNote.of_sheet(sheet) if sheet else (),
        may_open=may_have_sheet(prescription),
        form=form or OwnAgreeForm(formdata=None),
        problems=dict(problems),
        **words(),
    )


@blueprint.post("/mon-espace/prescriptions/<code:prescription>/liaison")
@opens_file(Permission.PRESCRIPTION_AGREE)
def open_mine(person, prescription):
    asked, form = asked_of(person, prescription), OwnAgreeForm()

    def act():
        agreed = {"mover": herself(person), "given": Given.OWN_SPACE, "employer": form.to}
        LiaisonSheet.open(asked, **agreed)

    if problems := written(form, "employeur", act):
        return _show(person, asked, problems, form)
    return _back(asked, N_("Votre fiche de liaison est ouverte."))


@blueprint.post("/mon-espace/prescriptions/<code:prescription>/liaison/arreter")
@opens_file(Permission.PRESCRIPTION_AGREE)
def stop(person, prescription):
    """No reason is asked."""
    asked = asked_of(person, prescription)
    if sheet := LiaisonSheet.of_prescription(asked):
        sheet.stop(by=person)
    return _back(asked, N_("C’est arrêté : personne d’autre que vous ne lit plus cette fiche."))


@blueprint.post("/mon-espace/prescriptions/<code:prescription>/liaison/employeur")
@opens_file(Permission.PRESCRIPTION_AGREE)
def share_mine(person, prescription):
    asked, form = asked_of(person, prescription), OwnEmployerForm()
    sheet = LiaisonSheet.of_prescription(asked) or abort(404)

    def act():
        sheet.show_to(form.to, mover=herself(person))

    if problems := written(form, "employeur", act):
        return _show(person, asked, problems, form)
    return _back(asked, N_("Un lien part vers l’employeur. Il s’ouvre huit jours."))


@blueprint.post("/mon-espace/prescriptions/<code:prescription>/liaison/employeur/retirer")
@opens_file(Permission.PRESCRIPTION_AGREE)
def hide_mine(person, prescription):
    asked = asked_of(person, prescription)
    if sheet := LiaisonSheet.of_prescription(asked):
        sheet.hide(by=person)
    return _back(asked, N_("C’est fait : l’employeur ne lit plus rien."))


def _back(prescription, sentence):
    return go_to("liaison.mine", prescription=prescription.code, say=gettext(sentence))
