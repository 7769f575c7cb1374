"""« Mon espace »: the person enters with her code, decides, leaves no trace (REQ-42, 43, 73)."""

import datetime as dt
import json
import re

import pytest
import time_machine

from models import Agreement, AuditEntry, Person, PersonNotice, Rectification
from models.persons.agreements import Given
from models.persons.notices import News
from models.persons.rectifications import Item
from models.persons.sessions import SHARED_IDLE, SHARED_LENGTH
from models.persons.sharing import Domain
from tests import factories
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("db")

PAGES = [
    "/mon-espace",
    "/mon-espace/accords",
    "/mon-espace/accords/donner",
    "/mon-espace/journal",
    "/mon-espace/export",
    "/mon-espace/export/format",
    "/mon-espace/rectifier",
    "/mon-espace/clore",
]


@pytest.fixture
def writer(db):
    factories.charter()
    return factories.writer()


@pytest.fixture
def samia(writer):
    somebody = factories.person(identifier="k7m2p9x4", family_name="Benali")
    return factories.accompanied(writer, somebody)


@pytest.fixture
def inside(visitor, samia):
    """Her browser, in her space."""
    return visitor.enter_space(samia)


@pytest.fixture
def clock():
    with time_machine.travel(dt.datetime.now(dt.UTC), tick=False) as clock:
        yield clock


def entering(visitor, identifier, code, **more):
    page = visitor.visit("/mon-espace/entrer")
    fields = {"identifiant": identifier, "code": code} | more
    return visitor.submit(page, "Ouvrir mon espace", fields)


def refresh(page):
    """`(seconds, address)` where the page leads by itself."""
    seconds, _, address = page.headers["Refresh"].partition("; url=")
    return int(seconds), address


def test_identifier_and_code_open_her_space(visitor, samia):
    page = entering(visitor, "K7M2 P9X4", "K7M2 P9X4 ABCD")
    assert (page.status, page.words("h1")) == (200, "Bonjour Samia")
    assert page.headers["Cache-Control"] == "no-store"


def test_a_wrong_code_is_said_and_nothing_opens(visitor, samia):
    page = entering(visitor, samia.identifier, "wrong")
    assert page.status == 422
    assert "L’identifiant ou le code n’est pas le bon." in page.text
    assert visitor.visit("/mon-espace").address == "/mon-espace/entrer?suite=/mon-espace"


def test_leaving_closes_her_space_and_clears_the_browser(visitor, samia):
    page = entering(visitor, samia.identifier, factories.ACCESS_CODE)
    answer = visitor.client.post("/mon-espace/quitter", data={"csrf_token": token_of(page)})
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert visitor.visit(answer.location).words("h1") == "Votre espace est fermé"
    assert visitor.visit("/mon-espace").words("h1") == "Ouvrir mon espace"


def token_of(page):
    return page.root.find(".//input[@name='csrf_token']").get("value")


def test_a_person_is_nobody_on_the_pages_of_professionals(visitor, samia):
    visitor.enter_space(samia)
    assert visitor.visit("/espace-pro").address.startswith("/connexion")


@pytest.mark.parametrize("address", PAGES)
def test_each_of_her_pages_is_hers_alone_and_can_be_left_at_once(app, inside, address):
    page = inside.visit(address)
    assert (page.status, page.headers["Cache-Control"]) == (200, "no-store")
    assert page.form("Terminer et effacer") is not None
    assert "Samia" not in page.title
    assert Visitor(app).visit(address).words("h1") == "Ouvrir mon espace"


def test_leaving_is_offered_on_public_pages_too(inside):
    page = inside.visit("/actions")
    assert inside.submit(page, "Terminer et effacer").words("h1") == "Votre espace est fermé"


# A shared screen left alone


def test_a_page_left_alone_leads_to_a_question_then_to_the_end(clock, visitor, samia):
    """WCAG 2.2.1, access.md §2: warned sixty seconds before, without any script."""
    page = entering(visitor, samia.identifier, factories.ACCESS_CODE)
    seconds, address = refresh(page)
    assert (seconds, address) == (240, "/mon-espace/toujours-la?suite=/mon-espace")
    clock.shift(seconds)
    page = visitor.visit(address)
    assert page.words("h1") == "Êtes-vous toujours là ?"
    seconds, address = refresh(page)
    assert (seconds, address) == (61, "/mon-espace/au-revoir")
    clock.shift(seconds)
    page = visitor.visit(address)
    assert page.words("h1") == "Votre espace est fermé"
    assert page.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert visitor.client.get_cookie("session_id") is None


def test_the_question_prolongs_nothing_by_being_asked(clock, visitor, samia):
    entering(visitor, samia.identifier, factories.ACCESS_CODE)
    clock.shift(SHARED_IDLE - dt.timedelta(seconds=60))
    for _ in range(3):
        visitor.visit("/mon-espace/toujours-la")
        visitor.visit("/mon-espace/au-revoir")
    clock.shift(61)
    assert visitor.visit("/mon-espace").words("h1") == "Ouvrir mon espace"


def test_her_answer_leads_back_where_she_was_and_keeps_her_space_open(clock, visitor, samia):
    entering(visitor, samia.identifier, factories.ACCESS_CODE)
    clock.shift(240)
    page = visitor.visit("/mon-espace/toujours-la?suite=/mon-espace/accords")
    page = visitor.submit(page, "Oui, je continue")
    assert page.words("h1") == "Mes accords"
    clock.shift(240)
    assert visitor.visit("/mon-espace").words("h1") == "Bonjour Samia"


def test_her_answer_never_leads_to_another_site(clock, visitor, samia):
    entering(visitor, samia.identifier, factories.ACCESS_CODE)
    page = visitor.visit("/mon-espace/toujours-la?suite=//ailleurs.example")
    assert visitor.submit(page, "Oui, je continue").words("h1") == "Bonjour Samia"


def test_a_shared_space_ends_after_half_an_hour_whatever_is_asked(clock, visitor, samia):
    entering(visitor, samia.identifier, factories.ACCESS_CODE)
    for _ in range(9):
        clock.shift(SHARED_LENGTH / 10)
        assert visitor.visit("/mon-espace").words("h1") == "Bonjour Samia"
    page = visitor.visit("/mon-espace/toujours-la")
    assert "se ferme dans tous les cas" in page.text
    clock.shift(SHARED_LENGTH / 10 + dt.timedelta(seconds=1))
    assert visitor.visit("/mon-espace").words("h1") == "Ouvrir mon espace"


def test_on_her_own_device_no_page_moves_by_itself(visitor, samia):
    page = entering(visitor, samia.identifier, factories.ACCESS_CODE, appareil_a_moi="1")
    assert page.words("h1") == "Bonjour Samia"
    assert "Refresh" not in page.headers


def test_a_visitor_is_never_led_anywhere(visitor):
    assert "Refresh" not in visitor.visit("/actions").headers


def test_two_people_entering_one_after_the_other_see_their_own_space(visitor, samia, writer):
    """access.md §2, kiosk next user: the first session dies, and leaves her nothing to read."""
    other = factories.person(identifier="00000002", given_name="Karim")
    entering(visitor, samia.identifier, factories.ACCESS_CODE)
    stolen = visitor.client.get_cookie("session_id").value
    page = visitor.visit("/mon-espace/accords")
    withdrawn = {"csrf_token": token_of(page)}
    visitor.client.post(f"/mon-espace/accords/{Agreement.get().code}/retirer", data=withdrawn)
    page = entering(visitor, other.identifier, factories.ACCESS_CODE)
    assert page.words("h1") == "Bonjour Karim"
    assert "retiré" not in page.text
    visitor.client.set_cookie("session_id", stolen)
    assert visitor.visit("/mon-espace").words("h1") == "Ouvrir mon espace"


def test_a_form_of_the_former_person_acts_on_nobody(app, visitor, samia):
    """Back, then send again, under the next person’s session."""
    entering(visitor, samia.identifier, factories.ACCESS_CODE)
    address = f"/mon-espace/accords/{Agreement.get().code}/retirer"
    kept = token_of(visitor.visit(address))
    visitor.submit(visitor.visit("/mon-espace"), "Terminer et effacer")
    entering(visitor, factories.person(identifier="00000002").identifier, factories.ACCESS_CODE)
    answer = visitor.client.post(address, data={"csrf_token": kept})
    assert answer.status_code == 403
    assert Agreement.get().is_current
    page = visitor.visit("/mon-espace")
    assert visitor.client.post(address, data={"csrf_token": token_of(page)}).status_code == 404
    assert Agreement.get().is_current


# What she sees


def test_her_first_page_says_who_follows_her_and_how_to_reach_them(inside, writer):
    writer.describe(by=writer.account, phone="05 36 49 01 20", is_listed=True)
    page = inside.visit("/mon-espace")
    assert f"{writer.account.name}, référent unique" in page.all_words("h3")
    assert "05 36 49 01 20" in page.text.replace("\u00a0", " ")
    assert writer.organisation.name in page.text


def test_what_is_new_is_shown_until_she_says_she_read_it(inside, samia, writer):
    PersonNotice.tell(
        samia, News.CODE_RENEWED, account=writer.account, organisation=writer.organisation
    )
    page = inside.visit("/mon-espace")
    assert f"{writer.account.name}, de {writer.organisation.name}, a changé" in page.text
    page = inside.submit(page, "J’ai lu")
    assert "a changé votre code" not in page.text.partition("Qui a regardé")[0]


def test_the_journal_tells_who_what_and_how_often(app, inside, samia, writer):
    Visitor(app).enter(writer.account)
    for _ in range(2):
        AuditEntry.create(
            act="file:read", subject_type="person", subject_id=samia.id, person_id=samia.id,
            actor_id=writer.account_id, organisation_id=writer.organisation_id,
        )  # fmt: skip
    page = inside.visit("/mon-espace/journal")
    assert f"{writer.account.name} a lu votre dossier, 2 fois." in page.text
    assert "Vous avez lu cette liste." in page.text


def test_a_line_that_is_not_normal_becomes_a_question(inside, samia, writer):
    page = inside.visit("/mon-espace/journal")
    page = inside.visit(page.link("Ce n’est pas normal ?"))
    empty = inside.submit(page, "Demander une explication")
    assert empty.status == 422
    page = inside.submit(page, "Demander une explication", {"pourquoi": "inconnu"})
    assert "Votre question est partie." in page.text
    assert AuditEntry.select().where(AuditEntry.act == "log:question").count() == 1


def test_a_question_sent_twice_is_asked_once(inside, samia):
    page = inside.visit("/mon-espace/journal")
    page = inside.visit(page.link("Ce n’est pas normal ?"))
    for _ in range(2):
        inside.submit(page, "Demander une explication", {"pourquoi": "inconnu"})
    assert AuditEntry.select().where(AuditEntry.act == "log:question").count() == 1


# Her agreements


def test_she_gives_an_agreement_for_what_she_ticks(inside, samia):
    """REQ-73"""
    other = factories.admitted_organisation(name="Crèche du Canal")
    page = inside.visit("/mon-espace/accords/donner")
    page = inside.submit(page, "Continuer", {"organisme": other.code})
    assert page.words("h1") == "Crèche du Canal"
    ticked = {"domaines": ["logement", "famille"], "duree": "6"}
    page = inside.submit(page, "Je donne mon accord", ticked)
    assert "Crèche du Canal" in page.all_words("h3")
    given = Agreement.between(samia, other)
    assert given.shared_domains == [Domain.HOUSING, Domain.FAMILY]
    assert (given.given, given.has_passport) == (Given.OWN_SPACE, False)


def test_nothing_is_ticked_for_her(inside):
    other = factories.admitted_organisation()
    page = inside.visit(f"/mon-espace/accords/organisme?organisme={other.code}")
    assert not [box for box in page.root.iter("input") if box.get("checked") is not None]


def test_nothing_is_ticked_either_when_she_changes_what_she_shares(inside, samia):
    """REQ-73: what she shares today is told to her, and chosen again."""
    held = Agreement.get(Agreement.person == samia)
    Agreement.update(domains=[Domain.HOUSING.value]).execute()
    page = inside.visit(f"/mon-espace/accords/organisme?organisme={held.organisation.code}")
    assert "Vous avez déjà un accord avec cet organisme." in page.text
    assert Domain.HOUSING.label in page.all_words("li")
    assert not [box for box in page.root.iter("input") if box.get("checked") is not None]


def test_an_agreement_reads_the_same_in_her_space_and_at_a_desk(app, inside, writer, samia):
    """REQ-73: one form, the same subjects, the same durations."""
    at_desk = Visitor(app).enter(writer.account).visit(f"/personnes/{samia.code}/accord")
    in_space = inside.visit(f"/mon-espace/accords/organisme?organisme={writer.organisation.code}")
    offered = [
        [
            (box.get("name"), box.get("value"))
            for box in page.root.iter("input")
            if box.get("name") in ("courants", "domaines", "passeport", "duree")
        ]
        for page in (at_desk, in_space)
    ]
    assert offered[0] == offered[1]
    assert ("duree", "3") in offered[0]


def test_health_needs_her_own_code_again(inside, samia):
    """Level 3 of the single template: never by a session left open."""
    other = factories.admitted_organisation()
    page = inside.visit(f"/mon-espace/accords/organisme?organisme={other.code}")
    ticked = {"domaines": "sante", "duree": "12"}
    for code in ("", "0000 0000 0000"):
        refused = inside.submit(page, "Je donne mon accord", ticked | {"code": code})
        assert refused.status == 422
        assert Agreement.between(samia, other) is None
    inside.submit(page, "Je donne mon accord", ticked | {"code": "K7M2 P9X4 ABCD"})
    assert Agreement.between(samia, other).shared_domains == [Domain.HEALTH]


@pytest.mark.parametrize("values", [{}, {"duree": "99"}, {"duree": "6", "domaines": "secret"}])
def test_an_agreement_that_says_too_little_or_too_much_is_asked_again(inside, samia, values):
    other = factories.admitted_organisation()
    page = inside.visit(f"/mon-espace/accords/organisme?organisme={other.code}")
    page = inside.submit(page, "Je donne mon accord", values)
    assert page.status == 422
    assert Agreement.between(samia, other) is None


def test_an_agreement_sent_twice_is_given_once(inside, samia):
    other = factories.admitted_organisation()
    page = inside.visit(f"/mon-espace/accords/organisme?organisme={other.code}")
    for _ in range(2):
        inside.submit(page, "Je donne mon accord", {"duree": "6"})
    assert Agreement.select().where(Agreement.organisation == other).count() == 1


def test_an_organisation_outside_the_network_receives_no_agreement(inside, samia):
    outside = factories.organisation()
    page = inside.visit(f"/mon-espace/accords/organisme?organisme={outside.code}")
    assert page.words("h1") == "À qui donner votre accord ?"
    assert outside.name not in page.text


def test_an_agreement_withdrawn_closes_the_page_a_professional_holds(app, inside, samia, writer):
    """I3: his next request finds nothing."""
    reader = Visitor(app).enter(writer.account)
    address = f"/personnes/{samia.code}/rectifications"
    assert reader.visit(address).status == 200
    page = inside.visit("/mon-espace/accords")
    page = inside.visit(page.link("Retirer"))
    assert writer.account.name in page.text
    page = inside.submit(page, "Retirer mon accord")
    assert "Retiré par la personne" in page.text
    assert reader.visit(address).status == 404


def test_nobody_withdraws_the_agreement_of_another(app, inside, writer):
    """I13"""
    other = factories.accompanied(writer)
    theirs = Agreement.get(Agreement.person == other)
    page = inside.visit("/mon-espace/accords")
    address = f"/mon-espace/accords/{theirs.code}/retirer"
    assert inside.visit(address).status == 404
    answer = inside.client.post(address, data={"csrf_token": token_of(page)})
    assert answer.status_code == 404
    assert Agreement.get_by_id(theirs.id).is_current


# Taking away, correcting, closing


def test_her_export_is_a_page_and_a_file(inside, samia, writer):
    """REQ-43"""
    page = inside.visit("/mon-espace/export")
    for words in ("Benali", writer.organisation.name, writer.account.name, "k7m2p9x4"):
        assert words in page.text
    answer = inside.client.get(page.link("Prendre le fichier"))
    export = json.loads(answer.data)
    assert export["sections"]["identite"][0]["family_name"] == "Benali"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Benali" not in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Disposition"].startswith("inline"), (
        "a shared device keeps no file"
    )
    assert AuditEntry.select().where(AuditEntry.act == "file:export").count() == 2


def test_the_format_page_explains_each_key_of_the_file(inside):
    export = json.loads(inside.client.get("/mon-espace/export.json").data)
    page = inside.visit("/mon-espace/export/format")
    keys = {key for rows in export["sections"].values() for row in rows for key in row}
    assert keys <= set(page.all_words("code"))


def test_a_correction_goes_from_her_to_her_referent_and_back(app, inside, samia, writer):
    page = inside.visit("/mon-espace/rectifier/demander?quoi=birth_year")
    refused = inside.submit(page, "Demander la correction", {"reponse": "1899"})
    assert (refused.status, "1899" in refused.html) == (422, True)
    page = inside.submit(page, "Demander la correction", {"reponse": "1990"})
    assert "Réponse avant le" in page.text
    reader = Visitor(app).enter(writer.account)
    page = reader.visit(f"/personnes/{samia.code}/rectifications")
    page = reader.submit(page, "Corriger Année de naissance")
    assert "C’est corrigé" in page.text
    assert Person.get_by_id(samia.id).birth_year == 1990
    assert "Votre demande de correction a une réponse." in inside.visit("/mon-espace").text


def test_a_referent_who_does_not_correct_says_why(app, inside, samia, writer):
    page = inside.visit("/mon-espace/rectifier/demander?quoi=contact_by")
    inside.submit(page, "Demander la correction", {"reponse": "sms"})
    reader = Visitor(app).enter(writer.account)
    page = reader.visit(f"/personnes/{samia.code}/rectifications")
    reader.submit(page, "Répondre sans corriger Moyen de contact", {"pourquoi": "en-parler"})
    assert "Parlons-en ensemble" in inside.visit("/mon-espace/rectifier").text


def test_a_secret_number_is_not_shown_back(inside):
    page = inside.visit("/mon-espace/rectifier/demander?quoi=family_name")
    page = inside.submit(page, "Demander la correction", {"reponse": "1 85 05 78 006 084 36"})
    assert page.status == 422
    assert "006" not in page.html
    assert Rectification.select().count() == 0


@pytest.mark.parametrize("name", ["", "code", "access_hash", "identifier"])
def test_only_what_is_recorded_of_her_identity_can_be_corrected(inside, name):
    page = inside.visit(f"/mon-espace/rectifier/demander?quoi={name}")
    assert page.words("h1") == "Qu’est-ce qui est faux ?"


def test_a_referent_answers_the_corrections_of_his_own_persons_only(app, samia):
    """I13: a request is loaded through the person of the address."""
    asked = Rectification.ask(samia, Item.BIRTH_YEAR, "1990")
    other = factories.writer()
    his = factories.accompanied(other)
    Rectification.ask(his, Item.BIRTH_YEAR, "1990")
    reader = Visitor(app).enter(other.account)
    token = token_of(reader.visit(f"/personnes/{his.code}/rectifications"))
    address = f"/personnes/{his.code}/rectifications/{asked.code}/corriger"
    assert reader.client.post(address, data={"csrf_token": token}).status_code == 404
    assert Person.get_by_id(samia.id).birth_year == 1987


def test_closing_her_file_asks_her_code_and_closes_everything(inside, samia):
    page = inside.visit("/mon-espace/clore")
    assert page.link("Emporter mon dossier") == "/mon-espace/export"
    refused = inside.submit(page, "Fermer mon dossier", {"suite": "garder", "code": "wrong"})
    assert (refused.status, Person.get_by_id(samia.id).is_open) == (422, True)
    page = inside.submit(page, "Fermer mon dossier", {"suite": "garder", "code": "k7m2p9x4abcd"})
    assert page.words("h1") == "Votre espace est fermé"
    assert not Person.get_by_id(samia.id).is_open
    assert inside.visit("/mon-espace").words("h1") == "Ouvrir mon espace"


def test_no_page_of_hers_puts_her_name_in_an_address(inside):
    for address in PAGES:
        assert not re.search(r'href="[^"]*Benali', inside.visit(address).html)
