"""« Parcours »: which of the three, in which of its times, and a break that loses nothing."""

from models.base import N_, RuleBroken
from models.network.organisations import Organisation
from models.permissions import Permission
from models.persons.pathways import (
    Pathway,
    PathwayKind,
    PathwayReason,
    PathwayTime,
    Time,
    timeline,
)

from ..access import actor, opens_file
from ..forms import once
from ..languages import gettext, say
from ..pages import go_to, render_page
from .forms import InterruptForm, PathwayForm, TimeForm
from .views import acting_for, blueprint


def _deciders(person, **kwargs):
    """The form of a pathway, with the organisations of the network, one's own being proposed."""
    known = {one.code: one for one in Organisation.network() if one.is_admitted}
    form = PathwayForm(data={"organisme": acting_for(person).code}, **kwargs)
    form.organisme.choices = [(code, one.name) for code, one in known.items()]
    return form, known


@blueprint.route("/personnes/<code:code>/accompagnement/parcours", methods=["GET", "POST"])
@opens_file(Permission.REFERENT_WRITE)
def pathway(person):
    form, known = _deciders(person)
    if not form.is_submitted():
        return _show(person, {}, form=form)
    if not form.validate():
        return _show(person, form.problems, form=form)

    def act():
        kind, reason = PathwayKind(form.parcours.data), PathwayReason(form.motif.data)
        where = known[form.organisme.data]
        return Pathway.decide(person, kind, reason, where, form.jour.day, by=actor()).code

    return _act(person, act, "jour", form=form)


@blueprint.post("/personnes/<code:code>/accompagnement/temps")
@opens_file(Permission.REFERENT_WRITE)
def reach(person):
    form = TimeForm()
    if not form.validate():
        return _show(person, form.problems, reaching=form)

    def act():
        time, where = Time(form.temps.data), acting_for(person)
        return PathwayTime.reach(person, time, where, form.jour_temps.day, by=actor()).code

    return _act(person, act, "jour_temps", reaching=form)


@blueprint.post("/personnes/<code:code>/accompagnement/interrompre")
@opens_file(Permission.REFERENT_WRITE)
def interrupt(person):
    form = InterruptForm()
    if not form.validate():
        return _show(person, form.problems, stopping=form)
    act = lambda: Pathway.interrupt(person, form.jour_arret.day, by=actor())  # noqa: E731
    return _act(person, act, "jour_arret", stopping=form)


def _act(person, act, about, **forms):
    try:
        once(act)
    except RuleBroken as broken:
        return _show(person, {about: say(broken)}, **forms)
    done = gettext(N_("Le parcours est enregistré."))
    return go_to("referents.show", code=person.code, say=done)


def _show(person, problems, *, form=None, reaching=None, stopping=None):
    return render_page(
        "referents/pathway.html",
        status=422 if problems else 200,
        person=person,
        current=Pathway.current_of(person),
        stretches=timeline(person),
        form=form or _deciders(person, formdata=None)[0],
        reaching=reaching or TimeForm(formdata=None),
        stopping=stopping or InterruptForm(formdata=None),
        problems=problems,
    )
