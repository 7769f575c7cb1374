"""The prescriptions of a référent, of one person, and one of them with its whole history."""

import functools

from flask import Blueprint, abort

from models.base import today
from models.diagnostics.openness import Openness
from models.permissions import Permission
from models.prescriptions import reading
from models.prescriptions.alternatives import alternatives_to
from models.prescriptions.attachments import Attachment, PaperKind
from models.prescriptions.eligibility import checks_of
from models.prescriptions.history import Transition
from models.prescriptions.links import AnswerLink
from models.prescriptions.mover import prescriber
from models.prescriptions.reading import PAGE_SIZE, Heap
from models.prescriptions.states import Outcome, State

from ..access import actor, allowed_to, asking, oneself, opens_file
from ..pages import page_asked, render_page
from . import wording

blueprint = Blueprint("prescriptions", __name__)
wording.register(blueprint)
ALL = "/personnes/<code:code>/prescriptions"
ONE = f"{ALL}/<code:prescription>"
OWN = "/mon-espace/prescriptions/<code:prescription>"


@blueprint.get("/prescriptions")
@allowed_to(Permission.PRESCRIPTION_LIST, load=oneself)
def index(account):
    """What waits for the référent first, then the oldest."""
    lines = reading.followed_by(account)
    page, page_count = page_asked(len(lines), PAGE_SIZE)
    return render_page(
        "prescriptions/index.html",
        lines=lines[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        count=len(lines),
        to_do=sum(line.heap is Heap.TO_DO for line in lines),
        heaps=Heap,
        page=page,
        page_count=page_count,
    )


@blueprint.get(ALL)
@opens_file(Permission.PRESCRIPTION_READ, act="prescription:read")
def of_person(person):
    lines = reading.of_person(person, opened_to_reader(person))
    return render_page("prescriptions/of_person.html", person=person, lines=lines)


def opened_to_reader(person):
    return Openness.of_asker(person, asking())


def mover_for(person):
    """Who prescribes, for the organisation through which the file has just opened."""
    return prescriber(actor(), person.opened_through.organisation)


def hers(view):
    """The prescription of the address, found through its person, when who asks may know what it
    is for; otherwise it is not there (I1, I13)."""

    @functools.wraps(view)
    def checked(person, prescription, **kwargs):
        found = reading.of_hers(person, prescription) or abort(404)
        if not found.shared.is_open(opened_to_reader(person)):
            abort(404)
        return view(person, found, **kwargs)

    return checked


@blueprint.get(ONE)
@opens_file(Permission.PRESCRIPTION_READ, act="prescription:read")
@hers
def show(person, prescription):
    return show_one(person, prescription)


def show_one(person, prescription, problems=(), typed=None):
    action = prescription.action
    return render_page(
        "prescriptions/show.html",
        status=422 if problems else 200,
        person=person,
        one=prescription,
        shared=prescription.shared,
        checks=checks_of(person, action) if prescription.is_draft and action else [],
        history=Transition.of(prescription),
        link=AnswerLink.living_of(prescription),
        papers=Attachment.of(prescription),
        paper_kinds=PaperKind.choices(),
        alternatives=_alternatives(person, prescription),
        outcomes=Outcome.choices(),
        this_day=today(),
        problems=dict(problems),
        typed=typed or {},
    )


def _alternatives(person, prescription):
    """What else there is, once nobody takes her there."""
    if prescription.state not in (State.DECLINED, State.EXPIRED):
        return []
    return alternatives_to(prescription, person, opened_to_reader(person))
