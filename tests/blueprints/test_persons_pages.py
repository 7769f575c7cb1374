"""« Mes personnes » through its pages: opened, joined, read, put right, given back (REQ 41, 73)."""

import datetime as dt
import re

import pytest
import time_machine

from models import Accompaniment, Agreement, AuditEntry, Person, PersonNotice
from models.base import today
from models.days import months_before
from models.persons import caseload, codes, forgetting
from models.persons.accompaniments import ReferentRole
from models.persons.agreements import AgreementEnd, Given, usual_end
from models.persons.notices import News
from models.persons.person import ContactBy, Declared
from models.persons.sharing import Domain
from tests import factories
from tests.visitor import Visitor, fields

CONTINUE, AGREE, SAVE, SEARCH = "Continuer", "Enregistrer son accord", "Enregistrer", "Chercher"
GONE = "Cette page n’existe pas"
EXISTS = "Une personne avec ces éléments existe : demandez-lui son accord."
NIR = "1 85 05 78 006 084 36"
SAMIA = {
    "prenom": "Samia",
    "nom": "Ben Ali",
    "annee": "1987",
    "commune": "Toulouse",
    "telephone": "06 12 34 56 78",
    "courriel": "",
    "contact": "telephone",
    "langue": "fr",
    "rsa": "non-dit",
}
SHARED = {"courants": "1", "domaines": ["logement"], "passeport": "1", "duree": "12"}
ON_PAPER = SHARED | {"comment": "papier", "papier": "2026-0412", "code": ""}


@pytest.fixture
def writer(db):
    """Somebody who may write, in one organisation."""
    factories.charter()
    return factories.writer(factories.signed_organisation(name="Envol"))


@pytest.fixture
def amina(app, writer):
    return Visitor(app).enter(writer.account)


@pytest.fixture
def colleague(app, writer):
    """The curious one: the same organisation, the same rights, another account."""
    return Visitor(app).enter(factories.writer(writer.organisation).account)


@pytest.fixture
def samia(writer):
    """Accompanied by Amina, with an agreement on paper for a year."""
    described = {"family_name": "Ben Ali", "given_name": "Samia", "phone": "+33612345678"}
    return factories.accompanied(writer, factories.person(**described))


def paper(**values):
    return ON_PAPER | {"signe_le": today().isoformat()} | values


def address(person, *rest):
    return "/".join(["/personnes", person.code, *rest])


def opening(visitor, **values):
    return visitor.submit(visitor.visit("/personnes/nouvelle"), CONTINUE, SAMIA | values)


def sent_twice(visitor, page, button, values):
    """The very same form, sent two times: both answers."""
    key = dict(fields(page.form(button)))["cle"]
    return [visitor.submit(page, button, values | {"cle": key}) for _ in range(2)]


def acts(person):
    rows = AuditEntry.select().where(AuditEntry.person_id == person.id).order_by(AuditEntry.id)
    return [row.act for row in rows]


def shown_code(page):
    """The identifier and the code of the sheet to hand over."""
    return page.all_words("dd[@class='key']")


# Opening a file


def test_a_file_is_opened_handed_over_agreed_to_and_read(amina, writer):
    """REQ-41, 42, 73: the whole way at a desk, without script."""
    page = opening(amina)
    assert page.words("h1") == "Remettre le code, recueillir l’accord"
    identifier, code = shown_code(page)
    person = Person.of_identifier(identifier)
    assert "Samia" not in page.text
    page = amina.submit(page, AGREE, SHARED | {"comment": "code", "code": code.lower()})
    assert (page.status, page.words("h1")) == (200, "Samia Ben Ali")
    assert "logement" in page.text
    agreement = Agreement.between(person, writer.organisation)
    assert (agreement.given, agreement.has_passport) == (Given.CODE, True)
    assert agreement.ends_on == usual_end(today())
    assert set(agreement.shared_domains) == {
        domain for domain in Domain if domain.sensitivity == 1
    } | {Domain.HOUSING}
    lead = Accompaniment.lead_of(person)
    assert lead.account == writer.account
    assert [notice.news for notice in PersonNotice.unread(person)] == [News.REFERENT_STARTED]
    assert acts(person)[:2] == ["file:start", "code:renew"]


def test_what_is_written_is_what_was_typed(amina, writer):
    """REQ-9, REQ-14"""
    opening(amina, courriel="Samia@Example.org", contact="courriel", langue="en", rsa="oui")
    [person] = caseload.waiting_for(writer.account)
    assert (person.name, person.birth_year) == ("Samia Ben Ali", 1987)
    assert person.commune.name == "Toulouse"
    assert (person.phone, person.email) == ("+33612345678", "samia@example.org")
    assert (person.contact_by, person.language) == (ContactBy.EMAIL, "en")
    assert person.receives_rsa is Declared.YES


@pytest.mark.parametrize(
    ("given", "family"),
    [
        ("N’Deye", "O'Brien"),
        ("عائشة", "بن علي"),
        ("X", "Y"),
        ("Zoé", "Nguyễn"),
        ("J.-P.", "St. John"),
    ],
)
def test_names_of_any_script_are_kept_and_shown(amina, writer, given, family):
    page = opening(amina, prenom=given, nom=family)
    page = amina.submit(page, AGREE, paper())
    assert page.words("h1") == f"{given} {family}"
    assert given not in page.title + page.address


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("prenom", ""), ("nom", ""), ("nom", "Martin 2"), ("nom", "<b>Ali</b>"), ("nom", "x" * 300),
        ("annee", ""), ("annee", "1899"), ("annee", "2027"), ("annee", "87"),
        ("telephone", "06 12"), ("courriel", "samia chez example"), ("commune", "Paris"),
        ("contact", "pigeon"), ("contact", "courriel"), ("langue", "xx"), ("rsa", "peut-être"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_lost(amina, name, typed):
    page = opening(amina, **{name: typed})
    assert page.status == 422
    assert page.root.find(f".//*[@href='#{name}']") is not None
    kept = dict(fields(page.form(CONTINUE)))
    assert kept["prenom" if name != "prenom" else "nom"] in ("Samia", "Ben Ali")
    assert Person.select().count() == 0


@pytest.mark.parametrize("name", ["prenom", "nom", "annee", "telephone", "courriel", "commune"])
@pytest.mark.parametrize("number", [NIR, "1850578006084", "2 85 05 2A 006 084"])
def test_a_social_security_number_is_refused_and_its_field_emptied(amina, name, number):
    """Décret 2019-341: never kept, not even shown back."""
    page = opening(amina, **{name: number})
    assert page.status == 422
    assert "n’écrivez jamais de numéro de sécurité sociale" in page.text
    assert number not in page.html
    assert dict(fields(page.form(CONTINUE)))[name] == ""


def test_a_telephone_of_thirteen_digits_is_no_social_security_number(amina, writer):
    opening(amina, telephone="0033 6 12 34 56 78")
    assert caseload.waiting_for(writer.account)[0].phone == "+33612345678"


def test_a_form_sent_twice_opens_one_file(amina):
    page = amina.visit("/personnes/nouvelle")
    first, second = sent_twice(amina, page, CONTINUE, SAMIA)
    assert shown_code(first) == shown_code(second)
    assert Person.select().count() == 1


def test_who_works_for_two_organisations_says_for_which(app, writer):
    other = factories.writer(factories.signed_organisation(name="Clic"))
    held = factories.membership(writer.account, other.organisation)
    factories.CharterSignature.sign(
        factories.CharterVersion.current(), held, factories.Capacity.PROFESSIONAL
    )
    visitor = Visitor(app).enter(writer.account)
    assert opening(visitor).status == 422
    assert opening(visitor, organisme="inconnu").status == 422
    assert opening(visitor, organisme=other.organisation.code).status == 200
    [person] = Person.select()
    assert person.started_in == other.organisation


# Files alike


@pytest.mark.parametrize(
    "alike",
    [
        {"telephone": ""},
        {"telephone": "", "nom": "BENALI", "prenom": "samia"},
        {"nom": "Autre"},
    ],
    ids=["names and year", "written otherwise", "telephone"],
)
def test_a_file_alike_is_told_without_a_word_of_it(app, samia, alike):
    """REQ-41: « une personne avec ces éléments existe : demandez-lui son accord »."""
    elsewhere = Visitor(app).enter(factories.writer().account)
    page = opening(elsewhere, **{"contact": "guichet"} | alike)
    assert page.status == 422
    assert EXISTS in page.text
    assert samia.code not in page.html
    assert samia.identifier not in page.html
    assert page.link("Rejoindre cette personne") == "/personnes/rejoindre"
    assert acts(samia)[-1] == "file:duplicate"
    assert Person.select().count() == 1


def test_homonyms_of_another_year_are_two_persons(amina, samia):
    page = opening(amina, annee="1990", telephone="", contact="guichet")
    assert page.words("h1") == "Remettre le code, recueillir l’accord"


def test_two_homonyms_of_the_same_year_may_both_have_a_file(amina, samia):
    """Nobody is refused a file because of somebody else; the trail says that it was asked."""
    page = opening(amina, telephone="", contact="guichet")
    page = amina.submit(
        page, CONTINUE, SAMIA | {"telephone": "", "contact": "guichet", "autre": "1"}
    )
    assert page.words("h1") == "Remettre le code, recueillir l’accord"
    assert Person.select().count() == 2


def test_a_closed_file_resembles_nobody(amina, samia):
    samia.closed_at = dt.datetime(2026, 1, 1)
    samia.save()
    assert opening(amina).words("h1") == "Remettre le code, recueillir l’accord"


# The code handed over, the first agreement


@pytest.fixture
def started(amina):
    """The page to hand the code over, of a file just opened."""
    return opening(amina)


@pytest.fixture
def newcomer(started):
    return Person.get()


def test_a_file_without_agreement_is_a_number_and_a_day_in_the_list(amina, started, newcomer):
    page = amina.visit("/personnes")
    assert "1 dossier attend un accord" in page.text
    assert "Samia" not in page.text
    link = page.link(f"Dossier {codes.shown(newcomer.identifier)}")
    assert link == address(newcomer, "remise")
    assert amina.visit(address(newcomer)).words("h1") == GONE


def test_the_code_of_somebody_else_is_not_hers(amina, started, newcomer):
    """The code typed is the one of this very person."""
    factories.person()
    page = amina.submit(started, AGREE, SHARED | {"comment": "code", "code": factories.ACCESS_CODE})
    assert page.status == 422
    assert "L’identifiant ou le code n’est pas le bon." in page.text
    assert not Agreement.ever_given(newcomer)


def test_two_codes_typed_at_once_are_none(amina, started, newcomer):
    _, code = shown_code(started)
    typed = SHARED | {"comment": "code", "code": f"{code} {code}"}
    assert amina.submit(started, AGREE, typed).status == 422
    assert not Agreement.ever_given(newcomer)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"comment": ""}, "comment"),
        ({"comment": "oral"}, "comment"),
        ({"comment": "code"}, "code"),
        ({"papier": ""}, "papier"),
        ({"papier": "elle est très malade"}, "papier"),
        ({"papier": NIR}, "papier"),
        ({"signe_le": ""}, "signe_le"),
        ({"signe_le": "hier"}, "signe_le"),
        ({"signe_le": "2100-01-01"}, "signe_le"),
        ({"signe_le": "2020-01-01"}, "signe_le"),
        ({"duree": ""}, "duree"),
        ({"duree": "36"}, "duree"),
        ({"domaines": ["emploi"]}, "domaines"),
        ({"domaines": ["casier"]}, "domaines"),
    ],
)
def test_an_agreement_that_lacks_something_is_not_written(amina, started, newcomer, changed, field):
    """REQ-73: never oral, never without a term, never more than two years."""
    page = amina.submit(started, AGREE, paper(**changed))
    assert page.status == 422
    assert page.root.find(f".//*[@href='#{field}']") is not None
    assert not Agreement.ever_given(newcomer)
    assert Accompaniment.lead_of(newcomer) is None


def test_nothing_is_ticked_beforehand(started):
    """REQ-73: what is more personal is ticked by the person, one by one."""
    ticked = [one for one in started.root.iter("input") if one.get("checked") is not None]
    assert ticked == []


def test_health_is_shared_only_when_it_is_ticked(amina, started, newcomer, writer):
    amina.submit(started, AGREE, paper(domaines=["sante"]))
    assert Domain.HEALTH in Agreement.between(newcomer, writer.organisation).shared_domains


def test_the_first_agreement_sent_twice_is_one(amina, started, newcomer):
    first, second = sent_twice(amina, started, AGREE, paper())
    assert first.words("h1") == second.words("h1") == "Samia Ben Ali"
    assert Agreement.select().count() == 1
    assert Accompaniment.select().count() == 1


def test_the_code_is_drawn_again_when_it_no_longer_shows(amina, started, newcomer):
    _, before = shown_code(started)
    codes.forget_fresh(newcomer)
    page = amina.visit(address(newcomer, "remise"))
    assert before not in page.text
    page = amina.submit(page, "Tirer un autre code")
    _, after = shown_code(page)
    assert after != before


def test_a_file_nobody_agreed_to_is_forgotten(amina, started, newcomer):
    page = amina.visit(started.link("Elle dit non"))
    page = amina.submit(page, "Effacer ce dossier")
    assert page.words("h1") == "Mes personnes : 0"
    assert Person.select().count() == 0


def test_a_colleague_neither_hands_out_nor_forgets(colleague, started, newcomer):
    for rest in ("remise", "abandonner"):
        assert colleague.visit(address(newcomer, rest)).words("h1") == GONE
    assert Person.select().count() == 1


# Joining


def joining(visitor, person, code=factories.ACCESS_CODE, **values):
    page = visitor.visit("/personnes/rejoindre")
    typed = SHARED | {"identifiant": person.identifier, "code": code} | values
    return visitor.submit(page, AGREE, typed)


def test_another_professional_is_joined_by_the_person(app, samia):
    """REQ-41: she types both, beside him; he is another référent, she is told."""
    other = factories.writer()
    visitor = Visitor(app).enter(other.account)
    page = joining(visitor, samia, code="K7M2 P9X4 ABCD")
    assert page.words("h1") == "Samia Ben Ali"
    link = Accompaniment.get(Accompaniment.account == other.account)
    assert (link.role, link.organisation) == (ReferentRole.OTHER, other.organisation)
    assert [notice.news for notice in PersonNotice.unread(samia)] == [News.REFERENT_STARTED]


def test_who_joins_a_person_without_lead_becomes_her_lead(amina, writer):
    somebody = factories.person()
    joining(amina, somebody)
    assert Accompaniment.lead_of(somebody).account == writer.account


def test_joining_sent_twice_is_joining_once(amina):
    somebody = factories.person()
    page = amina.visit("/personnes/rejoindre")
    typed = SHARED | {"identifiant": somebody.identifier, "code": factories.ACCESS_CODE}
    sent_twice(amina, page, AGREE, typed)
    assert Agreement.select().count() == 1
    assert PersonNotice.select().count() == 1


@pytest.mark.parametrize("typed", [("aaaaaaaa", None), (None, "wrong"), (None, None, None)])
def test_what_is_wrong_is_one_sentence(amina, typed):
    """REQ-42: an unknown identifier, a wrong code and two codes at once read alike."""
    somebody = factories.person()
    identifier = typed[0] or somebody.identifier
    code = factories.ACCESS_CODE * 2 if len(typed) == 3 else typed[1] or factories.ACCESS_CODE
    page = joining(amina, somebody, identifiant=identifier, code=code)
    assert page.status == 422
    assert "L’identifiant ou le code n’est pas le bon." in page.text
    assert code not in page.html
    assert not Agreement.ever_given(somebody)


def test_guesses_at_a_code_must_wait(amina):
    somebody = factories.person()
    for _ in range(5):
        joining(amina, somebody, code="wrong")
    assert "Trop d’essais" in joining(amina, somebody).text


# The ages that an organisation accompanies


@pytest.fixture
def young(writer):
    """The organisation accompanies people from 16 to 25."""
    writer.organisation.target_ages(16, 25, today(), by=writer.account)
    return writer.organisation


def test_an_organisation_of_other_ages_is_told_before_a_file_is_opened(amina, young):
    """REQ-207: it tells, and refuses nobody."""
    page = opening(amina)
    assert page.status == 422
    assert "Envol accompagne d’autres âges." in page.text
    assert "de 16 à 25 ans" in page.text.replace("\u00a0", " ")
    assert Person.select().count() == 0
    page = amina.submit(page, CONTINUE, {})
    assert page.words("h1") == "Remettre le code, recueillir l’accord"


def test_another_year_of_birth_is_told_of_again(amina, young):
    page = opening(amina)
    page = amina.submit(page, CONTINUE, {"annee": "1950"})
    assert "Envol accompagne d’autres âges." in page.text
    assert Person.select().count() == 0


@pytest.mark.parametrize("age", [16, 25, 26])
def test_an_age_that_may_be_accompanied_opens_without_a_word(amina, young, age):
    """26 this year may be 25 still."""
    page = opening(amina, annee=str(today().year - age))
    assert page.words("h1") == "Remettre le code, recueillir l’accord"


def test_a_rule_on_ages_that_does_not_hold_yet_is_not_told(amina, writer):
    later = today() + dt.timedelta(days=1)
    writer.organisation.target_ages(16, 25, later, by=writer.account)
    assert opening(amina).words("h1") == "Remettre le code, recueillir l’accord"


# The list


def test_the_list_says_when_a_file_nobody_touches_is_erased(amina, samia, writer):
    """access.md §4.5: in the last month only, since a contact is enough to keep it."""
    for months, is_told in ((22, False), (23, True)):
        last = months_before(today(), months)
        Person.update(last_contact_on=last).execute()
        page = amina.visit("/personnes")
        assert ("effacé à partir du" in page.text) is is_told
    assert forgetting.ends_on(Person.get_by_id(samia.id)).isoformat()[:4] in page.text


def test_the_list_shows_only_mine(amina, colleague, samia, writer):
    """I8: nobody else’s, not even those of one’s own organisation."""
    assert "Samia Ben Ali" in amina.visit("/personnes").text
    assert "Samia" not in colleague.visit("/personnes").text
    assert "Vous n’accompagnez personne" in colleague.visit("/personnes").text


def test_each_list_shown_leaves_its_line(amina, samia, writer):
    """I4"""
    amina.visit("/personnes")
    lines = AuditEntry.select().where(AuditEntry.act == "files:list")
    assert [(line.actor_id, line.subject_id) for line in lines] == [(writer.account_id,) * 2]


def test_who_lost_the_right_to_write_has_no_list(amina, samia, writer):
    """I3"""
    writer.end(by=None)
    assert amina.visit("/personnes").words("h1") == GONE


def test_a_withdrawn_agreement_leaves_the_list_and_the_search_at_once(amina, samia, writer):
    """I3"""
    page = amina.visit("/personnes")
    Agreement.between(samia, writer.organisation).withdraw(by=samia)
    assert "Samia" not in amina.visit("/personnes").text
    found = amina.submit(page, SEARCH, {"prenom": "Samia", "nom": "Ben Ali"})
    assert "0 personne trouvée" in found.text


def test_an_agreement_about_to_end_comes_first(amina, writer):
    """The rest by last contact: who was seen longest ago."""
    for name, days, ago in (("A", 300, 0), ("B", 300, 9), ("C", 20, 0), ("D", 10, 0)):
        somebody = factories.person(given_name=name, family_name="Z")
        ends_on = today() + dt.timedelta(days=days)
        factories.accompanied(writer, somebody, ends_on=ends_on)
        seen_on = today() - dt.timedelta(days=ago)
        Person.update(last_contact_on=seen_on).where(Person.id == somebody.id).execute()
    rows = amina.visit("/personnes").all_words("tbody/tr/th/a")
    assert rows == ["D Z", "C Z", "B Z", "A Z"]


def test_the_list_goes_by_pages_of_twenty_five(amina, writer):
    for _ in range(26):
        factories.accompanied(writer)
    page = amina.visit("/personnes")
    assert page.words("h1") == "Mes personnes : 26"
    assert len(page.root.findall(".//tbody/tr")) == 25
    assert len(amina.visit("/personnes?page=2").root.findall(".//tbody/tr")) == 1
    assert len(amina.visit("/personnes?page=zzz").root.findall(".//tbody/tr")) == 25


def search(visitor, **criteria):
    return visitor.submit(visitor.visit("/personnes"), SEARCH, criteria)


@pytest.mark.parametrize(
    "criteria",
    [
        {"prenom": "SAMIA", "nom": "benali"},
        {"telephone": "0612345678", "annee": "1987"},
        {"nom": "Ben Ali", "commune": "Toulouse"},
    ],
)
def test_two_exact_criteria_find_a_person_of_mine(amina, samia, criteria):
    """REQ-41; names travel in the body of the form, never in an address."""
    page = search(amina, **criteria)
    assert page.all_words("tbody/tr/th/a") == ["Samia Ben Ali"]
    assert page.address == "/personnes"


@pytest.mark.parametrize("criteria", [{}, {"nom": "Ben Ali"}, {"telephone": "0612345678"}])
def test_one_criterion_is_not_enough(amina, samia, criteria):
    """access.md §4.4: no browsing."""
    page = search(amina, **criteria)
    assert page.status == 422
    assert "donnez au moins deux éléments exacts" in page.text
    assert page.root.find(".//tbody") is None


def test_a_search_finds_nobody_of_a_colleague(colleague, samia):
    page = search(colleague, prenom="Samia", nom="Ben Ali")
    assert page.status == 200
    assert "0 personne trouvée" in page.text


def test_a_search_with_a_social_security_number_is_refused(amina, samia):
    page = search(amina, nom="Ben Ali", telephone=NIR)
    assert page.status == 422
    assert NIR not in page.html


# The file


def test_the_file_says_the_least_that_must_be_known(amina, samia, writer):
    page = amina.visit(address(samia))
    for words in ("Samia", "Ben Ali", "1987", "Toulouse", "06 12 34 56 78", "Envol"):
        assert words in page.text.replace("\u00a0", " ")
    assert page.title.startswith("Dossier d’une personne")
    assert acts(samia)[-1] == "file:read"
    assert codes.shown(factories.ACCESS_CODE) not in page.html


def test_no_name_is_in_a_title_an_address_or_a_sentence(amina, samia):
    """A title stays in tabs and histories, an address in logs."""
    rests = ((), ("imprimer",), ("identite",), ("accord",), ("code",))
    for rest in rests:
        page = amina.visit(address(samia, *rest))
        assert page.status == 200
        assert not re.search("Samia|Ben Ali", page.title + page.address)
        assert page.headers["Cache-Control"] == "no-store"
        links = [link.get("href") for link in page.root.iter("a")]
        assert not [link for link in links if re.search("Samia|Ben", link)]


def test_printing_is_written_down(amina, samia):
    """I4"""
    page = amina.visit(address(samia, "imprimer"))
    assert page.words("h1") == "Samia Ben Ali"
    assert acts(samia)[-1] == "file:print"


@pytest.mark.parametrize(
    "rest", ["", "imprimer", "identite", "accord", "accord/rendre", "code", "remise"]
)
def test_a_curious_colleague_finds_nothing_and_it_is_written(colleague, samia, rest):
    """I1, I5: the same page as for an address that never existed."""
    page = colleague.visit(f"{address(samia)}/{rest}".rstrip("/"))
    absent = colleague.visit(f"/personnes/0000000000/{rest}".rstrip("/"))
    assert (page.status, page.text) == (absent.status, absent.text)
    refusals = AuditEntry.select().where(AuditEntry.act == "file:refuse")
    assert refusals.where(AuditEntry.subject_id == samia.id).count() == 1


# Put right


def edited(visitor, person, **values):
    page = visitor.visit(address(person, "identite"))
    return visitor.submit(page, SAVE, values)


def test_an_identity_is_put_right(amina, samia):
    page = edited(amina, samia, nom="Benali", telephone="", contact="guichet")
    assert page.words("h1") == "Samia Benali"
    assert Person.get_by_id(samia.id).phone is None
    line = AuditEntry.select().where(AuditEntry.act == "file:write").get()
    assert line.changes == {"columns": ["family_name", "phone"]}


def test_a_form_sent_as_it_was_shown_writes_nothing(amina, samia):
    edited(amina, samia)
    assert "file:write" not in acts(samia)


def test_what_was_not_read_is_never_written_over(amina, samia, writer):
    page = amina.visit(address(samia, "identite"))
    Person.get_by_id(samia.id).rewrite_identity({"given_name": "Soumia"}, by=writer.account)
    page = amina.submit(page, SAVE, {"nom": "Benali"})
    assert page.status == 409
    assert "Soumia" in page.text
    assert Person.get_by_id(samia.id).name == "Soumia Ben Ali"
    page = amina.submit(page, SAVE, {"prenom": "Soumia"})
    assert page.words("h1") == "Soumia Benali"


def test_an_invalid_form_keeps_which_words_were_read(amina, samia, writer):
    page = amina.visit(address(samia, "identite"))
    Person.get_by_id(samia.id).rewrite_identity({"given_name": "Soumia"}, by=writer.account)
    page = amina.submit(page, SAVE, {"annee": "1899"})
    assert page.status == 422
    assert amina.submit(page, SAVE, {"annee": "1988"}).status == 409


# The agreement of one’s organisation


def test_an_agreement_is_given_again_with_her_code(amina, samia, writer):
    page = amina.visit(address(samia, "accord"))
    typed = SHARED | {"comment": "code", "code": factories.ACCESS_CODE, "duree": "3"}
    first, second = sent_twice(amina, page, AGREE, typed)
    assert first.words("h1") == second.words("h1") == "Samia Ben Ali"
    former, present = Agreement.select().order_by(Agreement.id)
    assert (former.end, present.given) == (AgreementEnd.REPLACED, Given.CODE)
    assert Agreement.between(samia, writer.organisation) == present


def test_giving_back_says_what_closes_then_closes_it(amina, samia):
    """REQ-73; I3, I7: the evidence stays."""
    page = amina.visit(amina.visit(address(samia)).link("Rendre cet accord"))
    assert "Vous ne lisez plus ce dossier" in page.text
    first, second = sent_twice(amina, page, "Rendre cet accord", {})
    assert first.words("h1") == second.words("h1") == "Mes personnes : 0"
    assert amina.visit(address(samia)).words("h1") == GONE
    assert Agreement.get().end is AgreementEnd.RETURNED


def test_the_agreement_of_another_organisation_is_not_mine_to_give_back(amina, samia):
    """I13"""
    other = factories.agreement(samia, factories.admitted_organisation())
    page = amina.visit(f"{address(samia, 'accord/rendre')}?organisme={other.organisation.code}")
    assert page.address == address(samia)
    assert Agreement.get_by_id(other.id).is_current


# The code replaced


def test_a_code_is_replaced_shown_and_said_to_be_given(amina, samia):
    """REQ-42: the old one is dead, she is told, the new one stops showing."""
    page = amina.visit(address(samia, "code"))
    page = amina.submit(page, "Remplacer son code")
    _, code = shown_code(page)
    with pytest.raises(Exception, match="bon"):
        codes.recognise(samia.identifier, factories.ACCESS_CODE)
    assert codes.recognise(samia.identifier, code) == samia
    assert [one.news for one in PersonNotice.unread(samia)] == [News.CODE_RENEWED]
    assert shown_code(amina.visit(address(samia, "code"))) == shown_code(page)
    page = amina.submit(page, "C’est remis : ne plus afficher le code")
    assert page.words("h1") == "Samia Ben Ali"
    assert shown_code(amina.visit(address(samia, "code"))) == []


def test_a_code_replaced_twice_at_once_is_one_code(amina, samia):
    page = amina.visit(address(samia, "code"))
    first, second = [amina.submit(page, "Remplacer son code") for _ in range(2)]
    assert shown_code(first) == shown_code(second)


def test_a_code_shows_for_an_hour_to_who_drew_it(app, amina, samia, writer):
    amina.submit(amina.visit(address(samia, "code")), "Remplacer son code")
    other = factories.writer(writer.organisation)
    factories.accompanied(other, samia, role=ReferentRole.OTHER)
    assert shown_code(Visitor(app).enter(other.account).visit(address(samia, "code"))) == []
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=61), tick=False):
        assert shown_code(amina.visit(address(samia, "code"))) == []


@pytest.mark.parametrize("typed", ["\x00", "é" * 70_000, "' OR 1=1 --", "{{7*7}}", "\u202eabc"])
def test_no_text_breaks_a_form(amina, samia, typed):
    for path in ("/personnes/nouvelle", "/personnes/rejoindre", address(samia, "accord")):
        page = amina.visit(path)
        button = CONTINUE if path.endswith("nouvelle") else AGREE
        names = {name for name, _ in fields(page.form(button))} - {"csrf_token", "cle"}
        assert amina.submit(page, button, dict.fromkeys(names, typed)).status in (413, 422)


def test_who_has_no_solution_is_listed_for_who_accompanies_her(amina, samia):
    """REQ-208: « file sans solution »."""
    assert "sans solution" not in amina.visit("/personnes").text
    Person.update(created_at=dt.datetime(2026, 1, 5)).execute()
    page = amina.visit("/personnes")
    assert "1 personne sans solution." in page.text
    page = amina.visit(page.link("Voir qui"))
    assert page.words("h1") == "Sans solution : 1"
    assert samia.name in page.text
    assert samia.family_name not in page.title
    assert "aucune depuis l’ouverture du dossier, le 5 janvier 2026" in page.text
    assert page.link("Son plan") == address(samia, "plan")


def test_nobody_without_solution_is_said_too(amina, samia):
    page = amina.visit("/personnes/sans-solution")
    assert page.words("h1") == "Sans solution : 0"
    assert "quelque chose en cours, ou une proposition récente" in page.text
