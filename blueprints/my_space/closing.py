"""Closing one's own file, once one knows what happens then (REQ-209)."""

from models.base import RuleBroken
from models.permissions import Permission
from models.persons import closing

from ..access import opens_file
from ..languages import say
from ..pages import go_to, render_page
from .forms import CloseForm
from .idle import wiped
from .views import blueprint


@blueprint.route("/mon-espace/clore", methods=["GET", "POST"])
@opens_file(Permission.SPACE_USE)
def close(person):
    form, problems = CloseForm(), {}
    if form.validate_on_submit():
        try:
            closing.close(person, closing.Keeping(form.suite.data), form.code.data)
            return wiped(go_to("my_space.left"))
        except RuleBroken as broken:
            problems = {"code": say(broken)}
    problems = problems or form.problems
    return render_page(
        "my_space/close.html", status=422 if problems else 200, form=form, problems=problems
    )
