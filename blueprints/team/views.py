"""« Mon espace »: what waits, the path to the right to write in each organisation, one's card."""

from flask import Blueprint, request

from models.action_bank.desk import desk_of
from models.base import N_
from models.network.memberships import Membership
from models.network.rights import Step
from models.permissions import Permission
from models.prescriptions.reading import waiting_for

from ..access import actor, allowed_to, signed_in
from ..languages import gettext
from ..pages import go_to, render_page
from . import wording
from .forms import CardForm

blueprint = Blueprint("team", __name__)
blueprint.add_app_template_global(Step, "Step")
wording.register(blueprint)


@blueprint.get("/espace-pro")
@signed_in
def home():
    return render_page(
        "team/home.html",
        account=actor(),
        places=actor().rights.places,
        desk=desk_of(actor()),
        waiting=waiting_for(actor()),
    )


@blueprint.route("/ma-fiche/<code:code>", methods=["GET", "POST"])
@allowed_to(Permission.CARD_WRITE, load=Membership.living_of_code)
def card(membership):
    if request.method == "GET":
        return _show_card(membership, CardForm.of(membership))
    form = CardForm()
    if not form.validate():
        return _show_card(membership, form, form.problems)
    membership.describe(by=actor(), **form.card())
    return go_to("team.home", say=gettext(N_("Votre fiche est enregistrée.")))


def _show_card(membership, form, problems=()):
    status = 422 if problems else 200
    return render_page(
        "team/card.html", status=status, membership=membership, form=form, problems=problems
    )
