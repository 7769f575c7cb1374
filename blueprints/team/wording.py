"""The words of one's path: when a step was done, and what the next one waits for."""

from models.base import N_
from models.network.rights import Step

from ..languages import gettext

_TO_DO = {
    Step.ADMITTED: N_("Faire admettre votre organisme"),
    Step.ORGANISATION_SIGNED: N_("Engager votre organisme dans la charte"),
    Step.SIGNED: N_("Signer la charte en votre nom"),
    Step.TRAINED: N_("Suivre la formation"),
}
_WAITING = {
    Step.ADMITTED: N_("La coordination du réseau doit l’admettre."),
    Step.ORGANISATION_SIGNED: N_("Son responsable lit chaque article, puis signe."),
    Step.SIGNED: N_("Vous lisez chaque article, puis vous signez en votre nom."),
    Step.TRAINED: N_("Une autre personne la note : votre responsable, ou l’animation du réseau."),
}


def reached(place, step):
    """The day on which this step was done."""
    return {
        Step.ADMITTED: place.membership.organisation.admitted_at,
        Step.ORGANISATION_SIGNED: _moment(place.organisation_signature),
        Step.SIGNED: _moment(place.signature),
        Step.TRAINED: place.training and place.training.done_on,
    }[step]


def _moment(signature):
    return signature and signature.created_at


def to_do(step):
    """The step while it is not done."""
    return gettext(_TO_DO[step])


def awaited(step):
    """Who has to do what for this step to be done."""
    return gettext(_WAITING[step])


def register(blueprint):
    for say in (reached, to_do, awaited):
        blueprint.add_app_template_filter(say)
