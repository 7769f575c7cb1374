"""« Fraîcheur des fiches » : where sheets wait for their check, organisation by organisation."""

from flask import request

from models.action_bank.freshness import Freshness, ReviewReminder, overdue_count, overdue_of
from models.base import N_
from models.network.organisations import Organisation
from models.network.rights import writers
from models.permissions import Permission

from ..access import allowed_to
from ..pages import page_asked, render_page
from .views import blueprint

SHOWN = 50
# The orders of the list: the word of the address, its French words, how it sorts.
ORDERS = {
    "anciennes": (N_("La plus ancienne d’abord"), lambda row: (row.oldest, -row.overdue)),
    "retards": (N_("Le plus de fiches à vérifier d’abord"), lambda row: (-row.overdue, row.share)),
    "part": (N_("La plus petite part d’abord"), lambda row: (row.share, -row.overdue)),
    "nom": (N_("Par nom"), lambda row: ()),
}


@blueprint.get("/fraicheur")
@allowed_to(Permission.ACTION_REVIEW)
def index():
    order = request.args.get("tri")
    order = order if order in ORDERS else next(iter(ORDERS))
    rows = sorted(Freshness.by_organisation(), key=ORDERS[order][1])
    page, page_count = page_asked(len(rows), SHOWN)
    return render_page(
        "freshness/index.html",
        rows=rows[(page - 1) * SHOWN : page * SHOWN],
        organisations=len(rows),
        late=sum(row.overdue for row in rows),
        total=sum(row.total for row in rows),
        reachable={organisation for _, organisation in writers()},
        orders=[(name, words) for name, (words, _) in ORDERS.items()],
        order=order,
        page=page,
        page_count=page_count,
    )


@blueprint.get("/fraicheur/<code:code>")
@allowed_to(Permission.ACTION_REVIEW, load=Organisation.by_code)
def organisation(organisation):
    count = overdue_count(organisation)
    page, page_count = page_asked(count, SHOWN)
    sheets = overdue_of(organisation, page=page, page_size=SHOWN)
    return render_page(
        "freshness/organisation.html",
        organisation=organisation,
        count=count,
        sheets=sheets,
        asked=ReviewReminder.latest_of(sheets),
        page=page,
        page_count=page_count,
    )
