"""Why a record is refused, said in French: the schema's own messages are never shown."""

# National and portal fields, in the words of the person who keeps the file.
FIELDS = {
    "source": "producteur",
    "id": "identifiant",
    "structure_id": "identifiant de l’organisation",
    "nom": "nom",
    "description": "description",
    "date_maj": "date de mise à jour",
    "lien_source": "lien vers la source",
    "type": "type de service",
    "thematiques": "thématiques",
    "frais": "frais",
    "frais_precisions": "précisions sur les frais",
    "publics": "publics",
    "publics_precisions": "précisions sur les publics",
    "conditions_acces": "conditions d’accès",
    "commune": "commune",
    "code_postal": "code postal",
    "code_insee": "code INSEE de la commune",
    "adresse": "adresse",
    "complement_adresse": "complément d’adresse",
    "longitude": "longitude",
    "latitude": "latitude",
    "telephone": "téléphone",
    "courriel": "courriel",
    "modes_accueil": "modes d’accueil",
    "zone_eligibilite": "zone d’éligibilité",
    "lien_mobilisation": "lien de mobilisation",
    "modes_mobilisation": "modes de mobilisation",
    "mobilisable_par": "qui peut mobiliser",
    "mobilisation_precisions": "précisions sur la mobilisation",
    "volume_horaire_hebdomadaire": "heures par semaine",
    "nombre_semaines": "nombre de semaines",
    "horaires_accueil": "horaires d’accueil",
    "siret": "SIRET",
    "site_web": "site web",
    "accessibilite_lieu": "lien sur l’accessibilité du lieu",
    "reseaux_porteurs": "réseaux porteurs",
    "portail": "informations propres au portail",
    "categorie": "catégorie",
    "categorie_passeport": "catégorie du réseau du passeport",
    "role": "rôle",
    "territoire": "territoire",
    "note": "note",
    "membre_du_reseau": "membre du réseau",
    "demonstration": "démonstration",
    "autres_valeurs": "autres valeurs",
    "statut": "statut",
    "modele": "modèle",
    "en_une_phrase": "résumé en une phrase",
    "format": "format",
    "besoins": "besoins",
    "places": "places",
    "prochaines_sessions": "prochaines séances",
    "age": "âge",
    "langues": "langues",
    "documents_a_apporter": "documents à apporter",
    "organismes_en_appui": "organismes en appui",
    "peut_orienter": "qui peut orienter",
    "contact_orientation": "contact pour orienter",
    "rythme_verification_mois": "rythme de vérification",
    "verifie_le": "date de vérification",
    "verifie_par": "auteur de la vérification",
    "sans_internet": "accès sans internet",
    "origine": "origine",
    "urgence": "urgence",
    "sensibilite": "sensibilité",
    "remuneration_et_aides": "rémunération et aides",
    "insertion": "insertion après la formation",
    "temoignages": "témoignages d’employeurs",
    "actions_rattachees": "actions rattachées",
}

MISSING = "cette information manque"
NOT_TEXT = "il faut du texte"
_BAD_DAY = "il faut une date de la forme AAAA-MM-JJ"
_BAD_URL = "il faut une adresse web complète, qui commence par https://"
_BAD_MAIL = "il faut une adresse électronique valable, comme accueil@exemple.fr"
_PAST_DAY = "la date ne peut pas être dans le futur, ni avant l’an 2000"
_WHOLE = "il faut un nombre entier"
_LIST = "il faut une liste"
_OBJECT = "il faut un objet"
_LENGTHS = {
    "string_too_short": "il faut au moins {min_length} caractères",
    "string_too_long": "il faut au plus {max_length} caractères",
    "too_short": "il faut au moins {min_length} valeur",
    "too_long": "il faut au plus {max_length} valeurs",
    "greater_than_equal": "il faut au moins {ge}",
    "less_than_equal": "il faut au plus {le}",
}
_TYPES = {
    "missing": MISSING,
    "string_type": NOT_TEXT,
    "enum": "cette valeur n’est pas dans la liste attendue",
    "date_type": _BAD_DAY,
    "date_parsing": _BAD_DAY,
    "date_from_datetime_parsing": _BAD_DAY,
    "date_from_datetime_inexact": _BAD_DAY,
    "float_type": "il faut un nombre",
    "float_parsing": "il faut un nombre",
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "bool_type": "il faut vrai ou faux",
    "bool_parsing": "il faut vrai ou faux",
    "set_type": _LIST,
    "list_type": _LIST,
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "url_type": _BAD_URL,
    "url_parsing": _BAD_URL,
    "url_scheme": _BAD_URL,
    "url_too_long": "cette adresse web est trop longue",
    **_LENGTHS,
}
# A rule of the field, whatever form its breach takes.
_CODES = {
    "code_postal": "il faut un code postal de 5 chiffres",
    "code_insee": "il faut un code INSEE de 5 signes",
    "siret": "il faut un numéro SIRET de 14 chiffres",
    "zone_eligibilite": "il faut des codes de commune, d’EPCI, de département ou de pays",
}
_RULES = {
    "date_maj": _PAST_DAY,
    "verifie_le": _PAST_DAY,
    "courriel": _BAD_MAIL,
    "publics": "«\u00a0tous-publics\u00a0» ne peut pas être mêlé à d’autres publics",
    "temoignages": (
        "il faut six témoignages au plus, chacun avec un employeur, de 10 à 500 caractères et un "
        "jour passé, sans nom, téléphone ni adresse électronique"
    ),
    "prochaines_sessions": "il faut des dates de la forme AAAA-MM-JJTHH:MM",
}
_UNKNOWN = "cette valeur n’est pas valable"


def problem(error):
    """The field and the French words of one error of the schema."""
    field, sort = error["loc"][0] if error["loc"] else "portail", error["type"]
    if field in _CODES and sort != "missing":
        return field, _CODES[field]
    if sort == "value_error":
        return field, _RULES.get(field, _UNKNOWN)
    return field, _TYPES.get(sort, _UNKNOWN).format_map(error.get("ctx", {}))


def refusal(word, name, field, words, others=0):
    """« Fiche « dora--12 », champ « nom » : il faut au moins 3 caractères. »"""
    place = f", champ «\u00a0{FIELDS.get(field, field)}\u00a0»" if field else ""
    more = "" if not others else f" (et {others} autre{'s' if others > 1 else ''} à corriger)"
    return f"{word} {name}{place}\u00a0: {words}{more}."
