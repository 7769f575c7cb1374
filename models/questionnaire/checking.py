"""What a template must hold before anybody follows it, in sentences.

These are the rules that the network wrote beside its template (TRAME.md); what could be said more
simply is advice (`wording.py`).
"""

import re

from ..base import N_
from ..persons.sharing import Domain
from ..vocabularies import THEMATICS
from .content import Fault, at_choice, at_need, at_question, choices_of, conditions_of, run
from .deriving import DomainState
from .reference import CONTACTS, SKILLS
from .shape import HIGHEST, REFUSED, Computed, Kind, read_template

MOST_QUESTIONS = {"trame-socio-pro": 70, "grille-potentialites": 25}
MOST_CHOICES = 11
ANSWERED_BY = ("banque", "portail:passeport", "portail:parrainage", "referent")
CLOSED = (Kind.SINGLE, Kind.MULTIPLE, Kind.SCALE, Kind.YES_NO)
PROPOSED_STATES = (DomainState.STRENGTH, DomainState.NO_OBSTACLE)
NEVER = "jamais"
# What neither a question nor a choice may ask.
_FORBIDDEN = re.compile(
    r"maladie|malade\b|pathologie|médicament|traitement|dépress|cancer|diabète|addict|alcool"
    r"|drogue|enceinte|grossesse|handicap (physique|mental|psychique)|infraction|délit|prison"
    r"|détenu|condamn|casier|judiciaire|probation|origine|nationalité|religi|syndica"
    r"|opinion politique|sexuel|couleur de peau|pays de naissance|sécurité sociale",
    re.IGNORECASE,
)
_DISCRIMINATION = re.compile(r"discrimin|refus d’emploi", re.IGNORECASE)
_HOME_SAFETY = re.compile(r"en sécurité (chez|à la maison)|violence", re.IGNORECASE)
_SAYS_NOTHING = re.compile(r"préfère (en parler|ne pas|passer)")
_MUTE = ("passer", "ne-sait-pas", "reflechir")
_NONE_OF_THEM = ("ne-sait-pas", "rien", "aucun", "aucune", "personne")
_OPS = ("in", "lte", "gte")


def faults(data, others=()):
    """Every `Fault` of a version’s data; none, and it may be published."""
    return run(FAULTS, data, others)


# Rules: each answers its faults.


def readable(content):
    """The whole is read as diagnostics will read it."""
    read_template(content.data)
    return []


def unique_keys(content):
    """A key names one thing: what is answered hangs on it."""
    lists = (
        ("section", content.sections),
        ("question", content.questions),
        ("besoin", content.needs),
    )
    found = [
        Fault(f"{kind}.{key}", N_("Cette clé sert deux fois."))
        for kind, records in lists
        for key in _twice(one["key"] for one in records)
    ]
    for question in content.questions:
        for value in _twice(str(one["value"]) for one in choices_of(question)):
            found.append(Fault(f"choix.{question['key']}.{value}", N_("Ce choix est deux fois.")))
        for label in _twice(one["label"] for one in choices_of(question)):
            found.append(at_question(question, N_("Deux choix disent « %(label)s »."), label=label))
    return found


def well_formed(content):
    """Each question has what its type needs, and nothing else."""
    found = []
    for question in content.questions:
        found += [at_question(question, sentence) for sentence in _form_of(question)]
        missing = [name for name in _NEEDED if name not in question]
        unknown = (set(question) - _QUESTION_FIELDS) | {
            name for choice in choices_of(question) for name in set(choice) - _CHOICE_FIELDS
        }
        for name in (*missing, *sorted(unknown)):
            found.append(
                at_question(
                    question, N_("Le champ « %(name)s » manque ou n’existe pas."), name=name
                )
            )
    return found


def _form_of(question):
    kind, values = question["type"], [one["value"] for one in choices_of(question)]
    has_list, has_computed = "choices" in question, "choices_ref" in question
    if kind not in list(Kind):
        yield N_("Ce type de question n’existe pas.")
    if (has_list and has_computed) or (kind in CLOSED) != (has_list or has_computed):
        yield N_("Donnez des choix, ou une liste calculée.")
    if has_computed and question["choices_ref"] not in list(Computed):
        yield N_("Cette liste calculée n’existe pas.")
    if kind == Kind.SCALE and values != [1, 2, 3, 4]:
        yield N_("Une échelle a quatre choix, de 1 à 4.")
    if kind == Kind.YES_NO and values != ["oui", "non"]:
        yield N_("Cette question se répond par oui ou par non.")
    if kind in (Kind.DATE, Kind.NUMBER) and not {"min", "max"} <= set(
        question.get("contrainte", ())
    ):
        yield N_("Donnez le plus petit et le plus grand possibles.")
    if "max_choices" in question and kind != Kind.MULTIPLE:
        yield N_("Un nombre de réponses ne va qu’avec plusieurs choix.")
    if kind in (Kind.SINGLE, Kind.MULTIPLE) and has_list and not 2 <= len(values) <= MOST_CHOICES:
        yield N_("Une question a de 2 à 11 choix.")


def conditions_hold(content):
    """A condition cites a question asked before, and answers that it has: nothing can loop."""
    found, before = [], {}
    everywhere = {one["key"] for one in content.questions}
    for question in content.questions:
        shown_if = question.get("visible_if")
        if shown_if is not None and (
            len(shown_if) != 1 or not {*shown_if} <= {"any", "all"} or not conditions_of(question)
        ):
            found.append(at_question(question, N_("Cette condition est vide.")))
        for condition in conditions_of(question):
            if sentence := _wrong(condition, before, everywhere):
                values = {"question": _label_of(content, condition["question"])}
                found.append(at_question(question, sentence, **values))
        before[question["key"]] = question
    return found


def _wrong(condition, before, everywhere):
    """Why a condition cannot hold, or None."""
    cited = before.get(condition["question"])
    if condition["question"] not in everywhere:
        return N_("La condition cite une question qui n’existe pas : %(question)s")
    if cited is None:
        return N_("La condition cite une question qui n’est pas posée avant : %(question)s")
    if condition["op"] not in _OPS:
        return N_("La condition ne se comprend pas : %(question)s")
    if condition["op"] == "in":
        known = {one["value"] for one in choices_of(cited)}
        if not condition["value"] or not set(condition["value"]) <= known:
            return N_("La condition attend une réponse qui n’existe pas : %(question)s")
    elif cited["type"] not in (Kind.SCALE, Kind.NUMBER):
        return N_("La condition compare une réponse qui n’est pas un nombre : %(question)s")
    return None


def everything_is_asked(content):
    """Some answers lead to each question."""
    return [
        at_question(one, N_("Aucune réponse ne mène à cette question."))
        for one in content.questions
        if one["key"] not in content.reachable
    ]


def needs_exist(content):
    """A choice raises a need of the list; each need says who answers it."""
    found = [
        at_choice(
            question, choice, N_("Le besoin « %(need)s » n’est pas dans la liste."), need=need
        )
        for question, choice in content.chosen
        for need in choice.get("besoins", ())
        if need not in content.need
    ]
    return found + [
        at_need(need, N_("Dites qui répond à ce besoin."))
        for need in content.needs
        if need["reponse"] not in ANSWERED_BY
    ]


def needs_are_raised(content):
    """Each need comes from an answer, of this template or of another one."""
    raised = {
        need
        for one in (content, *content.others)
        for question in one.reachable.values()
        for choice in choices_of(question)
        for need in choice.get("besoins", ())
    }
    return [
        at_need(need, N_("Aucune réponse ne lève ce besoin."))
        for need in content.needs
        if need["key"] not in raised
    ]


def thematics_known(content):
    """Themes are those of data·inclusion: others would find no action."""
    return [
        at_need(need, N_("Le thème « %(theme)s » n’existe pas dans data·inclusion."), theme=theme)
        for need in content.needs
        for theme in need["thematiques"]
        if theme not in THEMATICS
    ]


def refusals_raise_nothing(content):
    """Not to answer, not to know, or to prefer to talk about it is never a need."""
    found = []
    for question, choice in content.chosen:
        says_nothing = (
            choice["value"] in _MUTE
            or choice.get("entretien")
            or _SAYS_NOTHING.search(choice["label"])
        )
        if choice["value"] == REFUSED:
            found.append(
                at_choice(question, choice, N_("Le refus s’ajoute seul : retirez ce choix."))
            )
        elif says_nothing and choice.get("besoins"):
            found.append(at_choice(question, choice, N_("Ce choix ne lève aucun besoin.")))
    return found


def the_most_sensitive_stays_apart(content):
    """Level 3: never at a kiosk; health is always of level 3; no other question tells of it."""
    found, apart = [], N_("Santé, handicap, sécurité : niveau 3, jamais à la borne.")
    for question in content.questions:
        level, is_apart = question["sensibilite"], question.get("borne") == NEVER
        is_health = question["domaine"] == Domain.HEALTH
        if level not in range(HIGHEST + 1):
            found.append(at_question(question, N_("Choisissez une sensibilité de 0 à 3.")))
        if (level == HIGHEST) != is_apart or (is_health and level < HIGHEST):
            found.append(at_question(question, apart))
    sensitive = {one["key"] for one in content.needs if _level_of(one["domaine"]) == HIGHEST}
    return found + [
        at_choice(question, choice, N_("Ce choix lèverait un besoin plus sensible que lui."))
        for question, choice in content.chosen
        if question["sensibilite"] < HIGHEST and sensitive & {*choice.get("besoins", ())}
    ]


def home_safety_is_never_kept(content):
    """What is asked of safety at home is shown a contact, then forgotten."""
    forgotten = {one["key"] for one in content.needs if one.get("enregistre") is False}
    found = [
        at_need(one, N_("Un besoin de sécurité n’est jamais gardé."))
        for one in content.needs
        if "violence" in one["key"] and one["key"] not in forgotten
    ]
    for question in content.questions:
        is_forgotten = (
            question.get("enregistre") is False
            and question.get("besoin_ephemere") is True
            and question["sensibilite"] == HIGHEST
        )
        raises = any(forgotten & {*one.get("besoins", ())} for one in choices_of(question))
        is_marked = "enregistre" in question or "besoin_ephemere" in question
        is_about = _HOME_SAFETY.search(question["label"])
        if (raises or is_marked or is_about) and not is_forgotten:
            found.append(
                at_question(
                    question, N_("Une question sur la sécurité à la maison n’est jamais gardée.")
                )
            )
    return found


def nothing_forbidden(content):
    """No illness, no justice, no origin, no opinion; discrimination is yes or no, never why."""
    found, forbidden = [], N_("Ce sujet ne se demande jamais.")
    for question in content.questions:
        if _is_forbidden(question):
            found.append(at_question(question, forbidden))
        found += [
            at_choice(question, choice, forbidden)
            for choice in choices_of(question)
            if _is_forbidden(choice)
        ]
        if _DISCRIMINATION.search(question["label"]) and question["type"] != Kind.YES_NO:
            found.append(
                at_question(
                    question, N_("La discrimination se demande par oui ou non, jamais pourquoi.")
                )
            )
    return found


def _is_forbidden(record):
    return _FORBIDDEN.search(f"{record['label']} {record.get('label_simple', '')}")


def nothing_imposed(content):
    """Only the last section, which says who and when, may ask for an answer."""
    return [
        at_question(question, N_("Seule la dernière partie peut demander une réponse."))
        for section in content.sections[:-1]
        for question in section["questions"]
        if not question["facultatif"]
    ]


def sizes(content):
    """Short enough for one talk; no empty section."""
    count, most = len(content.questions), MOST_QUESTIONS.get(content.model["key"], 70)
    found = [
        Fault(f"section.{one['key']}", N_("Cette partie n’a aucune question."))
        for one in content.sections
        if not one["questions"]
    ]
    if not content.sections:
        found.append(Fault("modele", N_("La trame n’a aucune partie.")))
    if count > most:
        counts = {"count": count, "most": most}
        found.append(
            Fault("modele", N_("La trame a %(count)s questions : %(most)s au plus."), counts)
        )
    if count != content.model["nombre_questions"]:
        found.append(Fault("modele", N_("Le nombre de questions n’est pas le bon.")))
    return found


def domains_known(content):
    """Domains, states and contacts are those that diagnostics know."""
    found = []
    for section in content.sections:
        where, own = f"section.{section['key']}", [one["domaine"] for one in section["questions"]]
        if list(dict.fromkeys(filter(None, own))) != section["domaines"]:
            found.append(Fault(where, N_("Ses domaines ne sont pas ceux de ses questions.")))
        if not {*section.get("aide_immediate", ())} <= {*CONTACTS}:
            found.append(Fault(where, N_("Ce contact d’aide n’existe pas.")))
    unknown = N_("Ce domaine n’existe pas.")
    for one in content.questions:
        if one["domaine"] not in [None, *Domain]:
            found.append(at_question(one, unknown))
    for one in content.needs:
        if one["domaine"] not in list(Domain):
            found.append(at_need(one, unknown))
    return found + [
        at_choice(
            question,
            choice,
            N_("Un choix dit « point d’appui », ou « pas d’obstacle »."),
        )
        for question, choice in content.chosen
        if choice.get("etat", PROPOSED_STATES[0]) not in PROPOSED_STATES
    ]


def strengths_known(content):
    """Strengths are soft skills of the passport."""
    return [
        at_choice(question, choice, N_("Ce savoir-être n’est pas dans la liste."))
        for question, choice in content.chosen
        if not {*choice.get("forces", ())} <= {*SKILLS}
    ]


def exclusive_choices(content):
    """« None » goes with no other answer; only several choices need to say so."""
    found = []
    for question, choice in content.chosen:
        several, alone = question["type"] == Kind.MULTIPLE, choice.get("exclusif")
        if alone and not several:
            found.append(
                at_choice(question, choice, N_("Un seul choix est permis : rien à exclure."))
            )
        elif several and not alone and choice["value"] in _NONE_OF_THEM:
            found.append(at_choice(question, choice, N_("Ce choix ne va pas avec les autres.")))
    return found


_TEXT_FIELDS = {f"{name}{end}" for name in ("label", "aide") for end in ("", "_en", "_ar")}
_QUESTION_FIELDS = _TEXT_FIELDS | {
    "key", "type", "label_simple", "sensibilite", "borne", "domaine", "facultatif", "visible_if",
    "choices", "choices_ref", "max_choices", "contrainte", "depuis", "usage", "origine",
    "propose_grille", "alimente_passeport", "enregistre", "besoin_ephemere", "demandes",
}  # fmt: skip
_CHOICE_FIELDS = {
    "value", "label", "label_simple", "label_en", "label_ar", "besoins", "forces", "etat",
    "exclusif", "urgence", "entretien",
}  # fmt: skip
_NEEDED = ("label", "aide", "sensibilite", "facultatif", "origine", "depuis", "domaine")
FAULTS = (
    readable, unique_keys, well_formed, conditions_hold, everything_is_asked, needs_exist,
    needs_are_raised, thematics_known, refusals_raise_nothing, the_most_sensitive_stays_apart,
    home_safety_is_never_kept, nothing_forbidden, nothing_imposed, sizes, domains_known,
    strengths_known, exclusive_choices,
)  # fmt: skip


def _twice(values):
    values = list(values)
    return dict.fromkeys(one for one in values if values.count(one) > 1)


def _level_of(domain):
    return Domain(domain).sensitivity if domain in list(Domain) else 0


def _label_of(content, key):
    return next((one["label"] for one in content.questions if one["key"] == key), key)
