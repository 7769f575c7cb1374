"""Pages of prescriptions: prepared by a référent, read and accepted by the person, answered by the
provider with or without an account."""

import datetime as dt

import pytest

from models import (
    AnswerLink,
    AuditEntry,
    Diagnostic,
    OutgoingEmail,
    PlanPriority,
    PlanStep,
    Prescription,
)
from models.base import now, today
from models.persons.agreements import Given
from models.plans.plan import ProposalEnd
from models.plans.priorities import offers_of
from models.prescriptions import acting
from models.prescriptions.attachments import Attachment, PaperKind
from models.prescriptions.mover import herself, provider
from models.prescriptions.papers import Media, Paper
from models.prescriptions.shared import ConcernedNeed, Reach, Shared
from models.prescriptions.states import Outcome, Refusal, State
from models.search_index import current_index
from tests import factories
from tests.factories import in_days
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("db")

CANARY = "Zéphyrine"
LICENCE = ConcernedNeed("mobilite-permis", "Préparer ou récupérer un permis", ())
HOUSING = ConcernedNeed("logement-louer", "Trouver un logement", ("logement",))


@pytest.fixture
def writer():
    factories.charter()
    return factories.writer()


@pytest.fixture
def samia(writer):
    somebody = factories.person(given_name=CANARY, identifier="k7m2p9x4", phone="0612345678")
    factories.accompanied(writer, somebody)
    factories.answered(somebody, writer, mob_permis="souhaite")
    return somebody


@pytest.fixture
def sheet():
    return factories.action(
        name="Code de la route", email="accueil@ecole.example", documents=["Pièce d’identité"]
    )


@pytest.fixture
def asked(samia, writer, sheet):
    return factories.sent(samia, writer, LICENCE, action=sheet)


@pytest.fixture
def desk(visitor, writer):
    return visitor.enter(writer.account)


@pytest.fixture
def space(app, samia):
    return Visitor(app).enter_space(samia)


@pytest.fixture
def outside(app):
    """Somebody without an account."""
    return Visitor(app)


def path(samia, rest=""):
    return f"/personnes/{samia.code}/prescriptions{rest}"


def link_of(kind="prescription_received"):
    """The address that the last message of this kind leads to."""
    mails = [one for one in OutgoingEmail.select().order_by(OutgoingEmail.id) if one.kind == kind]
    return f"/repondre/{mails[-1].values['token']}"


def fresh(row):
    return type(row).get_by_id(row.id)


# Preparing it


def test_from_a_sheet_one_chooses_whom_it_is_for(desk, samia, sheet):
    page = desk.visit(f"/actions/{sheet.code}")
    page = desk.follow(page, "Prescrire cette action")
    page = desk.follow(page, samia.name)
    assert "Papiers à apporter" in page.text
    page = desk.submit(page, "Préparer la demande", {"joindre": "telephone"})
    assert "Rien n’est parti." in page.text
    assert Prescription.get().shared.contact == "0612345678"
    assert CANARY not in page.title


@pytest.mark.parametrize("refused", [{"email": ""}, {"mobilisers": ["usagers"]}])
def test_a_sheet_that_nobody_may_prescribe_has_no_button(desk, samia, refused):
    """Neither does the address of the next page, typed, promise anything."""
    sheet = factories.action(**{"email": "accueil@ecole.example"} | refused)
    assert "Prescrire cette action" not in desk.visit(f"/actions/{sheet.code}").text
    page = desk.visit(f"/prescriptions/pour-qui?action={sheet.code}")
    assert "Cette action ne se prescrit pas ici." in page.text
    assert samia.name not in page.text


def test_what_leaves_is_read_by_her_then_agreed_to_with_her_code(desk, samia, writer, sheet):
    """REQ-190, REQ-71: on the screen of her référent, with her own code."""
    draft = factories.prescription(samia, writer, LICENCE, action=sheet)
    page = desk.visit(path(samia, f"/{draft.code}"))
    page = desk.follow(page, "Elle lit et accepte ici")
    assert LICENCE.label in page.text
    refused = desk.submit(page, "Je suis d’accord, envoyer", {"code": "mauvais"})
    assert refused.status == 422
    assert fresh(draft).state is State.DRAFT
    page = desk.submit(page, "Je suis d’accord, envoyer", {"code": factories.ACCESS_CODE})
    assert "La demande est partie." in page.text
    assert (fresh(draft).state, fresh(draft).given) == (State.SENT, Given.CODE)


def test_she_may_agree_alone_in_her_space(space, samia, writer, sheet):
    shared = Shared.of(samia, sheet, Reach.PHONE, [LICENCE])
    acting.prepare(samia, sheet, shared, mover=factories.by(writer))
    assert "à vous de dire" in space.visit("/mon-espace").text
    page = space.visit("/mon-espace/prescriptions")
    page = space.follow(page, "Code de la route")
    page = space.submit(page, "Je suis d’accord, envoyer", {})
    assert "Votre demande est partie." in page.text


def test_she_calls_it_off_whenever_she_wants(space, outside, asked):
    """I3: at the very next request, the link shows nothing of her any more."""
    assert outside.visit(link_of()).status == 200
    page = space.visit(f"/mon-espace/prescriptions/{asked.code}")
    page = space.submit(page, "Annuler la demande", {})
    assert "L’organisme ne peut plus la lire." in page.text
    shut = outside.visit(link_of())
    assert (shut.status, shut.words("h1")) == (410, "Cette demande est annulée")
    assert CANARY not in shut.text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [({"joindre": "pigeon"}, "choisissez comment la joindre."),
     ({"joindre": ""}, "choisissez comment la joindre."),
     ({"besoins": "inventé"}, "choisissez des besoins de la liste.")],
)  # fmt: skip
def test_what_is_out_of_the_lists_is_refused_with_a_sentence(desk, samia, sheet, wrong, sentence):
    page = desk.visit(path(samia, f"/nouvelle?action={sheet.code}"))
    page = desk.submit(page, "Préparer la demande", {"joindre": "referent"} | wrong)
    assert page.status == 422
    assert sentence in page.text
    assert not Prescription.select().exists()


def test_the_button_is_not_shown_to_whom_it_would_refuse(desk, samia):
    sheet = factories.action(age_max=20, email="accueil@ecole.example")
    page = desk.visit(path(samia, f"/nouvelle?action={sheet.code}"))
    assert "Il faut avoir 20 ans au plus." in page.text
    assert "Préparer la demande" not in page.text


def test_a_draft_is_changed_until_she_agrees(desk, samia, writer, sheet):
    draft = factories.prescription(samia, writer, LICENCE, action=sheet)
    page = desk.visit(path(samia, f"/{draft.code}/changer"))
    page = desk.submit(page, "Enregistrer", {"joindre": "telephone"})
    assert fresh(draft).shared.contact == "0612345678"


# Followed by its référent


def test_what_another_agreement_hides_is_not_there(desk, samia, writer, sheet):
    """I1: her need, and the action that answers it, for whom she shares that domain with."""
    hidden = factories.sent(samia, writer, HOUSING, action=sheet)
    assert desk.visit(path(samia, f"/{hidden.code}")).status == 404
    page = desk.visit(path(samia))
    assert "ne partage pas avec vous" in page.text
    assert sheet.name not in page.text


def test_the_prescription_of_another_person_is_not_there(desk, samia, asked, writer):
    """I13."""
    other = factories.accompanied(writer)
    for rest in ("", "/accord", "/changer"):
        assert desk.visit(path(other, f"/{asked.code}{rest}")).status == 404


def test_the_list_starts_with_what_waits_for_him(desk, samia, asked, writer):
    acting.offer_day(asked, in_days(9), mover=provider(asked.provider))
    factories.sent(samia, writer)
    page = desk.visit("/prescriptions")
    assert page.all_words("h2")[:2] == ["À faire", "Attendent une réponse"]
    page = desk.follow(page, "Code de la route")
    page = desk.submit(page, "Oui, ce jour convient", {})
    assert fresh(asked).starts_on == in_days(9)


def test_a_new_link_in_one_click_closes_the_former_one(desk, outside, samia, asked):
    former = link_of()
    page = desk.visit(path(samia, f"/{asked.code}"))
    desk.submit(page, "Renvoyer un lien à l’organisme", {})
    assert outside.visit(former).status == 410
    assert outside.visit(link_of()).status == 200


def test_the_outcome_is_one_choice_and_ends_the_step_of_the_plan(desk, samia, writer, sheet):
    """From the plan to the answer and back: the plan says the same word."""
    plan = factories.plan(samia, writer, LICENCE.key)
    step = factories.step(PlanPriority.of_plan(plan)[0], writer, action=sheet)
    plan.agree(by=samia, given=Given.OWN_SPACE, seen=plan.revision)
    page = desk.visit(f"/personnes/{samia.code}/plan")
    page = desk.follow(page, "Prescrire cette action Code de la route")
    page = desk.submit(page, "Préparer la demande", {})
    [asked] = Prescription.select()
    acting.send(asked, mover=herself(samia), given=Given.OWN_SPACE, seen=0)
    assert "Attend une réponse" in desk.visit(f"/personnes/{samia.code}/plan").text
    acting.accept(asked, mover=provider(asked.provider))
    page = desk.visit(path(samia, f"/{asked.code}"))
    refused = desk.submit(page, "Enregistrer", {"jour": today().isoformat()})
    assert "dites ce qui est arrivé." in refused.text
    desk.submit(page, "Enregistrer", {"issue": "faite", "jour": today().isoformat()})
    assert fresh(asked).outcome is Outcome.DONE
    assert PlanStep.get_by_id(step.id).end is ProposalEnd.DONE


def test_refused_it_says_what_else_there_is(desk, samia, writer, sheet):
    """The alert leads to three alternatives of the bank at most, for the needs asked about; no
    address names one."""
    need = ConcernedNeed.of(offers_of(samia)[0])
    asked = factories.sent(samia, writer, need, action=sheet)
    factories.action(
        name="Auto-école sociale", needs=[need.key], thematics=["mobilite--preparer-un-permis"],
        email="ecole@mobile.example", insee_code="31555", latitude=43.6, longitude=1.44,
    )  # fmt: skip
    current_index().rebuild()
    acting.decline(asked, [Refusal.FULL], mover=provider(asked.provider))
    page = desk.visit(path(samia, f"/{asked.code}"))
    assert "Il n’y a plus de place" in page.text
    assert need.key not in page.link("Prescrire cette action Auto-école sociale")
    page = desk.follow(page, "Prescrire cette action Auto-école sociale")
    assert page.words("h1") == "Prescrire une action"
    desk.submit(page, "Préparer la demande", {})
    [draft] = Prescription.select().where(Prescription.state == State.DRAFT)
    assert [one.key for one in draft.shared.needs] == [need.key]


def test_from_a_need_of_her_synthesis_one_prescribes_at_once(desk, space, samia, writer):
    """REQ-31: what answers a need leads to the request; she finds no such button in her space."""
    need = ConcernedNeed.of(offers_of(samia)[0])
    factories.action(
        name="Auto-école sociale", needs=[need.key], thematics=["mobilite--preparer-un-permis"],
        email="ecole@mobile.example", insee_code="31555", latitude=43.6, longitude=1.44,
    )  # fmt: skip
    current_index().rebuild()
    [diagnostic] = Diagnostic.select()
    page = desk.visit(f"/personnes/{samia.code}/diagnostics/{diagnostic.code}/synthese/actions")
    page = desk.follow(page, "Prescrire cette action Auto-école sociale")
    assert "Préparer la demande" in page.text
    hers = space.visit(f"/mon-espace/synthese/{diagnostic.code}/actions")
    assert "Auto-école sociale" in hers.text
    assert "Prescrire" not in hers.text


# Answered by link, without an account


def test_the_link_shows_what_was_shared_and_nothing_else(outside, asked, samia):
    page = outside.visit(link_of())
    assert LICENCE.label in page.text
    assert samia.name in page.text
    for hidden in ("0612345678", samia.identifier, str(samia.birth_year), "Toulouse"):
        assert hidden not in page.text
    assert CANARY not in page.title


def test_through_the_référent_it_tells_how_to_reach_him(outside, asked, writer):
    """« Passer par son référent » gives nothing of hers, and all that is needed of him."""
    assert writer.account.identifier in outside.visit(link_of()).text
    writer.describe(by=writer.account, phone="+33561000000", email="amina@envol.example")
    page = outside.visit(link_of())
    assert "05 61 00 00 00" in page.text
    assert "amina@envol.example" in page.text


def test_opening_the_link_is_written_in_her_journal(outside, asked, samia):
    """I4: and it answers nothing by itself."""
    outside.visit(link_of())
    [line] = AuditEntry.select().where(AuditEntry.act == "prescription:open")
    assert (line.person_id, line.organisation_id) == (samia.id, asked.provider_id)
    assert fresh(asked).state is State.SENT


@pytest.mark.parametrize(
    ("answer", "state"),
    [({"reponse": "oui", "jour": in_days(5).isoformat()}, State.ACCEPTED),
     ({"reponse": "oui"}, State.ACCEPTED),
     ({"reponse": "non", "raisons": "complet"}, State.DECLINED),
     ({"reponse": "autre-jour", "jour": in_days(5).isoformat()}, State.SENT)],
)  # fmt: skip
def test_one_step_answers(outside, asked, answer, state):
    page = outside.submit(outside.visit(link_of()), "Envoyer la réponse", answer)
    assert "C’est noté" in page.text
    assert fresh(asked).state is state


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [({}, "choisissez une réponse."),
     ({"reponse": "peut-être"}, "choisissez une réponse."),
     ({"reponse": "non"}, "choisissez au moins une raison."),
     ({"reponse": "non", "raisons": "parce que"}, "choisissez au moins une raison."),
     ({"reponse": "autre-jour"}, "écrivez le jour que vous proposez."),
     ({"reponse": "oui", "jour": "2026-02-31"}, "écrivez un jour qui existe."),
     ({"reponse": "oui", "jour": "2020-01-01"}, "Choisissez un jour à venir")],
)  # fmt: skip
def test_a_wrong_answer_comes_back_with_a_sentence(outside, asked, answer, sentence):
    page = outside.submit(outside.visit(link_of()), "Envoyer la réponse", answer)
    assert page.status == 422
    assert sentence in page.text
    assert fresh(asked).state is State.SENT


def test_what_came_of_it_is_told_by_the_same_link(outside, asked):
    acting.accept(asked, mover=provider(asked.provider))
    page = outside.visit(link_of())
    page = outside.submit(page, "Enregistrer", {"issue": "venue", "jour": today().isoformat()})
    assert fresh(asked).outcome is Outcome.CAME


def test_the_papers_joined_are_read_by_the_link_while_it_opens(outside, samia, writer, sheet):
    """I3: and by nobody once it is called off."""
    draft = factories.prescription(samia, writer, action=sheet)
    Attachment.add(
        draft, PaperKind.CV, Paper(Media.PDF, b"%PDF-1.7 CV"), mover=factories.by(writer)
    )
    acting.send(draft, mover=herself(samia), given=Given.OWN_SPACE, seen=draft.revision)
    page = outside.visit(link_of())
    address = page.link("CV")
    taken = outside.client.get(address)
    assert taken.data == b"%PDF-1.7 CV"
    assert "attachment" in taken.headers["Content-Disposition"]
    acting.cancel(draft, mover=herself(samia))
    assert outside.visit(address).status == 410


def test_an_old_link_offers_a_new_one_for_the_same_address(outside, asked, time_machine):
    """Eight days, then in one click; nobody else gets one."""
    former = link_of()
    time_machine.move_to(dt.datetime.now(dt.UTC) + dt.timedelta(days=8, minutes=1))
    page = outside.visit(former)
    assert page.status == 410
    assert CANARY not in page.text
    outside.submit(page, "Recevoir un nouveau lien", {})
    assert link_of() != former
    assert AnswerLink.latest_of(asked).recipient == "accueil@ecole.example"
    assert outside.visit(link_of()).status == 200


def test_an_old_link_sends_one_message_an_hour(outside, asked):
    former = link_of()
    acting.send_again(asked, mover=provider(asked.provider))
    sent = OutgoingEmail.select().count()
    page = outside.visit(former)
    outside.submit(page, "Recevoir un nouveau lien", {})
    assert OutgoingEmail.select().count() == sent


@pytest.mark.parametrize("token", ["x", "a" * 43, "..%2F..", "é"])
def test_an_altered_link_leads_to_one_clear_page(outside, asked, token):
    page = outside.visit(f"/repondre/{token}")
    assert page.status == 404


def test_an_answer_after_the_end_finds_a_closed_page(outside, asked, time_machine):
    address = link_of()
    acting.decline(asked, [Refusal.FULL], mover=provider(asked.provider))
    page = outside.visit(address)
    assert page.status == 410
    assert CANARY not in page.text


# Answered with an account


def test_an_organisation_finds_its_requests_the_oldest_first(app, samia, writer):
    place = factories.writer()
    names = ["Première", "Seconde"]
    for name in names:
        sheet = factories.action(name=name, organisation=place.organisation)
        factories.sent(samia, writer, LICENCE, action=sheet)
    inside = Visitor(app).enter(place.account)
    page = inside.visit("/prescriptions/recues")
    [first, _] = [name for name in page.all_words("h3") if name.split(",")[0] in names]
    assert first.startswith("Première")
    assert CANARY not in page.text
    page = inside.follow(page, first)
    assert CANARY in page.text
    page = inside.submit(page, "Envoyer la réponse", {"reponse": "oui"})
    states = [one.state for one in Prescription.select().order_by(Prescription.id)]
    assert states == [State.ACCEPTED, State.SENT]


def test_the_requests_of_another_organisation_are_not_there(app, asked):
    stranger = Visitor(app).enter(factories.writer().account)
    assert stranger.visit(f"/prescriptions/recues/{asked.code}").status == 404


def test_without_the_right_to_write_nothing_is_read(app, samia, writer):
    """I1: « provider whose charter lapsed between sending and answering »."""
    place = factories.writer()
    sheet = factories.action(organisation=place.organisation)
    asked = factories.sent(samia, writer, LICENCE, action=sheet)
    place.organisation.suspended_at = now()
    place.organisation.save()
    assert (
        Visitor(app).enter(place.account).visit(f"/prescriptions/recues/{asked.code}").status == 404
    )


def test_her_prescriptions_are_read_in_her_export(space, samia, writer, sheet):
    """REQ-43: also those that were declined, with why."""
    asked = factories.sent(samia, writer, LICENCE, action=sheet)
    acting.decline(asked, [Refusal.FULL, Refusal.DATES], mover=provider(asked.provider))
    page = space.visit("/mon-espace/export")
    for words in (LICENCE.label, "Il n’y a plus de place, Les dates ne vont pas", "complet, dates"):
        assert words in page.text
