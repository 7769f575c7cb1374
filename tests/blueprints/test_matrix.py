"""Every route, method, standing and target answers as the matrix says (I12, ASVS 8.2.1–8.4.1).

The expected answer is computed here from the cells of the matrix, never through `can()`: a fault of
the code that decides shows as a difference. Each request is undone before the next one.
"""

import functools
import re
import secrets
from urllib.parse import urlsplit

import pytest
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.routing import AnyConverter, IntegerConverter

import models.exchange.demo
from blueprints.access import OPEN, SIGNED_IN, SIGNING_IN
from models import (
    Accompaniment,
    AccompanimentRequest,
    ActionList,
    Attachment,
    Bookmark,
    BulkImport,
    CharterVersion,
    Correction,
    EmploymentPoint,
    Engagement,
    Handover,
    Invitation,
    JoinRequest,
    LiaisonNote,
    PlanPriority,
    QuestionProposal,
    Rectification,
    SavedSearch,
    Waiver,
    outbox,
)
from models.accounts.account import Role
from models.action_bank import lifecycle
from models.base import database, today
from models.diagnostics.diagnostic import Writer
from models.exchange.bulk import State
from models.following.saved_searches import Rhythm
from models.liaison.sheet import Employer
from models.liaison.words import Difficulty
from models.network.organisations import Category
from models.permissions import MATRIX, Reach, Standing
from models.persons.accompaniments import EndReason, StartReason
from models.persons.agreements import Given
from models.persons.handover import HandoverReason
from models.persons.rectifications import Item
from models.plans.waivers import WaiverReason
from models.prescriptions import acting
from models.prescriptions.attachments import PaperKind
from models.prescriptions.mover import herself, provider
from models.prescriptions.papers import Media, Paper
from models.questionnaire import drafting
from models.questionnaire.paper import sheets
from models.questionnaire.proposals import Reason
from models.questionnaire.versions import SINGLE_TEMPLATE
from models.vocabularies import Status
from tests import factories
from tests.visitor import Visitor

# What an account may open whatever the matrix gives it.
WITHOUT_MATRIX = (OPEN, SIGNED_IN, SIGNING_IN)
# Nobody listens there: the pages of the provider exist, and say that it is silent.
SILENT_PROVIDER = "http://127.0.0.1:9"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ABSENT = "0000000000"
# What only the owner of a thing may read: a refused answer must not hold it.
CANARY = "Canari"

# Who asks, and the columns of the matrix that hold for him.
STANDINGS = {
    "visitor": {Standing.VISITOR},
    "member": {Standing.VISITOR, Standing.MEMBER},
    "professional": {Standing.VISITOR, Standing.MEMBER, Standing.PROFESSIONAL},
    "manager": {Standing.VISITOR, Standing.MEMBER, Standing.MANAGER},
    "animator": {Standing.VISITOR, Standing.ANIMATOR},
    "coordinator": {Standing.VISITOR, Standing.COORDINATOR},
    "bank_animator": {Standing.VISITOR, Standing.BANK_ANIMATOR},
    "admin": {Standing.VISITOR, Standing.ADMIN},
    "auditor": {Standing.VISITOR, Standing.AUDITOR},
    "person": {Standing.VISITOR, Standing.PERSON},
}
# Who has no account: pages of accounts ask them to sign in.
WITHOUT_ACCOUNT = ("visitor", "person")
TARGETS = ("own", "colleague", "other")


class World:
    """An organisation with one account of each kind, and another organisation beside it."""

    def __init__(self):
        self.version = CharterVersion.current() or factories.charter()
        self.home = factories.signed_organisation(name=f"{CANARY} maison")
        self.elsewhere = factories.signed_organisation(name=f"{CANARY} ailleurs")
        manager = factories.membership(organisation=self.home, is_manager=True)
        self.memberships = {
            "member": factories.membership(organisation=self.home),
            "professional": factories.writer(organisation=self.home),
            "manager": manager,
        }
        self.accounts = {who: m.account for who, m in self.memberships.items()}
        for who in ("animator", "coordinator", "bank_animator", "admin", "auditor"):
            self.accounts[who] = factories.account(role=getattr(Role, who.upper()))
        self.colleague = factories.membership(organisation=self.home)
        self.stranger = factories.membership(organisation=self.elsewhere)
        self.herself = factories.person(given_name=CANARY)

    def organisation(self, who, target):
        return self.elsewhere if target == "other" else self.home

    def membership(self, who, target):
        if target == "other":
            return self.stranger
        return self.memberships.get(who, self.colleague) if target == "own" else self.colleague

    def account(self, who, target):
        return self.membership(who, target).account

    def message(self, who, target):
        return outbox.post("trial", to="canari@example.org")

    def invitation(self, who, target):
        where = self.organisation(who, target)
        return Invitation.send(where, "canari@example.org", CANARY, by=None, is_manager=True)

    def join_request(self, who, target):
        return JoinRequest.submit(
            organisation_name=f"{CANARY} demande",
            category=Category.ASSOCIATION,
            contact_name=CANARY,
            contact_email="canari@example.org",
        )

    def own_place(self, who, target):
        """Signing is done by oneself alone: a colleague’s place is nobody’s to sign for."""
        return self.membership(who, "other" if target == "other" else "own")

    def charter_draft(self, who, target):
        return CharterVersion.draft_from(self.version, by=None)

    def draft_compared(self, who, target):
        return {"code": self.charter_draft(who, target).code, "former": self.version.code}

    def template_draft(self, who, target):
        return drafting.start_from(factories.template(), by=None)

    def template_compared(self, who, target):
        return {"code": self.template_draft(who, target).code, "other": factories.template().code}

    def template_section(self, who, target):
        return {"code": self.template_draft(who, target).code, "section": "projet"}

    def template_part(self, who, target):
        return {"code": self.template_draft(who, target).code, "part": "question.sit_age"}

    def template_addition(self, who, target):
        return {
            "code": self.template_draft(who, target).code,
            "part": "section.projet",
            "kind": "question",
        }

    def draft_article(self, who, target):
        draft = self.charter_draft(who, target)
        return {"code": draft.code, "article": draft.ordered_articles()[0].code}

    def deposit(self, who, target):
        where = self.organisation(who, target)
        return BulkImport.create(organisation=where, state=State.CHECKED, new_count=1)

    def spreadsheet(self, who, target):
        return {"code": self.organisation(who, target).code, "form": "ods"}

    def one_sheet(self, who, target):
        return {"code": self.organisation(who, target).code, "sheet": "services"}

    def draft_action(self, who, target):
        where = self.organisation(who, target)
        return factories.action(organisation=where, status=Status.DRAFT, name=f"{CANARY} action")

    def draft_step(self, who, target):
        return {"code": self.draft_action(who, target).code, "part": "lieu"}

    def draft_version(self, who, target):
        sheet = lifecycle.start(self.organisation(who, target), by=None, name=f"{CANARY} fiche")
        return {"code": sheet.code, "number": 1}

    def bookmark(self, who, target):
        action = factories.action(name=f"{CANARY} gardée")
        return Bookmark.keep(action, by=self.account(who, target))

    def action_list(self, who, target):
        return ActionList.start(f"{CANARY} liste", by=self.account(who, target))

    def saved_search(self, who, target):
        mine = self.account(who, target)
        query = {"q": secrets.token_hex(4)}  # nobody keeps the same one twice
        return SavedSearch.keep(f"{CANARY} recherche", query, Rhythm.NEVER, by=mine)

    def recruitment(self, who, target):
        return factories.recruitment(self.organisation(who, target), title=f"{CANARY} postes")

    def recruitment_stage(self, who, target):
        operation = self.recruitment(who, target)
        return {"code": operation.code, "stage": operation.ordered_stages()[0].code}

    def recruitment_partner(self, who, target):
        operation = self.recruitment(who, target)
        added = operation.add_partner(factories.organisation(name=f"{CANARY} appui"), by=None)
        return {"code": operation.code, "partner": added.code}

    def recruitment_figures(self, who, target):
        """Those of an organisation that takes part in somebody else’s operation."""
        operation = factories.recruitment(title=f"{CANARY} postes")
        return operation.add_partner(self.organisation(who, target), by=None)

    def action(self, who, target):
        return factories.action(organisation=self.organisation(who, target), name=f"{CANARY} lue")

    def person(self, who, target):
        """Accompanied by the account of this target, or herself."""
        if who == "person":
            return self.herself if target == "own" else factories.person(given_name=CANARY)
        if target == "own":
            by = self.memberships.get(who, self.colleague)
        else:
            where = self.elsewhere if target == "other" else self.home
            by = factories.writer(organisation=where)
        return factories.accompanied(by, factories.person(given_name=CANARY))

    def agreement_of_hers(self, who, target):
        """Given by her, or by somebody else."""
        giver = self.herself if target == "own" else factories.person(given_name=CANARY)
        return {"agreement": factories.agreement(giver, self.home).code}

    def rectification(self, who, target):
        asked = self.person(who, target)
        return {"code": asked.code, "asked": Rectification.ask(asked, Item.BIRTH_YEAR, "1990").code}

    def proposal(self, who, target):
        factories.template()
        return QuestionProposal.propose(
            SINGLE_TEMPLATE, Reason.HARD, question="sit_age", by=self.stranger.account
        )

    def asked_question(self, who, target):
        factories.template()
        return {"key": "sit_age"}

    def person_started(self, who, target):
        """A file that the account of this target has just opened, without any agreement yet."""
        by = self.membership(who, target)
        started = {"started_by": by.account, "started_in": by.organisation}
        return factories.person(given_name=CANARY, **started)

    def diagnostic(self, who, target):
        """Begun with the person of this target."""
        somebody = self.person(who, target)
        return {"code": somebody.code, "diagnostic": factories.diagnostic(somebody).code}

    def paper(self, who, target):
        """A sheet to type for somebody who has begun nothing yet."""
        sheet = sheets(factories.template())[0]
        return {"code": self.person(who, target).code, "sheet": sheet.code}

    def paper_of_diagnostic(self, who, target):
        begun = self.diagnostic(who, target)
        return {**begun, "sheet": sheets(factories.template())[0].code}

    def diagnostics_compared(self, who, target):
        """Two of the same person, on the same template."""
        somebody = self.person(who, target)
        former = factories.diagnostic(somebody)
        former.seal(by=somebody)
        latter = factories.diagnostic(somebody)
        return {"code": somebody.code, "diagnostic": latter.code, "other": former.code}

    def her_diagnostic(self, who, target):
        return {"diagnostic": self.diagnostic(who, target)["diagnostic"]}

    def her_question(self, who, target):
        return {**self.her_diagnostic(who, target), "rank": 1}

    def her_diagnostics_compared(self, who, target):
        both = self.diagnostics_compared(who, target)
        return {name: both[name] for name in ("diagnostic", "other")}

    def accompaniment(self, who, target):
        """The part of the account of this target in accompanying somebody."""
        somebody = self.person(who, target)
        if who == "person":
            factories.accompanied(factories.writer(organisation=self.home), somebody)
        return somebody, Accompaniment.select().order_by(Accompaniment.id.desc()).get()

    def own_accompaniment(self, who, target):
        somebody, link = self.accompaniment(who, target)
        return {"code": somebody.code, "link": link.code}

    def her_accompaniment(self, who, target):
        return {"link": self.accompaniment(who, target)[1].code}

    def orphan(self, who, target):
        """Nobody accompanies her any more."""
        somebody, link = self.accompaniment(who, target)
        link.end(EndReason.LEFT, by=None)
        return somebody

    def asked(self, who, target):
        request = AccompanimentRequest.create(
            person=self.person(who, target), account=self.colleague.account, organisation=self.home
        )
        return {"asked": request.code}

    def handover(self, who, target):
        """In which the account of this target is proposed, or which she is asked about."""
        return Handover.create(
            person=self.person(who, target),
            account=self.account(who, target),
            organisation=self.organisation(who, target),
            reason=HandoverReason.LEAVING,
            start_reason=StartReason.HANDED_OVER,
        )

    def her_handover(self, who, target):
        return {"handover": self.handover(who, target).code}

    def plan(self, who, target):
        """Of a person accompanied by the account of this target, or hers, with a step under way."""
        somebody = self.person(who, target)
        by = self.memberships["professional"]
        factories.answered(somebody, by, mob_permis="souhaite")
        plan = factories.plan(somebody, by, "mobilite-permis")
        [priority] = PlanPriority.of_plan(plan)
        step = factories.step(priority, by, action=factories.action(name=f"{CANARY} étape"))
        plan.agree(by=somebody, given=Given.OWN_SPACE, seen=plan.revision)
        return somebody, plan, priority, step

    def plan_part(name):
        """The address of one thing of a plan, which names the person unless she asks."""

        def sample(self, who, target):
            somebody, plan, priority, step = self.plan(who, target)
            waiting = factories.step(priority, self.memberships["professional"])
            writer = Writer(self.colleague.account, self.home)
            waiver = Waiver.propose(plan, WaiverReason.WORKS, 8, today(), writer=writer)
            engagement = Engagement.get(Engagement.step == step)
            found = {
                "plan": plan, "priority": priority, "step": step, "waiting": waiting,
                "waiver": waiver, "engagement": engagement,
            }[name]  # fmt: skip
            return {"code": somebody.code, name.replace("waiting", "step"): found.code}

        return sample

    a_plan, a_priority, a_step = plan_part("plan"), plan_part("priority"), plan_part("step")
    a_waiting_step, a_waiver = plan_part("waiting"), plan_part("waiver")
    an_engagement = plan_part("engagement")

    def own(sample):
        """The same thing, at her own address."""

        def of_hers(self, who, target):
            return {k: v for k, v in sample(self, who, target).items() if k != "code"}

        return of_hers

    own_plan, own_step, own_waiver = own(a_plan), own(a_step), own(a_waiver)
    own_engagement = own(an_engagement)

    def prescribed(self, who, target, *, send=True):
        """Asked for the person of this target, so that each side has something to answer."""
        by = self.memberships["professional"]
        place = factories.organisation(name=f"{CANARY} école")
        sheet = factories.action(organisation=place, email="canari@ecole.example")
        ask = factories.sent if send else factories.prescription
        return ask(self.person(who, target), by, action=sheet)

    def a_prescription(self, who, target):
        asked = self.prescribed(who, target)
        return {"code": asked.person.code, "prescription": asked.code}

    def a_draft_prescription(self, who, target):
        asked = self.prescribed(who, target, send=False)
        return {"code": asked.person.code, "prescription": asked.code}

    own_prescription = own(a_prescription)

    def day_offered(self, who, target):
        """The provider would rather have another day."""
        asked = self.prescribed(who, target)
        acting.offer_day(asked, factories.in_days(9), mover=provider(asked.provider))
        return {"code": asked.person.code, "prescription": asked.code}

    def received(self, who, target):
        """A prescription that the organisation of this target is to answer."""
        somebody = factories.accompanied(factories.writer(), factories.person(given_name=CANARY))
        place = self.organisation(who, target)
        sheet = factories.action(organisation=place, email="canari@ecole.example")
        return factories.sent(somebody, self.memberships["professional"], action=sheet)

    def received_paper(self, who, target):
        somebody = factories.accompanied(factories.writer(), factories.person(given_name=CANARY))
        by, place = self.memberships["professional"], self.organisation(who, target)
        sheet = factories.action(organisation=place, email="canari@ecole.example")
        asked = factories.prescription(somebody, by, action=sheet)
        paper = Paper(Media.PDF, CANARY.encode())
        joined = Attachment.add(asked, PaperKind.OTHER, paper, mover=factories.by(by))
        acting.send(asked, mover=herself(somebody), given=Given.OWN_SPACE, seen=asked.revision)
        return {"code": asked.code, "attachment": joined.code}

    def a_paper(self, who, target):
        """A paper of a draft prepared for the person of this target."""
        by = self.memberships["professional"]
        asked = factories.prescription(self.person(who, target), by)
        paper = Paper(Media.PDF, CANARY.encode())
        joined = Attachment.add(asked, PaperKind.OTHER, paper, mover=factories.by(by))
        code = asked.person.code
        return {"code": code, "prescription": asked.code, "attachment": joined.code}

    own_paper = own(a_paper)

    def a_draft_with_papers(self, who, target):
        return {k: v for k, v in self.a_paper(who, target).items() if k != "attachment"}

    def person_with_plan(self, who, target):
        return self.plan(who, target)[0]

    def person_in_work(self, who, target):
        somebody = self.person(who, target)
        factories.employed(somebody, self.memberships["professional"])
        return somebody

    def a_point(self, who, target):
        somebody = self.person_in_work(who, target)
        point = EmploymentPoint.select().order_by(EmploymentPoint.id.desc()).first()
        return {"code": somebody.code, "point": point.code}

    own_point = own(a_point)

    def liaison(self, who, target):
        """An open sheet, on a prescription that the organisation of this target answers, or of the
        person of this target."""
        somebody = self.person(who, target)
        place = self.organisation(who, target)
        action = factories.action(organisation=place, email="accueil@action.example")
        asked = factories.accepted(somebody, self.memberships["professional"], action=action)
        sheet = factories.liaison(asked)
        mover = provider(asked.provider)
        note = LiaisonNote.report(sheet, Difficulty.HOURS, today(), mover=mover)
        to = Employer.at("canari@example.org", ())
        sheet.show_to(to, mover=mover)
        return {"code": somebody.code, "prescription": asked.code, "note": note.code}

    def a_liaison(self, who, target):
        made = self.liaison(who, target)
        return {name: made[name] for name in ("code", "prescription")}

    own_liaison = own(a_liaison)

    def received_liaison(self, who, target):
        return {"code": self.liaison(who, target)["prescription"]}

    def received_note(self, who, target):
        made = self.liaison(who, target)
        return {"code": made["prescription"], "note": made["note"]}

    def correction(self, who, target):
        """Proposed by the account of this target, on a sheet of its organisation."""
        sheet, account = self.action(who, target), self.account(who, target)
        values = {"phone": "+33 5 36 49 00 99"}
        return Correction.propose(sheet, by=account, seen=0, values=values, message=CANARY)


# The thing that the address of an endpoint names; a route without a line here fails the sweep.
SAMPLES = {
    "action_bank.show": World.draft_action,
    "administration.account": World.account,
    "administration.close_account": World.account,
    **dict.fromkeys(
        (
            "answering.done",
            "answering.give_opinions",
            "answering.keep_needs",
            "answering.needs",
            "answering.resume",
            "answering.review",
        ),
        World.her_diagnostic,
    ),
    "answering.answer": World.her_question,
    "answering.question": World.her_question,
    "charter.version": World.charter_draft,
    "charter.version_text": World.charter_draft,
    "charter.comparison": World.draft_compared,
    "charter.sign": World.membership,
    "charter.withdraw": World.membership,
    "charter.bind": World.own_place,
    "charter.leave": World.own_place,
    "charter.draft": World.charter_draft,
    "charter.describe": World.charter_draft,
    "charter.add_article": World.charter_draft,
    "charter.edit_article": World.draft_article,
    "charter.move_article": World.draft_article,
    "charter.remove_article": World.draft_article,
    "charter.discard": World.charter_draft,
    "charter.publish": World.charter_draft,
    "charter.do_publish": World.charter_draft,
    "corrections.accept": World.correction,
    "corrections.decline": World.correction,
    "corrections.propose": World.action,
    "corrections.reply": World.correction,
    "corrections.show": World.correction,
    "freshness.confirm": World.action,
    "freshness.organisation": World.organisation,
    "administration.email": World.message,
    "administration.give_role": World.account,
    "administration.reopen_account": World.account,
    "administration.reset_second_factor": World.account,
    "administration.send_again": World.message,
    "exchange.abandon": World.deposit,
    "exchange.advance": World.deposit,
    "exchange.apply": World.deposit,
    "exchange.deposit": World.organisation,
    "exchange.export": World.spreadsheet,
    "exchange.export_csv": World.one_sheet,
    "exchange.organisation": World.organisation,
    "exchange.publish": World.deposit,
    "exchange.resume": World.deposit,
    "exchange.show": World.deposit,
    "joining.accept_request": World.join_request,
    "joining.decide": World.join_request,
    "joining.decline_request": World.join_request,
    "joining.organisation": World.organisation,
    "joining.readmit": World.organisation,
    "joining.resend": World.invitation,
    "joining.resume": World.organisation,
    "joining.suspend": World.organisation,
    "joining.withdraw": World.invitation,
    **dict.fromkeys(
        (
            "sheets.archive",
            "sheets.discard",
            "sheets.history",
            "sheets.publish",
            "sheets.restore",
            "sheets.send_back",
            "sheets.set_model",
            "sheets.show",
            "sheets.submit",
            "sheets.withdraw",
        ),
        World.draft_action,
    ),
    "sheets.edit": World.draft_step,
    "sheets.roll_back": World.draft_version,
    "sheets.version": World.draft_version,
    "following.annotate": World.bookmark,
    "following.drop": World.bookmark,
    "following.restore": World.bookmark,
    "following.edit_list": World.action_list,
    "following.describe_list": World.action_list,
    "following.add_to_list": World.action_list,
    "following.withdraw_from_list": World.action_list,
    "following.move_in_list": World.action_list,
    "following.share_list": World.action_list,
    "following.delete_list": World.action_list,
    "following.shared_list": World.action_list,
    "following.search": World.saved_search,
    "following.change_feed": World.saved_search,
    "following.delete_search": World.saved_search,
    "my_space.accept_rectification": World.rectification,
    "my_space.decline_rectification": World.rectification,
    "my_space.rectifications": World.person,
    "my_space.withdraw": World.agreement_of_hers,
    **dict.fromkeys(
        (
            "referents.cancel",
            "referents.interrupt",
            "referents.pass_on",
            "referents.pathway",
            "referents.reach",
            "referents.show",
        ),
        World.person,
    ),
    "referents.agree": World.her_handover,
    "referents.answer": World.asked,
    "referents.decline": World.asked,
    "referents.end": World.own_accompaniment,
    "referents.name": World.orphan,
    "referents.receive": World.handover,
    "referents.refuse": World.her_handover,
    "referents.stop": World.her_accompaniment,
    **dict.fromkeys(
        (
            "questionnaire.discard",
            "questionnaire.do_publish",
            "questionnaire.draft",
            "questionnaire.needs",
            "questionnaire.paper",
            "questionnaire.publish",
            "questionnaire.version",
        ),
        World.template_draft,
    ),
    **dict.fromkeys(
        (
            "questionnaire.ask_for",
            "questionnaire.ask_if",
            "questionnaire.edit_part",
            "questionnaire.move_part",
            "questionnaire.remove_part",
        ),
        World.template_part,
    ),
    "questionnaire.add_part": World.template_addition,
    "questionnaire.comparison": World.template_compared,
    "questionnaire.section": World.template_section,
    **dict.fromkeys(("syntheses.actions", "syntheses.paper", "syntheses.show"), World.diagnostic),
    "syntheses.compare": World.diagnostics_compared,
    **dict.fromkeys(
        ("syntheses.my_actions", "syntheses.my_paper", "syntheses.my_show"), World.her_diagnostic
    ),
    "syntheses.my_compare": World.her_diagnostics_compared,
    "proposals.decide": World.proposal,
    "proposals.question": World.asked_question,
    "proposals.vote": World.proposal,
    **dict.fromkeys(
        (
            "plans.agree_here",
            "plans.close",
            "plans.meet",
            "plans.print_plan",
            "plans.prioritise",
            "plans.show",
            "plans.start",
            "plans.waive",
        ),
        World.person_with_plan,
    ),
    "plans.add_step": World.a_priority,
    "plans.finish": World.a_step,
    "plans.former": World.a_plan,
    "plans.keep": World.an_engagement,
    "plans.keep_mine": World.own_engagement,
    "plans.mine_before": World.own_plan,
    "plans.refuse": World.own_step,
    "plans.refuse_waiver": World.own_waiver,
    "plans.withdraw_step": World.a_waiting_step,
    "plans.withdraw_waiver": World.a_waiver,
    **dict.fromkeys(
        ("prescriptions.choose_action", "prescriptions.create", "prescriptions.of_person"),
        World.person,
    ),
    **dict.fromkeys(
        (
            "prescriptions.cancel",
            "prescriptions.conclude",
            "prescriptions.send_again",
            "prescriptions.show",
        ),
        World.a_prescription,
    ),
    **dict.fromkeys(("prescriptions.agree_here", "prescriptions.edit"), World.a_draft_prescription),
    "prescriptions.keep_day": World.day_offered,
    **dict.fromkeys(
        ("prescriptions.agree", "prescriptions.call_off", "prescriptions.show_mine"),
        World.own_prescription,
    ),
    "replies.answer": World.received,
    "replies.paper": World.received_paper,
    "prescriptions.attach": World.a_draft_with_papers,
    "prescriptions.detach": World.a_paper,
    "prescriptions.download": World.a_paper,
    "prescriptions.download_mine": World.own_paper,
    **dict.fromkeys(
        ("employment.end", "employment.record", "employment.show"), World.person_in_work
    ),
    "employment.answer": World.a_point,
    "employment.answer_mine": World.own_point,
    **dict.fromkeys(
        (
            "liaison.open_here",
            "liaison.print_sheet",
            "liaison.send_again",
            "liaison.share",
            "liaison.show",
        ),
        World.a_liaison,
    ),
    **dict.fromkeys(("liaison.lift", "liaison.take"), World.liaison),
    **dict.fromkeys(
        (
            "liaison.hide_mine",
            "liaison.mine",
            "liaison.open_mine",
            "liaison.share_mine",
            "liaison.stop",
        ),
        World.own_liaison,
    ),
    **dict.fromkeys(("liaison.received_sheet", "liaison.report"), World.received_liaison),
    "liaison.lift_received": World.received_note,
    "recruitment.add_partner": World.recruitment,
    "recruitment.add_stage": World.recruitment,
    "recruitment.cancel": World.recruitment,
    "recruitment.close": World.recruitment,
    "recruitment.describe": World.recruitment,
    "recruitment.edit_partner": World.recruitment_partner,
    "recruitment.edit_stage": World.recruitment_stage,
    "recruitment.figures": World.recruitment_figures,
    "recruitment.mark_stage": World.recruitment_stage,
    "recruitment.move_stage": World.recruitment_stage,
    "recruitment.new": World.organisation,
    "recruitment.open_operation": World.recruitment,
    "recruitment.remove_partner": World.recruitment_partner,
    "recruitment.remove_stage": World.recruitment_stage,
    "recruitment.reopen": World.recruitment,
    "recruitment.show": World.recruitment,
    **dict.fromkeys(
        (
            "persons.agreement",
            "persons.code",
            "persons.code_given",
            "persons.edit",
            "persons.give_back",
            "persons.print_file",
            "persons.show",
        ),
        World.person,
    ),
    **dict.fromkeys(("diagnostics.ask_sheet", "diagnostics.begin"), World.person),
    **dict.fromkeys(("diagnostics.begin_from_sheet", "diagnostics.take_sheet"), World.paper),
    **dict.fromkeys(
        ("diagnostics.follow_leaf", "diagnostics.retype", "diagnostics.write_leaf"),
        World.paper_of_diagnostic,
    ),
    "diagnostics.index": World.person,
    **dict.fromkeys(
        (
            "diagnostics.assess",
            "diagnostics.follow",
            "diagnostics.history",
            "diagnostics.keep_needs",
            "diagnostics.needs",
            "diagnostics.save",
            "diagnostics.show",
            "diagnostics.validate",
            "diagnostics.write_assessment",
        ),
        World.diagnostic,
    ),
    "persons.discard": World.person_started,
    "persons.hand_out": World.person_started,
    "persons.redraw": World.person_started,
    "team.cancel_training": World.membership,
    "team.card": World.membership,
    "team.end": World.membership,
    "team.invite": World.organisation,
    "team.member": World.membership,
    "team.record_training": World.membership,
    "team.resend": World.invitation,
    "team.set_ages": World.organisation,
    "team.set_manager": World.membership,
    "team.team": World.organisation,
    "team.withdraw": World.invitation,
}


def routes(app):
    """The rules with what they declare, static files aside."""
    return [(rule, app.view_functions[rule.endpoint].access) for rule in app.url_map.iter_rules()]


def reaches(reach, who, target):
    """Whether this cell of the matrix reaches the target, by the words of its legend."""
    at_home = who in ("member", "professional", "manager")
    return {
        Reach.ALL: True,
        Reach.PUBLIC: False,  # the samples are drafts
        Reach.IN_NETWORK: at_home,
        Reach.OWN_ORGANISATION: at_home and target != "other",
        # Without a thing in the address, what one asks for is one’s own.
        Reach.OWN: target is None or (at_home and target == "own"),
        Reach.STARTED: who == "professional" and target == "own",
        Reach.ACCOMPANIED: who == "professional" and target == "own",
        Reach.HERSELF: who == "person" and target in ("own", None),
    }[reach]


def is_allowed(access, who, target):
    if access == OPEN:
        return True
    if access in (SIGNED_IN, SIGNING_IN):
        return who not in WITHOUT_ACCOUNT
    cells = MATRIX[access].items()
    return any(
        reaches(reach, who, target) for standing, reach in cells if standing in STANDINGS[who]
    )


def asks_to_sign_in(answer):
    doors = ("/connexion", "/mon-espace/entrer")
    return answer.status_code == 303 and urlsplit(answer.location).path in doors


@pytest.fixture
def no_csrf(app, monkeypatch):
    """The forms’ own protection, proved elsewhere, would refuse everybody alike here."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)


def someone(app, world, who):
    """A browser that has seen a page already, signed in as this one."""
    visitor = Visitor(app)
    visitor.visit("/")
    enter_as(visitor, world, who)
    return visitor


def enter_as(visitor, world, who):
    if who == "person":
        visitor.enter_space(world.herself)
    elif who in world.accounts:
        visitor.enter(world.accounts[who])


def test_every_address_that_names_a_thing_has_its_sample(built_app):
    unknown = {
        rule.endpoint
        for rule, access in routes(built_app)
        if access not in WITHOUT_MATRIX and rule.arguments and rule.endpoint not in SAMPLES
    }
    assert unknown == set()


@pytest.fixture
def demonstration(app, monkeypatch):
    """Some pages exist in a demonstration only: the sweep tries them there."""
    monkeypatch.setitem(app.config, "DEMONSTRATION", True)
    monkeypatch.setitem(app.config, "OIDC_ISSUER", SILENT_PROVIDER)
    monkeypatch.setattr(models.exchange.demo, "is_loaded", lambda: True)


@pytest.mark.usefixtures("no_csrf", "demonstration")
@pytest.mark.parametrize("who", STANDINGS)
def test_every_route_answers_as_the_matrix_says(app, who):
    """I12, and I13: the target is hers, another’s, another partner’s, or none."""
    world = World()
    visitor = someone(app, world, who)
    faults = []
    for sample, named in by_sample(app).items():
        for target in TARGETS if sample else (None,):
            with database.atomic() as undone:
                values = values_of(sample(world, who, target)) if sample else {}
                for rule, access in named:
                    path = path_of(app, rule, values)
                    for method in methods_of(app, rule, path):
                        answer = open_and_undo(visitor, path, method)
                        expected = is_allowed(access, who, target)
                        if fault := wrong_answer(who, access, answer, expected):
                            faults.append(f"{method} {rule.rule} ({target}) : {fault}")
                undone.rollback()
    assert faults == []


@pytest.mark.usefixtures("no_csrf", "demonstration")
@pytest.mark.parametrize("who", ["visitor", "professional"])
def test_a_method_that_no_view_serves_is_refused_as_such(app, who):
    """The address decides, whoever asks and whatever thing it names."""
    visitor = someone(app, World(), who)
    faults = []
    for rule, _ in routes(app):
        path = path_of(app, rule, anything(rule))
        for method in METHODS:
            if endpoint_of(app, path, method) is None:
                answer = open_and_undo(visitor, path, method)
                if answer.status_code != 405:
                    faults.append(f"{method} {rule.rule} : {answer.status_code}")
    assert faults == []


def by_sample(app):
    """`{sample: its routes}`: a thing is made once for all the routes that name one. Those of no
    thing are under None."""
    found = {}
    for rule, access in routes(app):
        if access not in WITHOUT_MATRIX or not rule.arguments:
            sample = SAMPLES[rule.endpoint] if rule.arguments else None
            found.setdefault(sample, []).append((rule, access))
    return found


def anything(rule):
    """Values that the address of a rule takes."""
    kinds = rule._converters.items()
    return {
        name: next(iter(kind.items)) if isinstance(kind, AnyConverter) else
        1 if isinstance(kind, IntegerConverter) else ABSENT
        for name, kind in kinds
    }  # fmt: skip


def path_of(app, rule, values):
    return app.url_map.bind("localhost").build(rule.endpoint, values)


def methods_of(app, rule, path):
    """Those that this route serves: several may share an address, one per method."""
    return [method for method in METHODS if endpoint_of(app, path, method) == rule.endpoint]


def endpoint_of(app, path, method):
    """None when nobody serves this method there."""
    try:
        return app.url_map.bind("localhost").match(path, method)[0]
    except MethodNotAllowed:
        return None


def open_and_undo(visitor, path, method):
    """Signing out is undone as well: the cookie comes back with the session."""
    kept = visitor.client.get_cookie("session_id")
    with database.atomic() as undone:
        answer = visitor.client.open(path, method=method)
        undone.rollback()
    if kept:
        visitor.client.set_cookie("session_id", kept.value)
    return answer


def values_of(sample):
    return sample if isinstance(sample, dict) else {"code": sample.code}


def wrong_answer(who, access, answer, expected):
    needs_account = access in (SIGNED_IN, SIGNING_IN) or (
        access != OPEN and Standing.VISITOR not in MATRIX[access]
    )
    needs_account = needs_account and (who == "visitor" or access in (SIGNED_IN, SIGNING_IN))
    if who in WITHOUT_ACCOUNT and needs_account:
        return None if asks_to_sign_in(answer) else f"{answer.status_code} instead of signing in"
    if expected:
        refused = answer.status_code in (401, 403, 404) or asks_to_sign_in(answer)
        return f"refused with {answer.status_code}" if refused else None
    if answer.status_code != 404:
        return f"{answer.status_code} instead of 404"
    return "the refusal tells" if CANARY in answer.text else None


@pytest.mark.parametrize("who", STANDINGS)
def test_what_one_may_not_see_and_what_does_not_exist_are_one_page(app, who):
    """I12: trying addresses tells nothing."""
    world = World()
    visitor = someone(app, world, who)
    for rule, access in routes(app):
        if access in WITHOUT_MATRIX or set(rule.arguments) != {"code"}:
            continue
        if "GET" not in rule.methods or is_allowed(access, who, "other"):
            continue
        build = functools.partial(app.url_map.bind("localhost").build, rule.endpoint)
        refused = visitor.client.get(build(values_of(SAMPLES[rule.endpoint](world, who, "other"))))
        absent = visitor.client.get(build({"code": ABSENT}))
        assert (refused.status_code, words(refused)) == (absent.status_code, words(absent)), rule


def words(answer):
    """The body without what changes from one page to the next: codes and tokens."""
    return re.sub(r"[0-9a-z]{10}|csrf_token[^>]*", "", answer.text)
