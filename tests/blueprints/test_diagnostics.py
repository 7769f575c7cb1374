"""The diagnostic led by a référent: one page, begun, filled, resumed, validated (REQ 29 to 38)."""

import pytest
from playhouse.test_utils import count_queries

from models import AuditEntry, Diagnostic
from models.base import database, today
from models.diagnostics.answers import Answer, Answers
from models.diagnostics.diagnostic import Writer
from models.diagnostics.domains import DomainLine
from models.diagnostics.needs import NeedDecision, Wish
from models.persons.accompaniments import ReferentRole
from models.persons.handover import HandoverReason, hand_over
from models.persons.sharing import Domain
from models.questionnaire.deriving import DomainState
from models.questionnaire.shape import REFUSED
from models.questionnaire.versions import POTENTIALS_GRID, SINGLE_TEMPLATE, TemplateVersion
from models.search_index import current_index
from models.vocabularies import Status
from tests import factories
from tests.visitor import Visitor, fields

SAVE, GO_ON, BEGIN = "Tout enregistrer", "Enregistrer et continuer", "Commencer"
USUAL = [domain for domain in Domain if domain.sensitivity == 1]


@pytest.fixture
def writer(db):
    factories.charter()
    TemplateVersion.load_reference()
    return factories.writer(factories.signed_organisation(name="Envol"))


@pytest.fixture
def amina(app, writer):
    return Visitor(app).enter(writer.account)


@pytest.fixture
def samia(writer):
    """Accompanied by Amina; she shares every domain."""
    named = factories.person(given_name="Samia", family_name="Ben Ali")
    return factories.accompanied(writer, named, domains=list(Domain))


@pytest.fixture
def shy(writer):
    """She shares what is usual, and no more."""
    return factories.accompanied(writer, domains=USUAL)


@pytest.fixture
def diagnostic(samia, writer):
    return factories.diagnostic(samia, by=writer.account)


def address(diagnostic, *rest):
    return "/".join(["/personnes", diagnostic.person.code, "diagnostics", diagnostic.code, *rest])


def given(diagnostic):
    return Answers(diagnostic).given


def another(app, samia):
    """A second référent of the same person, at another organisation, in his browser."""
    second = factories.writer()
    factories.accompanied(second, samia, role=ReferentRole.OTHER, domains=list(Domain))
    return second, Visitor(app).enter(second.account)


def fill(diagnostic, writer, **form):
    from models.diagnostics import filling

    asked = Writer(writer.account, writer.organisation)
    return filling.save(diagnostic, form, seen=diagnostic.revision, writer=asked, keys=list(form))


def field(page, name, value):
    """The control of this name and value."""
    return next(
        one for one in page.root.iter("input")
        if one.get("name") == name and one.get("value", "") == value
    )  # fmt: skip


def is_ticked(page, name, value):
    return field(page, name, value).get("checked") is not None


def open_parts(page):
    return [
        one.get("id").removeprefix("partie-") for one in page.root.iter("details")
        if one.get("id") and one.get("open") is not None
    ]  # fmt: skip


SEARCH = "Enregistrer, et voir les actions possibles"


def test_she_chooses_first_among_actions_that_answer_her_needs(amina, diagnostic, writer):
    """REQ-31: « Quelle action choisissez-vous en premier ? » lists actions of the bank."""
    action = factories.action(
        name="Code de la route", thematics=["mobilite--preparer-un-permis"], insee_code="31555",
        latitude=43.6, longitude=1.44,
    )  # fmt: skip
    current_index().put(action)
    assert SEARCH not in amina.visit(address(diagnostic)).text
    fill(diagnostic, writer, mob_permis=["souhaite"])
    page = amina.submit(amina.visit(address(diagnostic)), SEARCH, {"chercher": "priorites"})
    assert open_parts(page) == ["priorites"]
    page = amina.submit(page, SAVE, {"pri_action": action.code})
    assert given(diagnostic)["pri_action"] == action.code
    # Once it is no longer listed, it stays what she chose.
    action.status = Status.ARCHIVED
    action.save()
    page = amina.visit(address(diagnostic) + "?partie=priorites")
    assert is_ticked(page, "pri_action", action.code)
    assert "Code de la route" in page.text


def test_an_action_that_was_not_offered_is_refused(amina, diagnostic, writer):
    fill(diagnostic, writer, mob_permis=["souhaite"])
    other = factories.action()
    page = amina.submit(amina.visit(address(diagnostic)), SAVE, {"pri_action": other.code})
    assert page.status == 422
    assert "1 réponse est laissée de côté." in page.text
    assert "pri_action" not in given(diagnostic)


# Beginning


def test_a_diagnostic_is_begun_with_the_person_and_resumed(amina, samia):
    """REQ-30: one draft on a template; the list leads back to it."""
    page = amina.visit(f"/personnes/{samia.code}/diagnostics")
    assert "Samia" not in page.title
    page = amina.submit(page, BEGIN)
    assert page.words("h1") == "Diagnostic socio-professionnel, trame unique"
    [begun] = Diagnostic.of_person(samia)
    page = amina.visit(f"/personnes/{samia.code}/diagnostics")
    assert page.link("Continuer") == address(begun)
    assert SINGLE_TEMPLATE not in [value for name, value in fields(page.form(BEGIN))]


def test_the_form_that_begins_sent_twice_begins_once(amina, samia):
    page = amina.visit(f"/personnes/{samia.code}/diagnostics")
    first = amina.submit(page, BEGIN)
    again = amina.submit(page, BEGIN)
    assert first.address == again.address
    assert Diagnostic.select().count() == 1


def test_a_diagnostic_without_its_moment_is_asked_again(amina, samia):
    page = amina.visit(f"/personnes/{samia.code}/diagnostics")
    page = amina.submit(page, BEGIN, {"trame": "inconnue", "moment": "jamais"})
    assert page.status == 422
    assert Diagnostic.select().count() == 0


def test_the_grid_is_proposed_and_never_imposed(amina, samia, diagnostic, writer):
    """REQ-38: proposed to who has a child under three; it can be begun without, or passed over."""
    listed = f"/personnes/{samia.code}/diagnostics"
    assert "À proposer" not in amina.visit(listed).text
    fill(diagnostic, writer, fam_charge=["enfants"], fam_moins3=["oui"])
    page = amina.visit(listed)
    assert "À proposer, sans l’imposer : Grille des potentialités" in page.text
    page = amina.submit(page, BEGIN)
    assert Diagnostic.of_person(samia)[0].version.key == POTENTIALS_GRID


# Filling


def test_what_is_ticked_is_kept_with_who_and_when(amina, diagnostic, writer):
    """REQ-30: every answer with its author, on the page."""
    page = amina.visit(address(diagnostic))
    page = amina.submit(page, SAVE, {"sit_age": "18-25", "pro_domaines": ["technique", "soin"]})
    kept = given(diagnostic)
    assert kept["sit_age"] == "18-25"
    assert len(kept["pro_domaines"]) == 2
    assert is_ticked(page, "sit_age", "18-25")
    assert f"par {writer.account.name}, Envol" in page.text
    assert "2 réponses enregistrées." in page.text


def test_not_discussed_refused_and_nothing_to_say_are_three_answers(amina, diagnostic):
    """« Pas abordé » is no refusal, and neither is an answer."""
    page = amina.visit(address(diagnostic))
    assert is_ticked(page, "sit_niveau", "")
    page = amina.submit(page, SAVE, {"sit_niveau": REFUSED, "mob_genes": ["rien"]})
    assert given(diagnostic) == {"sit_niveau": REFUSED, "mob_genes": ["rien"]}
    page = amina.submit(page, SAVE, {"sit_niveau": ""})
    assert given(diagnostic) == {"mob_genes": ["rien"]}


def test_a_part_saved_leads_to_the_next_one(amina, diagnostic):
    """« Enregistrer et continuer »: without script."""
    page = amina.visit(address(diagnostic))
    assert open_parts(page) == ["accueil"]
    page = amina.submit(page, SAVE, {"apres": "situation", "sit_age": "18-25"})
    assert open_parts(page) == ["projet"]
    assert page.address.endswith("#partie-projet")


def test_the_page_opens_again_where_it_was_left(amina, diagnostic, writer):
    """REQ-30: stopped at question 20, resumed elsewhere."""
    fill(diagnostic, writer, com_experiences=["benevolat"])
    assert open_parts(amina.visit(address(diagnostic))) == ["competences"]


def test_another_référent_resumes_after_the_handover(app, amina, diagnostic, writer, samia):
    """REQ-30: continued by the successor; the former one reads nothing any more."""
    fill(diagnostic, writer, sit_age=["18-25"])
    successor = factories.writer(organisation=writer.organisation)
    hand_over(samia, successor, HandoverReason.LEAVING, by=writer.account)
    next_one = Visitor(app).enter(successor.account)
    page = next_one.visit(address(diagnostic))
    assert is_ticked(page, "sit_age", "18-25")
    assert f"par {writer.account.name}, Envol" in page.text
    next_one.submit(page, SAVE, {"sit_statut": "recherche"})
    assert given(diagnostic) == {"sit_age": "18-25", "sit_statut": "recherche"}
    assert amina.visit(address(diagnostic)).status == 404


def test_a_question_comes_with_the_answer_that_leads_to_it(amina, diagnostic):
    """Conditions are judged by the server at each saving."""
    page = amina.visit(address(diagnostic))
    assert "3 questions ne se posent pas" in page.text
    assert "fam_garde" not in dict(fields(page.form(SAVE)))
    page = amina.submit(page, SAVE, {"fam_charge": "enfants"})
    assert "fam_garde" in dict(fields(page.form(SAVE)))


def test_an_answer_no_longer_asked_for_is_erased_and_it_is_said(amina, diagnostic):
    """TRAME.md: « cachée, une question perd sa réponse ; la page le dit »."""
    page = amina.visit(address(diagnostic))
    page = amina.submit(page, SAVE, {"fam_charge": "enfants"})
    page = amina.submit(page, SAVE, {"fam_garde": "aucune"})
    page = amina.submit(page, SAVE, {"fam_charge": "non"})
    assert given(diagnostic) == {"fam_charge": "non"}
    assert "Réponse effacée : « Où en êtes-vous pour la garde des enfants ? »" in page.text


def test_with_the_script_the_questions_follow_what_is_typed(amina, diagnostic):
    """Shown at once, and nothing is written."""
    page = amina.visit(address(diagnostic))
    sent = dict(fields(page.form(SAVE))) | {"fam_charge": "enfants"}
    there = address(diagnostic, "questions")
    answer = amina.client.post(there, data=sent, headers={"HX-Request": "true"})
    assert 'hx-target="#q-fam_garde"' in answer.text
    assert "3 questions de plus" in answer.text
    again = amina.client.post(there, data=sent | {"fam_charge": "non", "fam_garde": "aucune"})
    assert "1 question ne se pose plus" in again.text.replace("\xa0", " ")
    assert given(diagnostic) == {}


def test_contacts_for_an_emergency_show_at_once_and_stay(amina, diagnostic):
    """`urgence`: the contacts of the section come first."""
    page = amina.visit(address(diagnostic))
    page = amina.submit(page, SAVE, {"log_situation": "sans"})
    assert page.words("section[@aria-labelledby='urgent-logement']").startswith("Un contact")
    assert "115" in page.words("section[@aria-labelledby='urgent-logement']")


def test_home_safety_is_answered_by_a_contact_and_kept_nowhere(amina, samia, writer):
    """TRAME.md, `enregistre: false`: neither base, nor trail, nor address."""
    grid = factories.diagnostic(samia, by=writer.account, key=POTENTIALS_GRID)
    page = amina.visit(f"{address(grid)}?montrer=reperes")
    page = amina.submit(page, SAVE, {"gp_securite": "en-parler"})
    assert "3919" in page.words("section[@aria-labelledby='contact-reperes']")
    assert (page.status, page.address) == (200, address(grid))
    assert is_ticked(page, "gp_securite", "")
    assert Answer.select().count() == 0
    rows = database.execute_sql("SELECT * FROM audit_entry").fetchall()
    assert not any("securite" in str(row) or "en-parler" in str(row) for row in rows)


# Refusals


@pytest.mark.parametrize(
    ("name", "texts", "sentence"),
    [
        ("sit_age", ["inconnu"], "choisissez une réponse de la liste."),
        ("sit_age", ["18-25", "26-29"], "choisissez une seule réponse."),
        ("pro_domaines", ["technique", "soin", "vente", "nature"], "3 réponses au plus."),
        ("mob_genes", ["rien", "cout"], "une des réponses cochées ne va pas avec les autres."),
        ("pri_date", ["2020-01-01"], "choisissez un jour, d’aujourd’hui à 180 jours."),
        ("pri_date", ["demain"], "écrivez un jour qui existe."),
    ],
)
def test_a_wrong_answer_is_said_and_all_the_others_are_kept(
    amina, diagnostic, name, texts, sentence
):
    """Bad input: refused with a sentence, nothing else lost."""
    page = amina.visit(address(diagnostic))
    page = amina.submit(page, SAVE, {name: texts, "sit_statut": "recherche"})
    assert page.status == 422
    assert sentence in page.text
    assert "Le reste est enregistré." in page.text
    assert given(diagnostic) == {"sit_statut": "recherche"}
    assert diagnostic.template.section_of[name].key in open_parts(page)


def test_what_was_wrong_comes_back_as_it_was_typed(amina, diagnostic):
    page = amina.visit(address(diagnostic))
    page = amina.submit(page, SAVE, {"mob_genes": ["rien", "cout"]})
    assert is_ticked(page, "mob_genes", "rien")
    assert is_ticked(page, "mob_genes", "cout")


@pytest.mark.parametrize("name", ["inconnue", "gp_moments", "sit_age; DROP TABLE answer"])
def test_a_question_of_another_version_is_left_aside_with_a_sentence(amina, diagnostic, name):
    """Bad input: unknown keys."""
    page = amina.visit(address(diagnostic))
    page = amina.submit(page, SAVE, {name: "oui", "sit_statut": "recherche"})
    assert page.status == 422
    assert "1 réponse est laissée de côté." in page.text
    assert given(diagnostic) == {"sit_statut": "recherche"}


def test_two_thousand_fields_more_are_refused(amina, diagnostic):
    """Bad input: a sentence, and nothing written."""
    page = amina.visit(address(diagnostic))
    many = {f"champ{number}": "1" for number in range(2000)}
    page = amina.submit(page, SAVE, many | {"sit_age": "18-25"})
    assert page.status == 413
    assert given(diagnostic) == {}


def test_two_thousand_values_of_one_question_are_refused(amina, diagnostic):
    """Bad input: one question, answered without end."""
    page = amina.visit(address(diagnostic))
    page = amina.submit(page, SAVE, {"sit_age": ["18-25", "26-29"] * 1000, "sit_niveau": "bac"})
    assert page.status == 422
    assert "choisissez une seule réponse." in page.text
    assert given(diagnostic) == {"sit_niveau": "bac"}


def test_a_choice_of_another_version_is_refused(amina, diagnostic):
    """Bad input: the words of version 3 are no answer to version 2, and the rest is kept."""
    data = TemplateVersion.get_by_id(diagnostic.version_id).data
    ages = data["modele"]["sections"][1]["questions"][0]["choices"]
    labels = {"label": "Plus de 70 ans", "label_en": "Over 70"}
    ages.append(ages[-1] | labels | {"value": "plus-70"})
    TemplateVersion.draft(SINGLE_TEMPLATE, "0.3", data, by=None).publish(by=None)
    page = amina.visit(address(diagnostic))
    page = amina.submit(page, SAVE, {"sit_age": "plus-70", "sit_statut": "recherche"})
    assert page.status == 422
    assert "choisissez une réponse de la liste." in page.text
    assert given(diagnostic) == {"sit_statut": "recherche"}


def test_an_answer_to_a_question_that_is_not_asked_is_told(amina, diagnostic):
    """Bad input: a hidden question keeps nothing, and the page says so."""
    page = amina.visit(address(diagnostic))
    answers = {"fam_charge": "non", "fam_garde": "aucune", "sit_statut": "recherche"}
    page = amina.submit(page, SAVE, answers)
    assert "2 réponses enregistrées." in page.text
    assert "1 réponse est laissée de côté : sa question ne se pose pas." in page.text
    assert given(diagnostic) == {"fam_charge": "non", "sit_statut": "recherche"}


def test_a_validated_diagnostic_takes_no_answer_any_more(amina, diagnostic, writer):
    page = amina.visit(address(diagnostic))
    diagnostic.seal(by=writer.account)
    page = amina.submit(page, SAVE, {"sit_age": "18-25"})
    assert page.status == 409
    assert "Ce diagnostic est validé" in page.text
    assert given(diagnostic) == {}


# Two référents


def test_two_answers_stand_side_by_side_until_one_is_chosen(app, amina, diagnostic, writer, samia):
    """Conflicts are shown question by question, and both are kept."""
    _, other = another(app, samia)
    mine, theirs = (visitor.visit(address(diagnostic)) for visitor in (amina, other))
    amina.submit(mine, SAVE, {"sit_age": "18-25", "sit_statut": "recherche"})
    page = other.submit(theirs, SAVE, {"sit_age": "26-29", "sit_niveau": "bac"})
    assert "Une autre personne a répondu autrement." in page.text
    assert "1 question a deux réponses : choisissez." in page.text
    assert "situation" in open_parts(page)
    assert not any(name == "sit_age" for name, _ in fields(page.form(SAVE)))
    page = other.submit(page, SAVE, {"pro_idee": "metier"})
    assert Answers(diagnostic).contested == ["sit_age"]
    page = other.submit(page, SAVE, {"sit_age": "18-25"})
    assert given(diagnostic) == {
        "sit_age": "18-25", "sit_statut": "recherche", "sit_niveau": "bac", "pro_idee": "metier",
    }  # fmt: skip
    assert "deux réponses" not in page.text


def test_a_page_read_before_never_takes_back_what_another_wrote(app, amina, diagnostic, samia):
    """The whole form is sent; what it carries along unchanged is not an answer."""
    _, other = another(app, samia)
    theirs = other.visit(address(diagnostic))
    amina.submit(
        amina.visit(address(diagnostic)), SAVE, {"sit_age": "18-25", "mob_genes": ["cout"]}
    )
    other.submit(theirs, SAVE, {"sit_statut": "recherche"})
    assert given(diagnostic) == {
        "sit_age": "18-25", "mob_genes": ["cout"], "sit_statut": "recherche",
    }  # fmt: skip


def test_a_correction_leaves_the_former_answer_to_be_read(amina, diagnostic):
    """TRAME.md: « une correction ajoute une ligne, l’ancienne reste lisible »."""
    page = amina.visit(address(diagnostic))
    page = amina.submit(page, SAVE, {"sit_age": "18-25"})
    amina.submit(page, SAVE, {"sit_age": "26-29"})
    page = amina.visit(address(diagnostic, "historique"))
    assert page.all_words("h2")[0] == "Quel âge avez-vous ?"
    assert [words[:15] for words in page.all_words("ol[@class='line']/li")] == [
        "De 26 à 29 ans ", "De 18 à 25 ans ",
    ]  # fmt: skip


# What she shares


def test_a_domain_without_her_agreement_is_closed_with_the_way_to_ask(amina, shy, writer):
    """I1: levels 2 and 3 open with the agreement of their domain."""
    diagnostic = factories.diagnostic(shy, by=writer.account)
    fill(diagnostic, writer, log_situation=["sans"], sit_age=["18-25"])
    page = amina.visit(address(diagnostic))
    assert "log_situation" not in page.html
    assert "endroit sûr" not in page.text
    assert page.link("Demander son accord") == f"/personnes/{shy.code}/accord"
    assert "Un contact, tout de suite" not in page.text


def test_an_answer_to_a_domain_that_is_closed_is_refused(amina, shy, writer):
    """Bad input: an answer to a forbidden question."""
    diagnostic = factories.diagnostic(shy, by=writer.account)
    page = amina.visit(address(diagnostic))
    page = amina.submit(page, SAVE, {"log_situation": "sans", "sit_age": "18-25"})
    assert page.status == 422
    assert "1 réponse est laissée de côté." in page.text
    assert given(diagnostic) == {"sit_age": "18-25"}


def test_the_most_sensitive_answers_are_masked_until_they_are_asked_for(amina, diagnostic, writer):
    """TRAME.md: level 3 is folded and masked by default."""
    fill(diagnostic, writer, san_tenir=["oui"])
    page = amina.visit(address(diagnostic))
    assert "san_tenir" not in page.html
    assert "4 questions très personnelles sont masquées." in page.text
    page = amina.submit(page, SAVE, {"ouvrir": "sante"})
    assert is_ticked(page, "san_tenir", "oui")
    assert "sante" in open_parts(page)


def test_a_form_with_a_fault_tells_nothing_of_a_closed_domain(amina, shy, writer):
    """I1: nor does the page that comes back, of what somebody else was told."""
    diagnostic = factories.diagnostic(shy, by=writer.account)
    fill(diagnostic, writer, log_situation=["sans"])
    page = amina.submit(amina.visit(address(diagnostic)), SAVE, {"sit_age": "inconnu"})
    assert page.status == 422
    assert "Un contact, tout de suite" not in page.text


def test_a_priority_she_does_not_share_stays_hers(amina, shy, writer):
    """I1: a need of a closed domain is neither shown nor lost, nor guessed at."""
    diagnostic = factories.diagnostic(shy, by=writer.account)
    fill(diagnostic, writer, log_situation=["sans"], mob_permis=["souhaite"])
    fill(diagnostic, writer, pri_priorites=["logement-hebergement"])
    page = amina.visit(address(diagnostic))
    assert "logement-hebergement" not in page.html
    amina.submit(page, SAVE, {"pri_priorites": ["mobilite-permis"]})
    assert set(given(diagnostic)["pri_priorites"]) == {"logement-hebergement", "mobilite-permis"}
    page = amina.submit(page, SAVE, {"pri_priorites": ["logement-hebergement"]})
    assert page.status == 200
    guessed = amina.submit(page, SAVE, {"pri_priorites": ["logement-louer"]})
    assert guessed.status == 422


# The session that ends


def test_what_was_typed_is_found_again_after_signing_in_again(app, amina, diagnostic, writer):
    """Session expired in mid-section: sign in again, and find what was typed."""
    page = amina.visit(address(diagnostic))
    amina.client.delete_cookie("session_id")
    page = amina.submit(page, SAVE, {"sit_age": "18-25", "apres": "situation"})
    assert given(diagnostic) == {}
    page = found_again(amina, page, writer)
    assert is_ticked(page, "sit_age", "18-25")
    assert "situation" in open_parts(page)
    assert given(diagnostic) == {}
    amina.submit(page, SAVE)
    assert given(diagnostic) == {"sit_age": "18-25"}


def found_again(amina, page, writer):
    """The page that says her session has ended, once she has signed in again."""
    assert (page.status, page.words("h1")) == (401, "Votre connexion s’est fermée")
    # What signing in does to the browser: another session, and a token of before.
    amina.enter(writer.account)
    with amina.client.session_transaction() as kept:
        kept.clear()
    page = amina.submit(page, "Retrouver mes réponses")
    assert page.status == 409
    assert "Vos réponses sont retrouvées, et pas encore enregistrées." in page.text
    return page


@pytest.mark.parametrize(
    ("rest", "button", "name", "text"),
    [
        ("domaines", "Enregistrer le point", "etat-mobilite", "point-d-appui"),
        ("besoins", "Enregistrer ses choix", "besoin-mobilite-permis", "oui"),
    ],
)
def test_so_is_what_was_decided_after_the_answers(
    amina, diagnostic, writer, rest, button, name, text
):
    """Each long page of the diagnostic is found again, not only its questions."""
    fill(diagnostic, writer, mob_permis=["souhaite"])
    page = amina.visit(address(diagnostic, rest))
    amina.client.delete_cookie("session_id")
    page = found_again(amina, amina.submit(page, button, {name: text}), writer)
    assert is_ticked(page, name, text)
    assert not DomainLine.select().exists()
    assert not NeedDecision.select().exists()
    page = amina.submit(page, button)
    assert page.status == 200
    assert DomainLine.select().count() + NeedDecision.select().count() == 1


def test_somebody_else_who_signs_in_there_finds_nothing(app, amina, diagnostic):
    """I1: the answers that come back go through the same door."""
    page = amina.visit(address(diagnostic))
    amina.client.delete_cookie("session_id")
    page = amina.submit(page, SAVE, {"sit_age": "18-25"})
    amina.enter(factories.writer().account)
    assert amina.submit(page, "Retrouver mes réponses").status == 404


def test_a_forged_form_writes_nothing(amina, diagnostic):
    """ASVS 3.5: without its token, the form is only shown."""
    answer = amina.client.post(address(diagnostic), data={"sit_age": "18-25", "vu": "0"})
    assert answer.status_code == 409
    assert given(diagnostic) == {}


# Domains, needs, end


def test_domains_are_proposed_by_answers_and_chosen_with_her(amina, diagnostic, writer):
    """TRAME.md: state, impact, levers; only what was changed is written."""
    fill(diagnostic, writer, mob_permis=["souhaite"], sit_niveau=["sans"])
    page = amina.visit(address(diagnostic, "domaines"))
    assert "Besoin, proposé" in page.text
    assert "santé" in page.link("Montrer le domaine masqué") or "montrer=sante" in page.html
    page = amina.submit(page, "Enregistrer le point", {
        "etat-mobilite": "besoin", "impact-mobilite": "fort", "leviers-mobilite": ["deja-aide"],
    })  # fmt: skip
    [line] = DomainLine.select()
    assert (line.domain, line.state) == (Domain.MOBILITY, DomainState.NEED)
    assert line.levers == ["deja-aide"]
    assert "gêne le projet : beaucoup" in page.text
    amina.submit(page, "Enregistrer le point")
    assert DomainLine.select().count() == 1


def test_two_lines_of_one_domain_stay_until_somebody_chooses(app, amina, diagnostic, samia):
    """TRAME.md: « deux lignes de référents différents restent toutes deux visibles »."""
    _, other = another(app, samia)
    button, there = "Enregistrer le point", address(diagnostic, "domaines")
    mine, theirs = (visitor.visit(there) for visitor in (amina, other))
    amina.submit(mine, button, {"etat-mobilite": "besoin"})
    page = other.submit(theirs, button, {"etat-mobilite": "point-d-appui"})
    assert "Noté deux fois" in page.text
    page = other.submit(page, button, {"etat-projet": "besoin"})
    assert "Noté deux fois" in page.text
    page = other.submit(page, button, {"etat-mobilite": "besoin"})
    assert "Noté deux fois" not in page.text


def test_a_state_that_does_not_exist_is_refused(amina, diagnostic):
    page = amina.visit(address(diagnostic, "domaines"))
    page = amina.submit(page, "Enregistrer le point", {"etat-mobilite": "nul"})
    assert page.status == 422
    assert DomainLine.select().count() == 0


def test_a_domain_that_is_closed_is_refused_and_the_others_are_kept(amina, shy, writer):
    """I1, bad input: with a sentence that tells nothing of the domain."""
    diagnostic = factories.diagnostic(shy, by=writer.account)
    page = amina.visit(address(diagnostic, "domaines"))
    states = {"etat-mobilite": "besoin", "etat-logement": "besoin", "etat-inventé": "besoin"}
    page = amina.submit(page, "Enregistrer le point", states)
    assert page.status == 409
    assert "Un sujet n’est pas ouvert ici" in page.text
    assert [line.domain for line in DomainLine.select()] == [Domain.MOBILITY]


def test_a_need_that_no_answer_raises_is_refused_and_the_others_kept(amina, diagnostic, writer):
    """Bad input: also a need of a page that another answer has changed meanwhile."""
    fill(diagnostic, writer, mob_permis=["souhaite"])
    page = amina.visit(address(diagnostic, "besoins"))
    wishes = {"besoin-mobilite-permis": "oui", "besoin-logement-louer": "oui"}
    page = amina.submit(page, "Enregistrer ses choix", wishes)
    assert page.status == 409
    assert "Ce besoin ne vient d’aucune réponse" in page.text
    assert list(NeedDecision.standing(diagnostic)) == ["mobilite-permis"]


def test_needs_are_kept_with_the_person(amina, diagnostic, writer):
    """REQ-31: proposed by answers, kept by her."""
    fill(diagnostic, writer, mob_permis=["souhaite"])
    page = amina.visit(address(diagnostic, "besoins"))
    assert "Avez-vous le permis de conduire ?" in page.text
    amina.submit(page, "Enregistrer ses choix", {"besoin-mobilite-permis": "non"})
    standing = NeedDecision.standing(diagnostic)
    assert standing["mobilite-permis"].keeping is Wish.NO
    assert "Besoin, proposé" not in amina.visit(address(diagnostic, "domaines")).text


def test_a_need_left_as_it_was_is_not_written_over(app, amina, diagnostic, samia, writer):
    """Two référents: the newer choice of one stays when the other only sends his page again."""
    fill(diagnostic, writer, mob_permis=["souhaite"], sit_niveau=["sans"])
    _, other = another(app, samia)
    button, there = "Enregistrer ses choix", address(diagnostic, "besoins")
    amina.submit(amina.visit(there), button, {"besoin-mobilite-permis": "non"})
    theirs = other.visit(there)
    amina.submit(amina.visit(there), button, {"besoin-mobilite-permis": "oui"})
    other.submit(theirs, button, {"besoin-trouver-formation": "oui"})
    standing = NeedDecision.standing(diagnostic)
    assert {key: one.keeping for key, one in standing.items()} == {
        "mobilite-permis": Wish.YES, "trouver-formation": Wish.YES,
    }  # fmt: skip


def test_a_diagnostic_is_validated_once_read_again_together(amina, diagnostic, writer):
    """TRAME.md: the last section only is needed, and « relu » must be yes."""
    page = amina.visit(address(diagnostic, "valider"))
    assert len(page.all_words("main//li/a[@class='go']")) == 3
    page = amina.visit(address(diagnostic))
    page = amina.submit(page, SAVE, {
        "pri_qui": "moi", "pri_date": today().isoformat(), "pri_relu": "non",
    })  # fmt: skip
    page = amina.visit(address(diagnostic, "valider"))
    assert len(page.all_words("main//li/a[@class='go']")) == 1
    amina.submit(amina.visit(address(diagnostic)), SAVE, {"pri_relu": "oui"})
    page = amina.submit(amina.visit(address(diagnostic, "valider")), "Valider ce diagnostic")
    assert not Diagnostic.of_hers(diagnostic.person, diagnostic.code).is_draft
    assert page.title.startswith("Diagnostic validé")
    assert "Avons-nous relu ce diagnostic ensemble ?" in page.text


def test_nothing_is_validated_while_two_answers_stand(app, amina, diagnostic, writer, samia):
    second, _ = another(app, samia)
    done = {"pri_qui": ["moi"], "pri_date": [today().isoformat()], "pri_relu": ["oui"]}
    fill(diagnostic, writer, **done)
    before = Diagnostic.of_hers(samia, diagnostic.code)
    fill(diagnostic, writer, sit_age=["18-25"])
    fill(before, second, sit_age=["26-29"])
    page = amina.visit(address(diagnostic, "valider"))
    assert "Deux réponses : choisissez." in page.text
    answer = amina.client.post(address(diagnostic, "valider"))
    assert answer.status_code == 403
    assert Diagnostic.of_hers(samia, diagnostic.code).is_draft


def test_a_version_is_read_on_the_page_to_the_letter_after_the_next_one(amina, diagnostic, writer):
    """REQ-29: version 2 changes nothing of the diagnostics on version 1."""
    fill(diagnostic, writer, sit_age=["18-25"])
    diagnostic.seal(by=writer.account)
    before = amina.visit(address(diagnostic)).text
    data = TemplateVersion.get_by_id(diagnostic.version_id).data
    data["modele"]["sections"][1]["questions"][0]["label"] = "Votre âge ?"
    TemplateVersion.draft(SINGLE_TEMPLATE, "0.3", data, by=None).publish(by=None)
    assert amina.visit(address(diagnostic)).text == before
    assert "Quel âge avez-vous ?" in before


# Rights and traces


def test_nobody_else_opens_her_diagnostic(app, diagnostic, writer, amina):
    """I1, I13: not a colleague, nor through somebody one accompanies oneself."""
    colleague = Visitor(app).enter(factories.writer(writer.organisation).account)
    assert colleague.visit(address(diagnostic)).status == 404
    mine = factories.accompanied(writer)
    stolen = address(diagnostic).replace(diagnostic.person.code, mine.code)
    assert amina.visit(stolen).status == 404


def test_reading_and_writing_leave_their_lines_without_a_word_of_hers(amina, diagnostic):
    """I4: who looked and who wrote; never what."""
    page = amina.visit(address(diagnostic))
    amina.submit(page, SAVE, {"log_situation": "sans"})
    entries = list(AuditEntry.select().where(AuditEntry.person_id == diagnostic.person_id))
    acts = [entry.act for entry in entries]
    assert acts[-2:] == ["diagnostic:write", "diagnostic:read"]
    assert not any("sans" in str(entry.changes) for entry in entries)


def test_the_page_asks_as_many_questions_of_the_database_empty_or_full(amina, diagnostic, writer):
    """Flat: sixty answers cost no query more than one."""
    fill(diagnostic, writer, sit_age=["18-25"])
    with count_queries() as few:
        amina.visit(address(diagnostic))
    fill(diagnostic, writer, **everything(diagnostic.template))
    with count_queries() as many:
        amina.visit(address(diagnostic))
    assert len(given(diagnostic)) > 55
    assert many.count == few.count


def test_saving_asks_as_many_questions_of_the_database_empty_or_full(amina, diagnostic, writer):
    """Flat: saving one answer, and saving sixty."""
    fill(diagnostic, writer, sit_age=["18-25"])
    page = amina.visit(address(diagnostic))
    with count_queries() as few:
        amina.submit(page, SAVE, {"sit_age": "26-29"})
    page = amina.visit(address(diagnostic))
    with count_queries() as many:
        amina.submit(page, SAVE, everything(diagnostic.template))
    assert many.count == few.count


def everything(template):
    """A form that answers each question by its first choice."""
    return {
        key: [str(question.choices[0].value)]
        for key, question in template.questions.items()
        if question.choices
    }
