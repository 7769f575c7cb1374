"""One question, by the link of an e-mail, without account nor code: no name is on the page."""

from flask import request

from models.employment.points import AnsweredBy, EmploymentPoint, LinkState

from ..access import open_to_all
from ..forms import written
from ..pages import go_to, render_page
from .forms import AnswerForm
from .views import blueprint


@blueprint.route("/emploi/<token>", methods=["GET", "POST"])
@open_to_all
def by_link(token):
    """Opening the link writes nothing: filters of mailboxes open it too. The button answers."""
    point = EmploymentPoint.of_token(token)
    if point is None:
        return render_page("employment/unknown_link.html", status=404)
    form, problems = AnswerForm(), {}
    if request.method == "POST" and point.link_state is LinkState.OPEN:
        problems = written(form, "reponse", lambda: _reply(point, form))
        if not problems:
            return go_to("employment.by_link", token=token)
    is_gone = point.link_state in (LinkState.PAST, LinkState.OVER)
    return render_page(
        "employment/by_link.html",
        status=422 if problems else 410 if is_gone else 200,
        point=point,
        state=point.link_state.value,
        form=form,
        token=token,
        problems=problems,
    )


def _reply(point, form):
    point.reply(form.answer, how=AnsweredBy.LINK)
