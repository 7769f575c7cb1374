"""Everything recorded about her, to read, to print and to take away (REQ-43, REQ-209)."""

import datetime as dt
import json

from flask import g, make_response

from models.base import N_, Vocabulary
from models.permissions import Permission
from models.persons.exporting import FORMAT, SECTIONS, export_of, sections_of
from models.persons.rectifications import Item
from models.persons.sharing import Domain

from ..access import opens_file
from ..display import dated_moment, day
from ..languages import gettext
from ..pages import render_page
from .views import blueprint


@blueprint.get("/mon-espace/export")
@opens_file(Permission.SPACE_USE, act="file:export")
def export(person):
    return render_page(
        "my_space/export.html",
        sections=sections_of(person),
        told=told,
        is_shared=g.person_session.is_shared,
    )


@blueprint.get("/mon-espace/export.json")
@opens_file(Permission.SPACE_USE, act="file:export")
def export_json(person):
    """Shown rather than kept on a shared device, whose folder of downloads the next one opens."""
    text = json.dumps(export_of(person), ensure_ascii=False, indent=2)
    response = make_response(text.encode())
    response.headers["Content-Type"] = "application/json; charset=utf-8"
    kind = "inline" if g.person_session.is_shared else "attachment"
    response.headers["Content-Disposition"] = f'{kind}; filename="mon-dossier.json"'
    return response


@blueprint.get("/mon-espace/export/format")
@opens_file(Permission.SPACE_USE)
def export_format(person):
    return render_page("my_space/export_format.html", sections=SECTIONS, format=FORMAT)


def told(row, column):
    """One value of an export as a reader reads it."""
    if column == "news":
        names = {"name": row["account_id"], "organisation": row["organisation_id"]}
        return gettext(row[column].label) % names
    if column in ("commune_code", "proposed"):
        item = row.get("item", Item.COMMUNE)
        return gettext(str(item.shown(row[column])))
    return gettext(row[column]) if column == "act" else _in_words(row[column])


def _in_words(value):
    if value is None or value == "" or value == []:
        return gettext(N_("non renseigné"))
    if isinstance(value, bool):
        return gettext(N_("oui")) if value else gettext(N_("non"))
    if isinstance(value, dt.datetime):
        return dated_moment(value)
    if isinstance(value, dt.date):
        return day(value)
    if isinstance(value, list):
        return ", ".join(gettext(Domain(one).label) for one in value)
    return gettext(value.label) if isinstance(value, Vocabulary) else str(value)
