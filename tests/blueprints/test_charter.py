"""Reading, signing, proving, withdrawing and preparing the charter (REQ 69, 121)."""

import datetime as dt
import subprocess
from urllib.parse import urlsplit

import pytest

from blueprints import mail
from models import (
    Account,
    AuditEntry,
    CharterCheck,
    CharterSignature,
    CharterVersion,
    Membership,
    OutgoingEmail,
)
from models.accounts.account import Role
from models.base import local_day, today
from models.charter import publication
from models.charter.checks import run_checks
from models.charter.signatures import Capacity
from models.network.memberships import managers_of
from models.network.rights import Rights
from tests import factories
from tests.visitor import Visitor

SIGN, LEAVE, WITHDRAW = "Signer la charte", "Retirer l’organisme du réseau", "Retirer ma signature"
BOXES = {"lu": "1", "engage": "1"}
HOSTILE = [
    "\x00", "\ud800", "é" * 70_000, "' OR 1=1 --", "{{7*7}}", "<script>x</script>", "\u202eabc", " "
]  # fmt: skip


@pytest.fixture
def charter(db):
    """The shipped text, published: fourteen articles."""
    CharterVersion.draft_of_reference(by=None).publish(by=None)
    return CharterVersion.current()


@pytest.fixture
def member(charter):
    """A professional who has not signed, in an organisation that has."""
    return factories.membership(
        organisation=factories.signed_organisation(name="Essai"), function="Référente"
    )


@pytest.fixture
def manager(charter):
    """The manager of an admitted organisation that has not signed."""
    return factories.membership(is_manager=True)


@pytest.fixture
def editor(app):
    """A coordinator’s browser."""
    return Visitor(app).enter(factories.account(role=Role.COORDINATOR))


def enter(app, membership):
    return Visitor(app).enter(membership.account)


# Reading


def test_without_a_charter_the_page_says_so(visitor):
    page = visitor.visit("/charte")
    assert page.words("h2") == "La charte n’est pas encore publiée"
    assert visitor.visit("/charte/versions").status == 200
    assert visitor.visit("/charte/signataires").status == 200


def test_each_article_shows_its_control_and_the_month_s_result(visitor, charter):
    """REQ-121: « Charte vivante »; nothing is said of what has not been checked."""
    page = visitor.visit("/charte")
    assert len(page.root.findall(".//li[@class='art']")) == 14
    assert page.all_words("span[@class='tag no']") == ["Pas encore contrôlé"] * 14
    factories.action(verified_on=today())
    factories.action(verified_on=dt.date(2020, 1, 1))
    run_checks()
    page = visitor.visit("/charte")
    assert "1 fiches confirmées sur 2." in page.text
    assert "À améliorer" in page.text
    assert page.all_words("span[@class='tag no']").count("Pas encore contrôlé") == 11
    assert page.link("Voir par organisme") == "/charte/fiches-a-jour"
    checked = local_day(CharterCheck.select().first().checked_at)
    assert f"Dernier contrôle : {checked.day}" in page.text.replace("\u00a0", " ").replace(
        "1er", "1"
    )


def test_in_english_only_the_french_text_binds(visitor, charter):
    page = visitor.visit("/charte?langue=en")
    assert page.root.get("lang") == "en"
    assert "Each partner helps the person" in page.text
    assert "Only the French text is binding" in page.text


def test_confirmed_sheets_are_a_table_that_is_read_aloud(visitor, charter):
    organisation = factories.organisation(name="Une structure")
    factories.action(organisation=organisation)
    page = visitor.visit("/charte/fiches-a-jour")
    table = page.root.find(".//table")
    assert table.find("caption") is not None
    assert {cell.get("scope") for cell in table.iter("th")} == {"col", "row"}
    [row] = table.findall("tbody/tr")
    cells = [" ".join("".join(cell.itertext()).split()) for cell in row]
    assert cells == ["Une structure", "1", "1", "100 %"]


def test_versions_are_listed_and_compared_in_plain_words(visitor, editor, charter):
    draft = CharterVersion.draft_from(charter, by=None)
    third = draft.ordered_articles()[2]
    draft.write_article(third, by=None, text=third.text.replace("à qui, quoi", "à qui, pourquoi"))
    draft.write_article(by=None, title="De plus", text="Un texte de plus.")
    compared = f"/charte/versions/{draft.code}/depuis/{charter.code}"
    assert visitor.visit(compared).status == 404
    assert editor.visit(compared).status == 200
    assert "Version 0.3" not in visitor.visit("/charte/versions").text
    assert "Version 0.3" in editor.visit("/charte/versions").text
    draft.publish(by=None)
    page = visitor.visit(visitor.visit("/charte/versions").link("Ce qui a changé"))
    assert page.all_words("h3") == ["Article 3 : 1 phrase changée", "Article 15 : ajouté"]
    assert page.words("del") == "retiré : quoi (fin)"
    assert page.words("ins") == "ajouté : pourquoi (fin)"
    assert "13 articles n’ont pas changé." in page.text


def test_a_draft_answers_nobody_but_who_writes_the_charter(app, visitor, charter):
    draft = CharterVersion.draft_from(charter, by=None)
    for address in (f"/charte/versions/{draft.code}", f"/charte/versions/{draft.code}.txt"):
        assert visitor.visit(address).status == 404
        for role, status in ((Role.ANIMATOR, 200), (Role.ADMIN, 404), (Role.AUDITOR, 404)):
            account = factories.account(role=role)
            assert Visitor(app).enter(account).visit(address).status == status


def test_the_text_to_download_has_the_hash_of_the_version(visitor, charter, tmp_path):
    answer = visitor.client.get(f"/charte/versions/{charter.code}.txt")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert sha256sum(tmp_path, "cat", answer.data) == charter.text_hash


def sha256sum(directory, command, content):
    (directory / "fichier.txt").write_bytes(content)
    line = f"{command} fichier.txt | sha256sum"
    done = subprocess.run(["sh", "-c", line], cwd=directory, capture_output=True, check=True)
    return done.stdout.decode().split()[0]


# Signing


def test_a_professional_reads_ticks_and_signs(app, member):
    """REQ-69: bound to the person, the organisation, the version, the exact text and the date."""
    visitor = enter(app, member)
    page = visitor.visit("/charte/signer")
    assert page.address == f"/charte/signer/{member.code}"
    assert len(page.root.findall(".//li[@class='art']")) == 14
    assert "J’ai lu les 14 articles." in page.text
    page = visitor.submit(page, SIGN, BOXES)
    signature = CharterSignature.of_member(member)
    assert page.address == f"/charte/signatures/{signature.code}"
    for fact in (member.account.name, "Référente", "Essai", "version 0.2", signature.text_hash):
        assert fact in page.text
    code = signature.code.upper()
    assert f"{code[:5]} {code[5:]}" in page.text
    again = visitor.visit(f"/charte/signer/{member.code}")
    assert again.words("h2") == "Vous avez déjà signé"
    assert again.link("Ouvrir la preuve") == f"/charte/signatures/{signature.code}"


@pytest.mark.parametrize("missing", [["lu"], ["engage"], ["lu", "engage"]])
def test_a_box_left_empty_signs_nothing(app, member, missing):
    visitor = enter(app, member)
    given = {name: value for name, value in BOXES.items() if name not in missing}
    page = visitor.submit(visitor.visit(f"/charte/signer/{member.code}"), SIGN, given)
    assert page.status == 422
    targets = [
        link.get("href") for link in page.root.iterfind(".//section[@class='errors stack']//a")
    ]
    assert targets == [f"#{name}" for name in missing]
    assert CharterSignature.of_member(member) is None


def test_double_click_back_and_replay_sign_once_and_show_the_same_page(app, member):
    visitor = enter(app, member)
    form = visitor.visit(f"/charte/signer/{member.code}")
    pages = {visitor.submit(form, SIGN, BOXES).address for _ in range(3)}
    assert pages == {f"/charte/signatures/{CharterSignature.of_member(member).code}"}
    assert CharterSignature.select().where(CharterSignature.account == member.account).count() == 1
    assert OutgoingEmail.select().where(OutgoingEmail.kind == "charter_signed").count() == 2


def test_a_replay_after_withdrawing_does_not_sign_again(app, member):
    visitor = enter(app, member)
    form = visitor.visit(f"/charte/signer/{member.code}")
    visitor.submit(form, SIGN, BOXES)
    visitor.submit(visitor.visit(f"/charte/retirer/{member.code}"), WITHDRAW)
    assert "Signature retirée" in visitor.submit(form, SIGN, BOXES).text
    assert CharterSignature.of_member(member) is None
    visitor.submit(visitor.visit(f"/charte/signer/{member.code}"), SIGN, BOXES)
    assert CharterSignature.of_member(member)


def test_a_version_replaced_while_being_read_shows_what_changed(app, member, charter):
    visitor = enter(app, member)
    form = visitor.visit(f"/charte/signer/{member.code}")
    draft = CharterVersion.draft_from(charter, by=None)
    draft.write_article(by=None, title="De plus", text="Un texte de plus.")
    draft.publish(by=None)
    page = visitor.submit(form, SIGN, BOXES)
    assert page.status == 409
    assert page.words("h1") == "La charte a changé pendant votre lecture"
    assert "Article 15 : ajouté" in page.text
    assert CharterSignature.of_member(member) is None
    new = visitor.visit(page.link("Lire la nouvelle version"))
    visitor.submit(new, SIGN, BOXES)
    assert CharterSignature.of_member(member).version == draft


def test_the_organisation_signs_first_and_its_managers_are_named(app, manager):
    member = factories.membership(organisation=manager.organisation)
    page = enter(app, member).visit(f"/charte/signer/{member.code}")
    assert "Votre organisme signe d’abord" in page.text
    assert manager.account.name in page.text
    assert not page.root.findall(".//main//form")


def test_a_manager_binds_the_organisation(app, manager):
    visitor = enter(app, manager)
    page = visitor.visit(f"/charte/engager/{manager.code}")
    assert "accord séparé entre co-responsables des données reste à écrire" in page.text
    page = visitor.submit(page, SIGN, BOXES)
    assert "l’organisme" in page.text
    signature = CharterSignature.of_organisation(manager.organisation)
    assert signature.account == manager.account
    assert CharterSignature.of_member(manager) is None


def test_nobody_signs_in_the_place_of_another(app, member, manager):
    """ASVS 8.2.2: neither a colleague, nor a manager for his people, nor a member for all."""
    colleague = factories.membership(organisation=member.organisation)
    [head] = managers_of(member.organisation)
    for actor, address in (
        (colleague, f"/charte/signer/{member.code}"),
        (head, f"/charte/signer/{member.code}"),
        (head, f"/charte/engager/{member.code}"),
        (member, f"/charte/engager/{member.code}"),
        (manager, f"/charte/engager/{head.code}"),
        (head, f"/charte/retirer/{member.code}"),
        (member, f"/charte/quitter/{member.code}"),
    ):
        assert enter(app, actor).visit(address).status == 404


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda o: o.suspend("risque", by=None), "est suspendu"),
        (lambda o: type(o).update(admitted_at=None).execute(), "pas encore admis"),
    ],
)
def test_an_organisation_out_of_the_network_cannot_sign_and_reads_why(app, manager, act, words):
    visitor = enter(app, manager)
    form = visitor.visit(f"/charte/engager/{manager.code}")
    act(manager.organisation)
    assert words in visitor.visit(f"/charte/engager/{manager.code}").text
    late = visitor.submit(form, SIGN, BOXES)
    assert late.status == 409
    assert words in late.text
    assert CharterSignature.select().count() == 0


def test_without_a_charter_there_is_nothing_to_sign(app, db):
    member = factories.membership(is_manager=True)
    page = enter(app, member).visit(f"/charte/engager/{member.code}")
    assert "La charte n’est pas encore publiée." in page.text


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_sign_nothing(app, member, value):
    visitor = enter(app, member)
    form = visitor.visit(f"/charte/signer/{member.code}")
    sent = value.encode("utf-8", "surrogatepass")
    for name in ("version", "cle"):
        assert visitor.submit(form, SIGN, BOXES | {name: sent}).status in (409, 422), name
        assert CharterSignature.of_member(member) is None
    assert visitor.submit(form, SIGN, {"lu": sent}).status == 422


# Proving


def test_the_file_of_a_signature_can_be_checked_with_standard_commands(app, member, tmp_path):
    """REQ-69: whoever receives the file can recompute the hash of the text that was signed."""
    signature = CharterSignature.sign(CharterVersion.current(), member, Capacity.PROFESSIONAL)
    answer = Visitor(app).client.get(f"/charte/signatures/{signature.code}.txt")
    assert answer.content_type == "text/plain; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    [line] = [line for line in answer.text.splitlines() if line.startswith("sed ")]
    assert line.endswith(f"signature-{signature.code}.txt | sha256sum")
    command = line.partition(f" signature-{signature.code}")[0]
    assert sha256sum(tmp_path, command, answer.data) == signature.text_hash
    for fact in (member.account.name, "Référente", "Essai", signature.text_hash):
        assert fact in answer.text


def test_whoever_holds_a_code_checks_it_and_nobody_guesses(visitor, member):
    signature = CharterSignature.sign(CharterVersion.current(), member, Capacity.PROFESSIONAL)
    typed = f" {signature.code[:5].upper()}-{signature.code[5:]} ".replace("0", "O")
    page = visitor.submit(visitor.visit("/charte/verifier"), "Vérifier", {"code": typed})
    assert "Signature valable." in page.text
    assert member.account.name not in page.text
    signature.withdraw(by=None)
    assert "Signature retirée." in visitor.visit(f"/charte/verifier?code={signature.code}").text
    unknown = {
        visitor.visit("/charte/verifier", query_string={"code": code}).words("p[@role='status']")
        for code in ("0000000000", "a", "é" * 3000, signature.code[:9], "' OR 1=1 --")
    }
    assert unknown == {"Code inconnu. Aucune signature ne porte ce code."}
    assert visitor.visit("/charte/verifier").root.find(".//p[@role='status']") is None


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_mail_of_a_signature_leads_to_its_proof(app, member, language):
    Account.update(language=language).execute()
    member = Membership.living_of_code(member.code)
    signature = CharterSignature.sign(CharterVersion.current(), member, Capacity.PROFESSIONAL)
    message = OutgoingEmail.get(OutgoingEmail.recipient == member.account.identifier)
    with app.app_context():
        words = mail.write(message)
    assert f"/charte/signatures/{signature.code}" in words.text
    assert f"/charte/signatures/{signature.code}" in words.html
    assert f"{signature.code[:5]} {signature.code[5:]}".upper() in words.text


# Withdrawing


def may_write(membership):
    return Rights(Account.get_by_id(membership.account_id)).may_write


def test_withdrawing_stops_the_right_at_the_very_next_request(app, charter):
    """I3"""
    writer = factories.writer()
    visitor = enter(app, writer)
    page = visitor.visit(f"/charte/retirer/{writer.code}")
    assert page.all_words("h2") == [
        "Ce qui s’arrête tout de suite", "Ce qui reste", "Pour revenir"
    ]  # fmt: skip
    assert may_write(writer)
    after = visitor.submit(page, WITHDRAW)
    assert "Signature retirée" in after.text
    assert not may_write(writer)
    assert writer.account.name not in visitor.visit("/charte/signataires").text
    assert visitor.submit(page, WITHDRAW).status == 200
    acts = AuditEntry.select().where(AuditEntry.act == "charter:withdraw")
    assert acts.count() == 1


def test_an_organisation_that_leaves_is_out_at_the_very_next_request(app, charter):
    """I3: shown on the register’s names, which only members of the network read."""
    writer = factories.writer()
    other = factories.writer()
    [manager] = managers_of(writer.organisation)
    reader = enter(app, writer)
    assert other.account.name in reader.visit("/charte/signataires").text
    head = enter(app, manager)
    page = head.visit(f"/charte/quitter/{manager.code}")
    after = head.submit(page, LEAVE)
    assert "Signature retirée" in after.text
    assert other.account.name not in reader.visit("/charte/signataires").text
    assert not may_write(writer)
    assert head.submit(page, LEAVE).status == 200
    assert "a quitté le réseau" in head.visit(f"/charte/quitter/{manager.code}").text
    assert CharterSignature.of_member(writer), "the proof of each professional stays"


# The register


def test_the_register_is_public_and_names_people_to_members_only(app, visitor, charter):
    home = factories.signed_organisation(name="Maison", category="associations")
    writer = factories.writer(organisation=home)
    factories.signed_organisation(name="Usine", category="entreprises")
    page = visitor.visit("/charte/signataires")
    assert page.words("h2") == "2 organismes ont signé"
    assert "1 professionnel a signé." in page.text
    assert writer.account.name not in page.text
    assert writer.account.name in enter(app, writer).visit("/charte/signataires").text
    stranger = factories.membership(organisation=factories.organisation())
    assert writer.account.name not in enter(app, stranger).visit("/charte/signataires").text
    page = visitor.submit(page, "Filtrer", {"categorie": "entreprises"})
    assert page.words("h2") == "1 organisme a signé : Secteur des entreprises"
    assert "Maison" not in page.text
    assert "Aucun organisme" in visitor.visit("/charte/signataires?categorie=pilotage").text
    for value in ("\x00", "zzz", "é" * 3000):
        answer = visitor.visit("/charte/signataires", query_string={"categorie": value})
        assert answer.words("h2") == "2 organismes ont signé"


# Preparing


def start(editor):
    return editor.submit(editor.visit("/charte/preparer"), "Commencer le projet")


def the_draft():
    [draft] = CharterVersion.drafts()
    return draft


def test_the_first_draft_comes_from_the_shipped_text(editor):
    page = start(editor)
    assert page.words("h1") == "Projet de version 0.2"
    assert len(page.root.findall(".//li[@class='art']")) == 14


def test_starting_twice_by_one_form_makes_one_draft(editor, charter):
    form = editor.visit("/charte/preparer")
    pages = {editor.submit(form, "Commencer le projet").address for _ in range(3)}
    assert len(pages) == 1
    assert the_draft().number == "0.3"


def test_a_shipped_text_already_published_says_so(editor, charter):
    page = editor.visit("/charte/preparer")
    answer = editor.submit(page, "Commencer le projet", {"source": "texte-fourni"})
    assert answer.status == 409
    assert "déjà publié" in answer.text


def test_an_article_is_added_edited_moved_and_removed(editor, charter):
    home = start(editor).address
    form = editor.visit(editor.visit(home).link("Ajouter un article"))
    words = {"title": "De plus", "text": "Un texte.\nUne autre ligne.", "check_name": ""}
    for _ in range(2):
        editor.submit(form, "Enregistrer", words)
    articles = the_draft().ordered_articles()
    assert [a.title for a in articles].count("De plus") == 1
    last = articles[-1]
    up = editor.visit(home)
    for _ in range(2):
        editor.submit(up, "Monter l’article 15")
    assert [a.code for a in the_draft().ordered_articles()].index(last.code) == 13
    page = editor.visit(f"{home}/articles/{last.code}")
    editor.submit(page, "Enregistrer", {"title": "Renommé", "text": "Autre.", "check_name": ""})
    assert the_draft().article(last.code).title == "Renommé"
    page = editor.visit(f"{home}/articles/{last.code}/retirer")
    for _ in range(2):
        assert editor.submit(page, "Retirer l’article").address == home
    assert len(the_draft().ordered_articles()) == 14


def test_hard_sentences_are_pointed_at_and_saved_all_the_same(editor, charter):
    home = start(editor).address
    words = {"title": "Long", "text": " ".join(["mot"] * 30) + ". Voir le RGPD.", "check_name": ""}
    page = editor.submit(editor.visit(f"{home}/articles/nouveau"), "Enregistrer", words)
    assert "Enregistré, avec des remarques." in page.text
    assert "Une phrase a 30 mots" in page.text.replace("\u00a0", " ")
    assert "« RGPD » n’est pas expliqué." in page.text.replace("\u00a0", " ")


def test_two_people_editing_one_article_lose_nothing(app, editor, charter):
    """The second sees both texts, and chooses; never the last one wins."""
    home = start(editor).address
    article = the_draft().ordered_articles()[0]
    address = f"{home}/articles/{article.code}"
    second = Visitor(app).enter(factories.account(role=Role.ANIMATOR))
    mine, theirs = editor.visit(address), second.visit(address)
    same = {"title": article.title, "check_name": "", "foundation": "principe"}
    editor.submit(mine, "Enregistrer", same | {"text": "Le texte du premier."})
    page = second.submit(theirs, "Enregistrer", same | {"text": "Le texte du second."})
    assert page.status == 409
    assert page.words("del") == "retiré : premier. (fin)"
    assert page.words("ins") == "ajouté : second. (fin)"
    assert the_draft().article(article.code).text == "Le texte du premier."
    second.submit(page, "Enregistrer mon texte", {"text": "Le texte des deux."})
    assert the_draft().article(article.code).text == "Le texte des deux."
    assert the_draft().article(article.code).text_en == article.text_en


def test_the_number_title_preamble_and_scope_are_edited(editor, charter):
    home = start(editor).address
    form = editor.visit(f"{home}/texte")
    words = {"number": "1.0", "title": "Charte", "preamble": "Nous voici.", "scope": "Partout."}
    page = editor.submit(form, "Enregistrer", words)
    assert page.words("h1") == "Projet de version 1.0"
    assert the_draft().preamble == "Nous voici."
    page = editor.submit(editor.visit(f"{home}/texte"), "Enregistrer", words | {"number": "0.2"})
    assert page.status == 422
    assert page.link("Une version porte déjà ce numéro.") == "#number"


ARTICLE_FIELDS = (
    "title", "text", "title_en", "text_en", "control", "control_en", "check_name", "foundation",
    "origin", "vu", "cle",
)  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_words_get_a_sentence_or_are_kept_clean(editor, charter, value):
    home = start(editor).address
    sent = value.encode("utf-8", "surrogatepass")
    form = editor.visit(f"{home}/articles/nouveau")
    words = {"title": "Titre", "text": "Texte.", "check_name": "", "foundation": "principe"}
    for name in ARTICLE_FIELDS:
        assert editor.submit(form, "Enregistrer", words | {name: sent}).status in (200, 409, 422)
    form = editor.visit(f"{home}/texte")
    words = {"number": "0.3", "title": "Charte"}
    for name in ("number", "title", "title_en", "preamble", "preamble_en", "scope", "vu"):
        assert editor.submit(form, "Enregistrer", words | {name: sent}).status in (200, 409, 422)
    home = f"/charte/preparer/{the_draft().code}"
    assert editor.visit(home).status == 200
    page = editor.visit(f"{home}/publier", query_string={"delai": value.replace("\ud800", "?")})
    assert page.status == 422


def test_a_draft_is_discarded_after_asking(editor, charter):
    home = start(editor).address
    page = editor.visit(editor.visit(home).link("Jeter le projet"))
    for _ in range(2):
        assert editor.submit(page, "Jeter le projet").address == "/charte/preparer"
    assert CharterVersion.drafts() == []
    assert CharterVersion.current() == charter


def test_publishing_tells_whom_it_asks_and_before_when(app, editor, charter):
    """REQ-69"""
    writer = factories.writer()
    home = start(editor).address
    page = editor.visit(f"{home}/publier?delai=10")
    until = dt.datetime.now(dt.UTC) + dt.timedelta(days=10, hours=1)
    assert "1 organisme et 1 professionnel devront signer avant la fin du" in page.text
    assert f"{until.year}." in page.text
    assert "Rien ne change." in page.text
    answer = editor.submit(page, "Publier la version 0.3")
    version = CharterVersion.current()
    assert answer.address == f"/charte/versions/{version.code}"
    assert version.number == "0.3"
    message = OutgoingEmail.get(
        (OutgoingEmail.kind == "charter_published")
        & (OutgoingEmail.recipient == writer.account.identifier)
    )
    with app.app_context():
        words = mail.write(message)
    assert f"/charte/versions/{version.code}/depuis/{charter.code}" in words.text
    assert editor.submit(page, "Publier la version 0.3").address == answer.address
    assert CharterVersion.drafts() == []


def test_a_draft_changed_while_being_reread_is_not_published(editor, charter):
    home = start(editor).address
    page = editor.visit(f"{home}/publier")
    the_draft().write_article(by=None, title="De plus", text="Entre-temps.")
    answer = editor.submit(page, "Publier la version 0.3")
    assert answer.status == 409
    assert "Rien n’est publié." in answer.text
    assert CharterVersion.current() == charter


def test_a_number_of_days_that_is_none_is_refused(editor, charter):
    home = start(editor).address
    for days in ("", "-1", "367", "dix", "1e3", "\uff19", "²"):
        page = editor.visit(f"{home}/publier", query_string={"delai": days})
        assert page.status == 422
        assert page.link("donnez un nombre de jours") == "#delai"


def test_those_who_do_not_write_the_charter_do_not_see_its_workshop(app, visitor, charter):
    draft = CharterVersion.draft_from(charter, by=None)
    for address in ("/charte/preparer", f"/charte/preparer/{draft.code}"):
        asked = visitor.visit(address)
        assert urlsplit(asked.address).path == "/connexion"
        for role in (Role.PROFESSIONAL, Role.ADMIN, Role.AUDITOR):
            someone = Visitor(app).enter(factories.account(role=role))
            assert someone.visit(address).status == 404


# The commands


def test_the_commands_check_and_draft(app):
    run = app.test_cli_runner().invoke
    assert "version 0.2" in run(args=["charter", "draft"]).output
    assert "(0 sur 0)" in run(args=["charter", "check"]).output
    assert CharterCheck.select().count() == 3
    publication.publish(the_draft(), by=None)
    again = run(args=["charter", "draft"])
    assert again.exit_code == 1
    assert "déjà publié" in again.output
