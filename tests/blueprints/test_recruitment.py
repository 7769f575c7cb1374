"""Operations of recruitment through their pages: prepared, followed, ended, printed (REQ 28)."""

import pytest

from models import (
    AuditEntry,
    CharterSignature,
    RecruitmentOperation,
    RecruitmentPartner,
    RecruitmentStage,
)
from models.accounts.account import Role
from models.base import database
from models.recruitment import PAGE_SIZE, OperationState, StageKind
from tests import factories
from tests.visitor import Visitor

SAVE, GONE = "Enregistrer", "Cette page n’existe pas"
HOSTILE = [
    "\x00", "é" * 70_000, "' OR 1=1 --", "{{7*7}}", "<script>x</script>", "\u202eabc", " "
]  # fmt: skip


@pytest.fixture
def writer(db):
    """A professional with the right to write for the organisation that leads."""
    return factories.writer(factories.signed_organisation(name="Envol", is_network_member=True))


@pytest.fixture
def lead(app, writer):
    return Visitor(app).enter(writer.account)


@pytest.fixture
def operation(writer):
    return factories.recruitment(writer.organisation, title="Dix agents")


@pytest.fixture
def partner(operation):
    """An organisation that takes part, with its own writer."""
    where = factories.writer(factories.signed_organisation(name="Clic")).organisation
    return operation.add_partner(where, by=None, quota=70)


def writer_of(partner):
    return factories.writer(partner.organisation).account


def address(operation, *rest):
    return "/".join(["/recrutements", operation.code, *rest])


def give(visitor, page, *figures, confirmed=False, **values):
    names = ("proposes", "preselectionnes", "recrutes")
    boxes = {"definitifs": "1"} if confirmed else {}
    typed = dict(zip(names, map(str, figures), strict=False)) | boxes | values
    return visitor.submit(page, SAVE, typed)


def acts():
    return [entry.act for entry in AuditEntry.select().order_by(AuditEntry.id)]


def test_an_operation_goes_from_its_first_word_to_its_results(app, lead, partner):
    """REQ-28: steps, organisations, quotas, results, all through the pages, without script."""
    partner.operation.delete_instance()
    page = lead.visit(lead.visit("/recrutements").link("Préparer une opération"))
    filled = {
        "titre": "10 agents de production",
        "entreprise": "La Conserverie",
        "commune": "Muret",
        "postes": "10",
        "profil": "Préparer des commandes, debout.",
        "debut": "2026-10-01",
        "fin": "2026-12-01",
        "fiche": "",
    }
    page = lead.submit(page, SAVE, filled)
    assert page.words("h1") == "10 agents de production"
    assert "Ajoutez au moins une étape." in page.text
    page = lead.visit(page.link("Ajouter une étape"))
    step = {"etape": "test-habiletes", "jour": "2026-10-08", "lieu": "Muret", "organisme": ""}
    page = lead.submit(page, SAVE, step)
    assert "8 octobre 2026, Muret" in page.text
    page = lead.visit(page.link("Ajouter un organisme"))
    page = lead.submit(page, "Ajouter", {"organisme": lead_code(), "quota": "80"})
    page = lead.submit(page, "Ouvrir l’opération")
    assert "L’opération est ouverte à tout le réseau." in page.text
    page = lead.visit(page.link("Modifier les chiffres"))
    page = give(lead, page, 120, 63, 10, confirmed=True, quota="130")
    for words in ("63 Présélectionnés 52 % des proposés", "10 Recrutés 15 % des présélectionnés"):
        assert words in page.text
    page = lead.submit(lead.visit(page.link("Clore")), "Clore l’opération")
    assert "L’opération est close." in page.text
    assert acts()[-6:] == [
        "recruitment:start", "recruitment:stage", "recruitment:add-partner", "recruitment:open",
        "recruitment:figures", "recruitment:close",
    ]  # fmt: skip


def lead_code():
    return RecruitmentOperation.select().order_by(-RecruitmentOperation.id).get().organisation.code


def test_a_form_sent_twice_creates_once(lead, writer):
    page = lead.visit(f"/recrutements/nouveau/{writer.organisation.code}")
    for _ in range(2):
        shown = lead.submit(page, SAVE, {"titre": "Dix agents", "fiche": ""})
        assert shown.words("h1") == "Dix agents"
    assert RecruitmentOperation.select().count() == 1
    operation = RecruitmentOperation.get()
    page = lead.visit(address(operation, "etapes", "nouvelle"))
    for _ in range(2):
        lead.submit(page, SAVE, {"etape": "entretien", "organisme": ""})
    assert RecruitmentStage.select().count() == 1
    page = lead.visit(address(operation, "organismes", "nouveau"))
    for _ in range(2):
        lead.submit(page, "Ajouter", {"organisme": writer.organisation.code})
    assert RecruitmentPartner.select().count() == 1


def test_an_organisation_enters_its_own_figures_and_no_others(app, operation, partner):
    """REQ-28: a partner’s writer fills in his row, and may change nothing else."""
    own = Visitor(app).enter(writer_of(partner))
    page = own.visit(address(operation))
    assert "Ajouter une étape" not in page.text
    page = own.visit(page.link("Donner nos chiffres"))
    assert "On vous demande 70 personnes." in page.text
    page = give(own, page, 34, 18, 2, confirmed=True)
    assert "définitifs" in page.text
    assert RecruitmentPartner.get_by_id(partner.id).figures == (34, 18, 2)
    assert own.visit(address(operation, "organismes", partner.code)).status == 404
    assert own.visit(address(operation, "modifier")).status == 404
    other = operation.add_partner(factories.organisation(), by=None)
    assert own.visit(f"/recrutements/chiffres/{other.code}").status == 404


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"proposes": "10", "preselectionnes": "11"}, "proposes", "plus de présélectionnés que"),
        ({"proposes": "dix"}, "proposes", "écrivez un nombre entier, de 0 à 100 000"),
        ({"recrutes": "-1"}, "recrutes", "écrivez un nombre entier"),
        ({"recrutes": "²"}, "recrutes", "écrivez un nombre entier"),
        ({"proposes": "100001"}, "proposes", "écrivez un nombre entier"),
        ({"proposes": "3", "definitifs": "1"}, "proposes", "donnez les trois"),
    ],
)
def test_impossible_figures_are_said_where_they_are_and_kept(lead, partner, typed, field, sentence):
    page = lead.visit(address(partner.operation, "organismes", partner.code))
    page = lead.submit(page, SAVE, typed)
    assert page.status == 422
    assert sentence in page.text
    assert page.root.find(f".//section/ul/li/a[@href='#{field}']") is not None
    for name, value in typed.items():
        assert page.root.find(f".//input[@id='{name}']").get("value") == value
    assert RecruitmentPartner.get().figures == (None, None, None)


def test_zero_and_nothing_are_two_answers(lead, partner):
    """REQ-28: « non renseigné » ≠ 0, on the page and in the form."""
    page = lead.visit(address(partner.operation, "organismes", partner.code))
    page = lead.submit(page, SAVE, {"proposes": "0", "preselectionnes": "", "recrutes": ""})
    assert "0 Proposés" in page.text
    assert "– Présélectionnés non renseigné" in page.text
    page = lead.visit(page.link("Modifier les chiffres"))
    assert page.root.find(".//input[@id='proposes']").get("value") == "0"
    assert page.root.find(".//input[@id='recrutes']").get("value") is None


def test_who_takes_no_part_sees_no_small_count(app, lead, operation, partner):
    """k ≥ 11 outside; inside, those who entered the figures read them."""
    partner.enter(by=None, proposed=120, preselected=63, recruited=10)
    outsider = Visitor(app).enter(factories.membership().account)
    for visitor, is_inside in ((lead, True), (outsider, False)):
        page = visitor.visit(address(operation))
        assert ("10 Recrutés" in page.text) == is_inside
        assert ("moins de 11 Recrutés" in page.text) != is_inside
        assert ("Clic" in page.text) == is_inside
        assert "63 Présélectionnés" in page.text


def test_what_is_in_preparation_is_only_for_who_prepares_it(app, lead, writer):
    draft = factories.recruitment(
        writer.organisation, state=OperationState.DRAFT, title="Secret encore"
    )
    stranger = Visitor(app).enter(factories.writer().account)
    assert stranger.visit(address(draft)).status == 404
    assert "Secret encore" not in stranger.visit("/recrutements").text
    assert lead.visit(address(draft)).status == 200
    assert "Secret encore" in lead.visit("/recrutements").text
    animator = Visitor(app).enter(factories.account(role=Role.ANIMATOR))
    assert animator.visit(address(draft)).status == 200


def test_what_another_wrote_meanwhile_is_shown_and_nothing_is_lost(app, lead, operation, partner):
    path = address(operation, "organismes", partner.code)
    mine, theirs = lead.visit(path), lead.visit(path)
    give(lead, theirs, 30, 12, 3)
    page = give(lead, mine, 34, 12, 3)
    assert page.status == 409
    assert "Personnes proposées : 30" in page.text
    assert page.root.find(".//input[@id='proposes']").get("value") == "34"
    page = lead.submit(page, SAVE)
    assert RecruitmentPartner.get().figures == (34, 12, 3)
    path = address(operation, "modifier")
    mine, theirs = lead.visit(path), lead.visit(path)
    lead.submit(theirs, SAVE, {"titre": "Douze agents", "fiche": "", "profil": "a"})
    page = lead.submit(mine, SAVE, {"titre": "Neuf agents", "fiche": "", "profil": "b"})
    assert page.status == 409
    assert "Titre : le poste et le nombre : Douze agents" in page.text
    path = address(operation, "etapes", operation.ordered_stages()[0].code)
    mine, theirs = lead.visit(path), lead.visit(path)
    step = {"etape": "entretien", "organisme": ""}
    lead.submit(theirs, SAVE, step | {"lieu": "Muret"})
    page = lead.submit(mine, SAVE, step | {"lieu": "Auterive"})
    assert (page.status, "Lieu : Muret" in page.text) == (409, True)


def test_steps_are_added_moved_marked_and_removed(lead, operation):
    page = lead.visit(address(operation, "etapes", "nouvelle"))
    step = {"etape": StageKind.HIRING.value, "organisme": operation.organisation.code}
    page = lead.submit(page, SAVE, step)
    assert "Embauches (plus tard)" in page.text
    page = lead.visit(page.link("Modifier l’étape 2"))
    page = lead.submit(page, "Monter")
    assert [one.kind for one in operation.ordered_stages()] == [
        StageKind.HIRING, StageKind.PROFILE,
    ]  # fmt: skip
    page = lead.submit(page, "C’est fait l’étape 1, Embauches")
    assert "Embauches (fait)" in page.text
    page = lead.visit(page.link("Modifier l’étape 1"))
    page = lead.submit(page, "Pas encore faite")
    assert "Embauches (à faire maintenant)" in page.text
    page = lead.visit(lead.visit(page.link("Modifier l’étape 1")).link("Retirer l’étape"))
    removed = lead.submit(page, "Retirer l’étape")
    assert "Embauches" not in removed.text
    assert lead.submit(page, "Retirer l’étape").status == 200
    assert RecruitmentStage.select().count() == 1


def test_an_organisation_is_removed_with_the_figures_that_were_seen(lead, operation, partner):
    path = address(operation, "organismes", partner.code, "retirer")
    page = lead.visit(path)
    partner.enter(by=None, proposed=12)
    page = lead.submit(page, "Retirer l’organisme")
    assert (page.status, "12" in page.text) == (409, True)
    page = lead.submit(page, "Retirer l’organisme")
    assert RecruitmentPartner.select().count() == 0
    assert lead.visit(path).words("h1") == "Dix agents"


def test_it_cannot_be_closed_before_its_results_are_definitive(lead, operation, partner):
    page = lead.visit(address(operation, "clore"))
    assert "Il manque des chiffres définitifs." in page.text
    assert page.link("Clic") == address(operation, "organismes", partner.code)
    refused = lead.submit(lead.visit(address(operation, "annuler")), "Annuler l’opération")
    assert "L’opération est annulée." in refused.text
    page = lead.submit(refused, "Rouvrir l’opération")
    assert "L’opération reprend." in page.text
    token = page.root.find(".//input[@name='csrf_token']").get("value")
    answer = lead.client.post(address(operation, "clore"), data={"csrf_token": token})
    assert answer.status_code == 409
    assert "Les chiffres ne sont pas définitifs : Clic." in answer.text.replace("\u00a0", " ")


def test_what_has_ended_is_read_and_leads_back(lead, operation, partner):
    RecruitmentOperation.update(state=OperationState.CLOSED).execute()
    for path in (
        address(operation, "modifier"),
        address(operation, "etapes", "nouvelle"),
        address(operation, "organismes", partner.code),
        address(operation, "clore"),
        f"/recrutements/chiffres/{partner.code}",
    ):
        assert lead.visit(path).words("h1") in ("Dix agents", GONE), path
    assert "Ajouter une étape" not in lead.visit(address(operation)).text


def test_what_surprises_is_said(lead, operation, partner):
    partner.enter(by=None, proposed=90, preselected=40, recruited=12)
    page = lead.visit(address(operation))
    assert "Clic a proposé plus de personnes que demandé : 90 au lieu de 70." in page.text
    assert "Il y a plus de personnes recrutées que de postes : 12 pour 10." in page.text


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_words_are_only_words(lead, operation, hostile):
    path = address(operation, "modifier")
    names = ("titre", "entreprise", "commune", "postes", "debut", "fin", "profil", "fiche")
    page = lead.submit(lead.visit(path), SAVE, dict.fromkeys(names, hostile))
    assert page.status == 422
    assert "<script>x" not in page.html
    page = lead.visit(address(operation, "etapes", "nouvelle"))
    fields = dict.fromkeys(("etape", "jour", "lieu", "organisme"), hostile)
    assert lead.submit(page, SAVE, fields).status == 422
    page = lead.visit(address(operation, "organismes", "nouveau"))
    assert lead.submit(page, "Ajouter", {"organisme": hostile, "quota": hostile}).status == 422


def test_a_social_security_number_is_refused_and_not_shown_back(lead, operation):
    page = lead.visit(address(operation, "modifier"))
    number = "2 84 12 31 451 089 46"
    page = lead.submit(page, SAVE, {"titre": "Dix", "profil": f"Voir {number}", "fiche": ""})
    assert page.status == 422
    assert "numéro de sécurité sociale" in page.text
    assert number not in page.html


@pytest.mark.parametrize("query", ["etat=rien", "etat=brouillon", "etat=%00"])
def test_an_address_that_means_nothing_is_not_found(lead, query):
    assert lead.visit(f"/recrutements?{query}").status == 404


def test_the_list_is_read_page_by_page_in_a_flat_number_of_queries(lead, app, monkeypatch):
    for _ in range(PAGE_SIZE + 1):
        factories.recruitment()
    asked = []
    execute = type(database.obj).execute_sql
    monkeypatch.setattr(
        type(database.obj),
        "execute_sql",
        lambda self, sql, *rest, **more: asked.append(sql) or execute(self, sql, *rest, **more),
    )
    page = lead.visit("/recrutements")
    assert len(page.all_words("h3")) == PAGE_SIZE
    assert len([sql for sql in asked if sql.startswith("SELECT")]) <= 14
    last = lead.visit(page.link("Page suivante"))
    assert lead.visit("/recrutements?page=²&page=x").status == 200
    assert len(last.all_words("h3")) == 1
    assert lead.visit("/recrutements?etat=close").text.count("Aucune opération ici") == 1


def test_who_may_write_for_nobody_is_told_the_way(app, db):
    member = factories.membership()
    page = Visitor(app).enter(member.account).visit("/recrutements/nouveau")
    assert "Aucun organisme pour l’instant." in page.text
    assert CharterSignature.select().count() == 0


def test_steering_chooses_which_organisation_leads(app, writer):
    coordinator = Visitor(app).enter(factories.account(role=Role.COORDINATOR))
    factories.admitted_organisation(name="Autre")
    page = coordinator.visit("/recrutements/nouveau")
    assert coordinator.visit(page.link("Envol")).words("h1") == (
        "Préparer une opération de recrutement"
    )
