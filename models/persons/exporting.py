"""Everything the portal holds about a person, for herself: one registry of sections (REQ-43).

A capability that keeps something about a person adds its section to `SECTIONS`; a column of her
rows that no section tells has its reason in `NOT_EXPORTED`, and the tests check that none is left.
"""

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple

from ..audit import AuditEntry
from ..base import N_, Entity, Vocabulary, now
from ..diagnostics import telling
from ..diagnostics.answers import Answer
from ..diagnostics.diagnostic import Diagnostic
from ..diagnostics.domains import DomainLine
from ..diagnostics.needs import NeedDecision
from ..employment import telling as employment_told
from ..employment.entry import EmploymentEntry
from ..employment.points import EmploymentPoint
from ..liaison import telling as liaison_told
from ..liaison.notes import LiaisonNote
from ..liaison.sheet import LiaisonSheet
from ..plans import telling as plans_told
from ..plans.plan import Plan
from ..plans.priorities import PlanPriority
from ..plans.steps import Engagement, PlanStep
from ..plans.waivers import Waiver
from ..prescriptions import telling as prescriptions_told
from ..prescriptions.attachments import Attachment
from ..prescriptions.history import Transition
from ..prescriptions.prescription import Prescription
from ..questionnaire import proposals
from ..questionnaire.proposals import QuestionVote
from . import journal
from .accompaniments import Accompaniment
from .agreements import Agreement
from .handover import Handover
from .notices import PersonNotice
from .pathways import Pathway, PathwayTime
from .person import Person
from .rectifications import Rectification
from .requests import AccompanimentRequest
from .sessions import PersonSession

FORMAT = "portail-spie/dossier/1"


class Section(NamedTuple):
    """Rows of one table that are about a person. `columns` gives each column its words in French;
    `read(person)` answers the rows, with what they point to."""

    name: str
    title: str
    table: type[Entity]
    columns: dict[str, str]
    read: Callable[[Person], list]

    def rows_of(self, person):
        """`[{column: value}]`, each value a date, a moment, a truth, a number, a word of a
        vocabulary, a list of texts or a text: nothing that points elsewhere."""
        return [
            {column: _told(row, column) for column in self.columns} for row in self.read(person)
        ]


def _told(row, column):
    value = getattr(row, column)
    return value.name if isinstance(value, Entity) else value


def _latest_first(table):
    return lambda person: list(
        table.select().where(table.person == person).order_by(table.id.desc())
    )


class _Notice(NamedTuple):
    """A notice with the names of today, which its row does not keep."""

    created_at: dt.datetime
    news: Vocabulary
    account_id: str
    organisation_id: str
    read_at: dt.datetime | None


def _notices(person):
    return [
        _Notice(
            notice.created_at, notice.news, names["name"], names["organisation"], notice.read_at
        )
        for notice, names in PersonNotice.named(PersonNotice.of_person(person))
    ]


class _Trace(NamedTuple):
    """A line of her journal, under the names of the columns that it tells."""

    created_at: dt.datetime
    act: str
    actor_id: str | None
    actor_person_id: bool
    organisation_id: str | None
    times: int


def _traces(person):
    return [
        _Trace(line.at, line.words, line.name, line.is_hers, line.organisation, line.times)
        for line in journal.lines_of(person)
    ]


_IN_WHICH = N_("Diagnostic")
_NOTED = {
    "created_at": N_("Noté le"),
    "account": N_("Noté par"),
    "organisation": N_("Organisme"),
    "replaced_at": N_("Remplacé depuis"),
}
_IN_PLAN = N_("Plan")
_PROPOSED = {
    "created_at": N_("Proposé le"),
    "account": N_("Proposé par"),
    "organisation": N_("Organisme"),
    "agreed_at": N_("Accepté le"),
    "given": N_("Comment"),
    "end": N_("Comment c’est fini"),
    "ended_at": N_("Fini le"),
}

SECTIONS = (
    Section(
        "identite", N_("Qui je suis"), Person,
        {
            "identifier": N_("Identifiant"),
            "family_name": N_("Nom"),
            "given_name": N_("Prénom"),
            "birth_year": N_("Année de naissance"),
            "commune_code": N_("Commune"),
            "phone": N_("Téléphone"),
            "email": N_("Adresse électronique"),
            "contact_by": N_("Moyen de contact"),
            "language": N_("Langue"),
            "receives_rsa": N_("Reçoit le RSA"),
            "created_at": N_("Dossier ouvert le"),
            "started_by": N_("Ouvert par"),
            "started_in": N_("Ouvert chez"),
            "access_made_at": N_("Code d’accès fait le"),
            "last_contact_on": N_("Dernier contact le"),
            "closed_at": N_("Fermé le"),
        },
        lambda person: [person],
    ),
    Section(
        "accords", N_("Mes accords de partage"), Agreement,
        {
            "organisation": N_("À qui"),
            "domains": N_("Domaines"),
            "has_passport": N_("Passeport"),
            "given": N_("Comment"),
            "paper_reference": N_("Numéro du papier"),
            "signed_on": N_("Donné le"),
            "ends_on": N_("Jusqu’au"),
            "ended_at": N_("Arrêté le"),
            "end": N_("Pourquoi"),
            "recorded_by": N_("Noté par"),
            "wording": N_("Texte accepté (numéro)"),
        },
        Agreement.of_person,
    ),
    Section(
        "referents", N_("Qui me suit, et qui m’a suivi"), Accompaniment,
        {
            "account": N_("Nom"),
            "organisation": N_("Organisme"),
            "role": N_("Rôle"),
            "created_at": N_("Depuis le"),
            "start_reason": N_("Pourquoi"),
            "ended_at": N_("Jusqu’au"),
            "end_reason": N_("Pourquoi c’est fini"),
        },
        Accompaniment.of_person,
    ),
    Section(
        "parcours", N_("Mon parcours"), Pathway,
        {
            "kind": N_("Lequel"),
            "started_on": N_("Depuis le"),
            "reason": N_("Pourquoi"),
            "organisation": N_("Décidé chez"),
            "ended_on": N_("Jusqu’au"),
            "end": N_("Pourquoi c’est fini"),
        },
        Pathway.of_person,
    ),
    Section(
        "temps", N_("Les temps de mon parcours"), PathwayTime,
        {
            "time": N_("Lequel"),
            "started_on": N_("Depuis le"),
            "organisation": N_("Noté chez"),
            "ended_on": N_("Jusqu’au"),
            "end": N_("Pourquoi c’est fini"),
        },
        PathwayTime.of_person,
    ),
    Section(
        "demandes", N_("Qui a demandé à m’accompagner"), AccompanimentRequest,
        {
            "account": N_("Nom"),
            "organisation": N_("Organisme"),
            "created_at": N_("Demandé le"),
            "expires_on": N_("Jusqu’au"),
            "answer": N_("Ma réponse"),
            "answered_at": N_("Répondu le"),
        },
        _latest_first(AccompanimentRequest),
    ),
    Section(
        "relais", N_("Les relais proposés"), Handover,
        {
            "account": N_("Nom"),
            "organisation": N_("Organisme"),
            "created_at": N_("Proposé le"),
            "reason": N_("Pourquoi"),
            "start_reason": N_("Comment"),
            "stays": N_("L’ancien référent reste"),
            "expires_on": N_("Jusqu’au"),
            "end": N_("Réponse"),
            "ended_at": N_("Répondu le"),
        },
        _latest_first(Handover),
    ),
    Section(
        "corrections", N_("Mes demandes de correction"), Rectification,
        {
            "item": N_("Quoi"),
            "proposed": N_("La bonne réponse"),
            "created_at": N_("Demandé le"),
            "state": N_("Réponse"),
            "refusal": N_("Pourquoi"),
            "decided_at": N_("Répondu le"),
            "decided_by": N_("Répondu par"),
        },
        Rectification.of_person,
    ),
    Section(
        "diagnostics", N_("Mes diagnostics"), Diagnostic,
        {
            "code": N_("Numéro"),
            "version": N_("Trame"),
            "moment": N_("Quand dans mon parcours"),
            "created_at": N_("Commencé le"),
            "started_by": N_("Commencé par"),
            "written_at": N_("Complété le"),
            "validated_at": N_("Validé le"),
            "validated_by": N_("Validé par"),
        },
        telling.diagnostics_of,
    ),
    Section(
        "reponses", N_("Mes réponses"), Answer,
        {"diagnostic": _IN_WHICH, "question": N_("Question"), "state": N_("État"),
         "value": N_("Réponse"), **_NOTED},
        telling.answers_of,
    ),
    Section(
        "domaines", N_("Où j’en suis, domaine par domaine"), DomainLine,
        {"diagnostic": _IN_WHICH, "domain": N_("Domaine"), "content": N_("Ce qui est noté"),
         "opinion": N_("Mon avis"), "opinion_at": N_("Donné le"), **_NOTED},
        telling.domains_of,
    ),
    Section(
        "besoins", N_("Les besoins que je garde"), NeedDecision,
        {"diagnostic": _IN_WHICH, "content": N_("Ce qui est noté"), **_NOTED},
        telling.needs_of,
    ),
    Section(
        "votes", N_("Mes votes sur les questions"), QuestionVote,
        {"created_at": N_("Voté le"), "proposal": N_("Sur quoi"), "ballot": N_("Mon vote")},
        proposals.votes_of,
    ),
    Section(
        "plans", N_("Mes plans d’action"), Plan,
        {
            "code": N_("Numéro"),
            "organisation": N_("Organisme"),
            "created_at": N_("Commencé le"),
            "started_by": N_("Commencé par"),
            "meets_on": N_("Prochain point"),
            "meets_by": N_("Comment"),
            "agreed_at": N_("Accepté la première fois le"),
            "change_asked_at": N_("J’ai demandé à le changer le"),
            "closed_at": N_("Terminé le"),
            "closed_by": N_("Terminé par"),
        },
        plans_told.plans_of,
    ),
    Section(
        "priorites", N_("Mes priorités"), PlanPriority,
        {"plan": _IN_PLAN, "place": N_("Place"), "content": N_("Besoin"),
         "diagnostic": _IN_WHICH, "created_at": N_("Noté le"), "outcome": N_("À la fin du plan")},
        plans_told.priorities_of,
    ),
    Section(
        "etapes", N_("Les étapes de mes plans"), PlanStep,
        {"plan": _IN_PLAN, "priority": N_("Priorité"), "content": N_("Action choisie"),
         "starts_on": N_("Commence le"), **_PROPOSED},
        plans_told.steps_of,
    ),
    Section(
        "engagements", N_("Ce que chacun fait"), Engagement,
        {"plan": _IN_PLAN, "step": N_("Étape"), "side": N_("Qui"), "account": N_("Nom"),
         "content": N_("Quoi"), "due_on": N_("Avant le"), "done_at": N_("Fait le"),
         "done_by": N_("Dit par")},
        plans_told.engagements_of,
    ),
    Section(
        "dispenses", N_("Mes demandes de moins d’heures"), Waiver,
        {"plan": _IN_PLAN, "content": N_("Motif et heures par semaine"),
         "ends_on": N_("Jusqu’au"), **_PROPOSED},
        plans_told.waivers_of,
    ),
    Section(
        "demandes-envoyees", N_("Les demandes faites pour moi"), Prescription,
        {
            "code": N_("Numéro"),
            "created_at": N_("Préparée le"),
            "account": N_("Demandée par"),
            "organisation": N_("Organisme"),
            "action": N_("Action"),
            "provider": N_("À quel organisme"),
            "content": N_("Ce qui est partagé"),
            "given": N_("Comment j’ai accepté"),
            "state": N_("État"),
            "sent_at": N_("Envoyée le"),
            "answered_at": N_("Réponse le"),
            "refusals": N_("Pourquoi"),
            "other_day": N_("Autre jour proposé"),
            "starts_on": N_("Jour"),
            "outcome": N_("Ce qui est arrivé"),
            "outcome_on": N_("Quand"),
            "ended_at": N_("Close le"),
        },
        prescriptions_told.prescriptions_of,
    ),
    Section(
        "histoire-des-demandes", N_("L’histoire de mes demandes"), Transition,
        {
            "prescription": N_("Demande"),
            "created_at": N_("Quand"),
            "side": N_("Qui"),
            "account": N_("Nom"),
            "organisation": N_("Organisme"),
            "move": N_("Quoi"),
            "said": N_("Ce qui est noté"),
        },
        prescriptions_told.history_of,
    ),
    Section(
        "papiers-des-demandes", N_("Les papiers joints à mes demandes"), Attachment,
        {
            "prescription": N_("Demande"),
            "created_at": N_("Joint le"),
            "number": N_("Numéro"),
            "kind": N_("Papier"),
            "media_type": N_("Sous quelle forme"),
            "size": N_("Taille, en octets"),
        },
        prescriptions_told.papers_of,
    ),
    Section(
        "fiches-de-liaison", N_("Mes fiches de liaison"), LiaisonSheet,
        {
            "prescription": N_("Demande"),
            "created_at": N_("Ouverte le"),
            "given": N_("Comment j’ai accepté"),
            "account": N_("Avec"),
            "organisation": N_("Organisme"),
            "shown": N_("Ce que lit un employeur"),
            "ended_at": N_("Arrêtée le"),
        },
        liaison_told.sheets_of,
    ),
    Section(
        "difficultes-signalees", N_("Les difficultés signalées"), LiaisonNote,
        {
            "sheet": N_("Demande"),
            "created_at": N_("Signalée le"),
            "account": N_("Par"),
            "content": N_("Quoi"),
            "since": N_("Depuis le"),
            "is_urgent": N_("Alerte de décrochage"),
            "state": N_("État"),
            "taken_by": N_("Prise en charge par"),
            "taken_at": N_("Prise en charge le"),
            "lifted_at": N_("Levée le"),
        },
        liaison_told.notes_of,
    ),
    Section(
        "emplois", N_("Mes entrées en emploi"), EmploymentEntry,
        {
            "started_on": N_("Depuis le"),
            "created_at": N_("Noté le"),
            "account": N_("Noté par"),
            "organisation": N_("Organisme"),
            "ended_at": N_("Suivi jusqu’au"),
            "end": N_("Pourquoi c’est fini"),
        },
        EmploymentEntry.of_person,
    ),
    Section(
        "points-emploi", N_("Les questions sur mon emploi"), EmploymentPoint,
        {
            "entry": N_("Emploi commencé le"),
            "months": N_("Après combien de mois"),
            "due_on": N_("Prévu le"),
            "asked_at": N_("Question posée le"),
            "answer": N_("Ma réponse"),
            "answered_at": N_("Répondu le"),
            "how": N_("Comment"),
            "account": N_("Noté par"),
        },
        employment_told.points_of,
    ),
    Section(
        "nouvelles", N_("Ce que le portail m’a dit"), PersonNotice,
        {
            "created_at": N_("Quand"),
            "news": N_("Quoi"),
            "account_id": N_("Nom"),
            "organisation_id": N_("Organisme"),
            "read_at": N_("Lu le"),
        },
        _notices,
    ),
    Section(
        "connexions", N_("Mes visites"), PersonSession,
        {
            "created_at": N_("Ouvert le"),
            "seen_at": N_("Vu pour la dernière fois le"),
            "ended_at": N_("Fermé le"),
            "is_shared": N_("Sur un appareil partagé"),
        },
        _latest_first(PersonSession),
    ),
    Section(
        "lectures", N_("Qui a regardé mon dossier, depuis 12 mois"), AuditEntry,
        {
            "created_at": N_("Quand"),
            "actor_id": N_("Qui"),
            "actor_person_id": N_("Moi"),
            "organisation_id": N_("Organisme"),
            "act": N_("Quoi"),
            "times": N_("Combien de fois ce jour-là"),
        },
        _traces,
    ),
)  # fmt: skip

_ADDRESS = "only makes the addresses of pages, and says nothing of her"
_LINK = "says that the row is hers, which the section says"
_FINGERPRINT = "made from a column that is exported, to find it again"
_ONCE = "keeps the living row unique, and says nothing more"
_WRITING = "which writing of the diagnostic brought it: its date says it"
# Column that no section tells → why.
NOT_EXPORTED = {
    "person.code": _ADDRESS,
    "person.family_hash": _FINGERPRINT,
    "person.given_hash": _FINGERPRINT,
    "person.phone_hash": _FINGERPRINT,
    "person.email_hash": _FINGERPRINT,
    "person.access_hash": "would help to guess her code, which nobody can read back",
    "person.fresh_access": "her code, on its way to her: paper alone carries it",
    "person.fresh_access_for": "who may print that code, for an hour",
    "person.anonymised_at": "no longer anybody’s when it is filled",
    "person.is_demonstration": "tells an invented person from a real one",
    "person_session.code": _ADDRESS,
    "person_session.person": _LINK,
    "person_session.token_hash": "a key of her browser",
    "agreement.code": _ADDRESS,
    "agreement.person": _LINK,
    "agreement.slot": _ONCE,
    "agreement.created_at": "the day it was recorded, which the journal tells",
    "agreement.wording_hash": "made from the text, whose number is exported",
    "accompaniment.code": _ADDRESS,
    "accompaniment.person": _LINK,
    "accompaniment.slot": _ONCE,
    "accompaniment.lead_slot": _ONCE,
    "person_notice.code": _ADDRESS,
    "person_notice.person": _LINK,
    "pathway.code": _ADDRESS,
    "pathway.person": _LINK,
    "pathway.slot": _ONCE,
    "pathway.created_at": "the day it was written, which the journal tells",
    "pathway_time.code": _ADDRESS,
    "pathway_time.person": _LINK,
    "pathway_time.slot": _ONCE,
    "pathway_time.created_at": "the day it was written, which the journal tells",
    "accompaniment_request.code": _ADDRESS,
    "accompaniment_request.person": _LINK,
    "handover.code": _ADDRESS,
    "handover.person": _LINK,
    "handover.slot": _ONCE,
    "rectification.code": _ADDRESS,
    "rectification.person": _LINK,
    "rectification.slot": _ONCE,
    "diagnostic.person": _LINK,
    "diagnostic.slot": _ONCE,
    "diagnostic.revision": "counts the writings, so that none is written over",
    "diagnostic.previous": "the diagnostic before, which the list shows in order",
    "answer.code": _ADDRESS,
    "answer.revision": _WRITING,
    "domain_line.code": _ADDRESS,
    "domain_line.revision": _WRITING,
    "need_decision.code": _ADDRESS,
    "need_decision.revision": _WRITING,
    "question_vote.code": _ADDRESS,
    "question_vote.person": _LINK,
    "question_vote.account": "the votes of professionals, never hers",
    "question_vote.role": "always « une personne accompagnée » on her rows",
    "plan.person": _LINK,
    "plan.slot": _ONCE,
    "plan.revision": "counts the writings, so that she agrees to what she read",
    "plan.previous": "the plan before, which the list shows in order",
    "plan_priority.code": _ADDRESS,
    "plan_step.code": _ADDRESS,
    "engagement.code": _ADDRESS,
    "engagement.created_at": "the day its step was proposed, which the step tells",
    "waiver.code": _ADDRESS,
    "prescription.person": _LINK,
    "prescription.step": "the step of the plan, which its own section tells",
    "prescription.slot": _ONCE,
    "prescription.revision": "counts the writings, so that she agrees to what she read",
    "prescription.is_bound": "whether the charter bound the provider that day: a public fact",
    "prescription.expires_at": "when it closes without an answer: its end says it",
    "prescription.reminded_at": "when the provider was reminded, which the history tells",
    "transition.code": _ADDRESS,
    "answer_link.code": _ADDRESS,
    "answer_link.created_at": "when a link was sent, which the history tells",
    "answer_link.prescription": "of which prescription: its section says it",
    "answer_link.recipient": "the address of an organisation, which its sheet publishes",
    "answer_link.token_hash": "a key of the provider",
    "answer_link.slot": _ONCE,
    "answer_link.expires_at": "until when a link of the provider opens",
    "answer_link.opened_at": "that a link was opened, which the journal tells",
    "attachment.code": _ADDRESS,
    "attachment.content": "the paper itself: she takes it in her space, beside what it goes with",
    "liaison_sheet.code": _ADDRESS,
    "liaison_sheet.slot": _ONCE,
    "liaison_note.code": _ADDRESS,
    "employer_link.code": _ADDRESS,
    "employer_link.created_at": "when a link was sent, which the journal tells",
    "employer_link.sheet": "of which sheet: its section says it",
    "employer_link.token_hash": "a key of the employer",
    "employer_link.slot": _ONCE,
    "employer_link.expires_at": "until when a link of the employer opens",
    "employment_entry.code": _ADDRESS,
    "employment_entry.person": _LINK,
    "employment_entry.prescription": "the referral it came from, which its own section tells",
    "employment_entry.slot": _ONCE,
    "employment_point.code": _ADDRESS,
    "employment_point.created_at": "the day its entry was written, which the entry tells",
    "employment_point.token_hash": "a key sent to her mailbox",
    "employment_point.link_ends_at": "until when that key opens",
    "employment_point.told_at": "when her référent was told, which the journal tells",
    "audit_entry.code": _ADDRESS,
    "audit_entry.person_id": _LINK,
    "audit_entry.subject_type": "which table the act touched: its words say it",
    "audit_entry.subject_id": "which row the act touched: its section says it",
    "audit_entry.changes": "values that the other sections hold",
}


def sections_of(person):
    """`[(section, rows)]`, the rows as their section tells them."""
    return [(section, section.rows_of(person)) for section in SECTIONS]


def export_of(person):
    """Everything recorded about her, ready to be written as JSON; `format_of()` explains it."""
    return {
        "format": FORMAT,
        "made_at": _plain(now()),
        "sections": {
            section.name: [{name: _plain(value) for name, value in row.items()} for row in rows]
            for section, rows in sections_of(person)
        },
    }


def _plain(value):
    """Dates and moments as ISO 8601 (moments in UTC, « Z »), vocabularies as their value."""
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="seconds") + "Z"
    if isinstance(value, dt.date):
        return value.isoformat()
    return value.value if isinstance(value, Vocabulary) else value
