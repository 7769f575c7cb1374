"""`flask mail …`: sending what the outbox holds, trying the mail server, forgetting what is old."""

import contextlib

import click
import peewee
from flask import current_app
from flask.cli import AppGroup

from models import outbox
from models.base import RuleBroken, new_code
from models.outbox import EmailState

from .. import mail
from .connection import connected
from .exchange import fail
from .stopping import stopped_by_signal

NO_SERVER = "Aucun serveur de courriel\u00a0: réglez MAIL_SERVER."
OUTCOMES = {
    EmailState.SENT: "Le message d’essai {reference} est parti.",
    EmailState.WAITING: "Le message d’essai {reference} n’est pas parti\u00a0: {reason}. "
    "Un nouvel essai aura lieu.",
    EmailState.SENDING: "Un autre envoi s’occupe du message d’essai {reference}.",
    EmailState.FAILED: "Le message d’essai {reference} est refusé\u00a0: {reason}.",
    EmailState.UNCERTAIN: "Le message d’essai {reference} est peut-être parti\u00a0: {reason}.",
}

group = AppGroup("mail", help="Les courriels\u00a0: envoyer, essayer, oublier.")


@group.command("send")
@click.option("--every", type=click.IntRange(1), help="Recommencer toutes les N secondes.")
def send(every):
    """Envoie les courriels en attente ; SIGTERM arrête entre deux messages."""
    if not current_app.config["MAIL_SERVER"]:
        fail(NO_SERVER)
    stop = stopped_by_signal()
    _send_once(stop, is_quiet=bool(every))
    while every and not stop.wait(every):
        _send_once(stop, is_quiet=True)


def _send_once(stop, *, is_quiet):
    """One line of counts; a round that found nothing is silent when rounds follow each other."""
    try:
        with connected():
            tally = mail.send_due(is_stopped=stop.is_set)
    except peewee.OperationalError:
        click.echo("La base de données ne répond pas.", err=True)
        return
    if tally.total() or not is_quiet:
        click.echo(
            f"{tally[EmailState.SENT]} envoyés, {tally[EmailState.WAITING]} reportés, "
            f"{tally[EmailState.FAILED]} abandonnés, {tally[EmailState.UNCERTAIN]} incertains"
        )


@group.command("test")
@click.argument("address")
def test(address):
    """Écrit un message d’essai à cette adresse, l’envoie et dit ce qu’il devient."""
    reference = new_code()
    with connected():
        try:
            message = outbox.post("trial", address, reference=reference)
        except RuleBroken as refusal:
            fail(str(refusal))
        if not current_app.config["MAIL_SERVER"]:
            fail(f"Le message d’essai {reference} attend. {NO_SERVER}")
        _try(message)
    reason = message.trouble or f"réponse {message.last_error} du serveur"
    sentence = OUTCOMES[message.state].format(reference=reference, reason=reason)
    if message.state is not EmailState.SENT:
        fail(sentence)
    click.echo(sentence)


def _try(message):
    if message.claim():
        with contextlib.suppress(mail.ServerAway):
            mail.send(message)
