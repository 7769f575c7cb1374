"""The activities of the register: why data about people is kept, and who reads it."""

from ..base import N_
from .form import Activity, Basis

_TEAM = N_("Les professionnels des organismes du réseau.")
_OWN_ACCOUNT = N_("Sur la page « Mon compte », ou en le demandant.")

ACCOMPANIMENT = Activity(
    "accompagnement",
    N_("Accompagner une personne vers l’emploi"),
    N_("Savoir qui est accompagné, par qui, et ce que la personne accepte de partager."),
    Basis.MISSION,
    N_("Les personnes accompagnées, et les professionnels qui les accompagnent."),
    N_(
        "La personne. Les professionnels qui l’accompagnent, dans les organismes à qui elle a "
        "donné son accord. Personne d’autre : ni l’animation, ni l’administration du portail."
    ),
    N_("Dans « Mon espace » : tout lire, tout emporter, demander une correction, fermer."),
    is_of_persons=True,
    rule=N_(
        "L’accord de partage est une règle de la charte : sans lui, le dossier ne s’ouvre pas. "
        "Il n’est pas la base légale."
    ),
)
PRESCRIBING = Activity(
    "prescription",
    N_("Demander une action pour une personne, et la suivre jusque dans l’emploi"),
    N_("Adresser une personne à un organisme, avoir sa réponse, savoir ce qui est arrivé."),
    Basis.MISSION,
    N_("Les personnes accompagnées, leurs référents, et qui répond pour un organisme."),
    N_(
        "La personne et ses référents. L’organisme de l’action, pour ce que la personne accepte "
        "de partager, tant que la demande est ouverte. Un employeur, pour ce qu’elle coche."
    ),
    N_("Dans « Mon espace » : tout lire, accepter, annuler, arrêter de partager."),
    is_of_persons=True,
    rule=N_("Rien ne part sans son accord, donné après avoir lu ce qui part."),
)
OWN_SPACE = Activity(
    "mon-espace",
    N_("Ouvrir « Mon espace » à la personne, et à elle seule"),
    N_("Reconnaître la personne, et fermer son espace sur un écran partagé."),
    Basis.MISSION,
    N_("Les personnes accompagnées."),
    N_("La personne."),
    N_("Dans « Mon espace »."),
    is_of_persons=True,
)
TRACES = Activity(
    "traces",
    N_("Savoir qui a fait quoi"),
    N_("Montrer à chaque personne qui a ouvert son dossier. Trouver un abus ou une erreur."),
    Basis.DUTY,
    N_("Les personnes accompagnées et les professionnels."),
    N_(
        "La personne, pour son dossier. Le professionnel, pour ses actes. Le contrôle, sans le nom "
        "des personnes."
    ),
    N_("Dans « Mon espace » et sur « Mon compte »."),
    is_of_persons=True,
)
ACCOUNTS = Activity(
    "comptes",
    N_("Connecter les professionnels"),
    N_("Reconnaître un professionnel, et empêcher qu’un autre se connecte à sa place."),
    Basis.MISSION,
    N_("Les professionnels."),
    N_("Le professionnel. L’administration du portail, sans mot de passe ni code."),
    _OWN_ACCOUNT,
)
NETWORK = Activity(
    "reseau",
    N_("Faire vivre le réseau et sa charte"),
    N_("Savoir qui agit pour quel organisme, et qui s’est engagé à respecter la charte."),
    Basis.MISSION,
    N_("Les professionnels, et ceux qui demandent à entrer."),
    N_(
        "Tout le monde, pour les engagements des organismes et les fiches que les référents "
        "publient. Le reste : l’organisme, l’animation et la coordination."
    ),
    _OWN_ACCOUNT,
)
BANK = Activity(
    "banque-d-actions",
    N_("Tenir la banque d’actions"),
    N_("Publier des actions justes, et savoir qui a écrit, corrigé ou confirmé une fiche."),
    Basis.MISSION,
    N_("Les professionnels qui écrivent, et les contacts publiés sur les fiches."),
    N_("Tout le monde, pour ce qui est publié. Les professionnels du réseau, pour le reste."),
    _OWN_ACCOUNT,
)
FOLLOWING = Activity(
    "favoris",
    N_("Garder des favoris, des listes et des recherches"),
    N_("Retrouver des actions, et être prévenu quand il y en a de nouvelles."),
    Basis.MISSION,
    _TEAM,
    N_("Le professionnel seul. Une liste partagée : ceux qui ont son adresse."),
    _OWN_ACCOUNT,
)
MESSAGES = Activity(
    "courriels",
    N_("Écrire des courriels"),
    N_("Prévenir d’un fait qui concerne celui qui le reçoit. Aucun ne nomme de personne suivie."),
    Basis.MISSION,
    N_("Ceux à qui le portail écrit."),
    N_("Celui à qui l’on écrit. L’administration voit l’adresse et le sujet, sans le texte."),
    N_("Dans sa propre boîte de courriel, ou en le demandant."),
)

ACTIVITIES = (
    ACCOMPANIMENT, PRESCRIBING, OWN_SPACE, TRACES, ACCOUNTS, NETWORK, BANK, FOLLOWING, MESSAGES,
)  # fmt: skip
