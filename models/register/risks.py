"""The impact assessment (RGPD, article 35): what could happen to people, and what prevents it.

A draft written with the code, so that it says what is done; the delegate decides what is enough.
"""

from typing import NamedTuple

from ..base import N_


class Risk(NamedTuple):
    """`harm` to the person, where it would come from, and what is in place against it."""

    name: str
    title: str
    harm: str
    sources: str
    measures: tuple[str, ...]


RISKS = (
    Risk(
        "acces",
        N_("Quelqu’un lit un dossier sans en avoir le droit"),
        N_("Se savoir exposé, être jugé, perdre une chance d’emploi ou de logement."),
        N_("Un collègue curieux, un ancien salarié, un écran partagé, un vol de la base."),
        (
            N_("Un dossier s’ouvre avec l’accord de la personne et un lien de référent."),
            N_("Le droit est relu à chaque page : un accord retiré ferme la page suivante."),
            N_("Chaque lecture est écrite avant d’être montrée. La personne voit qui a lu."),
            N_("Noms et contacts sont chiffrés. La clé n’est pas dans la base."),
            N_("L’administration du portail ne lit aucun dossier."),
            N_("« Mon espace » se ferme après cinq minutes sur un écran partagé."),
        ),
    ),
    Risk(
        "modification",
        N_("Un dossier dit quelque chose de faux"),
        N_("Recevoir une mauvaise proposition, ou devoir se justifier."),
        N_("Une erreur de saisie, une confusion entre deux personnes, un abus."),
        (
            N_("Aucun texte libre : des choix dans une liste, des dates, des nombres."),
            N_("La personne relit tout, et demande une correction."),
            N_("Un accord ne se réécrit pas : un autre le remplace, et l’ancien reste lisible."),
            N_("Un texte chiffré, déplacé d’une personne à une autre, ne s’ouvre plus."),
            N_("Chaque changement a sa trace, avec son auteur."),
        ),
    ),
    Risk(
        "disparition",
        N_("Un dossier disparaît trop tôt, ou reste trop longtemps"),
        N_("Tout redire à un autre référent, ou être suivi par un passé que l’on veut oublier."),
        N_("Une panne, une clé perdue, un effacement par erreur, un effacement oublié."),
        (
            N_("La personne et son référent sont prévenus un mois avant l’effacement."),
            N_("L’effacement se fait seul, personne par personne. Coupé, il reprend."),
            N_("Une mauvaise clé empêche le portail de démarrer."),
            N_("La personne emporte tout quand elle veut, et efface quand elle veut."),
        ),
    ),
)

# What people who know the law and the place must decide.
TO_DECIDE = (
    N_("La gravité et la vraisemblance de chacun de ces risques."),
    N_("Qui signe l’accord entre co-responsables, et qui en est le point de contact."),
    N_("Si vingt-quatre mois conviennent, pour les jeunes comme pour les adultes."),
    N_("Où les sauvegardes sont gardées, et combien de temps : un mois au plus est proposé."),
    N_("Qui garde la clé de chiffrement, et sa copie."),
    N_("Si les personnes concernées, ou leurs associations, ont donné leur avis."),
    N_("Si le risque qui reste est acceptable, ou si la CNIL doit être consultée."),
)

SECURITY = (
    N_("Noms, téléphones et adresses des personnes sont chiffrés dans la base."),
    N_("La clé est gardée ailleurs. Une sauvegarde seule ne dit aucun nom."),
    N_("Chaque droit est relu dans la base à chaque page."),
    N_("Chaque lecture d’un dossier est écrite avant d’être montrée, ou refusée."),
    N_("Ceux qui dirigent ou animent ont un second code pour se connecter."),
    N_("Aucun autre site n’est appelé par les pages."),
    N_("Le numéro de sécurité sociale est refusé partout."),
)
