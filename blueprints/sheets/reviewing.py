"""Reviewing: the queue, publishing, sending back with a reason, making models to copy."""

from flask import request

from models.action_bank import lifecycle, shelves
from models.action_bank.quality import quality_of
from models.action_bank.sheets import Action
from models.base import N_, now
from models.permissions import Permission

from ..access import actor, allowed_to
from ..languages import gettext
from ..pages import render_page
from .views import ReasonForm, acted_on, blueprint, show_sheet
from .writing import version_seen


@blueprint.get("/fiches/a-relire")
@allowed_to(Permission.ACTION_REVIEW)
def review():
    queue = shelves.queue()
    return render_page(
        "sheets/review.html",
        lines=[(s, quality_of(s).percent, _days(s.submitted_at)) for s in queue.sheets],
        total=queue.total,
        animator_count=queue.animator_count,
        announced=lifecycle.ANNOUNCED_BANK_ANIMATORS,
    )


def _days(moment):
    """Whole days since a moment; None when nobody noted it."""
    return moment and (now() - moment).days


@blueprint.post("/fiches/<code:code>/publier")
@allowed_to(Permission.ACTION_REVIEW, load=Action.sheet)
def publish(action):
    done = N_("La fiche est publiée : chacun peut la trouver.")
    seen = version_seen()
    return acted_on(action, lambda: lifecycle.publish(action, by=actor(), seen=seen), done)


@blueprint.post("/fiches/<code:code>/renvoyer")
@allowed_to(Permission.ACTION_REVIEW, load=Action.sheet)
def send_back(action):
    form = ReasonForm()
    form.validate()
    problems = form.problems
    if not (form.motif.data or problems):
        problems = {"motif": gettext(lifecycle.NO_REASON)}
    if problems:
        return show_sheet(action, status=422, form=form, problems=problems)
    reason = form.motif.data
    done = N_("La fiche est renvoyée. Son auteur reçoit vos mots par courriel.")
    return acted_on(action, lambda: lifecycle.send_back(action, by=actor(), reason=reason), done)


@blueprint.post("/fiches/<code:code>/modele")
@allowed_to(Permission.ACTION_REVIEW, load=Action.sheet)
def set_model(action):
    """Ask for one of the two states, never for the other one: sent twice, it is the same."""
    if request.form.get("modele") == "non":
        done = N_("La fiche est de nouveau un brouillon.")
        return acted_on(action, lambda: lifecycle.unmake_model(action, by=actor()), done)
    done = N_("La fiche est un modèle : chacun peut la copier.")
    return acted_on(action, lambda: lifecycle.make_model(action, by=actor()), done)
