"""The way into the network, from an organisation’s request to its first professional who may
write: the same five stages for the applicant and for the coordination (REQ 4, 69, 70)."""

from typing import NamedTuple

from ..base import N_, Vocabulary
from .memberships import Membership
from .rights import places_of


class Stage(Vocabulary):
    """The way in, in the order one walks it."""

    ASKED = "demande", N_("Votre organisme demande à entrer")
    ADMITTED = "validation", N_("La coordination valide la demande")
    ORGANISATION_SIGNED = "signature-organisme", N_("Votre responsable engage l’organisme")
    SIGNED = "signature", N_("Chaque professionnel signe la charte")
    TRAINED = "formation", N_("La formation ouvre le droit d’écrire")


class Walked(NamedTuple):
    """A stage: `state` is done, now or later; `since` is the moment it was reached, if known."""

    stage: Stage
    state: str
    since: object


def stages_of(request):
    """Every stage of a request to join, as things stand today."""
    since = _reached(request)
    is_done = {stage: stage in since for stage in Stage}
    following = next((stage for stage in Stage if not is_done[stage]), None)
    return [
        Walked(stage, _state(is_done[stage], stage == following), since.get(stage))
        for stage in Stage
    ]


def _state(is_done, is_next):
    return "done" if is_done else "now" if is_next else "later"


def _reached(request):
    """`{stage: moment}`, up to the first stage that is missing."""
    moments = {Stage.ASKED: request.created_at}
    organisation = request.organisation
    if not organisation or not organisation.is_admitted:
        return moments
    moments[Stage.ADMITTED] = organisation.admitted_at
    places = places_of(Membership.of_organisation(organisation))
    return moments | _signed(places)


def _signed(places):
    bound = [p.organisation_signature.created_at for p in places if p.organisation_signature]
    signed = [p.signature.created_at for p in places if p.signature] if bound else []
    writing = [p.training.done_on for p in places if p.may_write]
    found = (
        (Stage.ORGANISATION_SIGNED, bound),
        (Stage.SIGNED, signed),
        (Stage.TRAINED, writing),
    )
    return {stage: min(moments) for stage, moments in found if moments}
