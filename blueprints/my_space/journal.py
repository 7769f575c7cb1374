"""« Qui a regardé mon dossier »: every line of twelve months, and what is not normal (REQ-43)."""

from flask import request

from models.base import N_, RuleBroken
from models.permissions import Permission
from models.persons.journal import Concern, line_of, lines_of, question

from ..access import opens_file
from ..display import code_groups
from ..forms import once
from ..languages import gettext, say
from ..pages import go_to, page_asked, render_page
from .forms import QuestionForm
from .views import blueprint

LINES_PER_PAGE = 30


@blueprint.get("/mon-espace/journal")
@opens_file(Permission.SPACE_USE, act="log:read")
def log(person):
    lines = lines_of(person)
    page, page_count = page_asked(len(lines), LINES_PER_PAGE)
    shown = lines[(page - 1) * LINES_PER_PAGE : page * LINES_PER_PAGE]
    return render_page(
        "my_space/journal.html", lines=shown, count=len(lines), page=page, page_count=page_count
    )


@blueprint.route("/mon-espace/journal/pas-normal", methods=["GET", "POST"])
@opens_file(Permission.SPACE_USE, act="log:read")
def report(person):
    """A strange line: she says why among five answers, the coordination looks for the reason."""
    code = request.values.get("ligne", "")
    line = line_of(person, code)
    if line is None:
        return go_to("my_space.log")
    form, problems = QuestionForm(), {}
    if form.validate_on_submit():
        try:
            concern = Concern(form.pourquoi.data)
            reference = once(lambda: question(person, code, concern))
            words = gettext(N_("Votre question est partie. Gardez ce numéro : %(number)s."))
            return go_to("my_space.log", say=words % {"number": code_groups(reference)})
        except RuleBroken as broken:
            problems = {"pourquoi": say(broken)}
    problems = problems or form.problems
    return render_page(
        "my_space/report.html",
        status=422 if problems else 200,
        form=form,
        problems=problems,
        line=line,
    )
