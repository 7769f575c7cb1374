"""A sheet through its whole life: its author, its reviewer, a partner who corrects it, and a person
who reads it (REQ 15, 18).

A real Chromium without scripts and the keyboard alone, lynx, a real server and a real mail server,
on each engine. Nobody touches the database.
"""

import pytest

from tests.browser.keyboard import Keyboard
from tests.browser.server import serve

pytestmark = pytest.mark.browser

AUTHOR, REVIEWER, PARTNER = "amina@demo.example", "jules@demo.example", "bruno@demo.example"
TITLE = "Écrire sa première lettre"
SUMMARY = "Une matinée pour écrire une lettre courte qui vous ressemble."
DESCRIPTION = (
    "On part de vos mots, à voix haute. Quelqu’un les tape avec vous. Vous relisez, on corrige, "
    "puis la lettre est imprimée en trois exemplaires. Il y a un café, et le temps qu’il faut."
)
NUMBER, BETTER_NUMBER = "05 36 49 01 02", "05 36 49 01 78"


def start(author):
    author.open("/espace-pro").press("Mes fiches").press("Commencer une fiche")
    return author.type("Titre", TITLE).press("Commencer")


def write_the_essentials(author):
    author.type("En une phrase", SUMMARY).type("Description", DESCRIPTION)
    author.reach("Préparer sa candidature").page.keyboard.press("Enter")
    author.tick("Réaliser un CV et/ou une lettre de motivation")
    return author.press("Enregistrer et continuer")


def write_the_rest(author):
    author.tick("Tous publics").type("Prix", "Grat").press("Enregistrer et continuer")
    author.tick("À distance").press("Enregistrer et continuer")
    author.tick("Téléphoner").tick("Usagers").type("Téléphone", NUMBER)
    author.press("Enregistrer et continuer")
    return author.type("Places libres", "6").press("Enregistrer et revenir")


def address_of(person):
    """The path of the page one is on."""
    return "/" + person.page.url.split("/", 3)[3]


def test_a_sheet_is_written_reviewed_read_corrected_and_archived(installation, browser, lynx):
    with serve(installation.address, **installation.settings) as server:

        def someone(identifier=None):
            person = Keyboard(browser, server.address)
            return installation.sign_in(person, identifier) if identifier else person

        author = write_the_rest(write_the_essentials(start(someone(AUTHOR))))
        sheet = address_of(author)
        public = sheet.replace("/fiches/", "/actions/")
        reader = someone()
        assert reader.window.visit(public).status == 404
        author.press("Proposer à la relecture").reads("En relecture")

        reviewer = someone(REVIEWER).open("/fiches/a-relire").press(TITLE)
        reviewer.press("Publier").reads("Publiée")
        reader.open("/actions?q=première+lettre").press(TITLE).reads(SUMMARY).reads(NUMBER)
        assert DESCRIPTION[:40] in " ".join(lynx(server.address + public).split())

        partner = someone(PARTNER).open(public).press("Signaler une erreur")
        partner.tick("Le téléphone").retype("Téléphone", BETTER_NUMBER)
        partner.press("Envoyer à l’organisme")
        author.open("/espace-pro").press("2 corrections").press(TITLE)
        author.press("Corriger la fiche")
        reader.open(public).reads(BETTER_NUMBER)
        partner.open("/corrections").reads("Acceptée")

        author.open(sheet).press("Historique").reads("a corrigé la fiche sur proposition")
        author.open(sheet).reach("Archiver la fiche").page.keyboard.press("Enter")
        author.press("Archiver la fiche")
        assert reader.window.visit(public).status == 410


def test_what_was_acknowledged_survives_the_death_of_the_server(installation, browser):
    """Issue: « Kill the server between steps: nothing acknowledged is lost. »"""
    with serve(installation.address, **installation.settings) as server:
        author = installation.sign_in(Keyboard(browser, server.address), AUTHOR)
        write_the_essentials(start(author))
        path = address_of(author)
        server.kill()
    with serve(installation.address, **installation.settings) as server:
        author = installation.sign_in(Keyboard(browser, server.address), AUTHOR)
        author.open(path.rsplit("/", 1)[0]).reads(SUMMARY).reads(DESCRIPTION)
