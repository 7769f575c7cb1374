"""The closed words of a liaison sheet: what makes it hard, what helps. Never why (REQ-182)."""

from ..base import N_, Vocabulary
from ..persons.sharing import Domain


class Difficulty(Vocabulary):
    """What is around the training and makes it hard to stay."""

    TRANSPORT = "transport", N_("Venir sur place")
    CHILDCARE = "garde", N_("Faire garder ses enfants")
    HOUSING = "logement", N_("Se loger")
    PAPERS = "papiers", N_("Avoir ses papiers en règle")
    MONEY = "ressources", N_("Avoir assez d’argent")
    HOURS = "horaires", N_("Tenir les horaires")
    LANGUAGE = "langue", N_("Comprendre, lire ou écrire le français")
    DIGITAL = "numerique", N_("Se servir d’un ordinateur ou d’un téléphone")
    EQUIPMENT = "materiel", N_("Avoir la tenue ou le matériel")
    ABSENCE = "absences", N_("Absences")
    ADAPTATION = "amenagement", N_("Aménagement demandé")

    @property
    def domain(self):
        """The domain that a référent must share with her to read it, or None (I1)."""
        return _DOMAINS.get(self)


_DOMAINS = {
    Difficulty.TRANSPORT: Domain.MOBILITY,
    Difficulty.CHILDCARE: Domain.FAMILY,
    Difficulty.HOUSING: Domain.HOUSING,
    Difficulty.PAPERS: Domain.RIGHTS,
    Difficulty.MONEY: Domain.RESOURCES,
    Difficulty.LANGUAGE: Domain.LANGUAGE,
    Difficulty.DIGITAL: Domain.DIGITAL,
}


class Adaptation(Vocabulary):
    """What is arranged so that she can work or learn; its cause is neither asked nor kept."""

    HOURS = "horaires", N_("Horaires aménagés")
    BREAKS = "pauses", N_("Pauses plus fréquentes")
    TIME = "temps", N_("Plus de temps pour faire")
    PLACE = "poste", N_("Poste ou matériel adapté")
    ACCESS = "acces", N_("Lieu accessible")
    WRITING = "ecrit", N_("Consignes par écrit")
    SPEAKING = "oral", N_("Consignes à l’oral")
    CALM = "calme", N_("Endroit calme")
    GUIDE = "tuteur", N_("Une personne à qui demander")


class NoteState(Vocabulary):
    """Where a difficulty stands."""

    REPORTED = "signalee", N_("Signalée")
    TAKEN = "prise-en-charge", N_("Prise en charge par le référent")
    LIFTED = "levee", N_("Levée")
