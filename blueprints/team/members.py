"""The team of an organisation: who is in it, where each one is on the path, and who invites."""

from flask import abort, request

from models.base import CODE_LENGTH, N_, RuleBroken
from models.network.joining import Invitation
from models.network.memberships import Membership
from models.network.organisations import Organisation
from models.network.rights import places_of
from models.network.training import TrainingCompletion
from models.permissions import Permission
from models.text import one_line

from ..access import actor, allowed_to
from ..forms import once
from ..languages import gettext, say
from ..pages import go_to, render_page
from .forms import AgesForm, InviteForm, TrainingForm
from .views import blueprint


@blueprint.get("/organismes/<code:code>/equipe")
@allowed_to(Permission.STAFF_READ, load=Organisation.by_code)
def team(organisation):
    return _show_team(organisation, InviteForm())


def _show_team(organisation, form, problems=(), typed=None):
    return render_page(
        "team/team.html",
        status=422 if problems else 200,
        organisation=organisation,
        places=places_of(Membership.of_organisation(organisation)),
        invitations=Invitation.of_organisation(organisation),
        form=form,
        ages=typed or _ages_of(organisation),
        problems=problems,
    )


def _ages_of(organisation):
    """What the form of the ages first shows."""
    ages = (organisation.target_age_min, organisation.target_age_max, organisation.target_age_since)
    return dict(zip(("age_min", "age_max", "depuis"), ages, strict=True))


@blueprint.post("/organismes/<code:code>/equipe/ages")
@allowed_to(Permission.STAFF_MANAGE, load=Organisation.by_code)
def set_ages(organisation):
    form = AgesForm()
    problems = {} if form.validate() else form.problems
    if not problems:
        try:
            organisation.target_ages(*form.ages(), by=actor())
            done = gettext(N_("L’âge des personnes accompagnées est enregistré."))
            return go_to("team.team", code=organisation.code, say=done)
        except RuleBroken as broken:
            problems = {"age_max": say(broken)}
    return _show_team(organisation, InviteForm(formdata=None), problems, typed=request.form)


@blueprint.post("/organismes/<code:code>/equipe")
@allowed_to(Permission.STAFF_MANAGE, load=Organisation.by_code)
def invite(organisation):
    form = InviteForm()
    if not form.validate():
        return _show_team(organisation, form, form.problems)
    try:
        once(lambda: _invite(organisation, form))
    except RuleBroken as broken:
        return _show_team(organisation, form, {"courriel": say(broken)})
    done = gettext(N_("L’invitation part par courriel. Elle sert pendant trente jours."))
    return go_to("team.team", code=organisation.code, say=done)


def _invite(organisation, form):
    """Nothing here looks an account up: inviting cannot tell whether the address has one."""
    return Invitation.send(
        organisation,
        form.courriel.data,
        form.nom.data,
        by=actor(),
        is_manager=form.responsable.data,
    ).code


@blueprint.post("/equipe/invitations/<code:code>/renvoyer")
@allowed_to(Permission.STAFF_MANAGE, load=Invitation.by_code)
def resend(invitation):
    once(lambda: invitation.resend(by=actor()))
    done = gettext(N_("Un nouveau lien part par courriel ; l’ancien ne sert plus."))
    return _back(invitation, done)


@blueprint.post("/equipe/invitations/<code:code>/retirer")
@allowed_to(Permission.STAFF_MANAGE, load=Invitation.by_code)
def withdraw(invitation):
    invitation.withdraw(by=actor())
    return _back(invitation, gettext(N_("L’invitation est retirée.")))


def _back(subject, sentence):
    """To the team of the organisation that holds this membership or invitation."""
    return go_to("team.team", code=subject.organisation.code, say=sentence)


@blueprint.get("/equipe/<code:code>")
@allowed_to(Permission.STAFF_READ, load=Membership.living_of_code)
def member(membership):
    return _show_member(membership, TrainingForm(formdata=None))


def _show_member(membership, form, problems=()):
    [place] = places_of([membership])
    return render_page(
        "team/member.html",
        status=422 if problems else 200,
        place=place,
        form=form,
        problems=problems,
        is_own=membership.account_id == actor().id,
    )


@blueprint.post("/equipe/<code:code>/formation")
@allowed_to(Permission.TRAINING_RECORD, load=Membership.living_of_code)
def record_training(membership):
    form = TrainingForm()
    if not form.validate():
        return _show_member(membership, form, form.problems)
    try:
        TrainingCompletion.record(membership.account, form.jour.data, by=actor())
    except RuleBroken as broken:
        return _show_member(membership, form, {"jour": say(broken)})
    done = gettext(N_("La formation est notée."))
    return go_to("team.member", code=membership.code, say=done)


@blueprint.post("/equipe/<code:code>/formation/annuler")
@allowed_to(Permission.TRAINING_RECORD, load=Membership.living_of_code)
def cancel_training(membership):
    """The completion named by the form must be this person's (I13)."""
    code = one_line(request.form.get("formation", ""), CODE_LENGTH)
    TrainingCompletion.of_both(membership.account, code).cancel(by=actor())
    sentence = gettext(N_("La formation notée par erreur est annulée."))
    return go_to("team.member", code=membership.code, say=sentence)


@blueprint.post("/equipe/<code:code>/role")
@allowed_to(Permission.STAFF_MANAGE, load=Membership.living_of_code)
def set_manager(membership):
    """Ask for one of the two states, never for the other one: sent twice, it is the same."""
    if (wanted := request.form.get("responsable")) not in ("oui", "non"):
        abort(400)
    membership.set_manager(wanted == "oui", by=actor())
    done = gettext(N_("Son rôle est changé."))
    return go_to("team.member", code=membership.code, say=done)


@blueprint.route("/equipe/<code:code>/retirer", methods=["GET", "POST"])
@allowed_to(Permission.STAFF_MANAGE, load=Membership.of_code)
def end(membership):
    """What stops is said before it stops; one ended already is as well ended."""
    if request.method == "GET" and not membership.ended_at:
        [place] = places_of([membership])
        return render_page("team/end.html", place=place)
    membership.end(by=actor())
    done = gettext(N_("%(name)s ne fait plus partie de l’équipe.")) % {
        "name": membership.account.name
    }
    return _back(membership, done)
