"""Pages of référents and pathways: for who accompanies, for the person, for the animation."""

import pytest

from models import (
    Accompaniment,
    AccompanimentRequest,
    Account,
    Agreement,
    AuditEntry,
    CharterSignature,
    Handover,
    Membership,
    Pathway,
    PathwayTime,
    TrainingCompletion,
)
from models.accounts.account import Role
from models.base import today
from models.persons.accompaniments import EndReason, ReferentRole
from models.persons.handover import HandoverReason, hand_over
from models.persons.sharing import Domain
from tests import factories
from tests.visitor import Visitor, fields

pytestmark = pytest.mark.usefixtures("db")

CANARY = "Zéphyrine"


@pytest.fixture
def writer():
    factories.charter()
    return factories.writer()


@pytest.fixture
def samia(writer):
    return factories.accompanied(
        writer, factories.person(given_name=CANARY, family_name="Ouistiti", identifier="k7m2p9x4")
    )


@pytest.fixture
def colleague(writer):
    return factories.writer(organisation=writer.organisation)


@pytest.fixture
def desk(visitor, writer):
    return visitor.enter(writer.account)


@pytest.fixture
def animator(app):
    return Visitor(app).enter(factories.account(role=Role.ANIMATOR))


@pytest.fixture
def space(app, samia):
    return Visitor(app).enter_space(samia)


def path(samia, rest=""):
    return f"/personnes/{samia.code}/accompagnement{rest}"


def passing_on(desk, samia, successor, **values):
    page = desk.visit(path(samia, "/relais"))
    answers = {"vers": successor.code, "motif": "depart"} | values
    return desk.submit(page, "Passer le relais", answers)


def propose(samia, writer, successor):
    return hand_over(samia, successor, HandoverReason.LEAVING, by=writer.account)


# Who accompanies


def test_the_page_tells_who_accompanies_since_when_and_who_did(desk, samia, writer, colleague):
    """REQ-9: dates and reasons in words."""
    passing_on(desk, samia, colleague, reste="1")
    page = desk.visit(path(samia))
    assert page.all_words("h3")[0] == f"{colleague.account.name}, référent unique"
    assert "Fin : relais à un autre référent." in page.text
    assert CANARY not in page.title


def test_passing_on_cuts_the_former_referent_at_once(desk, app, samia, colleague):
    """I3: the file, whose page was open, is a 404 at the next request."""
    page = passing_on(desk, samia, colleague)
    assert (page.address, page.status) == ("/personnes", 200)
    assert "Le relais est passé, et la personne est prévenue." in page.text
    assert desk.visit(path(samia)).status == 404
    assert Visitor(app).enter(colleague.account).visit(path(samia)).status == 200


def test_the_same_form_sent_twice_passes_on_once_and_is_no_refusal(desk, samia, colleague):
    page = desk.visit(path(samia, "/relais"))
    answers = {"vers": colleague.code, "motif": "depart"}
    desk.submit(page, "Passer le relais", answers)
    assert desk.submit(page, "Passer le relais", answers).status == 200
    assert Handover.select().count() == 1


def test_two_successors_named_at_once_the_second_page_says_so(desk, app, samia, writer, colleague):
    """From the page that was opened before: one wins, the other one is told."""
    other = factories.writer(organisation=writer.organisation)
    page = desk.visit(path(samia, "/relais"))
    passing_on(desk, samia, colleague, reste="1")
    late = desk.submit(page, "Passer le relais", {"vers": other.code, "motif": "depart"})
    assert "Vous n’êtes pas son référent unique." in late.text
    assert Accompaniment.lead_of(samia).account == colleague.account


def test_what_lacks_is_said_and_what_was_chosen_stays(desk, samia, colleague):
    page = desk.visit(path(samia, "/relais"))
    page = desk.submit(page, "Passer le relais", {"vers": colleague.code})
    assert page.status == 422
    assert page.root.find(".//option[@selected]").get("value") == colleague.code


def test_someone_without_the_right_to_write_is_not_among_the_choices(desk, samia, writer):
    member = factories.membership(organisation=writer.organisation)
    page = passing_on(desk, samia, member)
    assert page.status == 422
    assert "choisissez un professionnel de la liste." in page.text


def test_elsewhere_the_page_says_that_the_person_must_accept(desk, samia, writer):
    page = passing_on(desk, samia, factories.writer())
    assert "Un relais attend la réponse de la personne." in page.text
    page = desk.submit(page, "Ne plus proposer ce relais")
    assert "Un relais attend" not in page.text


def test_leaving_alone_must_be_said(desk, samia):
    link = Accompaniment.lead_of(samia)
    page = desk.visit(path(samia, f"/{link.code}/finir"))
    page = desk.submit(page, "Finir mon accompagnement", {"motif": "fin"})
    assert page.status == 422
    page = desk.submit(page, "Finir mon accompagnement", {"motif": "fin", "sans_referent": "1"})
    assert "Vous n’accompagnez plus cette personne." in page.text
    assert desk.visit(path(samia)).status == 404


def test_nobody_ends_the_part_of_another(desk, app, samia, writer, colleague):
    """I13: the code of the link is read through the person, and asked again whose it is."""
    factories.accompanied(colleague, samia, role=ReferentRole.OTHER)
    theirs = Accompaniment.get(Accompaniment.account == colleague.account)
    elsewhere = factories.accompanied(writer)
    mine = Accompaniment.lead_of(elsewhere)
    for link in (theirs, mine):
        assert desk.visit(path(samia, f"/{link.code}/finir")).status == 404


# The pathway


def test_the_pathway_is_decided_then_interrupted_then_resumed(desk, samia, writer):
    """REQ-209"""
    page = desk.visit(path(samia, "/parcours"))
    first = {"parcours": "global", "motif": "premiere", "organisme": writer.organisation.code}
    page = desk.submit(page, "Enregistrer le parcours", first)
    assert "Parcours emploi et social" in page.text
    page = desk.visit(path(samia, "/parcours"))
    desk.submit(page, "Enregistrer le temps", {"temps": "formation"})
    page = desk.submit(desk.visit(path(samia, "/parcours")), "Interrompre le parcours")
    assert "Formation (interrompu)" in page.all_words("h3")
    page = desk.visit(path(samia, "/parcours"))
    page = desk.submit(page, "Enregistrer le parcours", first | {"motif": "reprise"})
    assert "Formation (en cours)" in page.all_words("h3")
    assert Pathway.select().count() == PathwayTime.select().count() == 2


@pytest.mark.parametrize("jour", ["", "2999-01-01", "hier", "2024-12-31"])
def test_a_day_that_cannot_be_is_said_beside_it(desk, samia, writer, jour):
    page = desk.visit(path(samia, "/parcours"))
    answers = {"parcours": "social", "motif": "premiere", "jour": jour}
    answers["organisme"] = writer.organisation.code
    page = desk.submit(page, "Enregistrer le parcours", answers)
    assert page.status == 422
    assert page.root.find(".//span[@id='jour-e']") is not None
    assert Pathway.select().count() == 0


# Asking


def ask(desk, identifier, **values):
    page = desk.visit("/personnes/demander")
    return desk.submit(page, "Envoyer la demande", {"identifiant": identifier} | values)


def test_asking_tells_nothing_of_who_has_the_identifier(desk, writer):
    """The two answers are the same, to the byte but their tokens."""
    somebody = factories.person(given_name=CANARY)
    pages = [ask(desk, somebody.identifier), ask(desk, "00000000")]
    assert [page.status for page in pages] == [200, 200]
    assert pages[0].text == pages[1].text
    assert pages[0].address == pages[1].address
    assert CANARY not in pages[0].html


def test_a_number_of_social_security_is_refused_and_not_shown_back(desk):
    page = ask(desk, "1 85 05 78 006 084 91")
    assert page.status == 422
    assert "006" not in page.html
    assert AccompanimentRequest.select().count() == 0


def test_who_works_in_two_organisations_says_for_which_one(desk, writer):
    other = factories.writer(organisation=factories.signed_organisation(), of=writer.account)
    somebody = factories.person()
    ask(desk, somebody.identifier, organisme=other.organisation.code)
    assert AccompanimentRequest.get().organisation == other.organisation


def test_the_person_accepts_and_chooses_what_she_shares(desk, app, writer):
    """REQ-73"""
    somebody = factories.person()
    ask(desk, somebody.identifier)
    own = Visitor(app).enter_space(somebody)
    page = own.visit(own.visit("/mon-espace/mes-referents").link("Répondre"))
    answers = {"role": "referent-unique", "duree": "12", "domaines": ["logement"]}
    page = own.submit(page, "Accepter", answers)
    assert f"{writer.account.name}, référent unique" in page.all_words("h3")
    assert desk.visit(path(somebody)).status == 200


def test_health_is_shared_with_who_asks_by_her_code_alone(desk, app, writer):
    """Level 3 of the single template: never by a session left open."""
    somebody = factories.person()
    ask(desk, somebody.identifier)
    own = Visitor(app).enter_space(somebody)
    page = own.visit(own.visit("/mon-espace/mes-referents").link("Répondre"))
    answers = {"role": "referent-unique", "duree": "12", "domaines": ["sante"]}
    for code in ("", "0000 0000 0000"):
        assert own.submit(page, "Accepter", answers | {"code": code}).status == 422
    assert Accompaniment.select().count() == 0
    own.submit(page, "Accepter", answers | {"code": factories.ACCESS_CODE})
    assert Agreement.get().shared_domains == [Domain.HEALTH]


def test_the_person_declines_and_nothing_is_shown(desk, app, writer):
    somebody = factories.person()
    ask(desk, somebody.identifier)
    own = Visitor(app).enter_space(somebody)
    page = own.visit(own.visit("/mon-espace/mes-referents").link("Répondre"))
    page = own.submit(page, "Refuser")
    assert "Rien de votre dossier n’a été montré." in page.text
    assert desk.visit(path(somebody)).status == 404


def test_an_answer_without_duration_is_asked_again(desk, app):
    somebody = factories.person()
    ask(desk, somebody.identifier)
    own = Visitor(app).enter_space(somebody)
    page = own.visit(own.visit("/mon-espace/mes-referents").link("Répondre"))
    page = own.submit(page, "Accepter", {"role": "referent-unique"})
    assert page.status == 422
    assert Accompaniment.select().count() == 0


# Her own space


def test_she_sees_who_accompanies_her_and_how_to_reach_them(space, writer):
    Membership.update(phone="05 36 49 01 20", is_listed=True).execute()
    page = space.visit("/mon-espace/mes-referents")
    assert page.words("h3") == f"{writer.account.name}, référent unique"
    assert page.link("05 36 49 01 20") == "tel:0536490120"


def test_the_number_of_who_did_not_choose_to_appear_is_not_shown(space, writer):
    Membership.update(phone="05 36 49 01 20", is_listed=False).execute()
    assert "05 36 49 01 20" not in space.visit("/mon-espace/mes-referents").text


def test_she_stops_an_accompaniment_without_saying_why(space, desk, samia):
    page = space.visit("/mon-espace/mes-referents")
    page = space.visit(page.link("Arrêter cet accompagnement"))
    page = space.submit(page, "Arrêter cet accompagnement")
    assert "ne lit plus rien" in page.text
    assert desk.visit(path(samia)).status == 404
    assert Accompaniment.get().end_reason is EndReason.BY_PERSON
    page = desk.visit("/personnes")
    assert "1 accompagnement arrêté par la personne" in page.all_words("h2")
    assert "K7M2 P9X4" in page.text.replace("\u00a0", " ")
    assert CANARY not in page.html


def test_left_without_referent_she_names_one_where_she_agrees(space, app, samia, colleague):
    """I14"""
    Accompaniment.lead_of(samia).end(EndReason.DONE, by=None)
    page = space.visit("/mon-espace/mes-referents")
    page = space.visit(page.link("Choisir mon référent unique"))
    page = space.submit(page, "Choisir", {"vers": colleague.code})
    assert f"{colleague.account.name}, référent unique" in page.all_words("h3")


def test_she_accepts_a_handover_in_her_space(space, app, samia, writer):
    elsewhere = factories.writer()
    propose(samia, writer, elsewhere)
    page = space.visit(space.visit("/mon-espace/mes-referents").link("Répondre"))
    page = space.submit(page, "Accepter", {"duree": "6"})
    assert f"{elsewhere.account.name}, référent unique" in page.all_words("h3")


def test_a_handover_answered_already_says_so(space, samia, writer):
    handover = propose(samia, writer, factories.writer())
    page = space.visit(f"/mon-espace/relais/{handover.code}")
    handover.cancel(by=writer.account)
    page = space.submit(page, "Accepter", {"duree": "6"})
    assert page.status == 422
    assert "n’attend plus de réponse" in page.text


def test_the_request_of_another_person_is_not_there(space, writer):
    """I13"""
    AccompanimentRequest.ask(factories.person().identifier, writer, by=writer.account)
    request = AccompanimentRequest.get()
    assert space.visit(f"/mon-espace/demandes/{request.code}").status == 404


# On the screen of the successor


def receiving(app, samia, writer, code, **values):
    elsewhere = factories.writer()
    propose(samia, writer, elsewhere)
    desk = Visitor(app).enter(elsewhere.account)
    page = desk.visit("/personnes/relais")
    seen = page.html
    page = desk.visit(page.link("Elle est devant moi"))
    assert CANARY not in seen + page.html
    return desk.submit(page, "J’accepte", {"code": code, "duree": "12"} | values)


def test_she_accepts_on_the_screen_of_her_next_referent(app, samia, writer):
    """Her own code; before it, nothing of the file is shown."""
    page = receiving(app, samia, writer, "K7M2 P9X4 ABCD")
    assert page.address == path(samia)
    assert CANARY in page.text


def test_a_wrong_code_opens_nothing(app, samia, writer):
    page = receiving(app, samia, writer, "wrong")
    assert page.status == 422
    assert Accompaniment.lead_of(samia).account == writer.account
    assert AuditEntry.select().where(AuditEntry.act == "code:refuse").exists()


@pytest.mark.parametrize("who", ["who hands over", "the team of who is proposed", "elsewhere"])
def test_a_handover_is_received_by_nobody_else(app, samia, writer, who):
    """I13: another's is not there, neither read nor accepted with her own code beside one."""
    proposed = factories.writer()
    handover = propose(samia, writer, proposed)
    others = {
        "who hands over": lambda: writer,
        "the team of who is proposed": lambda: factories.writer(organisation=proposed.organisation),
        "elsewhere": factories.writer,
    }
    other, address = others[who](), f"/personnes/relais/{handover.code}"
    mine, desk = Visitor(app).enter(proposed.account), Visitor(app).enter(other.account)
    assert "Elle est devant moi" in mine.visit("/personnes/relais").html
    assert address not in desk.visit("/personnes/relais").html
    assert desk.visit(address).status == 404
    own = dict(fields(desk.visit("/personnes/demander").form("Envoyer la demande")))
    typed = {"code": "K7M2 P9X4 ABCD", "duree": "12", "csrf_token": own["csrf_token"]}
    assert desk.submit(mine.visit(address), "J’accepte", typed).status == 404
    assert Handover.get_by_id(handover.id).is_waiting
    assert Accompaniment.lead_of(samia).account == writer.account


# The animation


def test_the_animation_names_a_referent_without_a_name(animator, app, samia, writer, colleague):
    """I14: the canary of her name is on none of these pages."""
    Account.get_by_id(writer.account_id).deactivate()
    listed = animator.visit("/animation/sans-referent")
    assert listed.words("h1") == "1 personne sans référent"
    assert "K7M2 P9X4" in listed.text
    page = animator.visit(listed.link("K7M2 P9X4"))
    done = animator.submit(page, "Nommer ce référent", {"vers": colleague.code})
    assert done.words("h1") == "0 personne sans référent"
    for seen in (listed, page, done):
        assert CANARY not in seen.html
        assert "Ouistiti" not in seen.html
    assert Visitor(app).enter(colleague.account).visit(path(samia)).status == 200
    assert animator.visit(path(samia)).status == 404


def test_the_list_says_since_when_the_charter_binds_no_more(animator, samia, writer):
    """REQ-69: the day is known, and read; one that is not known is said so."""
    CharterSignature.withdraw_own(writer)
    page = animator.visit("/animation/sans-referent")
    assert page.all_words("td")[-1].endswith(str(today().year))
    TrainingCompletion.delete().execute()
    assert "date inconnue" in animator.visit("/animation/sans-referent").text


def test_the_animation_may_only_ask_the_person_for_another_organisation(animator, samia, writer):
    elsewhere = factories.writer()
    writer.account.deactivate()
    page = animator.visit(f"/animation/sans-referent/{samia.code}")
    page = animator.submit(page, "Demander à la personne", {"vers": elsewhere.code})
    assert "elle accepte, ou non" in page.text
    assert (
        "Une demande attend sa réponse."
        in animator.visit(f"/animation/sans-referent/{samia.code}").text
    )


def test_who_has_a_referent_is_not_there_to_be_named_one(animator, samia):
    assert animator.visit(f"/animation/sans-referent/{samia.code}").status == 404


def test_the_person_is_told_who_named_without_reading(animator, samia, writer, colleague):
    """I4, I5: the act of the animation is in her log, and is no reading."""
    writer.account.deactivate()
    page = animator.visit(f"/animation/sans-referent/{samia.code}")
    animator.submit(page, "Nommer ce référent", {"vers": colleague.code})
    acts = {row.act for row in AuditEntry.select().where(AuditEntry.person_id == samia.id)}
    assert "referent:name" in acts
    assert "file:read" not in acts
