"""The network seen by those who run it: requests, invitations, accesses to suspend or give back."""

from flask import abort, flash, redirect, request, url_for

from models.base import N_, RuleBroken
from models.charter.signatures import CharterSignature
from models.network.joining import AlreadyDecided, Invitation, JoinRequest, invite_organisation
from models.network.memberships import Membership, unmanaged
from models.network.organisations import Category, Organisation
from models.network.rights import places_of
from models.permissions import Permission

from ..access import actor, allowed_to
from ..forms import once
from ..languages import gettext, say
from ..pages import go_to, render_page
from .forms import AcceptForm, DeclineForm, InviteForm, SuspendForm
from .views import blueprint

NEW = "nouveau"


@blueprint.get("/coordination")
@allowed_to(Permission.NETWORK_READ)
def coordination():
    signed = CharterSignature.signed_organisation_ids()
    groups = {}
    for organisation in Organisation.network():
        state = organisation.network_state(has_signed=organisation.id in signed)
        groups.setdefault(state, []).append(organisation)
    return render_page(
        "joining/coordination.html",
        waiting=JoinRequest.waiting(),
        decided=JoinRequest.decided(10),
        groups=groups,
        invitations=Invitation.of_signatories(),
        unmanaged=unmanaged(),
    )


@blueprint.get("/coordination/demandes/<code:code>")
@allowed_to(Permission.NETWORK_READ, load=JoinRequest.followed)
def decide(asked):
    return _show_request(asked, AcceptForm(), DeclineForm())


def _show_request(asked, accepting, declining, *, problems=()):
    likely = asked.likely_organisations() if asked.is_waiting else []
    return render_page(
        "joining/decide.html",
        status=422 if problems else 200,
        asked=asked,
        likely=likely,
        accepting=accepting,
        declining=declining,
        problems=problems,
        new=NEW,
    )


@blueprint.post("/coordination/demandes/<code:code>/accepter")
@allowed_to(Permission.NETWORK_ADMIT, load=JoinRequest.followed)
def accept_request(asked):
    likely = {row.code: row for row in asked.likely_organisations()}
    form = AcceptForm()
    form.organisme.choices = [(code, code) for code in (NEW, *likely)]
    if not form.validate():
        return _show_request(asked, form, DeclineForm(), problems=form.problems)
    chosen = likely.get(form.organisme.data)
    known = chosen and Organisation.get_by_id(chosen.id)
    return _decide(asked, "organisme", lambda: asked.accept(by=actor(), organisation=known).code)


@blueprint.post("/coordination/demandes/<code:code>/refuser")
@allowed_to(Permission.NETWORK_ADMIT, load=JoinRequest.followed)
def decline_request(asked):
    form = DeclineForm()
    if not form.validate():
        return _show_request(asked, AcceptForm(), form, problems=form.problems)
    return _decide(asked, "motif", lambda: asked.decline(form.motif.data, by=actor()))


def _decide(asked, about, act):
    """Do it once and say so; a decision taken meanwhile, or a rule, is told on its page."""
    try:
        once(act)
    except AlreadyDecided:
        answered = JoinRequest.followed(asked.code)
        return render_page("joining/decided.html", status=409, asked=answered)
    except RuleBroken as broken:
        return _show_request(asked, AcceptForm(), DeclineForm(), problems={about: say(broken)})
    done = gettext(N_("La réponse est enregistrée et part par courriel."))
    return go_to("joining.decide", code=asked.code, say=done)


@blueprint.route("/coordination/inviter", methods=["GET", "POST"])
@allowed_to(Permission.NETWORK_ADMIT)
def invite():
    known = {row.code: row for row in Organisation.network()}
    form = InviteForm()
    form.organisme.choices = [("", ""), *((code, row.name) for code, row in known.items())]
    if request.method == "GET" or not form.validate():
        return _show_invite(form, form.problems)
    try:
        once(lambda: _invite(form, known))
    except RuleBroken as broken:
        return _show_invite(form, {"courriel": say(broken)})
    return go_to("joining.coordination", say=gettext(N_("L’invitation part par courriel.")))


def _show_invite(form, problems):
    return render_page(
        "joining/invite.html",
        status=422 if problems else 200,
        form=form,
        problems=problems,
        known=[(row.code, row.name) for row in Organisation.enterable()],
        categories=Category.choices(),
    )


def _invite(form, known):
    organisation = known.get(form.organisme.data) or Organisation(
        name=form.nouveau.data, category=form.categorie.data
    )
    sent = invite_organisation(organisation, form.courriel.data, form.contact.data, by=actor())
    return sent.code


def signatory_invitation(code):
    """Only invitations of signatories: the others belong to the team that made them."""
    found = Invitation.by_code(code)
    return found if found and found.is_manager else None


@blueprint.post("/coordination/invitations/<code:code>/renvoyer")
@allowed_to(Permission.NETWORK_ADMIT, load=signatory_invitation)
def resend(found):
    once(lambda: found.resend(by=actor()))
    done = gettext(N_("Un nouveau lien part par courriel ; l’ancien ne sert plus."))
    return go_to("joining.coordination", say=done)


@blueprint.post("/coordination/invitations/<code:code>/retirer")
@allowed_to(Permission.NETWORK_ADMIT, load=signatory_invitation)
def withdraw(found):
    found.withdraw(by=actor())
    return go_to("joining.coordination", say=gettext(N_("L’invitation est retirée.")))


@blueprint.get("/coordination/organismes/<code:code>")
@allowed_to(Permission.NETWORK_READ, load=Organisation.by_code)
def organisation(one):
    return _show_organisation("joining/organisation.html", one)


def _show_organisation(template, one, *, status=200, **context):
    places = places_of(Membership.of_organisation(one))
    signature = CharterSignature.of_organisation(one)
    return render_page(
        template,
        status=status,
        organisation=one,
        state=one.network_state(has_signed=signature is not None),
        signature=signature,
        members=places,
        writers=[place for place in places if place.may_write],
        managers=[place for place in places if place.membership.is_manager],
        invitations=Invitation.of_organisation(one),
        **context,
    )


@blueprint.route("/coordination/organismes/<code:code>/suspendre", methods=["GET", "POST"])
@allowed_to(Permission.NETWORK_SUSPEND, load=Organisation.by_code)
def suspend(one):
    """What stops is said before it stops."""
    form = SuspendForm()
    if request.method == "GET" and one.is_admitted:
        return _show_organisation("joining/suspend.html", one, form=form, problems={})
    if request.method == "GET":
        return redirect(url_for("joining.organisation", code=one.code), 303)
    if not form.validate():
        return _show_organisation(
            "joining/suspend.html", one, status=422, form=form, problems=form.problems
        )
    if not one.suspended_at:
        one.suspend(form.motif.data, by=actor())
    return _back(one, N_("L’accès est suspendu."))


@blueprint.post("/coordination/organismes/<code:code>/rendre")
@allowed_to(Permission.NETWORK_SUSPEND, load=Organisation.by_code)
def resume(one):
    if not one.is_admitted:
        one.resume(by=actor())
    return _back(one, N_("L’accès est rendu."))


@blueprint.post("/coordination/organismes/<code:code>/readmettre")
@allowed_to(Permission.NETWORK_ADMIT, load=Organisation.by_code)
def readmit(one):
    if not one.left_at and not one.is_admitted:
        abort(409)
    if not one.is_admitted:
        one.admit(by=actor())
    return _back(one, N_("L’organisme est de nouveau dans le réseau : il doit signer la charte."))


def _back(one, sentence):
    flash(gettext(sentence))
    return redirect(url_for("joining.organisation", code=one.code), 303)
