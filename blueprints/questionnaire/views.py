"""Reading a template: its sections and questions, what changed, the sheets to fill by hand."""

from flask import Blueprint, abort, g, request

from models.permissions import Permission
from models.questionnaire.comparison import asked_by, compare
from models.questionnaire.explaining import (
    HOW_TO_ANSWER,
    SENSITIVITIES,
    languages_of,
    numbers_of,
    reasons_of,
)
from models.questionnaire.paper import on_screen, sheets
from models.questionnaire.reference import CONTACTS, SKILLS
from models.questionnaire.shape import REFUSAL_WORDS
from models.questionnaire.versions import POTENTIALS_GRID, SINGLE_TEMPLATE, TemplateVersion

from ..access import allowed_to, may, open_to_all
from ..languages import gettext
from ..pages import render_page

blueprint = Blueprint("questionnaire", __name__)
KEYS = (SINGLE_TEMPLATE, POTENTIALS_GRID)


@blueprint.get("/trame")
@open_to_all
def index():
    return render_page(
        "questionnaire/index.html", templates=[TemplateVersion.published(key) for key in KEYS]
    )


@blueprint.get("/trame/<code:code>")
@allowed_to(Permission.TEMPLATE_READ, load=TemplateVersion.by_code)
def version(version):
    return _read(version, "version.html", current=TemplateVersion.current(version.key))


@blueprint.get("/trame/<code:code>/parties/<section>")
@allowed_to(Permission.TEMPLATE_READ, load=TemplateVersion.by_code)
def section(version, section):
    found = version.template.section(section)
    if found is None:
        abort(404)
    reasons = {one.key: reasons_of(version.template, one) for one in found.questions}
    return _read(version, "section.html", section=found, reasons=reasons)


@blueprint.get("/trame/<code:code>/comparer/<code:other>")
@allowed_to(Permission.TEMPLATE_READ, load=TemplateVersion.by_code)
def comparison(version, other):
    before = TemplateVersion.by_code(other)
    if before is None or before.key != version.key or not may(Permission.TEMPLATE_READ, before):
        abort(404)
    return render_page(
        "questionnaire/comparison.html", comparison=compare(before, version), sentence=told
    )


def told(one):
    """The sentence of a change or of a fault, in the reader’s language."""
    values = {
        name: gettext(value) if isinstance(value, str) else value
        for name, value in one.values.items()
    }
    return gettext(one.sentence) % values if values else gettext(one.sentence)


@blueprint.get("/trame/<code:code>/papier")
@allowed_to(Permission.TEMPLATE_READ, load=TemplateVersion.by_code)
def paper(version):
    """A draft is only looked at: nobody types its sheets again."""
    rows = sheets(version)
    reasons = {
        one.key: reasons_of(version.template, one) for one in version.template.questions.values()
    }
    return _read(version, "paper.html", sheets=rows, reasons=reasons, on_screen=on_screen)


def _read(version, page, **context):
    """A page in the language of the reader, or in the one asked for the questions."""
    template = version.template
    spoken, asked = languages_of(template), request.args.get("texte")
    shown = next(one for one in (asked, g.language, "fr") if one in spoken)
    return render_page(
        f"questionnaire/{page}",
        version=version,
        content=template,
        spoken=spoken,
        shown=shown,
        following={"texte": asked} if asked in spoken else {},
        refusal=REFUSAL_WORDS[shown],
        numbers=numbers_of(template),
        contacts=CONTACTS,
        skills=SKILLS,
        how_to_answer=HOW_TO_ANSWER,
        sensitivities=SENSITIVITIES,
        asked_by=asked_by,
        **context,
    )
