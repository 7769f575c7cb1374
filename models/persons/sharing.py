"""What a person may share: her file, the fifteen domains of the diagnostic, her passport."""

import hashlib

from ..base import N_, Vocabulary


class Domain(Vocabulary):
    """The domains of the single template, whose `sensitivity` goes from 1 to 3 (TRAME, 2024)."""

    SUPPORT = "coordination", N_("Votre accompagnement")
    PROJECT = "projet", N_("Projet et métier")
    TRAINING = "formation", N_("Formation")
    EMPLOYMENT = "emploi", N_("Recherche et maintien dans l’emploi")
    LANGUAGE = "langue", N_("Langue, lecture, calcul")
    DIGITAL = "numerique", N_("Numérique")
    MOBILITY = "mobilite", N_("Déplacements")
    HOUSING = "logement", N_("Logement")
    FAMILY = "famille", N_("Famille et garde")
    RESOURCES = "ressources", N_("Ressources et budget")
    FOOD = "alimentation", N_("Alimentation")
    RIGHTS = "droits", N_("Droits et démarches")
    HEALTH = "sante", N_("Santé et bien-être")
    NETWORK = "reseau", N_("Entourage et contacts")
    MOTIVATION = "motivation", N_("Motivation et confiance")

    @property
    def sensitivity(self):
        """1: the agreement as a whole; 2: ticked by itself; 3: ticked by itself, and on paper or
        with her own code, never on a list nor in an export."""
        return _SENSITIVITY.get(self, 1)


_SENSITIVITY = dict.fromkeys(
    (Domain.LANGUAGE, Domain.HOUSING, Domain.FAMILY, Domain.RESOURCES, Domain.FOOD,
     Domain.RIGHTS, Domain.NETWORK),
    2,
) | {Domain.HEALTH: 3}  # fmt: skip

# The exact words agreed to, by number: a number never changes its words.
WORDINGS = {
    "1": N_(
        "J’accepte que cet organisme, et lui seul, lise et complète ce que j’ai coché, jusqu’à la "
        "date dite. Je peux retirer cet accord à tout moment, sans donner de raison. Ce que "
        "l’organisme a déjà fait reste écrit. Je vois qui a ouvert mon dossier, et quand."
    )
}
WORDING = "1"


def fingerprint_of(number):
    """The SHA-256 of the exact French words of a wording."""
    return hashlib.sha256(WORDINGS[number].encode()).hexdigest()
