"""The words of a sheet for whoever writes it: its steps, its questions, its answers, its acts."""

import datetime as dt

from flask import g

from models.action_bank import naming
from models.action_bank.versions import PARTS, Act
from models.base import N_
from models.needs import every_need
from models.territories import zone_name
from models.vocabularies import (
    AUDIENCES,
    FEES,
    FORMATS,
    LANGUAGES,
    MOBILISATION_MODES,
    MOBILISERS,
    RECEPTION_MODES,
    REFERRERS,
    SERVICE_TYPES,
    THEMATICS,
    Status,
    label,
)

from ..display import day, day_and_hour, number
from ..languages import gettext

STEPS = {
    "essentiel": N_("l’essentiel"),
    "public": N_("pour qui, à quel prix"),
    "lieu": N_("le lieu"),
    "demande": N_("comment demander"),
    "dates": N_("places et dates"),
    "suivi": N_("appuis et suivi"),
}
LABELS = {
    "name": N_("Titre"),
    "summary": N_("En une phrase"),
    "description": N_("Description"),
    "kind": N_("Type"),
    "format": N_("Forme"),
    "thematics": N_("Thèmes"),
    "needs": N_("Besoins"),
    "audiences": N_("Public"),
    "audiences_detail": N_("Précisions sur le public"),
    "age_min": N_("Âge le plus bas"),
    "age_max": N_("Âge le plus haut"),
    "languages": N_("Langues parlées"),
    "access_conditions": N_("Conditions pour venir"),
    "fees": N_("Prix"),
    "fees_detail": N_("Précisions sur le prix"),
    "pay_and_aid": N_("Rémunération et aides"),
    "reception_modes": N_("Sur place ou à distance"),
    "address": N_("Adresse"),
    "address_extra": N_("Complément d’adresse"),
    "commune": N_("Commune"),
    "eligibility": N_("Qui peut venir, selon son lieu de vie"),
    "opening_hours": N_("Horaires"),
    "mobilisation_modes": N_("Comment demander"),
    "mobilisers": N_("Qui peut demander"),
    "mobilisation_url": N_("Lien pour demander"),
    "mobilisation_detail": N_("Précisions pour demander"),
    "phone": N_("Téléphone"),
    "email": N_("Courriel"),
    "offline_access": N_("Sans Internet"),
    "referrers": N_("Qui peut orienter"),
    "referral_contact": N_("Contact pour les professionnels"),
    "documents": N_("Papiers à apporter"),
    "places_left": N_("Places libres"),
    "places_total": N_("Places en tout"),
    "sessions": N_("Prochaines dates"),
    "weekly_hours": N_("Heures par semaine"),
    "weeks": N_("Nombre de semaines"),
    "supporters": N_("Organismes en appui"),
    "review_months": N_("Vous la relisez"),
    "outcome_rate": N_("Personnes en emploi ensuite, sur 100"),
    "outcome_count": N_("Sur combien de personnes"),
    "outcome_year": N_("Année du chiffre"),
    "outcome_source": N_("Source du chiffre"),
    "testimonials": N_("Mots d’employeurs"),
    "attached": N_("Actions proposées dans ce lieu"),
}
# Columns written by the answer to another question.
LEADS = {
    **dict.fromkeys(("postcode", "insee_code", "longitude", "latitude"), "commune"),
    "places_on": "places_left",
}
VOCABULARIES = {
    "kind": SERVICE_TYPES,
    "format": FORMATS,
    "thematics": THEMATICS,
    "audiences": AUDIENCES,
    "languages": LANGUAGES,
    "fees": FEES,
    "reception_modes": RECEPTION_MODES,
    "mobilisation_modes": MOBILISATION_MODES,
    "mobilisers": MOBILISERS,
    "referrers": REFERRERS,
}
RHYTHMS = {
    1: N_("tous les mois"),
    3: N_("tous les trois mois"),
    6: N_("tous les six mois"),
    12: N_("tous les ans"),
}
STATES = {
    Status.DRAFT: N_("Seul votre organisme la voit."),
    Status.IN_REVIEW: N_("Une autre personne va la relire."),
    Status.PUBLISHED: N_("Chacun peut la trouver."),
    Status.ARCHIVED: N_("Elle ne paraît plus dans la recherche."),
}
_ACTED = {
    Act.CREATED: N_("a créé la fiche"),
    Act.WRITTEN: N_("a modifié la fiche"),
    Act.SUBMITTED: N_("a proposé la fiche à la relecture"),
    Act.WITHDRAWN: N_("a repris la fiche avant sa relecture"),
    Act.SENT_BACK: N_("a renvoyé la fiche à son auteur"),
    Act.PUBLISHED: N_("a publié la fiche"),
    Act.ARCHIVED: N_("a archivé la fiche"),
    Act.RESTORED: N_("a remis la fiche en service"),
    Act.CONFIRMED: N_("a confirmé que la fiche est à jour"),
    Act.ROLLED_BACK: N_("a rétabli une version"),
    Act.CORRECTED: N_("a corrigé la fiche sur proposition"),
    Act.IMPORTED: N_("a importé la fiche"),
    Act.BROUGHT_IN: N_("a créé la fiche par un import"),
    Act.MADE_MODEL: N_("a fait de la fiche un modèle"),
    Act.UNMADE_MODEL: N_("a retiré la fiche des modèles"),
}


def question(column):
    """The label of a column."""
    return gettext(LABELS[lead_of(column)])


def lead_of(column):
    """The question whose answer writes this column."""
    return LEADS.get(column, column)


def questions_of(part):
    """The questions of a step, in their order."""
    return [column for column in PARTS[part] if column not in LEADS]


def step_title(part):
    """« Étape 2 sur 6 : pour qui, à quel prix »."""
    place = list(PARTS).index(part) + 1
    words = {"n": place, "total": len(PARTS), "title": gettext(STEPS[part])}
    return gettext("Étape %(n)s sur %(total)s : %(title)s") % words


def step_name(part):
    """« Pour qui, à quel prix »."""
    words = gettext(STEPS[part])
    return words[:1].upper() + words[1:]


def state_words(action):
    """Who sees the sheet today."""
    return gettext(
        N_("On la copie, on ne la publie pas.") if action.is_model else STATES[action.status]
    )


def acted(version):
    """« a publié la fiche », after a name."""
    return gettext(_ACTED[version.act])


def place_words(content):
    """« 31600 Muret », or nothing."""
    return " ".join(filter(None, (content["postcode"], content["commune"])))


class Teller:
    """Says the answers of one or several contents of a sheet, in the reader's words.

    What they name by identifier is looked up once for all.
    """

    def __init__(self, *contents):
        contents = [content for content in contents if content]
        self.organisations = naming.organisations_named(_all(contents, "supporters"))
        self.sheets = naming.sheets_named(_all(contents, "attached"))

    def say(self, column, content):
        """The answer to a question as lines, none when it is empty."""
        value = content[column]
        if column == "commune":
            return [words] if (words := place_words(content)) else []
        if value is None or value == [] or value == "":
            return []
        if column in VOCABULARIES:
            values = value if isinstance(value, list) else [value]
            return [gettext(label(VOCABULARIES[column], one)) for one in values]
        if say := getattr(self, f"_{column}", None):
            return say(value)
        if isinstance(value, int | float):
            return [number(value)]
        return list(value) if isinstance(value, list) else value.splitlines()

    def text(self, column, content):
        """The same as one text, to be compared word by word."""
        return "\n".join(self.say(column, content))

    def _needs(self, keys):
        return [need_words(key) for key in keys]

    def _eligibility(self, codes):
        return [zone_name(code) for code in codes]

    def _sessions(self, sessions):
        return [session_words(session) for session in sessions]

    def _supporters(self, names):
        known = self.organisations
        return [known[name].name if name in known else name for name in names]

    def _attached(self, names):
        return [self.sheets[name].name if name in self.sheets else name for name in names]

    def _review_months(self, months):
        return [rhythm_words(months)]

    def _outcome_year(self, year):
        return [str(year)]

    def _testimonials(self, testimonials):
        return [
            gettext("« %(words)s » %(employer)s, le %(day)s")
            % {**one, "day": day(dt.date.fromisoformat(one["day"]))}
            for one in testimonials
        ]


def _all(contents, column):
    return sorted({name for content in contents for name in content[column]})


def rhythm_words(months):
    if months in RHYTHMS:
        return gettext(RHYTHMS[months])
    return gettext("tous les %(n)s mois") % {"n": months}


def need_words(key):
    """A need of the shared grid in the reader's language; its key when it left the grid."""
    if key not in every_need():
        return key
    french, english, _ = every_need()[key]
    return english if g.language == "en" else french


def session_words(session):
    """« jeudi 3 décembre, 13:30 – 16:00 »; the last day too when it is another one."""
    start = dt.datetime.fromisoformat(session["debut"])
    if not session.get("fin"):
        return day_and_hour(start)
    end = dt.datetime.fromisoformat(session["fin"])
    if end.date() == start.date():
        return f"{day_and_hour(start)} – {end:%H:%M}"
    words = {"start": day_and_hour(start), "end": day_and_hour(end)}
    return gettext("%(start)s, jusqu’à %(end)s") % words


def register(blueprint):
    blueprint.add_app_template_global(STEPS, "sheet_steps")
    blueprint.add_app_template_global(step_title, "step_title")
    blueprint.add_app_template_global(step_name, "step_name")
    blueprint.add_app_template_global(state_words, "state_words")
    blueprint.add_app_template_filter(question, "question")
    blueprint.add_app_template_filter(acted, "acted")
