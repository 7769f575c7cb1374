"""The words of joining that depend on what is told: choices, and what each stage waits for."""

import datetime as dt

from models.base import N_
from models.network.joining import DeclineReason
from models.network.joining_path import Stage
from models.network.organisations import SuspensionReason

from ..display import day
from ..languages import gettext

FOLLOWING = {
    Stage.ADMITTED: N_("La coordination lit votre demande, et vous écrit."),
    Stage.ORGANISATION_SIGNED: N_(
        "Le responsable suit le lien reçu par courriel, lit la charte et la signe."
    ),
    Stage.SIGNED: N_("Il invite son équipe ; chacun signe en son nom."),
    Stage.TRAINED: N_("La formation est notée par un responsable ou par l’animation."),
}


def following(one):
    """What has to happen for a stage to be reached."""
    return gettext(FOLLOWING.get(one.stage, ""))


def answer(asked):
    """Who answered a request, when, and by what."""
    values = {
        "state": gettext(asked.state.label),
        "day": day(asked.decided_at),
        "who": asked.decided_by.name,
    }
    sentence = gettext(N_("%(state)s le %(day)s par %(who)s.")) % values
    reason = asked.decline_reason
    return f"{sentence} {gettext(reason.label)}." if reason else sentence


def invited(inviter, organisation):
    """The first sentence of an invitation."""
    if inviter:
        sentence = gettext(N_("%(who)s vous invite à rejoindre : %(organisation)s."))
        return sentence % {"who": inviter, "organisation": organisation}
    sentence = gettext(N_("Vous êtes invité à rejoindre : %(organisation)s."))
    return sentence % {"organisation": organisation}


def decline_reason(value):
    """The reason of an e-mail, in its reader’s language."""
    return gettext(DeclineReason(value).label)


def suspension_reason(value):
    """The reason of a suspension, in the reader’s language."""
    return gettext(SuspensionReason(value).label)


def iso_day(value):
    """The day that a value of an e-mail holds as text."""
    return day(dt.date.fromisoformat(value))


GLOBALS = (following, answer, invited)
FILTERS = (decline_reason, iso_day, suspension_reason)


def register(blueprint):
    """Make these words known to the templates."""
    for say in GLOBALS:
        blueprint.add_app_template_global(say)
    for say in FILTERS:
        blueprint.add_app_template_filter(say)
