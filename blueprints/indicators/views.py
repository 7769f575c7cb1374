"""How far the actions of the network have gone: what was done, and what it changed (REQ-37); what
becomes of prescriptions, and how many persons have no solution (REQ-208)."""

from flask import Blueprint

from models.base import N_
from models.counts import K
from models.days import months_before
from models.diagnostics import picture
from models.diagnostics.diagnostic import Moment
from models.permissions import Permission
from models.prescriptions import figures
from models.prescriptions.delays import delays
from models.prescriptions.without_solution import shown_total

from ..access import allowed_to
from ..pages import render_page

blueprint = Blueprint("indicators", __name__)


@blueprint.get("/indicateurs/diagnostic")
@allowed_to(Permission.INDICATOR_READ)
def diagnostic():
    progress = picture.progress()
    return render_page(
        "indicators/diagnostic.html",
        progress=progress,
        last_month=months_before(progress.end, 1),
        moments=list(Moment),
        pictures=picture.pictures(),
        threshold=K,
    )


@blueprint.get("/indicateurs/prescriptions")
@allowed_to(Permission.INDICATOR_READ)
def prescriptions():
    counted = figures.figures()
    several, unsaid = N_("Plusieurs raisons à la fois"), N_("Issue pas encore notée")
    return render_page(
        "indicators/prescriptions.html",
        figures=counted,
        last_month=months_before(counted.end, 1),
        states=[one.label for one in figures.BECAME],
        refusals=[one.label for one in figures.REFUSALS[:-1]] + [several],
        outcomes=[one.label for one in figures.OUTCOMES[:-1]] + [unsaid],
        without_solution=shown_total(),
        solution_days=delays().solution,
        threshold=K,
    )
