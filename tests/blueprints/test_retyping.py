"""Sheets filled by hand, typed again one by one from the code written on each (REQ-30)."""

import pytest
from playhouse.test_utils import count_queries

from models import AuditEntry, Diagnostic
from models.diagnostics import filling
from models.diagnostics.answers import Answer, Answers
from models.diagnostics.diagnostic import Moment, Writer
from models.persons.accompaniments import ReferentRole
from models.persons.sharing import Domain
from models.questionnaire.paper import sheets
from models.questionnaire.shape import REFUSED
from models.questionnaire.versions import SINGLE_TEMPLATE, TemplateVersion
from tests import factories
from tests.visitor import Visitor, fields

OPEN, BEGIN = "Ouvrir la feuille", "Commencer et recopier"
NEXT, LAST = "Enregistrer, puis feuille suivante", "Enregistrer cette feuille"
USUAL = [domain for domain in Domain if domain.sensitivity == 1]


@pytest.fixture
def version(db):
    factories.charter()
    return factories.template()


@pytest.fixture
def writer(version):
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
def diagnostic(samia, writer):
    return factories.diagnostic(samia, by=writer.account)


@pytest.fixture
def shy(writer):
    """The draft of who shares what is usual, and no more."""
    somebody = factories.accompanied(writer, domains=USUAL)
    return factories.diagnostic(somebody, by=writer.account)


def asking(person):
    return f"/personnes/{person.code}/diagnostics/papier"


def paper_of(version, key):
    """The sheet on which a question is printed."""
    return next(one for one in sheets(version) if key in one.keys)


def address(diagnostic, key):
    """Where the sheet of this question is typed again."""
    code = paper_of(diagnostic.version, key).code
    return f"/personnes/{diagnostic.person.code}/diagnostics/{diagnostic.code}/feuilles/{code}"


def given(diagnostic):
    return Answers(diagnostic).given


def is_ticked(page, name, value):
    return any(
        one.get("checked") is not None for one in page.root.iter("input")
        if (one.get("name"), one.get("value")) == (name, value)
    )  # fmt: skip


def asked(page, button=NEXT):
    """The questions of the form, in the order of the page."""
    controls = {"csrf_token", "vu", "montrer"}
    names = [one.get("name") for one in page.form(button).iter("input")]
    return [name for name in dict.fromkeys(names) if name not in controls]


def told_of_sheets(page):
    """What the page says of each sheet, in order."""
    return page.all_words("ol[@class='cols plain']/li")


def next_version():
    """Version 0.3 of the single template, published."""
    data = TemplateVersion.current(SINGLE_TEMPLATE).data
    data["modele"]["sections"][1]["questions"][0]["label"] = "Votre âge ?"
    draft = TemplateVersion.draft(SINGLE_TEMPLATE, "0.3", data, by=None)
    draft.publish(by=None)
    return draft


# The code


def test_a_sheet_is_found_from_her_diagnostics_by_its_code(amina, diagnostic, samia):
    """REQ-30: from her diagnostics to the questions of one sheet, in two steps."""
    page = amina.visit(f"/personnes/{samia.code}/diagnostics")
    page = amina.visit(page.link("Recopier une feuille de papier"))
    assert "Samia" not in page.title
    paper = paper_of(diagnostic.version, "mob_temps")
    page = amina.submit(page, OPEN, {"feuille": f" {paper.shown_code.lower()} "})
    assert (page.status, page.address) == (200, address(diagnostic, "mob_temps"))
    assert page.words("h1") == f"Feuille {paper.number} sur 11, à recopier"


@pytest.mark.parametrize("typed", ["", "0000 0000 0001", "Zaïde 1979", "K7M2\x00", "1" * 300])
def test_a_code_that_no_sheet_has_is_asked_again_as_it_was_typed(amina, samia, version, typed):
    """Bad input: a sentence, and what was typed stays."""
    page = amina.submit(amina.visit(asking(samia)), OPEN, {"feuille": typed})
    assert page.status == 422
    assert page.words("span[@id='feuille-e']")
    kept = dict(fields(page.form(OPEN)))["feuille"]
    assert kept == typed[:60].rstrip("\x00")


def test_the_sheet_of_a_version_being_prepared_is_not_found(amina, samia, version):
    data = version.data
    draft = TemplateVersion.draft(SINGLE_TEMPLATE, "0.3", data, by=None)
    sheet = sheets(draft)[0].code
    assert amina.submit(amina.visit(asking(samia)), OPEN, {"feuille": sheet}).status == 422
    assert amina.visit(f"{asking(samia)}/{sheet}").status == 404


# Before typing


def test_without_a_draft_one_is_begun_right_there(amina, samia, version):
    """REQ-30: the pile comes first, the diagnostic is begun from its first sheet."""
    first = sheets(version)[0]
    page = amina.submit(amina.visit(asking(samia)), OPEN, {"feuille": first.shown_code})
    assert page.words("h1") == "Avant de recopier cette feuille"
    assert Diagnostic.of_person(samia) == []
    refused = amina.submit(page, BEGIN, {"moment": "jamais"})
    assert (refused.status, Diagnostic.of_person(samia)) == (422, [])
    page = amina.submit(page, BEGIN, {"moment": "suivi"})
    [begun] = Diagnostic.of_person(samia)
    assert (begun.version, begun.moment) == (version, Moment.FOLLOW_UP)
    assert page.address == address(begun, "sit_age")


def test_a_draft_begun_twice_from_one_sheet_is_one_draft(amina, samia, version):
    page = amina.visit(f"{asking(samia)}/{sheets(version)[0].code}")
    first, again = amina.submit(page, BEGIN), amina.submit(page, BEGIN)
    assert first.address == again.address
    assert len(Diagnostic.of_person(samia)) == 1


def test_the_sheet_of_another_version_says_which_one_to_print(amina, diagnostic):
    """REQ-29: nothing is guessed from one version to another."""
    newer = next_version()
    page = amina.visit(f"{asking(diagnostic.person)}/{sheets(newer)[0].code}")
    assert (
        "Cette feuille est de la version 0.3. Le diagnostic en cours suit la version 0.2."
        in page.text
    )
    assert page.link("Imprimer la version 0.2") == f"/trame/{diagnostic.version.code}/papier"
    assert BEGIN not in page.all_words("button")
    typed = f"{address(diagnostic, 'sit_age').rpartition('/')[0]}/{sheets(newer)[0].code}"
    assert amina.visit(typed).status == 404


def test_what_was_filled_before_a_new_version_keeps_its_own_words(amina, samia, version):
    """REQ-29: what she read is what she answered; that a newer version exists is said."""
    next_version()
    page = amina.visit(f"{asking(samia)}/{sheets(version)[0].code}")
    assert "La version 0.3 a remplacé celle de cette feuille." in page.text
    page = amina.submit(page, BEGIN)
    assert "Quel âge avez-vous ?" in page.text
    assert Diagnostic.of_person(samia)[0].version == version


# Typing


def test_a_sheet_asks_its_own_questions_in_the_order_of_the_paper(amina, diagnostic):
    """REQ-30: with the numbers that are printed."""
    page = amina.visit(address(diagnostic, "lan_lire"))
    paper = paper_of(diagnostic.version, "lan_lire")
    assert asked(page) == list(paper.keys)
    rank = list(diagnostic.template.questions).index("lan_lire") + 1
    assert page.words("legend").startswith(f"{rank}. ")


def test_a_sheet_typed_leads_to_the_next_one(amina, diagnostic, writer):
    """REQ-30: kept with who and when; the list says where the sheets are."""
    page = amina.visit(address(diagnostic, "lan_lire"))
    page = amina.submit(page, NEXT, {"lan_lire": REFUSED, "mob_moyens": ["velo", "a-pied"]})
    assert given(diagnostic) == {"lan_lire": REFUSED, "mob_moyens": ["velo", "a-pied"]}
    assert page.address == address(diagnostic, "mob_temps")
    assert "2 réponses enregistrées." in page.text
    assert told_of_sheets(page)[4] == "Feuille 5 2 sur 7"
    page = amina.visit(address(diagnostic, "lan_lire"))
    assert is_ticked(page, "mob_moyens", "velo")
    assert f"par {writer.account.name}, Envol" in page.text


def test_the_last_sheet_leads_back_to_the_diagnostic(amina, diagnostic):
    page = amina.visit(f"{address(diagnostic, 'san_tenir')}?montrer=sante")
    page = amina.submit(page, LAST, {"san_tenir": "non"})
    assert page.address.endswith(f"/diagnostics/{diagnostic.code}")
    assert "C’était la dernière feuille." in page.text


def test_a_sheet_left_empty_writes_nothing(amina, diagnostic):
    page = amina.submit(amina.visit(address(diagnostic, "sit_age")), NEXT)
    assert "Rien n’a changé." in page.text
    assert Answer.select().count() == 0


def test_a_question_that_an_answer_brings_is_typed_before_the_next_sheet(amina, diagnostic):
    """Hidden by a condition: said, with the answer it waits for; without a script."""
    page = amina.visit(address(diagnostic, "sit_age"))
    assert "sit_duree" not in asked(page)
    assert page.words("section[@aria-labelledby='dependent']//li").startswith("5. ")
    page = amina.submit(page, NEXT, {"sit_statut": "recherche"})
    assert page.address == f"{address(diagnostic, 'sit_age')}#sit_duree"
    assert "1 question de plus à recopier sur cette feuille." in page.text
    page = amina.submit(page, NEXT)
    assert page.address == address(diagnostic, "sit_fin")


def test_an_answer_no_longer_asked_for_is_erased_and_it_is_said(amina, diagnostic):
    """TRAME.md: also when it was written on a sheet typed before."""
    here = address(diagnostic, "fam_charge")
    amina.submit(amina.visit(here), NEXT, {"fam_charge": "enfants"})
    amina.submit(amina.visit(address(diagnostic, "fam_garde")), NEXT, {"fam_garde": "aucune"})
    page = amina.submit(amina.visit(here), NEXT, {"fam_charge": "non"})
    assert given(diagnostic) == {"fam_charge": "non"}
    assert "1 question ne se pose plus : sa réponse est effacée." in page.text


def test_with_the_script_only_the_questions_of_the_sheet_follow(amina, diagnostic):
    """« fam_charge » brings questions of the next sheet, « sit_statut » one of its own."""
    here = address(diagnostic, "sit_age")
    sent = dict(fields(amina.visit(here).form(NEXT))) | {"sit_statut": "recherche"}
    answer = amina.client.post(f"{here}/questions", data=sent, headers={"HX-Request": "true"})
    assert 'hx-target="#q-sit_duree"' in answer.text
    assert "5. " in answer.text
    assert "com_recherche" not in answer.text
    here = address(diagnostic, "fam_charge")
    sent = dict(fields(amina.visit(here).form(NEXT))) | {"fam_charge": "enfants"}
    answer = amina.client.post(f"{here}/questions", data=sent)
    assert answer.status_code == 200
    assert "fam_garde" not in answer.text
    assert given(diagnostic) == {}


def test_needs_are_chosen_on_the_screen_once_they_are_known(amina, diagnostic):
    """The paper says « se choisit à l’écran »: the sheet says when."""
    page = amina.visit(address(diagnostic, "pri_priorites"))
    assert len(page.all_words("section[@aria-labelledby='plus-tard']//li")) == 2
    page = amina.visit(address(diagnostic, "mob_permis"))
    amina.submit(page, NEXT, {"mob_permis": "souhaite"})
    page = amina.visit(address(diagnostic, "pri_priorites"))
    amina.submit(page, NEXT, {"pri_priorites": "mobilite-permis"})
    assert given(diagnostic)["pri_priorites"] == ["mobilite-permis"]


def test_contacts_for_an_emergency_follow_on_the_next_sheet(amina, diagnostic):
    page = amina.visit(address(diagnostic, "log_situation"))
    page = amina.submit(page, NEXT, {"log_situation": "sans"})
    assert page.address == address(diagnostic, "fam_garde")
    assert "115" in page.words("section[@aria-labelledby='urgent-logement']")


# Refusals


def test_a_wrong_answer_is_said_and_all_the_others_are_kept(amina, diagnostic):
    """Bad input: the sheet comes back, with what was typed."""
    page = amina.visit(address(diagnostic, "mob_temps"))
    page = amina.submit(page, NEXT, {"mob_genes": ["rien", "cout"], "fam_charge": "non"})
    assert page.status == 422
    assert "une des réponses cochées ne va pas avec les autres." in page.text
    assert "Le reste est enregistré." in page.text
    assert is_ticked(page, "mob_genes", "rien")
    assert is_ticked(page, "mob_genes", "cout")
    assert given(diagnostic) == {"fam_charge": "non"}


@pytest.mark.parametrize("name", ["inconnue", "sit_niveau ", "lan_lire", "gp_moments"])
def test_a_question_of_another_sheet_is_left_aside_with_a_sentence(amina, diagnostic, name):
    """Bad input: unknown keys, and those that are not of this sheet."""
    page = amina.visit(address(diagnostic, "sit_age"))
    page = amina.submit(page, NEXT, {name: "oui", "sit_age": "18-25"})
    assert page.status == 422
    assert "1 réponse est laissée de côté." in page.text
    assert given(diagnostic) == {"sit_age": "18-25"}


def test_two_thousand_fields_more_are_refused(amina, diagnostic):
    """Bad input: a sentence, and nothing written."""
    page = amina.visit(address(diagnostic, "sit_age"))
    many = {f"champ{number}": "1" for number in range(2000)}
    page = amina.submit(page, NEXT, many | {"sit_age": "18-25"})
    assert page.status == 413
    assert given(diagnostic) == {}


def test_a_validated_diagnostic_is_read_and_no_sheet_changes_it(amina, diagnostic, writer):
    page = amina.visit(address(diagnostic, "sit_age"))
    diagnostic.seal(by=writer.account)
    assert amina.submit(page, NEXT, {"sit_age": "18-25"}).status == 409
    page = amina.visit(address(diagnostic, "sit_age"))
    assert page.address.endswith(f"/diagnostics/{diagnostic.code}")
    assert "Ce diagnostic est validé : il ne change plus." in page.text
    assert given(diagnostic) == {}


def test_two_answers_of_two_référents_both_stand(app, amina, diagnostic, samia):
    """REQ-30: contested, said on the sheet, chosen there."""
    second = factories.writer()
    factories.accompanied(second, samia, role=ReferentRole.OTHER, domains=list(Domain))
    other = Visitor(app).enter(second.account)
    here = address(diagnostic, "sit_age")
    mine, theirs = amina.visit(here), other.visit(here)
    amina.submit(mine, NEXT, {"sit_age": "18-25"})
    page = other.submit(theirs, NEXT, {"sit_age": "26-29"})
    assert page.address == f"{here}#sit_age"
    assert "Une autre personne a répondu autrement." in page.text
    assert "1 question a deux réponses : choisissez." in page.text
    other.submit(page, NEXT, {"sit_age": "18-25"})
    assert Answers(diagnostic).contested == []


# What she shares


def test_a_closed_domain_is_said_with_the_way_to_ask(amina, shy):
    """I1: its questions are not shown, nor is anything of them taken."""
    page = amina.visit(address(shy, "log_situation"))
    assert "log_situation" not in page.html
    assert "mob_temps" in asked(page)
    assert page.link("Demander son accord") == f"/personnes/{shy.person.code}/accord"
    page = amina.submit(page, NEXT, {"log_situation": "sans", "mob_temps": "30-60"})
    assert page.status == 422
    assert "log_situation" not in given(shy)


def test_a_sheet_that_is_closed_whole_leads_to_the_next_one(amina, shy):
    page = amina.visit(address(shy, "san_tenir"))
    assert "Protégé, sans accord de la personne" in page.text
    assert page.all_words("form[@method='post']//button") == []
    assert told_of_sheets(page)[-1] == "Feuille 11, à part Partie protégée"


def test_the_most_sensitive_sheet_is_masked_until_it_is_asked_for(amina, diagnostic, writer):
    """TRAME.md: level 3; its sheet says nothing of what was answered."""
    by = Writer(writer.account, writer.organisation)
    filling.save(diagnostic, {"san_tenir": ["oui"]}, seen=0, writer=by, keys=["san_tenir"])
    page = amina.visit(address(diagnostic, "san_tenir"))
    assert "san_tenir" not in page.html
    assert "Partie masquée" in page.text
    page = amina.visit(page.link("Les montrer"))
    assert is_ticked(page, "san_tenir", "oui")
    assert "san_amenagement" in asked(page, LAST)


# The session that ends


def test_what_was_typed_is_found_again_after_signing_in_again(amina, diagnostic, writer):
    """Session expired on a sheet: shown again there, and written only when it is sent once more."""
    here = address(diagnostic, "sit_age")
    page = amina.visit(here)
    amina.client.delete_cookie("session_id")
    page = amina.submit(page, NEXT, {"sit_age": "18-25"})
    assert page.status == 401
    amina.enter(writer.account)
    with amina.client.session_transaction() as kept:
        kept.clear()
    page = amina.submit(page, "Retrouver mes réponses")
    assert (page.status, page.address) == (409, here)
    assert is_ticked(page, "sit_age", "18-25")
    assert given(diagnostic) == {}
    amina.submit(page, NEXT)
    assert given(diagnostic) == {"sit_age": "18-25"}


# Rights and traces


def test_nobody_else_types_into_her_diagnostic(app, amina, diagnostic, writer):
    """I1, I13: not a colleague, nor through somebody one accompanies oneself."""
    here = address(diagnostic, "sit_age")
    colleague = Visitor(app).enter(factories.writer(writer.organisation).account)
    assert colleague.visit(here).status == 404
    mine = factories.accompanied(writer)
    assert amina.visit(here.replace(diagnostic.person.code, mine.code)).status == 404


def test_no_trace_holds_the_code_of_a_sheet(amina, diagnostic):
    """I4: who wrote, for whom, how much; not from which sheet."""
    paper = paper_of(diagnostic.version, "log_situation")
    page = amina.submit(amina.visit(asking(diagnostic.person)), OPEN, {"feuille": paper.shown_code})
    amina.submit(page, NEXT, {"log_situation": "sans"})
    entries = list(AuditEntry.select().where(AuditEntry.person_id == diagnostic.person_id))
    assert "diagnostic:write" in [entry.act for entry in entries]
    traces = [str(entry.__data__) for entry in entries]
    assert not any(one in trace for trace in traces for one in (paper.code, paper.shown_code))


def test_a_sheet_asks_as_many_questions_of_the_database_empty_or_full(amina, diagnostic, writer):
    """Flat: shown and saved, whatever was answered before."""
    here, by = address(diagnostic, "lan_lire"), Writer(writer.account, writer.organisation)

    def counted(text):
        with count_queries() as asked_for:
            amina.submit(amina.visit(here), NEXT, {"mob_moyens": [text]})
        return asked_for.count

    counted("velo")
    few = counted("a-pied")
    form = {
        key: [str(one.choices[0].value)]
        for key, one in diagnostic.template.questions.items() if one.choices
    }  # fmt: skip
    filling.save(diagnostic, form, seen=diagnostic.revision, writer=by, keys=list(form))
    assert len(given(diagnostic)) > 55
    assert counted("velo") == few
