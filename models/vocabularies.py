"""The closed lists of an action sheet: the national ones from data·inclusion, and our own.

Each list is a mapping `value → French label` in the order it is shown. A value outside its list
is kept by imports and shown as `OTHER`.
"""

from data_inclusion.schema import v1

from .base import N_, Vocabulary

OTHER = "autre"
OTHER_LABEL = N_("Autre")


def _labels(enumeration):
    return {member.value: member.label for member in enumeration}


CATEGORIES = _labels(v1.Categorie)
THEMATICS = _labels(v1.Thematique)
MINIMUM_INCOME = "beneficiaires-des-minimas-sociaux"
# The national list has no finer value for the RSA: the label says that it is in this one (REQ-14).
AUDIENCES = _labels(v1.Public) | {MINIMUM_INCOME: N_("Bénéficiaires du RSA et des autres minima")}
SERVICE_TYPES = _labels(v1.TypeService)
FEES = _labels(v1.Frais)
RECEPTION_MODES = _labels(v1.ModeAccueil)
MOBILISATION_MODES = _labels(v1.ModeMobilisation)
MOBILISERS = _labels(v1.PersonneMobilisatrice)
NETWORKS = _labels(v1.ReseauPorteur)

# The forms of action named by the seed documents (REQ 16, 26, 27), finer than the national type.
FORMATS = {
    "formation": N_("Formation"),
    "webinaire": N_("Webinaire"),
    "presentation": N_("Présentation"),
    "visite": N_("Visite d’entreprise"),
    "accompagnement": N_("Accompagnement"),
    "atelier": N_("Atelier"),
    "aide": N_("Aide"),
    "demonstration": N_("Démonstration"),
    "mise-en-situation": N_("Mise en situation professionnelle"),
    "ambassadeur-metier": N_("Ambassadeur métier"),
    "lieu-d-information": N_("Lieu d’information"),
}
REFERRERS = {
    "personne": N_("La personne elle-même"),
    "referent-spie": N_("Un référent SPIE"),
    "conseiller-emploi": N_("Un conseiller emploi"),
    "travailleur-social": N_("Un travailleur social"),
    "tout-professionnel": N_("Tout professionnel"),
}
LANGUAGES = {
    "fr": N_("Français"),
    "en": N_("Anglais"),
    "ar": N_("Arabe"),
    "es": N_("Espagnol"),
    "pt": N_("Portugais"),
    "ru": N_("Russe"),
    "uk": N_("Ukrainien"),
    "tr": N_("Turc"),
    "ro": N_("Roumain"),
    "fsl": N_("Langue des signes française"),
}


class Status(Vocabulary):
    """Where a sheet stands between its author and the public (product rules, §3)."""

    DRAFT = "brouillon", N_("Brouillon")
    IN_REVIEW = "en-relecture", N_("En relecture")
    PUBLISHED = "publiee", N_("Publiée")
    ARCHIVED = "archivee", N_("Archivée")


def category_of(thematic):
    """The theme that holds a thematic: national values are written `theme--thematic`."""
    return thematic.partition("--")[0]


def label(vocabulary, value):
    """The French label of a value, or the label of `OTHER` when the list does not hold it."""
    return vocabulary.get(value, OTHER_LABEL)


def every_label():
    """All labels, for the translation catalogues."""
    lists = (
        CATEGORIES, THEMATICS, AUDIENCES, SERVICE_TYPES, FEES, RECEPTION_MODES,
        MOBILISATION_MODES, MOBILISERS, FORMATS, REFERRERS, LANGUAGES,
    )  # fmt: skip
    return sorted({text for labels in lists for text in labels.values()})
