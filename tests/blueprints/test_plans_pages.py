"""Pages of the action plan: proposed by a référent, read and accepted by the person."""

import datetime as dt

import pytest
import time_machine

from models import AuditEntry, Engagement, Plan, PlanPriority, PlanStep, Waiver
from models.persons.accompaniments import ReferentRole
from models.persons.agreements import Given
from models.persons.pathways import Pathway, PathwayKind, PathwayReason
from models.persons.sharing import Domain
from models.plans.plan import ProposalEnd
from models.plans.priorities import Outcome
from tests import factories
from tests.factories import in_days
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("db")

CANARY = "Zéphyrine"
LICENCE, CHILDCARE = "mobilite-permis", "garde-enfants"
LICENCE_WORDS = "Préparer ou récupérer un permis"


@pytest.fixture
def writer():
    factories.charter()
    return factories.writer()


@pytest.fixture
def samia(writer):
    somebody = factories.person(given_name=CANARY, identifier="k7m2p9x4")
    factories.accompanied(writer, somebody, domains=[Domain.FAMILY])
    factories.answered(
        somebody, writer, mob_permis="souhaite", fam_charge="enfants", fam_moins3="oui",
        fam_garde="aucune",
    )  # fmt: skip
    return somebody


@pytest.fixture
def plan(samia, writer):
    return factories.plan(samia, writer, LICENCE, CHILDCARE)


@pytest.fixture
def proposed(plan, writer):
    """A step that waits for her."""
    sheet = factories.action(name="Code de la route", weekly_hours=6, weeks=4)
    return factories.step(PlanPriority.of_plan(plan)[0], writer, action=sheet)


@pytest.fixture
def agreed(plan, proposed):
    plan.agree(by=plan.person, given=Given.OWN_SPACE, seen=plan.revision)
    return proposed


@pytest.fixture
def desk(visitor, writer):
    return visitor.enter(writer.account)


@pytest.fixture
def space(app, samia):
    return Visitor(app).enter_space(samia)


def path(samia, rest=""):
    return f"/personnes/{samia.code}/plan{rest}"


def fresh(row):
    return type(row).get_by_id(row.id)


# For who accompanies


def test_a_plan_begins_with_the_day_of_the_next_point(desk, samia):
    """REQ-31: without a day, no plan; what was typed stays."""
    page = desk.visit(path(samia))
    refused = desk.submit(page, "Commencer le plan", {"point": "", "comment": "telephone"})
    assert refused.status == 422
    assert "écrivez le jour du prochain point." in refused.text
    assert refused.root.find(".//input[@checked]").get("value") == "telephone"
    assert Plan.current_of(samia) is None
    page = desk.submit(page, "Commencer le plan", {"point": in_days(30).isoformat()})
    assert "Le plan est commencé" in page.text
    assert CANARY not in page.title


@pytest.mark.parametrize("day", ["2026-02-31", "demain", "1999-01-01", "2099-01-01"])
def test_a_day_that_may_not_be_is_refused_with_a_sentence(desk, samia, day):
    page = desk.visit(path(samia))
    assert desk.submit(page, "Commencer le plan", {"point": day}).status == 422
    assert Plan.current_of(samia) is None


def test_three_priorities_are_chosen_among_her_needs(desk, samia, writer):
    factories.plan(samia, writer)
    page = desk.visit(path(samia, "/priorites"))
    assert LICENCE_WORDS in page.text
    page = desk.submit(
        page, "Enregistrer les priorités", {"besoin1": CHILDCARE, "besoin2": LICENCE}
    )
    assert page.words("h1") == "Plan d’action : 2 priorités"
    assert page.all_words("h2")[1] == LICENCE_WORDS


@pytest.mark.parametrize("wrong", [{"besoin1": "inventé"}, {"besoin2": LICENCE}, {"vu": "x"}])
def test_a_need_out_of_the_list_twice_or_out_of_date_is_refused(desk, samia, writer, wrong):
    """Bad input: refused with a sentence, nothing written."""
    factories.plan(samia, writer)
    page = desk.visit(path(samia, "/priorites"))
    page = desk.submit(page, "Enregistrer les priorités", {"besoin1": LICENCE} | wrong)
    assert page.status == 422
    assert PlanPriority.of_plan(Plan.current_of(samia)) == []


def test_without_any_need_the_page_sends_to_the_diagnostic(desk, writer):
    nobody = factories.accompanied(writer)
    factories.plan(nobody, writer)
    assert "Aucun besoin pour l’instant." in desk.visit(path(nobody, "/priorites")).text


def test_a_step_is_proposed_with_what_each_side_does(desk, samia, plan, writer):
    """REQ-68, REQ-71: it waits for her, and the page says so."""
    [licence, _] = PlanPriority.of_plan(plan)
    sheet = factories.action(name="Code de la route")
    page = desk.visit(path(samia, f"/{licence.code}/etape?action={sheet.code}"))
    answers = {"action": sheet.code, "elle": "visiter", "nous": "appeler"}
    page = desk.submit(page, "Proposer cette étape", answers)
    assert "1 proposition attend l’accord de la personne" in page.text
    assert "Aller voir sur place." in page.text
    assert PlanStep.get().is_waiting


def test_a_step_that_lacks_a_side_is_refused_and_what_was_chosen_stays(desk, samia, plan):
    [licence, _] = PlanPriority.of_plan(plan)
    page = desk.visit(path(samia, f"/{licence.code}/etape"))
    page = desk.submit(page, "Proposer cette étape", {"action": "aucune", "elle": "visiter"})
    assert page.status == 422
    assert "dites ce que vous faites." in page.text
    assert page.root.find(".//option[@selected]").get("value") == "visiter"
    assert not PlanStep.select().exists()


def test_a_form_of_two_thousand_fields_writes_nothing_more(desk, samia, plan):
    """Bad input: what is not asked is not read."""
    [licence, _] = PlanPriority.of_plan(plan)
    page = desk.visit(path(samia, f"/{licence.code}/etape"))
    answers = {"action": "aucune", "elle": "visiter", "nous": "appeler"}
    extra = {f"besoin-{number}": "leve" for number in range(400)}
    desk.submit(page, "Proposer cette étape", answers | extra)
    assert PlanStep.select().count() <= 1


def test_a_step_sent_twice_is_one_step(desk, samia, plan):
    [licence, _] = PlanPriority.of_plan(plan)
    page = desk.visit(path(samia, f"/{licence.code}/etape"))
    answers = {"action": "aucune", "elle": "visiter", "nous": "appeler"}
    for _ in range(2):
        desk.submit(page, "Proposer cette étape", answers)
    assert PlanStep.select().count() == 1


def test_she_accepts_on_the_screen_with_her_code(desk, samia, proposed):
    """REQ-71: her code, typed by herself."""
    page = desk.visit(path(samia, "/accord"))
    assert "Code de la route" in page.text
    refused = desk.submit(page, "Je suis d’accord", {"code": "zzzz zzzz zzzz"})
    assert refused.status == 422
    assert fresh(proposed).is_waiting
    page = desk.submit(page, "Je suis d’accord", {"code": factories.ACCESS_CODE})
    assert "La personne est d’accord" in page.text
    assert fresh(proposed).given is Given.CODE
    assert "6 h sur 15" in page.text


def test_what_was_added_after_she_read_is_not_accepted(desk, samia, plan, proposed, writer):
    page = desk.visit(path(samia, "/accord"))
    late = factories.step(PlanPriority.of_plan(plan)[0], writer)
    page = desk.submit(page, "Je suis d’accord", {"code": factories.ACCESS_CODE})
    assert page.status == 422
    assert "Le plan a changé" in page.text
    assert fresh(late).is_waiting
    page = desk.submit(page, "Je suis d’accord", {"code": factories.ACCESS_CODE})
    assert fresh(late).is_agreed


def test_at_a_desk_she_accepts_only_what_that_screen_may_show(app, samia, plan, proposed, writer):
    """I1: what is not shared with this référent is answered in her space."""
    private = factories.step(PlanPriority.of_plan(plan)[1], writer)
    other = factories.writer()
    factories.accompanied(other, samia, role=ReferentRole.OTHER)
    elsewhere = Visitor(app).enter(other.account)
    page = elsewhere.visit(path(samia))
    assert "Une partie n’est pas partagée avec vous" in page.text
    assert "Garde" not in " ".join(page.all_words("h2"))
    page = elsewhere.visit(path(samia, "/accord"))
    elsewhere.submit(page, "Je suis d’accord", {"code": factories.ACCESS_CODE})
    assert fresh(proposed).is_agreed
    assert fresh(private).is_waiting
    assert elsewhere.visit(path(samia, f"/{private.priority.code}/etape")).status == 404


def test_a_step_is_withdrawn_then_said_done(desk, samia, plan, proposed):
    page = desk.visit(path(samia))
    desk.submit(page, f"Ne plus proposer cette étape : {proposed.name}")
    assert fresh(proposed).end is ProposalEnd.WITHDRAWN


def test_what_is_done_is_said_on_the_plan(desk, samia, agreed):
    page = desk.visit(path(samia))
    page = desk.submit(page, "C’est fait : Appeler le lieu")
    assert "cet engagement est tenu" in page.text
    page = desk.submit(page, f"L’étape est faite : {agreed.name}")
    assert "1 étape terminée" in page.text


def test_fewer_hours_are_proposed_for_a_coded_reason(desk, samia, plan):
    """Health is not offered where she does not share it (I1)."""
    page = desk.visit(path(samia, "/heures"))
    offered = [one.get("value") for one in page.root.iterfind(".//option")]
    assert "garde" in offered
    assert "sante" not in offered
    refused = desk.submit(page, "Proposer", {"motif": "emploi", "heures": "0"})
    assert "de 1 à 14" in refused.text
    refused = desk.submit(page, "Proposer", {"motif": "sante", "heures": "3"})
    assert (refused.status, Waiver.select().count()) == (422, 0)
    page = desk.submit(page, "Proposer", {"motif": "emploi", "heures": "8"})
    assert "8 h par semaine" in page.text
    assert "0 h sur 15" in page.text


def test_closing_asks_what_became_of_each_need(desk, samia, plan, agreed):
    page = desk.visit(path(samia, "/finir"))
    first, second = PlanPriority.of_plan(plan)
    said = {f"besoin-{first.code}": "leve", f"etape-{agreed.code}": "1"}
    refused = desk.submit(page, "Finir ce plan", said)
    assert refused.status == 422
    assert refused.root.find(".//input[@value='leve'][@checked]") is not None
    page = desk.submit(page, "Finir ce plan", said | {f"besoin-{second.code}": "toujours-la"})
    assert "son bilan est écrit" in page.text
    assert fresh(agreed).end is ProposalEnd.DONE
    page = desk.submit(page, "Commencer le plan", {"point": in_days(30).isoformat()})
    assert page.words("h1") == "Plan d’action : 1 priorité"
    page = desk.visit(page.link("Plan du "))
    assert page.all_words("dd") == ["1", "0", "0", "1", "1"]


def test_the_plan_of_another_is_a_404(desk, samia, plan, agreed, writer):
    """I13: each code is read through the person."""
    other = factories.accompanied(writer)
    factories.plan(other, writer)
    priority = PlanPriority.of_plan(plan)[0]
    for rest in (f"/{plan.code}", f"/{priority.code}/etape"):
        assert desk.visit(path(other, rest)).status == 404
    page = desk.visit(path(samia))
    form = page.form("C’est fait : Appeler le lieu")
    form.set("action", form.get("action").replace(samia.code, other.code))
    assert desk.submit(page, "C’est fait : Appeler le lieu").status == 404
    assert all(one.done_at is None for one in Engagement.select())


def test_reading_and_printing_leave_their_line(desk, samia, agreed):
    """I4"""
    desk.visit(path(samia))
    page = desk.visit(path(samia, "/imprimer"))
    assert "Décidé ensemble" in page.text
    assert "Notre plan" in page.title
    acts = [one.act for one in AuditEntry.select().where(AuditEntry.person_id == samia.id)]
    assert {"plan:read", "plan:print"} <= set(acts)


def test_what_she_has_not_accepted_is_not_in_the_contract(desk, samia, plan, proposed):
    """REQ-71"""
    page = desk.visit(path(samia, "/imprimer"))
    assert "Pas encore accepté : c’est une proposition." in page.text
    assert "Code de la route" not in page.text


def test_a_plan_that_is_late_is_said_on_the_list_and_on_its_page(desk, samia, writer):
    """A month after the orientation, without a plan that she accepted."""
    day = in_days(-60)
    kind, reason = PathwayKind.SOCIAL, PathwayReason.FIRST
    Pathway.decide(samia, kind, reason, writer.organisation, day, by=writer.account)
    assert "Plan à faire depuis le" in desk.visit("/personnes").text
    assert "Le plan est en retard." in desk.visit(path(samia)).text


def test_a_point_that_has_passed_asks_for_another(desk, samia, plan):
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=40), tick=False):
        desk.enter(plan.started_by)
        page = desk.visit(path(samia))
        assert "Le point devait se faire le" in page.text
        page = desk.submit(page, "Enregistrer la date", {"point": in_days(20).isoformat()})
        assert "Le prochain point est enregistré." in page.text


# For herself


def test_she_reads_her_plan_and_accepts_it_in_her_space(space, plan, proposed):
    page = space.visit("/mon-espace/plan")
    assert page.words("h1") == "Mon plan : 2 priorités"
    assert "1 proposition attend votre accord" in page.text
    page = space.submit(page, "Je suis d’accord")
    assert "votre plan est en cours" in page.text
    assert fresh(proposed).given is Given.OWN_SPACE


def test_she_accepts_only_the_plan_she_has_read(space, plan, proposed, writer):
    page = space.visit("/mon-espace/plan")
    factories.step(PlanPriority.of_plan(plan)[0], writer)
    page = space.submit(page, "Je suis d’accord")
    assert page.status == 422
    assert "Le plan a changé" in page.text
    assert fresh(proposed).is_waiting


def test_she_refuses_without_saying_why(space, plan, proposed):
    page = space.visit("/mon-espace/plan")
    page = space.submit(page, f"Je refuse : {proposed.name}")
    assert "Cette étape n’est plus dans votre plan." in page.text
    assert fresh(proposed).end is ProposalEnd.DECLINED


def test_she_says_what_she_has_done_and_stops_what_she_wants(space, plan, agreed):
    page = space.visit("/mon-espace/plan")
    page = space.submit(page, "C’est fait : Aller voir sur place")
    assert "Fait le" in page.text
    page = space.submit(page, f"Arrêter cette étape : {agreed.name}")
    assert fresh(agreed).end is ProposalEnd.STOPPED


def test_she_asks_to_change_and_her_referent_reads_it(space, desk, samia, agreed):
    page = space.visit("/mon-espace/plan")
    page = space.submit(page, "Je veux changer mon plan")
    assert "Vous avez demandé à changer votre plan" in page.text
    assert "La personne veut changer son plan." in desk.visit(path(samia)).text


def test_she_prints_her_plan_in_both_languages(space, plan, agreed):
    """REQ-68: plain words, engagements of both, in French and in English."""
    page = space.visit("/mon-espace/plan/imprimer")
    assert "Aller voir sur place." in page.text
    assert "Appeler le lieu." in page.text
    page = space.visit("/mon-espace/plan/imprimer?langue=en")
    assert "Go and see the place." in page.text


def test_she_reads_her_former_plans_and_nobody_elses(space, plan, agreed, writer):
    from models.plans.closing import close

    said = dict.fromkeys((one.code for one in PlanPriority.of_plan(plan)), Outcome.LIFTED)
    close(plan, {agreed.code}, said, by=writer.account, organisation=writer.organisation)
    page = space.visit("/mon-espace/plan")
    page = space.visit(page.link("Plan du "))
    assert page.words("h1") == "Plan terminé"
    other = factories.plan(factories.accompanied(writer), writer)
    assert space.visit(f"/mon-espace/plan/{other.code}").status == 404


def test_without_a_plan_her_page_says_whom_to_ask(space, samia):
    for address in ("/mon-espace/plan", "/mon-espace/plan/imprimer"):
        assert "Parlez-en à votre référent." in space.visit(address).text


def test_a_plan_is_shown_in_as_many_queries_whatever_it_holds(desk, samia, plan, writer, queries):
    counts = []
    for number in range(3):
        sheet = factories.action(name=f"Action {number}")
        factories.step(PlanPriority.of_plan(plan)[number % 2], writer, action=sheet)
        queries.clear()
        desk.visit(path(samia))
        counts.append(len(queries))
    assert len(set(counts)) == 1


@pytest.fixture
def queries(monkeypatch):
    """The statements sent to the database."""
    from models.base import database

    sent, execute = [], database.obj.execute_sql

    def counted(sql, *more, **named):
        sent.append(sql)
        return execute(sql, *more, **named)

    monkeypatch.setattr(database.obj, "execute_sql", counted)
    return sent
