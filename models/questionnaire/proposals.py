"""What professionals and persons ask of the questions of a template, and how they vote (REQ-39).

Reasons are coded: nobody writes a text. A proposal keeps the role of who made it, never a name.
"""

import datetime as dt
from typing import NamedTuple

import peewee as pw

from .. import audit
from ..accounts.account import Account
from ..base import (
    N_,
    Entity,
    RuleBroken,
    Vocabulary,
    VocabularyField,
    local_day,
    now,
    transaction,
)
from ..database import held
from ..persons.person import Person
from ..persons.sharing import Domain
from .asking import AskedWhy, Asker
from .versions import POTENTIALS_GRID, SINGLE_TEMPLATE, TemplateVersion

TEMPLATES = (SINGLE_TEMPLATE, POTENTIALS_GRID)


class Reason(Vocabulary):
    """What is wrong with a question, or missing; it says by itself what is asked for."""

    HARD = "difficile", N_("Elle est difficile à comprendre : à écrire plus simplement")
    HURTS = "gene", N_("Elle gêne ou elle blesse : à retirer ou à changer")
    USELESS = "inutile", N_("Elle n’aide pas pour la suite : à retirer")
    TWICE = "double", N_("On la pose déjà ailleurs : à retirer")
    CHOICE = "choix", N_("Il manque une réponse : à ajouter")
    MISSING = "manque", N_("Il manque une question sur ce sujet : à ajouter")

    @classmethod
    def about_a_question(cls):
        return [one for one in cls if one is not cls.MISSING]

    @property
    def asked_why(self):
        """What the history of the question keeps of it."""
        return {
            Reason.HARD: AskedWhy.CLEARER,
            Reason.HURTS: AskedWhy.GENTLER,
            Reason.CHOICE: AskedWhy.CHOICE,
            Reason.MISSING: AskedWhy.MISSING,
        }.get(self, AskedWhy.SHORTER)


class Ballot(Vocabulary):
    """One vote."""

    FOR = "pour", N_("Pour ce changement")
    AGAINST = "contre", N_("Contre ce changement")


class Outcome(Vocabulary):
    """What the coordination answered."""

    ADOPTED = "retenue", N_("Retenue pour la prochaine version")
    DECLINED = "non-retenue", N_("Non retenue")


class QuestionProposal(Entity):
    """Something asked of a template: about `question`, or about `domain` when one is missing.

    `slot` makes the living proposal of one thing unique: to ask again is to vote for it.
    """

    template = pw.CharField(max_length=40)
    question = pw.CharField(max_length=40, null=True)
    domain = VocabularyField(Domain, null=True)
    reason = VocabularyField(Reason)
    role = VocabularyField(Asker)
    slot = pw.CharField(max_length=140, null=True, unique=True)
    outcome = VocabularyField(Outcome, null=True)
    decided_at = pw.DateTimeField(null=True)

    class Meta:
        indexes = ((("template", "question"), False),)

    @property
    def is_open(self):
        return self.outcome is None

    def about(self, labels):
        """The words of its question, or the French ones of its domain."""
        return labels.get(self.question, self.question) or self.domain.label

    @property
    def as_request(self):
        """The line that the history of the question keeps: `{role, raison, date}` (`demandes`)."""
        return {
            "role": self.role.value, "raison": self.reason.asked_why.value,
            "date": local_day(self.created_at).isoformat(),
        }  # fmt: skip

    @classmethod
    @transaction
    def propose(cls, template, reason, *, question=None, domain=None, by):
        """Ask it, and vote for it; the same thing asked already gets one more vote.

        Raises `RuleBroken` for what the current version does not hold.
        """
        _check(template, reason, question, domain)
        slot = f"{template}:{question or domain.value}:{reason.value}"
        proposal = next(iter(held(cls.select().where(cls.slot == slot))), None)
        if proposal is None:
            proposal = cls.create(
                template=template, question=question, domain=domain, reason=reason,
                role=Asker.of(by), slot=slot,
            )  # fmt: skip
            audit.record(
                "proposal:make", proposal, by=by, person=_herself(by), template=template,
                reason=reason.value,
            )  # fmt: skip
        QuestionVote.cast(proposal, Ballot.FOR, by=by)
        return proposal

    @classmethod
    def tallied(cls, *, question=None):
        """Every proposal with its `votes`, the living ones with most voices first; three queries.
        With `question`, those about this one alone."""
        rows = list(cls.select().where(cls.question == question) if question else cls.select())
        counts = QuestionVote.counts()
        for row in rows:
            row.votes = counts.get(row.id, {})
        return sorted(rows, key=lambda row: (not row.is_open, -row.voices(Ballot.FOR), -row.id))

    @classmethod
    def adopted(cls, template):
        """`{question key: [proposal]}` of what will be answered by the next version."""
        rows = cls.select().where(
            cls.template == template, cls.outcome == Outcome.ADOPTED, cls.question.is_null(False)
        )
        found = {}
        for row in rows.order_by(cls.id):
            found.setdefault(row.question, []).append(row)
        return found

    def voices(self, ballot, role=None):
        """How many voted so, in all or of one role, as `tallied` counted."""
        return sum(
            count for (said, who), count in self.votes.items()
            if said is ballot and role in (None, who)
        )  # fmt: skip

    @transaction
    def decide(self, outcome, *, by):
        """Answer it once for all; raises `RuleBroken` when it was answered already."""
        [proposal] = held(QuestionProposal.select().where(QuestionProposal.id == self.id))
        if not proposal.is_open:
            raise RuleBroken(N_("Cette proposition a déjà une réponse."))
        proposal.outcome, proposal.decided_at, proposal.slot = outcome, now(), None
        proposal.save(only=proposal.dirty_fields)
        audit.record("proposal:decide", proposal, by=by, outcome=outcome.value)
        return proposal


class QuestionVote(Entity):
    """The vote of one account or of one person, who may change it while the proposal lives."""

    proposal = pw.ForeignKeyField(QuestionProposal, backref="ballots", on_delete="CASCADE")
    account = pw.ForeignKeyField(Account, null=True, on_delete="CASCADE")
    person = pw.ForeignKeyField(Person, null=True, on_delete="CASCADE")
    role = VocabularyField(Asker)
    ballot = VocabularyField(Ballot)

    class Meta:
        indexes = ((("proposal", "account"), True), (("proposal", "person"), True))

    @classmethod
    @transaction
    def cast(cls, proposal, ballot, *, by):
        """Vote, or vote otherwise; raises `RuleBroken` once the proposal is answered."""
        if not held(QuestionProposal.select().where(
            QuestionProposal.id == proposal.id, QuestionProposal.outcome.is_null()
        )):  # fmt: skip
            raise RuleBroken(N_("Cette proposition a déjà une réponse."))
        former = cls.get_or_none((cls.proposal == proposal) & cls._is(by))
        if former and former.ballot is ballot:
            return
        if former is None:
            account, person = (None, by) if by.is_accompanied else (by, None)
            former = cls(proposal=proposal, account=account, person=person)
        former.role, former.ballot = Asker.of(by), ballot
        former.save()
        audit.record("proposal:vote", proposal, by=by, person=_herself(by))

    @classmethod
    def _is(cls, voter):
        return cls.person == voter if voter.is_accompanied else cls.account == voter

    @classmethod
    def of_voter(cls, voter):
        """`{proposal row number: Ballot}` of what an account or a person voted."""
        rows = cls.select(cls.proposal, cls.ballot).where(cls._is(voter))
        return {row.proposal_id: row.ballot for row in rows}

    @classmethod
    def of_person(cls, person):
        """Her votes with what they are about, the latest first."""
        rows = cls.select(cls, QuestionProposal).join(QuestionProposal)
        return list(rows.where(cls.person == person).order_by(cls.id.desc()))

    @classmethod
    def counts(cls):
        """`{proposal row number: {(ballot, role): how many}}`."""
        rows = cls.select(cls.proposal, cls.ballot, cls.role, pw.fn.COUNT(cls.id).alias("n"))
        found = {}
        for row in rows.group_by(cls.proposal, cls.ballot, cls.role):
            found.setdefault(row.proposal_id, {})[row.ballot, row.role] = row.n
        return found


def _herself(voter):
    """The person whose own journal tells it; None for an account."""
    return voter if voter.is_accompanied else None


def _check(template, reason, question, domain):
    version = TemplateVersion.current(template) if template in TEMPLATES else None
    if version is None:
        raise RuleBroken(N_("Cette trame n’existe pas."))
    if reason is Reason.MISSING:
        if domain is None or question is not None:
            raise RuleBroken(N_("choisissez un sujet."))
    elif question not in version.template.questions:
        raise RuleBroken(N_("Cette question n’existe pas."))


def question_of(key):
    """`(version, Question)` of a question of the current templates, or None."""
    for template in TEMPLATES:
        version = TemplateVersion.current(template)
        if version and (found := version.template.questions.get(key)):
            return version, found
    return None


class Told(NamedTuple):
    """A vote as she takes it away, under the names of its columns."""

    created_at: dt.datetime
    proposal: str
    ballot: Ballot


def votes_of(person):
    """Her votes, with what they are about in words."""
    labels = labels_in("fr")
    return [
        Told(
            row.created_at, f"{row.proposal.about(labels)} {row.proposal.reason.label}", row.ballot
        )
        for row in QuestionVote.of_person(person)
    ]


def labels_in(language):
    """`{question key: its words}` of the current templates."""
    return {
        key: question.label.said(language)
        for template in current_templates()
        for key, question in template.questions.items()
    }


def current_templates():
    """The `Template` of each current version."""
    versions = (TemplateVersion.current(key) for key in TEMPLATES)
    return [version.template for version in versions if version]
