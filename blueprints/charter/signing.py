"""Signing the charter, proving it, and taking one's signature back (REQ 69, 121)."""

import hashlib

from flask import abort, request, url_for

from models.base import N_, ZONE, RuleBroken, typed_code
from models.charter.comparison import compare
from models.charter.signatures import (
    Capacity,
    CharterReplaced,
    CharterSignature,
    leave_network,
    obstacle,
)
from models.charter.versions import CharterVersion
from models.network.memberships import Membership, managers_of
from models.permissions import Permission
from models.text import one_line

from ..access import actor, allowed_to, open_to_all, signed_in
from ..forms import once
from ..languages import gettext, say
from ..pages import as_file, go_to, render_page
from .forms import SignForm
from .views import blueprint


def own_membership(code):
    """The living membership of this code, when it is the actor's own."""
    membership, account = Membership.living_of_code(code), actor()
    is_own = membership and account and membership.account_id == account.id
    return membership if is_own else None


@blueprint.get("/charte/signer")
@signed_in
def where_to_sign():
    """The one place where the signer works, or the choice of them."""
    places = actor().rights.places
    if len(places) == 1 and not places[0].membership.is_manager:
        return go_to("charter.sign", code=places[0].membership.code)
    return render_page(
        "charter/where_to_sign.html", places=places, current=CharterVersion.current()
    )


@blueprint.route("/charte/signer/<code:code>", methods=["GET", "POST"])
@allowed_to(Permission.CHARTER_SIGN, load=own_membership)
def sign(membership):
    return _read_and_sign(membership, Capacity.PROFESSIONAL)


@blueprint.route("/charte/engager/<code:code>", methods=["GET", "POST"])
@allowed_to(Permission.ORGANISATION_SIGN, load=own_membership)
def bind(membership):
    return _read_and_sign(membership, Capacity.ORGANISATION)


def _read_and_sign(membership, capacity):
    form = SignForm()
    if request.method == "GET":
        return _show(membership, capacity, form)
    read = CharterVersion.by_code(typed_code(form.version.data or ""))
    if read is None or not form.validate():
        return _show(membership, capacity, form, status=422)
    try:
        code = _sign_once(read, membership, capacity)
    except CharterReplaced as replaced:
        return _show_what_changed(membership, capacity, read, replaced)
    except RuleBroken as refusal:
        return _show(membership, capacity, form, status=409, refusal=refusal)
    return _prove(code, N_("Votre signature est enregistrée."))


def _sign_once(version, membership, capacity):
    """The code of the signature: sending the form twice, or again after withdrawing, signs once."""
    return once(lambda: CharterSignature.sign(version, membership, capacity).code)


def _prove(code, words):
    return go_to("charter.proof", code=code, say=gettext(words))


def _show(membership, capacity, form, *, status=200, refusal=None):
    version = CharterVersion.current()
    return render_page(
        "charter/sign.html",
        status=status,
        form=form,
        problems=form.problems,
        refusal=refusal and say(refusal),
        version=version,
        articles=version.ordered_articles() if version else [],
        held=version and CharterSignature.held(version, membership, capacity),
        obstacle=obstacle(membership, capacity),
        managers=managers_of(membership.organisation),
        **_who(membership, capacity),
    )


def _who(membership, capacity):
    endpoint = "charter.bind" if capacity == Capacity.ORGANISATION else "charter.sign"
    return {
        "membership": membership,
        "for_organisation": capacity == Capacity.ORGANISATION,
        "here": url_for(endpoint, code=membership.code),
    }


def _show_what_changed(membership, capacity, read, replaced):
    if read.is_draft:
        abort(404)
    return render_page(
        "charter/replaced.html",
        status=409,
        sentence=say(replaced),
        comparison=compare(read, CharterVersion.current()),
        **_who(membership, capacity),
    )


@blueprint.get("/charte/signatures/<code:code>")
@open_to_all
def proof(code):
    """Whoever holds the code may read what it proves; no search engine keeps it."""
    signature = CharterSignature.proof(code) or abort(404)
    answer = render_page("charter/proof.html", signature=signature, is_mine=_is_mine(signature))
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _is_mine(signature):
    account = actor()
    return account is not None and account.id == signature.account_id


@blueprint.get("/charte/signatures/<code:code>.txt")
@open_to_all
def proof_text(code):
    signature = CharterSignature.proof(code) or abort(404)
    text = signature.version.exact_text
    facts = render_page("charter/proof.txt", signature=signature, zone=ZONE).get_data(as_text=True)
    # A text that would no longer be the signed one proves nothing: better no file than a false one.
    if hashlib.sha256(text.encode()).hexdigest() != signature.text_hash:
        abort(500)
    answer = as_file(facts + text, f"signature-{code}.txt")
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@blueprint.get("/charte/verifier")
@open_to_all
def verify():
    typed = request.args.get("code", "")
    signature = CharterSignature.verified(typed)
    return render_page("charter/verify.html", typed=one_line(typed, 40), signature=signature)


@blueprint.route("/charte/retirer/<code:code>", methods=["GET", "POST"])
@allowed_to(Permission.CHARTER_SIGN, load=own_membership)
def withdraw(membership):
    if request.method == "POST":
        signature = CharterSignature.withdraw_own(membership)
        return _withdrawn(signature, N_("Votre signature est retirée."))
    signature = CharterSignature.of_member(membership)
    return render_page("charter/withdraw.html", membership=membership, signature=signature)


@blueprint.route("/charte/quitter/<code:code>", methods=["GET", "POST"])
@allowed_to(Permission.ORGANISATION_SIGN, load=own_membership)
def leave(membership):
    signature = CharterSignature.of_organisation(membership.organisation)
    if request.method == "POST":
        if membership.organisation.left_at is None:
            leave_network(membership)
        return _withdrawn(signature, N_("Votre organisme a quitté le réseau."))
    return render_page("charter/leave.html", membership=membership, signature=signature)


def _withdrawn(signature, words):
    """Show the proof, which says so; without any, the charter."""
    if signature is None:
        return go_to("charter.index", say=gettext(words))
    return _prove(signature.code, words)
