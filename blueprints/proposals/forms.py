"""What is chosen to ask for a change: a reason of a list, or a subject."""

from models.base import N_
from models.persons.sharing import Domain
from models.questionnaire.proposals import TEMPLATES, Reason

from ..forms import Form, OneOf


class ChangeForm(Form):
    """About one question."""

    raison = OneOf(
        N_("Pourquoi"),
        [(one.value, one.label) for one in Reason.about_a_question()],
        wrong=N_("choisissez une raison."),
    )


class MissingForm(Form):
    """About a question that is missing."""

    trame = OneOf(
        N_("Dans quelle trame"),
        [(key, "") for key in TEMPLATES],
        wrong=N_("choisissez une trame."),
    )
    domaine = OneOf(N_("Sur quel sujet"), Domain.choices(), wrong=N_("choisissez un sujet."))
