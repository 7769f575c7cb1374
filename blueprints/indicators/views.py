"""How far the actions of the network have gone: what was done, and what it changed (REQ-37)."""

from flask import Blueprint

from models.counts import K
from models.days import months_before
from models.diagnostics import picture
from models.diagnostics.diagnostic import Moment
from models.permissions import Permission

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
