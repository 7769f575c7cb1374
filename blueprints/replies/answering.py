"""One answer, whoever gives it: by the link of an e-mail, or signed in."""

from flask import request

from models.base import N_, RuleBroken, today
from models.liaison.sheet import LiaisonSheet
from models.prescriptions import acting, reading
from models.prescriptions.attachments import Attachment
from models.prescriptions.states import Outcome, Refusal, State

from ..languages import gettext, say
from ..pages import render_page
from .forms import ANSWERS, NO, OTHER_DAY, AnswerForm, OutcomeForm

DONE = {
    "oui": N_("C’est noté : vous accueillez cette personne. Son référent est prévenu."),
    OTHER_DAY: N_("C’est noté : vous proposez un autre jour. Son référent vous répond."),
    NO: N_("C’est noté. Son référent est prévenu, et cherche autre chose."),
}


def answered(prescription, mover):
    """`({field: sentence}, what to say when it is done)` of the form that came."""
    form = AnswerForm() if prescription.state is State.SENT else OutcomeForm()
    if not form.validate() or form.problems:
        return form.problems, None
    try:
        if isinstance(form, OutcomeForm):
            acting.conclude(prescription, *form.said, mover=mover)
            return {}, gettext(N_("C’est noté. Son référent est prévenu."))
        _answer(prescription, form, mover)
    except RuleBroken as broken:
        return {"jour": say(broken)}, None
    return {}, gettext(DONE[form.reponse.data])


def _answer(prescription, form, mover):
    if form.reponse.data == NO:
        acting.decline(prescription, form.refusals, mover=mover)
    elif form.reponse.data == OTHER_DAY:
        acting.offer_day(prescription, form.jour.day, mover=mover)
    else:
        acting.accept(prescription, mover=mover, day=form.jour.day)


def show_request(template, prescription, problems, **context):
    """What she shared, and the form that is due now, with what was typed."""
    return render_page(
        template,
        status=422 if problems else 200,
        one=prescription,
        shared=prescription.shared,
        papers=Attachment.of(prescription),
        has_liaison=_has_liaison(prescription),
        referent=reading.contact_of(prescription),
        answers=ANSWERS,
        refusals=Refusal.choices(),
        outcomes=Outcome.choices(),
        typed=request.form,
        chosen=request.form.getlist("raisons"),
        problems=dict(problems),
        this_day=today(),
        **context,
    )


def _has_liaison(prescription):
    """Whether she opened a liaison sheet, which the provider may write."""
    sheet = LiaisonSheet.of_prescription(prescription)
    return bool(sheet and sheet.is_open)
