"""A person alone, page after page: she answers, goes back, stops, goes on, reads again."""

import re

import pytest
from playhouse.test_utils import count_queries

from models import Answer, AuditEntry, Diagnostic, DomainLine, NeedDecision
from models.base import CODE_ALPHABET
from models.diagnostics import filling
from models.diagnostics.answers import Answers
from models.diagnostics.diagnostic import Writer
from models.diagnostics.domains import Opinion
from models.diagnostics.needs import Wish
from models.persons.sessions import PersonSession
from models.persons.sharing import Domain
from models.questionnaire.deriving import DomainState
from models.questionnaire.shape import REFUSED
from models.questionnaire.versions import POTENTIALS_GRID, SINGLE_TEMPLATE
from tests import factories
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("db")

HOME = "/mon-espace/diagnostic"


@pytest.fixture
def mother():
    factories.template(SINGLE_TEMPLATE)
    return factories.person()


@pytest.fixture
def alone(visitor, mother):
    """Her browser, at a kiosk, in her space."""
    return visitor.enter_space(mother)


def begun(visitor):
    """The first question of the single template."""
    return visitor.submit(
        visitor.visit(HOME), "Commencer : Diagnostic socio-professionnel, trame unique"
    )


def given(person, key=SINGLE_TEMPLATE):
    diagnostic = next(one for one in Diagnostic.of_person(person) if one.version.key == key)
    return Answers(diagnostic).given


def at(visitor, mother, key, template=SINGLE_TEMPLATE):
    """The page of the question `key` of her draft."""
    diagnostic = factories.diagnostic(mother, key=template)
    rank = list(diagnostic.template.questions).index(key) + 1
    return visitor.visit(f"{HOME}/{diagnostic.code}/{rank}")


def on_her_own_device(mother):
    PersonSession.update(is_shared=False).where(PersonSession.person == mother).execute()


def checked(page):
    return [one.get("value") for one in page.root.iterfind(".//input[@checked]")]


def test_one_question_per_page_each_kept_as_she_goes(alone, mother):
    """REQ-30: the title tells where she is, and nothing of what she says."""
    page = begun(alone)
    assert page.words("h1") == "Comment préférez-vous échanger avec nous ?"
    assert page.title.startswith("Question 1 sur ")
    assert "Partie 1 sur 14" in page.text
    page = alone.submit(page, "Continuer", {"reponse": ["oral"]})
    assert page.words("h1") == "Savez-vous qui suit votre parcours ?"
    assert given(mother) == {"acc_format": ["oral"]}


def test_the_address_of_a_question_tells_nothing(alone, mother):
    """No personal data in addresses: a code, then a rank of the version."""
    page = begun(alone)
    assert re.fullmatch(f"{HOME}/[{CODE_ALPHABET}]{{10}}/[0-9]+", page.address)


def test_back_and_pass_write_nothing(alone, mother):
    page = begun(alone)
    second = alone.visit(page.link("Passer cette question"))
    assert second.words("h1") == "Savez-vous qui suit votre parcours ?"
    assert alone.visit(second.link("Question d’avant")).words("h1") == page.words("h1")
    assert Answer.select().count() == 0


def test_she_stops_and_goes_on_elsewhere_at_the_right_question(app, alone, mother):
    """REQ-30: stopped, then gone on with from another browser: nothing is lost."""
    page = begun(alone)
    for _ in range(19):
        page = alone.submit(page, "Continuer", {"reponse": ["refus"]})
    assert page.title.startswith("Question 20 sur ")
    elsewhere = Visitor(app).enter_space(mother)
    home = elsewhere.visit(HOME)
    again = elsewhere.visit(home.link("Continuer"))
    assert again.words("h1") == page.words("h1")
    assert len(given(mother)) == 19


def test_begun_twice_it_is_one_diagnostic(alone, mother):
    home = alone.visit(HOME)
    words = "Commencer : Diagnostic socio-professionnel, trame unique"
    alone.submit(home, words)
    alone.submit(home, words)
    assert Diagnostic.select().count() == 1


def test_a_wrong_answer_comes_back_with_what_was_ticked(alone, mother):
    """422, the sentence, and what she ticked; nothing is written."""
    page = at(alone, mother, "mot_moteurs")
    ticked = ["revenu", "utile", "apprendre", "rencontrer"]
    page = alone.submit(page, "Continuer", {"reponse": ticked})
    assert page.status == 422
    assert "3 réponses au plus." in page.text
    assert checked(page) == ticked
    assert Answer.select().count() == 0


@pytest.mark.parametrize(
    ("key", "texts", "sentence"),
    [
        ("sit_age", ["inconnu"], "choisissez une réponse de la liste."),
        ("sit_age", ["18-25", "26-29"], "choisissez une seule réponse."),
        ("sit_age", ["18-25", "26-29"] * 1000, "choisissez une seule réponse."),
        ("sit_age", ["18-25", "refus"], "cochez des réponses, ou"),
        ("mob_genes", ["rien", "cout"], "une des réponses cochées ne va pas avec les autres."),
        ("pri_priorites", ["cv"], "choisissez une réponse de la liste."),
    ],
)
def test_what_is_no_answer_to_the_question_is_refused_with_a_sentence(
    alone, mother, key, texts, sentence
):
    """Bad input: forged, of another version, several for one, or a need that nothing raises."""
    alone.submit(at(alone, mother, "mob_permis"), "Continuer", {"reponse": "souhaite"})
    page = alone.submit(at(alone, mother, key), "Continuer", {"reponse": texts})
    assert page.status == 422
    assert sentence in page.text
    assert given(mother) == {"mob_permis": "souhaite"}


def test_a_page_takes_the_answer_to_its_own_question_alone(alone, mother):
    """Bad input: the fields of other questions are not read; too many of them write nothing."""
    page = at(alone, mother, "sit_age")
    others = {"sit_niveau": "bac", "sit_statut": "recherche"}
    alone.submit(page, "Continuer", others | {"reponse": "18-25"})
    assert given(mother) == {"sit_age": "18-25"}
    many = {f"champ{number}": "1" for number in range(2000)}
    page = alone.submit(at(alone, mother, "sit_age"), "Continuer", many | {"reponse": "26-29"})
    assert page.status == 413
    assert given(mother) == {"sit_age": "18-25"}


def test_an_answer_taken_back_is_not_discussed_any_more(alone, mother):
    """« Pas maintenant » is neither an answer nor a refusal."""
    alone.submit(at(alone, mother, "sit_age"), "Continuer", {"reponse": "18-25"})
    page = at(alone, mother, "sit_age")
    assert checked(page) == ["18-25"]
    alone.submit(page, "Continuer", {"reponse": ""})
    assert given(mother) == {}


def test_not_answering_and_not_now_are_two_things(alone, mother):
    alone.submit(at(alone, mother, "sit_age"), "Continuer", {"reponse": "refus"})
    assert given(mother) == {"sit_age": REFUSED}


def test_a_number_is_written_taken_back_or_refused(alone, mother):
    """REQ-38: `gp_heures`; zero is an answer, nothing is not one."""
    for typed, kept in (("0", {"gp_heures": 0}), ("", {}), (["", "refus"], {"gp_heures": REFUSED})):
        page = at(alone, mother, "gp_heures", POTENTIALS_GRID)
        alone.submit(page, "Continuer", {"reponse": typed})
        assert given(mother, POTENTIALS_GRID) == kept
    page = at(alone, mother, "gp_heures", POTENTIALS_GRID)
    assert page.root.find(".//input[@id='reponse']").get("value") == ""
    page = alone.submit(page, "Continuer", {"reponse": "36"})
    assert page.status == 422
    assert page.root.find(".//input[@id='reponse']").get("value") == "36"


def test_a_sensitive_answer_is_masked_on_a_kiosk_and_stays_unless_changed(alone, mother):
    """TRAME.md: « Réponses de niveau 2 masquées après saisie »."""
    alone.submit(at(alone, mother, "log_situation"), "Continuer", {"reponse": "tiers"})
    page = at(alone, mother, "log_situation")
    assert checked(page) == []
    assert "Votre réponse est cachée sur cet écran." in page.text
    alone.submit(page, "Continuer")
    assert given(mother) == {"log_situation": "tiers"}
    done = alone.visit(f"{HOME}/{Diagnostic.get().code}/fin")
    assert "Réponse gardée, cachée ici" in done.text
    assert "Chez quelqu’un, pour un temps" not in done.text
    alone.submit(page, "Continuer", {"reponse": ""})
    assert given(mother) == {}


def test_on_her_own_device_she_sees_what_she_answered(alone, mother):
    alone.submit(at(alone, mother, "log_situation"), "Continuer", {"reponse": "tiers"})
    on_her_own_device(mother)
    assert checked(at(alone, mother, "log_situation")) == ["tiers"]


@pytest.mark.parametrize("key", ["san_tenir", "san_handicap", "pri_relu", "fam_garde"])
def test_what_is_not_asked_of_her_alone_is_neither_shown_nor_written(alone, mother, key):
    """TRAME.md: level 3 never at a kiosk, what is done together left for the meeting, what no
    answer leads to not asked; sent all the same, it writes nothing."""
    page = at(alone, mother, key)
    assert page.words("h1") == "Comment préférez-vous échanger avec nous ?"
    diagnostic = Diagnostic.get()
    rank = list(diagnostic.template.questions).index(key) + 1
    token = page.root.find(".//input[@name='csrf_token']").get("value")
    values = {"csrf_token": token, "vu": "0", "reponse": "oui"}
    answer = alone.client.post(f"{HOME}/{diagnostic.code}/{rank}", data=values)
    assert answer.status_code == 303
    assert "Cette question ne se pose pas ici." in alone.visit(answer.location).text
    assert Answer.select().count() == 0


def test_safety_at_home_is_not_asked_at_a_kiosk(alone, mother):
    """TRAME.md: `gp_securite` is never kept, and never asked there."""
    page = at(alone, mother, "gp_securite", POTENTIALS_GRID)
    assert page.words("h1") == "Dans une journée, que faites-vous souvent ?"


def test_contacts_are_read_at_once_after_an_urgent_answer(alone, mother):
    """TRAME.md, `urgence`: before the next question, and never in the address."""
    page = at(alone, mother, "log_situation")
    page = alone.submit(page, "Continuer", {"reponse": "sans"})
    assert "Si vous en avez besoin, appelez tout de suite." in page.text
    assert page.link("Pas de toit ce soir") == "tel:115"
    assert "urg" not in page.address


def test_the_page_says_that_another_answer_was_erased(alone, mother):
    """TRAME.md: « cachée, une question perd sa réponse ; la page le dit »."""
    alone.submit(at(alone, mother, "fam_charge"), "Continuer", {"reponse": "enfants"})
    alone.submit(at(alone, mother, "fam_garde"), "Continuer", {"reponse": "aucune"})
    page = at(alone, mother, "fam_charge")
    page = alone.submit(page, "Continuer", {"reponse": "non"})
    assert "Une autre question ne se pose plus : sa réponse est effacée." in page.text


def test_what_a_référent_answered_meanwhile_stays_beside_hers(alone, mother):
    """Nobody writes over what he has not read: both stand, and she is told."""
    factories.charter()
    writer = factories.writer()
    factories.accompanied(writer, mother)
    page = at(alone, mother, "sit_age")
    filling.save(
        Diagnostic.get(), {"sit_age": ["26-29"]}, seen=0, keys=["sit_age"],
        writer=Writer(writer.account, writer.organisation),
    )  # fmt: skip
    page = alone.submit(page, "Continuer", {"reponse": "18-25"})
    assert "Votre référent a noté autre chose." in page.text
    assert len(Answers(Diagnostic.get()).standing("sit_age")) == 2


def test_the_last_question_leads_to_her_answers_strengths_first(alone, mother):
    """REQ-35, REQ-38: what she can do before the rest, and no score."""
    page = at(alone, mother, "gp_journee", POTENTIALS_GRID)
    alone.submit(page, "Continuer", {"reponse": ["imprevus"]})
    page = alone.submit(
        at(alone, mother, "gp_pas", POTENTIALS_GRID), "Continuer", {"reponse": "refus"}
    )
    assert page.words("h1") == "Merci. Vos réponses sont gardées"
    assert page.all_words("h2")[:2] == ["Vos forces", "Vos réponses"]
    assert "Capacité d’adaptation" in page.text


def test_the_grid_is_proposed_by_her_answer_and_never_imposed(alone, mother):
    """REQ-38: she may begin it, or leave it."""
    factories.template(POTENTIALS_GRID)
    assert "C’est vous qui choisissez." not in alone.visit(HOME).text
    alone.submit(at(alone, mother, "fam_charge"), "Continuer", {"reponse": "enfants"})
    alone.submit(at(alone, mother, "fam_moins3"), "Continuer", {"reponse": "oui"})
    home = alone.visit(HOME)
    assert "C’est vous qui choisissez." in home.text
    page = alone.submit(
        home, "Commencer : Grille des potentialités pour mères avec enfants de moins de 3 ans"
    )
    assert page.words("h1") == "Dans une journée, que faites-vous souvent ?"


def test_the_grid_is_led_in_arabic_from_right_to_left(alone, mother):
    """REQ-38: questions, choices, buttons and errors; the page around says it is in French."""
    page = at(alone, mother, "gp_envie", POTENTIALS_GRID)
    page = alone.visit(page.link("العربية"))
    band = page.root.find(".//div[@lang='ar']")
    assert (band.get("dir"), page.root.get("lang")) == ("rtl", "fr")
    assert re.search("[\u0600-\u06ff]", page.words("h1"))
    page = alone.submit(
        page, "متابعة", {"reponse": ["souffler", "rencontrer", "apprendre", "permis"]}
    )
    assert page.status == 422
    assert "3 إجابات على الأكثر." in page.text
    page = alone.submit(page, "متابعة", {"reponse": ["permis"]})
    assert given(mother, POTENTIALS_GRID) == {"gp_envie": ["permis"]}
    assert "Français" in page.text


def test_the_single_template_has_no_arabic_and_reads_in_french(alone, mother):
    """TRAME.md: « traduction absente : montrer le français »."""
    begun(alone)
    page = alone.visit(f"{at(alone, mother, 'sit_age').address}?langue=ar")
    assert page.words("h1") == "Quel âge avez-vous ?"
    assert page.root.find(".//div[@lang='ar']") is None


def test_in_english_the_words_around_are_english_too(alone, mother):
    page = alone.visit(f"{at(alone, mother, 'sit_age').address}?langue=en")
    assert page.words("h1") == "How old are you?"
    assert page.form("Continue") is not None


def is_large(page):
    return page.root.find(".//div[@class='stack tight large']") is not None


def test_type_is_large_at_a_kiosk_and_for_who_asked_for_it(alone, mother):
    """REQ-36: « acc_format » drives large print on her own device too."""
    assert is_large(at(alone, mother, "sit_age"))
    on_her_own_device(mother)
    assert not is_large(at(alone, mother, "sit_age"))
    page = at(alone, mother, "acc_format")
    alone.submit(page, "Continuer", {"reponse": ["gros-caracteres", "ecrit-simple"]})
    on_her_own_device(mother)
    assert is_large(at(alone, mother, "sit_age"))
    page = at(alone, mother, "sit_qpv")
    assert page.words("h1") == "Dans quel type de lieu vivez-vous ?"


def test_a_form_without_what_it_read_writes_nothing(alone, mother):
    page = at(alone, mother, "sit_age")
    token = page.root.find(".//input[@name='csrf_token']").get("value")
    answer = alone.client.post(page.address, data={"csrf_token": token, "reponse": "18-25"})
    assert answer.status_code == 409
    assert Answer.select().count() == 0


def test_the_diagnostic_of_somebody_else_does_not_exist(alone):
    """I13: the same page as for what never was."""
    other = factories.diagnostic(factories.person())
    for end in ("", "/1", "/fin", "/relire", "/besoins"):
        assert alone.visit(f"{HOME}/{other.code}{end}").status == 404


def test_reading_and_answering_are_in_her_journal(alone, mother):
    """I4: what she did is written, never what she said."""
    alone.submit(at(alone, mother, "sit_age"), "Continuer", {"reponse": "18-25"})
    acts = {row.act for row in AuditEntry.select().where(AuditEntry.person_id == mother.id)}
    assert {"diagnostic:read", "diagnostic:write"} <= acts
    assert not any("18-25" in str(row.changes) for row in AuditEntry.select())


# Reading again


@pytest.fixture
def noted(mother):
    """Her draft, with a need and a strength noted by a référent."""
    factories.charter()
    held = factories.writer()
    factories.accompanied(held, mother)
    diagnostic = factories.diagnostic(mother, by=held.account)
    writer = Writer(held.account, held.organisation)
    for domain, state in (
        (Domain.MOBILITY, DomainState.NEED),
        (Domain.MOTIVATION, DomainState.STRENGTH),
        (Domain.HEALTH, DomainState.NO_OBSTACLE),
    ):
        DomainLine.choose(diagnostic, domain, state, seen=diagnostic.revision, writer=writer)
    return diagnostic


def test_she_reads_each_box_again_strengths_first(alone, noted):
    """REQ-35: strengths before needs; what is most secret is folded."""
    page = alone.visit(f"{HOME}/{noted.code}/relire")
    assert page.all_words("section/h2")[:3] == [
        "Motivation et confiance", "Santé et bien-être", "Déplacements",
    ]  # fmt: skip
    folded = "".join(page.root.find(".//details").itertext())
    assert "Pas d’obstacle" in folded
    assert "Noté le" in page.text


def test_she_agrees_or_not_with_each_box(alone, noted):
    """L7: kept in her name, without a reason."""
    page = alone.visit(f"{HOME}/{noted.code}/relire")
    [line] = DomainLine.standing(noted)[Domain.MOBILITY]
    page = alone.submit(page, "Garder mon avis", {f"avis-{line.code}": "pas-d-accord"})
    assert "Votre avis est noté." in page.text
    assert checked(page).count("pas-d-accord") == 1
    [line] = DomainLine.standing(noted)[Domain.MOBILITY]
    assert line.opinion is Opinion.DISAGREES


def test_her_needs_are_kept_by_herself(alone, mother):
    """TRAME.md: proposed; yes, no, not yet, or nothing said."""
    alone.submit(at(alone, mother, "mob_permis"), "Continuer", {"reponse": "souhaite"})
    code = Diagnostic.get().code
    page = alone.visit(f"{HOME}/{code}/besoins")
    assert checked(page) == []
    page = alone.submit(page, "Garder mes choix", {"besoin-mobilite-permis": "pas-encore"})
    assert checked(page) == ["pas-encore"]
    standing = NeedDecision.standing(Diagnostic.get())
    assert standing["mobilite-permis"].keeping is Wish.NOT_YET


def test_a_need_that_no_answer_raises_is_refused(alone, mother):
    alone.submit(at(alone, mother, "mob_permis"), "Continuer", {"reponse": "souhaite"})
    page = alone.visit(f"{HOME}/{Diagnostic.get().code}/besoins")
    page = alone.submit(page, "Garder mes choix", {"besoin-cv": "oui"})
    assert page.status == 409
    assert NeedDecision.select().count() == 0


def test_a_need_that_no_answer_raises_takes_nothing_from_the_others(alone, mother):
    """Bad input: refused with a sentence, nothing else lost."""
    alone.submit(at(alone, mother, "mob_permis"), "Continuer", {"reponse": "souhaite"})
    page = alone.visit(f"{HOME}/{Diagnostic.get().code}/besoins")
    wishes = {"besoin-cv": "oui", "besoin-mobilite-permis": "oui"}
    page = alone.submit(page, "Garder mes choix", wishes)
    assert page.status == 409
    assert "Ce besoin ne vient d’aucune réponse" in page.text
    assert list(NeedDecision.standing(Diagnostic.get())) == ["mobilite-permis"]


def test_once_validated_she_reads_and_still_says_whether_she_agrees(alone, noted):
    noted.seal(by=None)
    page = alone.visit(f"{HOME}/{noted.code}")
    assert page.address.endswith("/relire")
    [line] = DomainLine.standing(noted)[Domain.MOTIVATION]
    alone.submit(page, "Garder mon avis", {f"avis-{line.code}": "d-accord"})
    [line] = DomainLine.standing(noted)[Domain.MOTIVATION]
    assert line.opinion is Opinion.AGREES
    assert alone.visit(f"{HOME}/{noted.code}/1").address.endswith("/relire")


def test_each_page_asks_the_database_the_same_number_of_times(alone, mother):
    """Speed: the number of queries does not follow the number of answers."""
    page = at(alone, mother, "sit_age")
    few = queries_of(alone, page.address)
    diagnostic = Diagnostic.get()
    keys = [key for key, one in diagnostic.template.questions.items() if one.may_refuse]
    form = {key: ["refus"] for key in keys}
    filling.save(diagnostic, form, seen=diagnostic.revision, writer=Writer(mother), keys=keys)
    assert queries_of(alone, page.address) == few


def queries_of(visitor, address):
    with count_queries() as counted:
        visitor.client.get(address)
    return counted.count
