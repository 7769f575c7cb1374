"""What an organisation is asked: its list, the oldest first, and the answer of one of its own."""

from flask import Blueprint, abort, request

from models.permissions import Permission, organisations_within
from models.prescriptions import reading
from models.prescriptions.attachments import Attachment
from models.prescriptions.mover import provider
from models.prescriptions.states import State

from ..access import actor, allowed_to, oneself
from ..pages import go_to, render_page
from ..papers import send_paper
from .answering import answered, show_request

blueprint = Blueprint("replies", __name__)


@blueprint.get("/prescriptions/recues")
@allowed_to(Permission.PRESCRIPTION_LIST, load=oneself)
def index(account):
    """Nobody’s name here: opening one is what is written down."""
    received = reading.received_by(organisations_within(account, Permission.PRESCRIPTION_ANSWER))
    return render_page(
        "replies/index.html",
        waiting=[one for one in received if one.state is State.SENT],
        accepted=[one for one in received if one.state is State.ACCEPTED],
    )


@blueprint.route("/prescriptions/recues/<code:code>", methods=["GET", "POST"])
@allowed_to(Permission.PRESCRIPTION_ANSWER, load=reading.received)
def answer(received):
    """Read, then answered; once accepted, what came of it."""
    prescription = received.prescription
    mover = provider(prescription.provider, actor())
    reading.record_opening(prescription, mover)
    problems, words = answered(prescription, mover) if request.method == "POST" else ({}, None)
    if words:
        return go_to("replies.index", say=words)
    return show_request("replies/answer.html", prescription, problems)


@blueprint.get("/prescriptions/recues/<code:code>/pieces/<code:attachment>")
@allowed_to(Permission.PRESCRIPTION_ANSWER, load=reading.received)
def paper(received, attachment):
    mover = provider(received.prescription.provider, actor())
    return send_paper(
        Attachment.taken_by_provider(received.prescription, attachment, mover=mover) or abort(404)
    )
