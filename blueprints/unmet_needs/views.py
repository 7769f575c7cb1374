"""Needs without an answer: what was searched and not found, and where nothing is proposed (L5)."""

from flask import Blueprint

from models import unmet_needs
from models.counts import K
from models.days import months_before
from models.permissions import Permission
from models.territories import intercommunalities

from ..access import allowed_to
from ..pages import render_page

blueprint = Blueprint("unmet_needs", __name__)


@blueprint.get("/besoins-sans-reponse")
@allowed_to(Permission.UNMET_READ)
def index():
    start, end = unmet_needs.period()
    return render_page(
        "unmet_needs/index.html",
        start=start,
        end=months_before(end, 1),
        gaps=unmet_needs.gaps(),
        lacks=unmet_needs.lacks(),
        places=intercommunalities(),
        threshold=K,
    )
