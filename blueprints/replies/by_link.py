"""Answering without an account: the link of an e-mail is the right, read again at each request."""

from flask import abort, request

from models.base import N_
from models.prescriptions import acting, reading
from models.prescriptions.attachments import Attachment
from models.prescriptions.links import AnswerLink, LinkState
from models.prescriptions.mover import provider

from ..access import open_to_all
from ..languages import gettext
from ..pages import go_to, render_page
from ..papers import send_paper
from .answering import answered, show_request
from .views import blueprint


@blueprint.route("/repondre/<token>", methods=["GET", "POST"])
@open_to_all
def show(token):
    """Opening it answers nothing: mail filters open it too. The button answers."""
    link = AnswerLink.of_token(token)
    if link is None:
        return render_page("replies/unknown_link.html", status=404)
    prescription = link.prescription
    if not prescription.is_readable_by_provider:
        return render_page("replies/over.html", status=410, one=prescription)
    if link.state is LinkState.PAST:
        return render_page("replies/past_link.html", status=410, one=prescription, token=token)
    mover = provider(prescription.provider)
    reading.record_opening(prescription, mover, link)
    problems, words = answered(prescription, mover) if request.method == "POST" else ({}, None)
    if words:
        return go_to("replies.show", token=token, say=words)
    return show_request("replies/by_link.html", prescription, problems, token=token, link=link)


@blueprint.get("/repondre/<token>/pieces/<code:attachment>")
@open_to_all
def paper_by_link(token, attachment):
    """While the link opens: afterwards, the page of the link says what to do."""
    link = AnswerLink.of_token(token)
    if link is None or link.state is LinkState.PAST:
        return go_to("replies.show", token=token)
    mover = provider(link.prescription.provider)
    found = Attachment.taken_by_provider(link.prescription, attachment, mover=mover)
    return send_paper(found or abort(404))


@blueprint.post("/repondre/<token>/nouveau")
@open_to_all
def renew(token):
    """A new link leaves for the address that this one was sent to, and for no other."""
    link = AnswerLink.of_token(token)
    if link is not None and link.prescription.is_readable_by_provider:
        acting.renew_link(link)
    return go_to(
        "replies.show", token=token,
        say=gettext(N_("Un nouveau lien est parti à la même adresse. Ouvrez ce message.")),
    )  # fmt: skip
