"""Her agreements: given, changed and withdrawn by herself (REQ-73)."""

from flask import abort, request

from models.base import N_, RuleBroken, today
from models.network.organisations import Organisation
from models.permissions import Permission
from models.persons import codes
from models.persons.agreements import Agreement, Given, months_after
from models.persons.around import referents_of
from models.persons.sharing import WORDING, WORDINGS

from ..access import opens_file
from ..forms import once
from ..languages import gettext, say
from ..pages import go_to, render_page
from .forms import APART, DURATIONS, PATH, GiveForm
from .views import blueprint


@blueprint.get("/mon-espace/accords")
@opens_file(Permission.AGREEMENT_GIVE)
def agreements(person):
    given = Agreement.of_person(person)
    return render_page(
        "my_space/agreements.html",
        living=[one for one in given if one.is_current],
        past=[one for one in given if not one.is_current],
    )


@blueprint.get("/mon-espace/accords/donner")
@opens_file(Permission.AGREEMENT_GIVE)
def choose_organisation(person):
    """To whom: an organisation of the network, then the form about this one."""
    choices = [(one.code, one.name) for one in _admitted()]
    return render_page("my_space/choose_organisation.html", choices=choices)


def _admitted():
    return [one for one in Organisation.network() if one.is_admitted]


@blueprint.route("/mon-espace/accords/organisme", methods=["GET", "POST"])
@opens_file(Permission.AGREEMENT_GIVE)
def give(person):
    organisation = next((o for o in _admitted() if o.code == request.values.get("organisme")), None)
    if organisation is None:
        return go_to("my_space.choose_organisation")
    former = Agreement.between(person, organisation)
    form = GiveForm(data=_of(former))
    problems = {}
    if form.is_submitted():
        problems = form.problems if not form.validate() else _given(person, organisation, form)
        if not problems:
            return _back(N_("Votre accord est enregistré."))
    return render_page(
        "my_space/give.html",
        status=422 if problems else 200,
        form=form,
        problems=problems,
        organisation=organisation,
        former=former,
        path=PATH,
        apart=[(one.value, gettext(one.label)) for one in APART],
        durations=[(str(months), gettext(words)) for months, words in DURATIONS.items()],
        wording=WORDINGS[WORDING],
    )


def _of(former):
    """The answers of the agreement that holds today; nothing is ticked for her otherwise."""
    domains = former.shared_domains if former else ()
    return {
        "parcours": any(one in PATH for one in domains),
        "domaines": [one.value for one in domains if one in APART],
        "passeport": former is not None and former.has_passport,
    }


def _given(person, organisation, form):
    """`{field: sentence}` of what refuses it; nothing when it is written."""

    def act():
        ends_on = months_after(today(), int(form.duree.data))
        return Agreement.give(
            person, organisation, given=Given.OWN_SPACE, ends_on=ends_on, by=person,
            domains=form.domains, has_passport=form.passeport.data,
        ).code  # fmt: skip

    try:
        if form.needs_her_code:
            codes.recognise(person.identifier, form.code.data or "", by=person)
    except RuleBroken as broken:
        return {"code": say(broken)}
    try:
        once(act)
    except RuleBroken as broken:
        return {"duree": say(broken)}
    return {}


@blueprint.route("/mon-espace/accords/<code:agreement>/retirer", methods=["GET", "POST"])
@opens_file(Permission.AGREEMENT_GIVE)
def withdraw(person, agreement):
    """Who accompanies her stays written: only reading ends, and an agreement given again finds the
    same people. To end an accompaniment is another wish, and another page."""
    found = Agreement.of_hers(person, agreement) or abort(404)
    if request.method == "POST":
        found.withdraw(by=person)
        return _back(N_("Votre accord est retiré : cet organisme ne lit plus rien."))
    if not found.is_current:
        return go_to("my_space.agreements")
    readers = [one for one in referents_of(person) if one.link.organisation == found.organisation]
    return render_page("my_space/withdraw.html", agreement=found, readers=readers)


def _back(words):
    return go_to("my_space.agreements", say=gettext(words))
