"""Without an account: an employer reads what she ticked (REQ-211), a training organisation signals
a difficulty by the link of its prescription (REQ-181)."""

from flask import request

from models.base import N_
from models.liaison.reading import for_employer
from models.liaison.sheet import EmployerLink, LiaisonSheet
from models.prescriptions.links import AnswerLink, LinkState
from models.prescriptions.mover import SERVICE, provider

from ..access import open_to_all
from ..forms import written
from ..languages import gettext
from ..pages import go_to, render_page
from .forms import NoteForm
from .provider import write_note
from .views import blueprint, words


@blueprint.get("/liaison/<token>")
@open_to_all
def employer(token):
    """Each reading leaves its line in her journal; a link that opens nothing says who to ask."""
    link = EmployerLink.of_token(token)
    if link is None:
        return render_page("liaison/no_link.html", status=404, is_known=False)
    if not link.opens:
        return render_page("liaison/no_link.html", status=410, is_known=True)
    link.sheet.read_by(SERVICE)
    return render_page("liaison/employer.html", shown=for_employer(link.sheet))


@blueprint.route("/repondre/<token>/difficulte", methods=["GET", "POST"])
@open_to_all
def report_by_link(token):
    """While the link and the sheet are open; otherwise the page of the link says what to do."""
    link = AnswerLink.of_token(token)
    sheet = link and LiaisonSheet.of_prescription(link.prescription)
    if not sheet or not sheet.is_open or link.state is LinkState.PAST:
        return go_to("replies.show", token=token)
    form, problems = NoteForm(), {}
    if request.method == "POST":
        mover = provider(link.prescription.provider)
        problems = written(form, "difficulte", lambda: write_note(sheet, form, mover))
        if not problems:
            done = gettext(N_("C’est signalé : son référent est prévenu."))
            return go_to("replies.show", token=token, say=done)
    return render_page(
        "liaison/report_by_link.html", status=422 if problems else 200,
        token=token, form=form, problems=problems, **words(),
    )  # fmt: skip
