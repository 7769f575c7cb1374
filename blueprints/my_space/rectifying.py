"""What is wrong in her file: she asks, a référent answers within a month (REQ-209)."""

from flask import abort, request

from models.base import N_, RuleBroken
from models.permissions import Permission
from models.persons.circle import circle
from models.persons.rectifications import Item, Rectification, Refusal

from ..access import actor, opens_file
from ..forms import once
from ..languages import gettext, say
from ..pages import go_to, render_page
from .forms import RectifyForm, RefuseForm
from .views import blueprint


@blueprint.get("/mon-espace/rectifier")
@opens_file(Permission.SPACE_USE)
def rectify(person):
    """Each thing recorded of her identity, with what she asked about it."""
    return render_page(
        "my_space/rectify.html",
        recorded=[(item, _recorded(person, item)) for item in Item],
        asked=Rectification.of_person(person),
    )


def _recorded(person, item):
    return item.shown(getattr(person, item.value))


@blueprint.route("/mon-espace/rectifier/demander", methods=["GET", "POST"])
@opens_file(Permission.SPACE_USE)
def ask_rectification(person):
    """One item, one question."""
    name = request.values.get("quoi", "")
    item = next((one for one in Item if one == name), None)
    if item is None:
        return go_to("my_space.rectify")
    form, problems = RectifyForm(item), {}
    if form.is_submitted():
        problems = form.problems if not form.validate() else _asked(person, item, form)
        if not problems:
            return go_to("my_space.rectify", say=gettext(N_("Votre demande est partie.")))
    return render_page(
        "my_space/ask_rectification.html",
        status=422 if problems else 200,
        form=form,
        problems=problems,
        item=item,
        recorded=_recorded(person, item),
        lead=circle(person).lead,
    )


def _asked(person, item, form):
    try:
        once(lambda: Rectification.ask(person, item, form.reponse.data).code)
        return {}
    except RuleBroken as broken:
        return {"reponse": say(broken)}


@blueprint.get("/personnes/<code:code>/rectifications")
@opens_file(Permission.FILE_WRITE)
def rectifications(person):
    """For her référent: what she says is wrong, what is recorded, and the answer."""
    asked = Rectification.of_person(person)
    return render_page(
        "my_space/rectifications.html",
        person=person,
        waiting=[(one, _recorded(person, one.item)) for one in asked if one.slot],
        answered=[one for one in asked if not one.slot],
        refusals=Refusal.choices(),
    )


@blueprint.post("/personnes/<code:code>/rectifications/<code:asked>/corriger")
@opens_file(Permission.FILE_WRITE)
def accept_rectification(person, asked):
    found = Rectification.of_hers(person, asked) or abort(404)
    return _answered(person, lambda: found.accept(by=actor()))


@blueprint.post("/personnes/<code:code>/rectifications/<code:asked>/refuser")
@opens_file(Permission.FILE_WRITE)
def decline_rectification(person, asked):
    found = Rectification.of_hers(person, asked) or abort(404)
    form = RefuseForm()
    if not form.validate():
        raise RuleBroken(N_("choisissez une raison."))
    return _answered(person, lambda: found.decline(Refusal(form.pourquoi.data), by=actor()))


def _answered(person, act):
    act()
    words = gettext(N_("Votre réponse est enregistrée : la personne la voit dans son espace."))
    return go_to("my_space.rectifications", code=person.code, say=words)
