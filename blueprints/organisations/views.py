"""The partners: the network's organisations, what each carries, and its référents (REQ 1–8)."""

from flask import Blueprint, abort, request

from models.action_bank.freshness import Freshness
from models.action_bank.sheets import Action
from models.base import N_
from models.charter.signatures import CharterSignature
from models.network.leads import active_count, leads_of
from models.network.memberships import ANNOUNCED_LEADS
from models.network.organisations import ANNOUNCED_ORGANISATIONS, Category, Organisation

from ..access import actor, open_to_all
from ..languages import gettext
from ..pages import render_page
from .leads import read_search, zone_names

# The other network of the document, at an address of its own: it has its own categories.
PASSPORT = "passeport"

blueprint = Blueprint("organisations", __name__)
blueprint.add_app_template_filter(zone_names)


@blueprint.app_template_global()
def ages_words(organisation):
    """Whom it accompanies, in words (REQ-207)."""
    ages = {"youngest": organisation.target_age_min, "oldest": organisation.target_age_max}
    if ages["oldest"] is None:
        words = N_("Accompagne les personnes de %(youngest)d ans et plus.")
    elif ages["youngest"] is None:
        words = N_("Accompagne les personnes jusqu’à %(oldest)d ans.")
    else:
        words = N_("Accompagne les personnes de %(youngest)d à %(oldest)d ans.")
    return gettext(words) % ages


@blueprint.get("/partenaires")
@open_to_all
def index():
    """Filtered by category at the same address; an unknown category shows everything."""
    organisations = Organisation.directory()
    chosen = request.args.get("categorie", "")
    category = Category(chosen) if chosen in list(Category) else None
    is_passport = chosen == PASSPORT
    return render_page(
        "organisations/index.html",
        groups=[] if is_passport else Organisation.grouped(organisations, only=category),
        category=category,
        chosen=chosen,
        choices=[*Category.choices(), (PASSPORT, N_("Le réseau du passeport emploi"))],
        figures=_figures(organisations),
        signed=CharterSignature.signed_organisation_ids(),
        passport=Organisation.of_passport() if is_passport else None,
        passport_count=sum(one.passport_category is not None for one in organisations),
    )


def _figures(organisations):
    return {
        "announced": ANNOUNCED_ORGANISATIONS,
        "named": sum(one.is_network_member for one in organisations),
        "entered": sum(one.is_admitted for one in organisations),
        "leads": active_count(),
        "announced_leads": ANNOUNCED_LEADS,
    }


@blueprint.get("/partenaires/<code:code>")
@open_to_all
def show(code):
    organisation = Organisation.by_code(code) or abort(404)
    signature = CharterSignature.of_organisation(organisation)
    actions = Action.listed_of(organisation)
    return render_page(
        "organisations/show.html",
        organisation=organisation,
        state=organisation.network_state(has_signed=signature is not None),
        signature=signature,
        leads=leads_of(organisation, is_member=actor() is not None),
        actions=actions,
        freshness=Freshness.of_sheets(actions),
    )


@blueprint.get("/referents")
@open_to_all
def leads():
    asked = read_search()
    status = 422 if asked.problems else 200
    return render_page("organisations/leads.html", status=status, asked=asked)
