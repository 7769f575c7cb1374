"""The diagnostics of a person: their list, one begun, one read."""

import functools

from flask import Blueprint, abort, g, request

from models.base import N_
from models.diagnostics import starting
from models.diagnostics.diagnostic import Diagnostic, Moment, Writer
from models.diagnostics.openness import Openness
from models.diagnostics.reading import day_bounds
from models.diagnostics.sheet import Sheet
from models.diagnostics.telling import words_of
from models.permissions import Permission
from models.questionnaire.reference import CONTACTS, LEVERS
from models.questionnaire.shape import REFUSAL_WORDS

from ..access import actor, asking, opens_file
from ..forms import once, whole_number
from ..languages import gettext
from ..pages import go_to, render_page

blueprint = Blueprint("diagnostics", __name__)
ALL = "/personnes/<code:code>/diagnostics"
ONE = f"{ALL}/<code:diagnostic>"
LARGEST = 10**9


def hers(view):
    """The diagnostic of the address, found through its person: another’s is not there (I13)."""

    @functools.wraps(view)
    def checked(person, diagnostic, **kwargs):
        return view(person, Diagnostic.of_hers(person, diagnostic) or abort(404), **kwargs)

    return checked


def opened_to_reader(person):
    """What of her diagnostics whoever asks may read."""
    return Openness.of_asker(person, asking())


def writer(person):
    """Who writes here, for the organisation through which the file has just opened."""
    return Writer(actor(), person.opened_through.organisation)


def seen():
    """The revision that the form was made from; none when it does not say."""
    return whole_number(request.form.get("vu", ""), LARGEST) or 0


def render(page, person, diagnostic, **context):
    """A page of one diagnostic, with the lists of words that its parts name."""
    return render_page(
        f"diagnostics/{page}.html",
        person=person,
        diagnostic=diagnostic,
        contacts=CONTACTS,
        levers=LEVERS,
        refusal=REFUSAL_WORDS[g.language],
        in_words=functools.partial(words_of, language=g.language),
        day_bounds=day_bounds,
        **context,
    )


@blueprint.get(ALL)
@opens_file(Permission.DIAGNOSTIC_READ, act="diagnostic:read")
def index(person):
    return _show_list(person)


def _show_list(person, problems=()):
    diagnostics = Diagnostic.of_person(person)
    return render_page(
        "diagnostics/index.html",
        status=422 if problems else 200,
        person=person,
        diagnostics=diagnostics,
        offers=starting.offers(diagnostics, opened_to_reader(person)),
        moments=Moment.choices(),
        moment=Moment.FOLLOW_UP if diagnostics else Moment.ENTRY,
        problems=dict(problems),
    )


@blueprint.post(ALL)
@opens_file(Permission.DIAGNOSTIC_WRITE, act="diagnostic:read")
def begin(person):
    """The one begun already, when it has been meanwhile: a person has one draft on a template."""
    chosen = starting.versions().get(request.form.get("trame"))
    moment = request.form.get("moment")
    if chosen is None or moment not in list(Moment):
        return _show_list(person, lacking(chosen, moment))
    code = once(lambda: Diagnostic.start(person, chosen, Moment(moment), by=actor()).code)
    return go_to("diagnostics.show", code=person.code, diagnostic=code)


def lacking(version, moment):
    problems = {}
    if version is None:
        problems["trame"] = gettext(N_("choisissez ce que vous commencez."))
    if moment not in list(Moment):
        problems["moment"] = gettext(N_("choisissez quand il est mené."))
    return problems


@blueprint.get(f"{ONE}/historique")
@opens_file(Permission.DIAGNOSTIC_READ, act="diagnostic:read")
@hers
def history(person, diagnostic):
    """The answers that others have replaced: a correction erases nothing."""
    sheet = Sheet(diagnostic, opened_to_reader(person), unmasked=request.args.get("montrer"))
    return render("history", person, diagnostic, sheet=sheet, corrected=sheet.corrected())
