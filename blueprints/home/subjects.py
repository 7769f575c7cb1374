"""The doors of the first page: everyday words in front of the national themes."""

from typing import NamedTuple

from models.base import N_


class Subject(NamedTuple):
    """`value` is a theme or a thematic of data·inclusion; `icon` the path of a 24-unit drawing."""

    value: str
    words: str
    icon: str


SUBJECTS = (
    Subject(
        "famille--garde-denfants",
        N_("Garde d’enfant"),
        "M12 3.5a3.5 3.5 0 1 0 .1 0M5 21c0-5 3-7.5 7-7.5s7 2.5 7 7.5M9 17h6",
    ),
    Subject("trouver-un-emploi", N_("Trouver un emploi"), "M3 8h18v11H3zM9 8V5h6v3M3 13h18"),
    Subject(
        "choisir-un-metier",
        N_("Choisir un métier"),
        "M12 3v18M6 6h12l3 3-3 3H6zM12 15h-6l-2-1.5 2-1.5",
    ),
    Subject(
        "se-former",
        N_("Se former"),
        "M12 6C9 4 6 4 3 5v13c3-1 6-1 9 1 3-2 6-2 9-1V5c-3-1-6-1-9 1zM12 6v13",
    ),
    Subject("mobilite", N_("Se déplacer"), "M4 5h16v12H4zM4 11h16M7 17v3M17 17v3"),
    Subject("logement-hebergement", N_("Se loger"), "M3 11l9-7 9 7v9H3zM9 20v-6h6v6"),
    Subject(
        "lecture-ecriture-calcul",
        N_("Lire, écrire, parler français"),
        "M4 5h16v11H11l-5 4v-4H4zM8 9h8M8 12h5",
    ),
    Subject("numerique", N_("Utiliser Internet"), "M7 3h10v18H7zM11 18h2"),
    Subject(
        "difficultes-financieres", N_("Gérer son budget"), "M18 6a7 7 0 1 0 0 12M4 10h9M4 14h9"
    ),
    Subject(
        "difficultes-administratives-ou-juridiques",
        N_("Faire ses papiers"),
        "M6 3h9l3 3v15H6zM9 10h6M9 14h6M9 18h3",
    ),
    Subject(
        "sante",
        N_("Prendre soin de soi"),
        "M12 20C5 15 3 11 3 8.5A4.5 4.5 0 0 1 12 7a4.5 4.5 0 0 1 9 1.5C21 11 19 15 12 20z",
    ),
    Subject(
        "remobilisation",
        N_("Reprendre confiance"),
        "M12 3v3M12 18v3M3 12h3M18 12h3M6 6l2 2M16 16l2 2M18 6l-2 2M8 16l-2 2M12 9a3 3 0 1 0 .1 0",
    ),
)

# National numbers, free and open day and night; checked on public pages on 21 November 2026.
EMERGENCY_NUMBERS = (
    ("112", N_("Toute urgence")),
    ("114", N_("Urgence, par SMS")),
    ("115", N_("Sans abri ce soir")),
    ("3919", N_("Violences")),
    ("3114", N_("Idées de suicide")),
)
