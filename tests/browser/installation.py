"""A portal as whoever keeps an installation has it: its demonstration world, its mail server, its
commands. Nobody touches the database."""

import re
import subprocess
import sys

from tests.browser.server import ROOT, environment
from tests.mailbox import HOST

SECRET = "le secret de cette installation d’essai, assez long"


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

    def sign_in(self, person, identifier):
        """Through the pages, with the six digits of the telephone when they are asked."""
        person.open("/connexion").type("Votre adresse électronique", identifier)
        person.type("Votre mot de passe", self.password_of(identifier)).press("Se connecter")
        if "/connexion/code" not in person.page.url:
            return person
        code = self.flask("demo", "code", identifier).split()[-1]
        return person.type("Code", code).press("Continuer")
