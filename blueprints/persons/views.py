"""« Mes personnes », and one file: read, printed, put right."""

from flask import Blueprint, request

from models.base import N_, RuleBroken
from models.editing import EditConflict
from models.permissions import Permission
from models.persons import caseload, codes
from models.persons.accompaniments import Accompaniment
from models.persons.agreements import Agreement
from models.prescriptions import without_solution
from models.prescriptions.delays import delays

from ..access import actor, allowed_to, oneself, opens_file
from ..display import phone as in_pairs
from ..languages import gettext, say
from ..pages import go_to, page_asked, render_page
from .forms import IdentityForm, SearchForm, described

blueprint = Blueprint("persons", __name__)
blueprint.add_app_template_filter(codes.shown, "access_code")
blueprint.add_app_template_test(caseload.ends_soon, "ending_soon")


@blueprint.get("/personnes")
@allowed_to(Permission.FILE_LIST, load=oneself)
def index(account):
    followed = caseload.list_of(account)
    page, page_count = page_asked(len(followed), caseload.PAGE_SIZE)
    first = (page - 1) * caseload.PAGE_SIZE
    return _show_list(
        account,
        SearchForm(formdata=None),
        shown=followed[first : first + caseload.PAGE_SIZE],
        count=len(followed),
        without_solution=without_solution.count_among(one.person.id for one in followed),
        page=page,
        page_count=page_count,
    )


@blueprint.get("/personnes/sans-solution")
@allowed_to(Permission.FILE_LIST, load=oneself)
def lacking(account):
    """REQ-208: those to whom nothing is proposed any more, who has waited longest first."""
    found = without_solution.list_of(account)
    page, page_count = page_asked(len(found), caseload.PAGE_SIZE)
    first = (page - 1) * caseload.PAGE_SIZE
    return render_page(
        "persons/without_solution.html",
        shown=found[first : first + caseload.PAGE_SIZE],
        count=len(found),
        solution_days=delays().solution,
        page=page,
        page_count=page_count,
    )


@blueprint.post("/personnes")
@allowed_to(Permission.FILE_LIST, load=oneself)
def search(account):
    """Names travel in the body of the form: an address stays in histories and in logs."""
    form, found = SearchForm(), None
    problems = {} if form.validate() else form.problems
    if not problems:
        try:
            found = caseload.search(account, **form.criteria())
        except RuleBroken as broken:
            problems = {"prenom": say(broken)}
    return _show_list(account, form, shown=found or (), is_search=True, problems=problems)


def _show_list(account, form, *, shown, problems=(), **context):
    return render_page(
        "persons/index.html",
        status=422 if problems else 200,
        shown=shown,
        waiting=caseload.waiting_for(account),
        stopped=caseload.stopped_lately(account),
        form=form,
        problems=dict(problems),
        **context,
    )


@blueprint.get("/personnes/<code:code>")
@opens_file(Permission.FILE_READ)
def show(person):
    return _show_file(person)


@blueprint.get("/personnes/<code:code>/imprimer")
@opens_file(Permission.FILE_READ, act="file:print")
def print_file(person):
    return _show_file(person, is_paper=True)


def _show_file(person, **context):
    places = [link.organisation for link in caseload.links_with(actor(), person)]
    return render_page(
        "persons/show.html",
        person=person,
        agreements=[(place, Agreement.between(person, place)) for place in places],
        referents=[one for one in Accompaniment.of_person(person) if one.ended_at is None],
        has_fresh_code=codes.fresh_of(person, actor()) is not None,
        **context,
    )


@blueprint.route("/personnes/<code:code>/identite", methods=["GET", "POST"])
@opens_file(Permission.FILE_WRITE)
def edit(person):
    form = IdentityForm(data=described(person))
    if request.method == "GET":
        return _ask_identity(person, form)
    if not form.validate():
        return _ask_identity(person, form, form.problems)
    try:
        person.rewrite_identity(form.values(), by=actor(), seen=request.form.get("vu") or "-")
    except EditConflict as conflict:
        return _ask_identity(person, form, theirs=conflict.theirs)
    return go_to("persons.show", code=person.code, say=gettext(N_("Le dossier est enregistré.")))


def _ask_identity(person, form, problems=(), theirs=None):
    """`theirs` is the file as somebody else has written it meanwhile."""
    return render_page(
        "persons/edit.html",
        status=409 if theirs else 422 if problems else 200,
        person=person,
        form=form,
        problems=dict(problems),
        stamp=theirs.stamp if theirs else request.form.get("vu") or person.stamp,
        theirs=theirs and _differences(form, described(theirs)),
    )


def _differences(form, recorded):
    """`{label: words}` of what is recorded and differs from what was typed."""
    typed = _typed(form)
    return {
        form[name].label.text: _in_words(form[name], value)
        for name, value in recorded.items()
        if value != typed[name]
    }


def _typed(form):
    """What was typed, written as a file is described."""
    typed = form.data
    if typed["telephone"]:
        typed["telephone"] = in_pairs(typed["telephone"])
    return {name: str(value or "") for name, value in typed.items()}


def _in_words(field, value):
    if hasattr(field, "choices"):
        value = gettext(dict(field.choices).get(value, ""))
    return value or gettext(N_("non renseigné"))
