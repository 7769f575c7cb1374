"""What becomes of a prescription, in closed words: states, refusals, outcomes, who moved it."""

from ..base import N_, Vocabulary


class State(Vocabulary):
    """Where a prescription stands: the same word for its prescriber, its provider and her."""

    DRAFT = "brouillon", N_("En préparation")
    SENT = "envoyee", N_("Attend une réponse")
    ACCEPTED = "acceptee", N_("Acceptée")
    DECLINED = "refusee", N_("Refusée")
    EXPIRED = "sans-reponse", N_("Close sans réponse")
    CANCELLED = "annulee", N_("Annulée")


# From where one may go where; nothing leaves the other states.
MOVES = {
    State.DRAFT: {State.SENT, State.CANCELLED},
    State.SENT: {State.ACCEPTED, State.DECLINED, State.EXPIRED, State.CANCELLED},
    State.ACCEPTED: {State.CANCELLED},
}


class Refusal(Vocabulary):
    """Why a provider declines; several may be given. Never a word of its own about somebody."""

    FULL = "complet", N_("Il n’y a plus de place")
    CONDITIONS = "conditions", N_("La personne ne remplit pas les conditions")
    DATES = "dates", N_("Les dates ne vont pas")
    FAR = "trop-loin", N_("C’est trop loin de chez la personne")
    PAPERS = "papiers", N_("Il manque un papier")
    UNREACHABLE = "injoignable", N_("Nous n’arrivons pas à joindre la personne")
    OTHER = "autre-action", N_("Une autre action conviendrait mieux")
    STOPPED = "arretee", N_("Cette action n’est plus proposée")


class Outcome(Vocabulary):
    """What came of it, in one choice (REQ « retour d’issue obligatoire en 1 choix »)."""

    CAME = "venue", N_("La personne est venue")
    NOT_COME = "pas-venue", N_("La personne n’est pas venue")
    FULL = "complet", N_("Finalement, c’était complet")
    UNSUITABLE = "pas-adapte", N_("Ce n’était pas adapté")
    DONE = "faite", N_("C’est fait, jusqu’au bout")


# What is not over: she came, and the action goes on.
GOING_ON = (None, Outcome.CAME)


class Side(Vocabulary):
    """Who acts."""

    PRESCRIBER = "prescripteur", N_("Le référent")
    PROVIDER = "organisme", N_("L’organisme de l’action")
    PERSON = "personne", N_("La personne")
    SERVICE = "portail", N_("Le portail")


class Move(Vocabulary):
    """What was done, and when: a line of the history."""

    STARTED = "preparee", N_("Préparée")
    WRITTEN = "changee", N_("Changée avant l’accord")
    SENT = "envoyee", N_("Envoyée, avec l’accord de la personne")
    LINKED = "lien", N_("Nouveau lien envoyé à l’organisme")
    REMINDED = "rappelee", N_("Rappelée à l’organisme")
    OTHER_DAY = "autre-jour", N_("L’organisme propose un autre jour")
    ACCEPTED = "acceptee", N_("Acceptée")
    DECLINED = "refusee", N_("Refusée")
    EXPIRED = "close", N_("Close, faute de réponse")
    CANCELLED = "annulee", N_("Annulée")
    CONCLUDED = "issue", N_("Issue notée")
