"""Who asked for a question, and why: a role and a reason of closed lists, never a name (REQ-39)."""

from ..base import N_, Vocabulary
from ..permissions import Standing


class Asker(Vocabulary):
    """The role of whoever asked for a question, or votes."""

    PERSON = "personne", N_("Une personne accompagnée")
    PROFESSIONAL = "professionnel", N_("Un professionnel du réseau")
    PARTNER = "partenaire", N_("Un organisme partenaire")
    COORDINATION = "coordination", N_("La coordination du réseau")
    COMMITTEE = "comite", N_("Le comité")

    @classmethod
    def of(cls, actor):
        """The role of an account or of an accompanied person."""
        if actor.is_accompanied:
            return cls.PERSON
        steering = {Standing.ANIMATOR, Standing.COORDINATOR}
        return cls.COORDINATION if steering & set(actor.rights.standings) else cls.PROFESSIONAL


class AskedWhy(Vocabulary):
    """What the question is there for."""

    MISSING = "sujet-manquant", N_("Ce sujet manquait")
    CHOICE = "choix-manquant", N_("Une réponse manquait")
    CLEARER = "plus-clair", N_("La question était mal comprise")
    GENTLER = "moins-intime", N_("La question gênait")
    SHORTER = "inutile", N_("La réponse ne servait pas")
    LAW = "cadre-legal", N_("La loi le demande")
    ACTIONS = "trouver-une-action", N_("Elle aide à trouver une action")
