"""From « our association wants to join » to a référent who may write, and back (REQ 4, 69, 70, 77).

Tried as newcomers would: a real Chromium without scripts, the keyboard alone, a real server and a
real mail server, on each engine. Nobody touches the database.
"""

import datetime as dt
import re
import subprocess
import sys

import pyotp
import pytest

from tests.browser.chromium import Window
from tests.browser.conftest import skip_unless_in_ci
from tests.browser.server import ROOT, environment, serve
from tests.engines import ENGINES, EngineMissing, engine_address
from tests.mailbox import HOST, mail_server

pytestmark = pytest.mark.browser

SECRET = "le secret de cette installation d’essai, assez long"
PASSWORD = "moulin corbeau ardoise vingt-sept"
COORDINATOR = "francois@demo.example"
LAST_TAB = 150
# What a screen reader would say of the control that has the focus.
NAME = """() => {
    const e = document.activeElement;
    const label = e.labels && e.labels.length ? e.labels[0].innerText : e.innerText;
    return (label || '').replace(/\\s+/g, ' ').trim();
}"""


class Installation:
    """A portal with its demonstration world, its mail server and its commands."""

    def __init__(self, address, mailbox, port):
        self.settings = {"SECRET_KEY": SECRET, "DEMONSTRATION": "", "MAIL_FROM": "p@example.org"}
        self.settings |= {"MAIL_SERVER": f"smtp://{HOST}:{port}"}
        self.address, self.mailbox = address, mailbox

    def flask(self, *words, **more):
        """What a command prints, run as whoever keeps the installation does."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", *words],
            check=True,
            cwd=ROOT,
            env=environment(self.address, **self.settings | more),
            capture_output=True,
            text=True,
        )
        return done.stdout

    def password_of(self, identifier):
        lines = [line.split("\t") for line in self.flask("demo", "accounts").splitlines()]
        return next(line[2] for line in lines if line[1] == identifier)

    def link_mailed_to(self, recipient, server):
        """Send what waits; the link of the last message that this mailbox received."""
        self.flask("mail", "send", PUBLIC_URL=server.address)
        letters = [m for m in self.mailbox.messages if m["To"] == recipient]
        words = letters[-1].get_body(("plain",)).get_content()
        return re.search(r"https?://[^/\s]+(/invitation/\S+)", words)[1]


@pytest.fixture(params=ENGINES)
def installation(request):
    try:
        with engine_address(request.param) as address, mail_server() as (mailbox, port):
            installed = Installation(address, mailbox, port)
            installed.flask("database", "migrate")
            installed.flask("demo", "load")
            yield installed
    except EngineMissing as missing:
        skip_unless_in_ci(missing)


class Keyboard:
    """Someone in front of a window, without mouse and without scripts."""

    def __init__(self, browser, address, width=1280):
        self.window = Window(browser, address, javascript=False, width=width)
        self.page = self.window.page

    def open(self, path):
        self.window.visit(path)
        return self

    def reach(self, words):
        """Press Tab until the control that reads so has the focus."""
        for _ in range(LAST_TAB):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(NAME).startswith(words):
                return self
        raise AssertionError(f"Tab never reaches « {words} » on {self.page.url}")

    def type(self, words, text):
        self.reach(words)
        self.page.keyboard.type(text)
        return self

    def tick(self, *boxes):
        for words in boxes:
            self.reach(words)
            self.page.keyboard.press("Space")
        return self

    def press(self, words):
        """Follow a link or press a button, and be on the page it leads to."""
        self.reach(words)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self

    def reads(self, words):
        text = " ".join(self.page.inner_text("main").split())
        assert words in text, f"« {words} » is not on {self.page.url} :\n{text}"
        return self


def sign_in(person, identifier, password, code):
    person.open("/connexion").type("Votre adresse électronique", identifier)
    person.type("Votre mot de passe", password).press("Se connecter")
    person.type("Code", code).press("Continuer")
    return person


def ask_to_join(person):
    person.open("/").press("Les partenaires").press("Rejoindre le réseau")
    person.type("Nom de l’organisme", "Association Le Pont")
    person.type("Sa catégorie", "Asso").type("Sa commune", "Muret")
    person.type("Votre nom", "Jeanne Kerbrat").type("Votre fonction", "Présidente")
    person.type("Votre adresse électronique", "jeanne@lepont.example")
    return person.press("Envoyer la demande").reads("Demande reçue.")


def accept_the_request(person):
    person.open("/mon-espace").press("Coordination du réseau").press("Association Le Pont")
    return person.press("Accepter la demande").reads("Cette demande a reçu sa réponse.")


def enter_by_invitation(person, link, name):
    person.open(link).type("Votre prénom et votre nom", "")
    person.page.keyboard.press("Control+A")
    person.page.keyboard.type(name)
    person.type("Choisissez un mot de passe", PASSWORD)
    return person.press("Créer mon compte et rejoindre")


def set_up_a_telephone(person):
    person.press("Commencer")
    key = person.page.inner_text("b.key").replace(" ", "").replace("\u00a0", "")
    person.type("Code à 6 chiffres", pyotp.TOTP(key).now()).press("Relier ce téléphone")
    return person.press("J’ai noté mes codes")


def sign_the_charter(person, button):
    person.open("/mon-espace").press(button)
    person.tick("J’ai lu les 14 articles.", "Je m’engage à les respecter.")
    return person.press("Signer la charte").reads("Signature valable.")


def invite(person, name, address):
    person.open("/mon-espace").press("Mon équipe").type("Son nom", name)
    person.type("Son adresse électronique", address).press("Envoyer l’invitation")
    return person.reads(address)


def note_the_training(person, name):
    person.open("/mon-espace").press("Mon équipe").press(name)
    day = dt.date.today() - dt.timedelta(days=20)
    # Day and month alike, so that the order in which a browser asks them does not matter.
    both = f"{day.month:02d}" * 2 if day.day >= day.month else "0101"
    person.type("Jour de la formation", f"{both}{day.year}")
    return person.press("Noter la formation").reads("Suivie le")


def test_an_association_joins_works_and_leaves_with_a_keyboard_alone(installation, browser):
    with serve(installation.address, **installation.settings) as server:

        def someone():
            return Keyboard(browser, server.address)

        applicant = ask_to_join(someone())
        code = installation.flask("demo", "code", COORDINATOR).split()[-1]
        coordinator = sign_in(someone(), COORDINATOR, installation.password_of(COORDINATOR), code)
        accept_the_request(coordinator)

        invitation = installation.link_mailed_to("jeanne@lepont.example", server)
        manager = enter_by_invitation(someone(), invitation, "Jeanne Kerbrat")
        set_up_a_telephone(manager)
        sign_the_charter(manager, "Lire et signer pour l’organisme")
        invite(manager, "Karim Sol", "karim@lepont.example")

        invitation = installation.link_mailed_to("karim@lepont.example", server)
        professional = enter_by_invitation(someone(), invitation, "Karim Sol")
        sign_the_charter(professional, "Lire et signer la charte")
        professional.open("/mon-espace").reads("Suivre la formation")
        note_the_training(manager, "Karim Sol")
        professional.open("/mon-espace").reads("Vous pouvez écrire.")
        applicant.page.reload()
        applicant.reads("Bienvenue.")

        manager.open("/charte/signer").press("Quitter le réseau")
        manager.press("Retirer l’organisme du réseau")
        professional.open("/mon-espace").reads("L’organisme a quitté le réseau.")
        assert "Vous pouvez écrire." not in professional.page.inner_text("main")
        applicant.page.reload()
        applicant.reads("L’organisme a quitté le réseau.")
