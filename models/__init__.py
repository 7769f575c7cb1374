"""What the service knows and allows. No flask here, no HTML: it runs in a plain Python shell."""

from .accounts.account import Account
from .accounts.identities import ExternalIdentity
from .accounts.links import OneTimeLink
from .accounts.second_factor import RecoveryCode, SecondFactor
from .accounts.sessions import Session
from .accounts.throttling import SignInThrottle
from .action_bank.corrections import Correction
from .action_bank.freshness import ReviewReminder
from .action_bank.sheets import Action
from .action_bank.versions import ActionVersion
from .audit import AuditEntry
from .charter.checks import CharterCheck
from .charter.signatures import CharterSignature
from .charter.versions import CharterArticle, CharterVersion
from .diagnostics.answers import Answer
from .diagnostics.diagnostic import Diagnostic
from .diagnostics.domains import DomainLine
from .diagnostics.needs import NeedDecision
from .diagnostics.picture import YearOfPassages
from .employment.entry import EmploymentEntry
from .employment.points import EmploymentPoint
from .exchange.bulk import BulkChunk, BulkImport
from .following.bookmarks import Bookmark
from .following.lists import ActionList, ActionListItem
from .following.saved_searches import SavedSearch
from .liaison.notes import LiaisonNote
from .liaison.sheet import EmployerLink, LiaisonSheet
from .network.joining import Invitation, JoinRequest
from .network.memberships import Membership
from .network.organisations import Organisation
from .network.training import TrainingCompletion
from .outbox import OutgoingEmail
from .persons.accompaniments import Accompaniment
from .persons.agreements import Agreement
from .persons.handover import Handover
from .persons.notices import PersonNotice
from .persons.pathways import Pathway, PathwayTime
from .persons.person import Person
from .persons.rectifications import Rectification
from .persons.requests import AccompanimentRequest
from .persons.sessions import PersonSession
from .plans.plan import Plan
from .plans.priorities import PlanPriority
from .plans.steps import Engagement, PlanStep
from .plans.waivers import Waiver
from .prescriptions.attachments import Attachment
from .prescriptions.history import Transition
from .prescriptions.links import AnswerLink
from .prescriptions.prescription import Prescription
from .questionnaire.proposals import QuestionProposal, QuestionVote
from .questionnaire.versions import TemplateVersion
from .recruitment import RecruitmentOperation, RecruitmentPartner, RecruitmentStage
from .sealing_keys import SealingKey
from .submissions import Submission
from .task_runs import TaskRun
from .unmet_needs import UnmetNeed

# Every entity, in dependency order: migrations and tests read this list.
TABLES = [
    AuditEntry, SealingKey,
    Organisation, Account, SecondFactor, RecoveryCode, Session, SignInThrottle, OneTimeLink,
    ExternalIdentity, OutgoingEmail, Submission, TaskRun,
    Membership, CharterVersion, CharterArticle, CharterSignature, TrainingCompletion, JoinRequest,
    Invitation, CharterCheck,
    Action, ActionVersion,
    Bookmark, ActionList, ActionListItem, SavedSearch, UnmetNeed,
    RecruitmentOperation, RecruitmentStage, RecruitmentPartner,
    ReviewReminder, Correction,
    BulkImport, BulkChunk,
    Person, PersonSession, Agreement, Accompaniment, PersonNotice, Rectification,
    Pathway, PathwayTime, AccompanimentRequest, Handover,
    TemplateVersion, Diagnostic, Answer, DomainLine, NeedDecision, YearOfPassages,
    QuestionProposal, QuestionVote,
    Plan, PlanPriority, PlanStep, Engagement, Waiver,
    Prescription, Transition, AnswerLink, Attachment,
    EmploymentEntry, EmploymentPoint,
    LiaisonSheet, LiaisonNote, EmployerLink,
]  # fmt: skip
