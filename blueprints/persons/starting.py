"""A file opened, its code handed over, its first agreement; a person joined with her own code."""

import functools

from flask import request

from models.base import N_, RuleBroken
from models.permissions import Permission
from models.persons import codes, desk
from models.persons.person import Person

from ..access import actor, allowed_to, may, oneself, opens_file
from ..forms import once
from ..languages import gettext, say
from ..pages import go_to, render_page
from .agreements import ask_agreement
from .forms import AgreementForm, JoinForm, NewFileForm
from .views import blueprint

# What a form answers when a file resembles what it describes: no code looks like it.
RESEMBLES = "-"


def places_of(account):
    """The organisations for which this account may write, by name."""
    return [membership.organisation for membership in account.rights.writing]


@blueprint.route("/personnes/nouvelle", methods=["GET", "POST"])
@allowed_to(Permission.FILE_START, load=oneself)
def new(account):
    form = NewFileForm.among(places_of(account))
    if request.method == "GET":
        return _ask_identity(form)
    if not form.validate():
        return _ask_identity(form, form.problems)
    if form.is_of_another_age:
        return _ask_identity(form, other_age=form.place)
    code = once(lambda: _start(form, account))
    if code == RESEMBLES:
        return _ask_identity(form, resembles=True)
    person = Person.by_code(code)
    if person.access_hash is None:
        codes.renew(person, by=account, organisation=form.place)
    return go_to("persons.hand_out", code=code)


def _start(form, account):
    who = {"by": account, "organisation": form.place}
    is_alike = desk.resembles_another(form.values(), **who)
    if is_alike and not form.autre.data:
        return RESEMBLES
    return desk.start_file(form.values(), is_another=is_alike, **who).code


def _ask_identity(form, problems=(), *, resembles=False, other_age=None):
    """`other_age` is the organisation that accompanies other ages than hers."""
    return render_page(
        "persons/new.html",
        status=422 if problems or resembles or other_age else 200,
        form=form,
        problems=dict(problems),
        resembles=resembles or form.autre.data,
        other_age=other_age,
    )


def unless_agreed(view):
    """Whoever has just received the agreement finds the file, and not a page that is no more: the
    form was sent twice, or the browser went back."""

    @functools.wraps(view)
    def checked(code):
        person = actor() and Person.by_code(code)
        if person and may(Permission.FILE_READ, person):
            return go_to("persons.show", code=code)
        return view(code=code)

    return checked


@blueprint.route("/personnes/<code:code>/remise", methods=["GET", "POST"])
@unless_agreed
@opens_file(Permission.FILE_HAND_OUT, act="file:hand-out")
def hand_out(person):
    """The code to give her, and what she agrees to: nothing else of the file shows before."""
    form = AgreementForm.among([person.started_in])
    access = codes.fresh_of(person, actor())
    shown = {"access": access, "person": person}
    if request.method == "GET":
        return ask_agreement("hand_out", form, **shown)
    problems = form.write(person, functools.partial(desk.first_agreement, person, by=actor()))
    if problems:
        return ask_agreement("hand_out", form, problems, **shown)
    return go_to("persons.show", code=person.code, say=gettext(N_("L’accord est enregistré.")))


@blueprint.post("/personnes/<code:code>/remise/code")
@opens_file(Permission.FILE_HAND_OUT, act="file:hand-out")
def redraw(person):
    """The code is not readable any more, and was not handed over: another one."""
    if codes.fresh_of(person, actor()) is None:
        codes.renew(person, by=actor(), organisation=person.started_in)
    return go_to("persons.hand_out", code=person.code)


@blueprint.route("/personnes/<code:code>/abandonner", methods=["GET", "POST"])
@opens_file(Permission.FILE_HAND_OUT, act="file:hand-out")
def discard(person):
    if request.method == "GET":
        return render_page("persons/discard.html", person=person)
    desk.discard_file(person, by=actor())
    return go_to("persons.index", say=gettext(N_("Le dossier est effacé.")))


@blueprint.route("/personnes/rejoindre", methods=["GET", "POST"])
@allowed_to(Permission.FILE_START, load=oneself)
def join(account):
    form = JoinForm.among(places_of(account))
    if request.method == "GET":
        return ask_agreement("join", form)
    if not form.validate():
        return ask_agreement("join", form, form.problems)
    try:
        person = codes.recognise_at_desk(form.identifiant.data, form.code.data, by=account)
    except RuleBroken as broken:
        return ask_agreement("join", form, {"identifiant": say(broken)})
    once(lambda: desk.join(person, form.place, by=account, **form.agreed()).code)
    return go_to("persons.show", code=person.code, say=gettext(N_("L’accord est enregistré.")))
