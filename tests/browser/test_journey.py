"""From « our association wants to join » to a référent who may write, and back (REQ 4, 69, 70, 77).

Tried as newcomers would: a real Chromium without scripts, the keyboard alone, a real server and a
real mail server, on each engine. Nobody touches the database.
"""

import datetime as dt

import pyotp
import pytest

from models.base import today
from tests.browser.keyboard import Keyboard
from tests.browser.server import serve

pytestmark = pytest.mark.browser

PASSWORD = "moulin corbeau ardoise vingt-sept"
COORDINATOR = "francois@demo.example"


def ask_to_join(person):
    person.open("/").press("Les partenaires").press("Rejoindre le réseau")
    person.type("Nom de l’organisme", "Association Le Pont")
    person.type("Sa catégorie", "Asso").type("Sa commune", "Muret")
    person.type("Votre nom", "Jeanne Kerbrat").type("Votre fonction", "Présidente")
    person.type("Votre adresse électronique", "jeanne@lepont.example")
    return person.press("Envoyer la demande").reads("Demande reçue.")


def accept_the_request(person):
    person.open("/espace-pro").press("Coordination du réseau").press("Association Le Pont")
    return person.press("Accepter la demande").reads("Cette demande a reçu sa réponse.")


def enter_by_invitation(person, link, name):
    person.open(link).retype("Votre prénom et votre nom", name)
    person.type("Choisissez un mot de passe", PASSWORD)
    return person.press("Créer mon compte et rejoindre")


def set_up_a_telephone(person):
    person.press("Commencer")
    key = person.page.inner_text("b.key").replace(" ", "").replace("\u00a0", "")
    person.type("Code à 6 chiffres", pyotp.TOTP(key).now()).press("Relier ce téléphone")
    return person.press("J’ai noté mes codes")


def sign_the_charter(person, button):
    person.open("/espace-pro").press(button)
    person.tick("J’ai lu les 14 articles.", "Je m’engage à les respecter.")
    return person.press("Signer la charte").reads("Signature valable.")


def invite(person, name, address):
    person.open("/espace-pro").press("Mon équipe").type("Son nom", name)
    person.type("Son adresse électronique", address).press("Envoyer l’invitation")
    return person.reads(address)


def note_the_training(person, name):
    person.open("/espace-pro").press("Mon équipe").press(name)
    day = today() - dt.timedelta(days=20)
    # Day and month alike, so that the order in which a browser asks them does not matter.
    both = f"{day.month:02d}" * 2 if day.day >= day.month else "0101"
    person.type("Jour de la formation", f"{both}{day.year}")
    return person.press("Noter la formation").reads("Suivie le")


def test_an_association_joins_works_and_leaves_with_a_keyboard_alone(installation, browser):
    with serve(installation.address, **installation.settings) as server:

        def someone():
            return Keyboard(browser, server.address)

        applicant = ask_to_join(someone())
        coordinator = installation.sign_in(someone(), COORDINATOR)
        accept_the_request(coordinator)

        invitation = installation.link_mailed_to("jeanne@lepont.example", server)
        manager = enter_by_invitation(someone(), invitation, "Jeanne Kerbrat")
        set_up_a_telephone(manager)
        sign_the_charter(manager, "Lire et signer pour l’organisme")
        invite(manager, "Karim Sol", "karim@lepont.example")

        invitation = installation.link_mailed_to("karim@lepont.example", server)
        professional = enter_by_invitation(someone(), invitation, "Karim Sol")
        sign_the_charter(professional, "Lire et signer la charte")
        professional.open("/espace-pro").reads("Suivre la formation")
        note_the_training(manager, "Karim Sol")
        professional.open("/espace-pro").reads("Vous pouvez écrire.")
        applicant.page.reload()
        applicant.reads("Bienvenue.")

        manager.open("/charte/signer").press("Quitter le réseau")
        manager.press("Retirer l’organisme du réseau")
        professional.open("/espace-pro").reads("L’organisme a quitté le réseau.")
        assert "Vous pouvez écrire." not in professional.page.inner_text("main")
        applicant.page.reload()
        applicant.reads("L’organisme a quitté le réseau.")
