"""Asking to join, without an account, and following the request (REQ 4)."""

from flask import Blueprint, abort, g, request, url_for

from models.base import RuleBroken
from models.network.joining import ANSWER_DAYS, JoinRequest
from models.network.joining_path import stages_of
from models.network.organisations import NetworkState

from ..access import open_to_all
from ..forms import once
from ..languages import say
from ..pages import go_to, render_page
from . import wording
from .forms import JoinForm

blueprint = Blueprint("joining", __name__)
blueprint.add_app_template_global(NetworkState, "NetworkState")
wording.register(blueprint)


@blueprint.route("/rejoindre", methods=["GET", "POST"])
@open_to_all
def ask():
    form = JoinForm()
    if request.method == "GET":
        return _show(form)
    if not form.validate():
        return _show(form, problems=form.problems)
    try:
        code = once(lambda: JoinRequest.submit(language=g.language, **form.answers()).code)
    except RuleBroken as broken:
        return _show(form, problems={"courriel": say(broken)})
    return go_to("joining.follow", code=code)


def _show(form, *, problems=()):
    return render_page(
        "joining/ask.html",
        status=422 if problems else 200,
        form=form,
        problems=problems,
        days=ANSWER_DAYS,
    )


@blueprint.get("/rejoindre/<code:code>")
@open_to_all
def follow(code):
    """Who holds the address follows the request; it says nothing of who made it."""
    asked = JoinRequest.followed(code) or abort(404)
    return render_page(
        "joining/follow.html",
        asked=asked,
        stages=stages_of(asked),
        days=ANSWER_DAYS,
        address=url_for("joining.follow", code=code, _external=True),
    )
