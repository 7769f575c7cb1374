"""« Passer le relais »: the référent unique gives way to another."""

from models.base import N_, RuleBroken
from models.permissions import Permission
from models.persons.accompaniments import Accompaniment
from models.persons.handover import Handover, HandoverReason, hand_over, successors
from models.persons.orphans import organisations_agreed

from ..access import actor, opens_file
from ..forms import once
from ..languages import gettext, say
from ..pages import go_to, render_page
from .forms import HandOverForm
from .views import _after, blueprint, unless_done


@blueprint.route("/personnes/<code:code>/accompagnement/relais", methods=["GET", "POST"])
@unless_done("persons.index")
@opens_file(Permission.REFERENT_WRITE)
def pass_on(person):
    lead = Accompaniment.lead_of(person)
    if lead is None or lead.account_id != actor().id:
        return _show(person, None, {})
    form = HandOverForm.among(successors())
    if not form.is_submitted():
        return _show(person, form, {})
    problems = {} if form.validate() else form.problems
    return _show(person, form, problems) if problems else _passed(person, form)


def _show(person, form, problems):
    """`form` is None for who is not the référent unique: the page says who passes on."""
    return render_page(
        "referents/hand_over.html",
        status=422 if problems else 200,
        person=person,
        form=form,
        problems=problems,
        agreed=organisations_agreed(person),
    )


def _passed(person, form):
    reason = HandoverReason(form.motif.data)

    def act():
        return hand_over(person, form.who, reason, by=actor(), stays=form.reste.data).code

    try:
        done = Handover.by_code(once(act))
    except RuleBroken as broken:
        return _show(person, form, {"vers": say(broken)})
    if done.is_waiting:
        words = N_("La personne doit encore accepter. Vous restez son référent jusque-là.")
    else:
        words = N_("Le relais est passé, et la personne est prévenue.")
    return _after(person, words)


@blueprint.post("/personnes/<code:code>/accompagnement/relais/annuler")
@opens_file(Permission.REFERENT_WRITE)
def cancel(person):
    waiting, lead = Handover.waiting_of(person), Accompaniment.lead_of(person)
    if waiting and lead and lead.account_id == actor().id:
        waiting.cancel(by=actor())
    done = gettext(N_("Le relais n’est plus proposé."))
    return go_to("referents.show", code=person.code, say=done)
