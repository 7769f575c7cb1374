"""The keys of this installation: nothing starts over a database that they do not open."""

from flask import abort, current_app

import models.database
from models import rotation, sealing
from models.base import database

from . import journal
from .settings import BadSetting

CHECKED = "keys are checked"


def init_app(app):
    for key in (*app.config["DATA_KEYS_FORMER"], app.config["DATA_KEY"]):
        sealing.use_key(key)
    try:
        app.extensions[CHECKED] = _check_apart()
    except rotation.WrongKey as wrong:
        raise BadSetting("DATA_KEY", sentence(wrong)) from None
    app.before_request(_check_before_answering)


def sentence(wrong):
    return (
        f"la base tient des données scellées sous une autre clé (numéro {wrong}). "
        "Donnez cette clé dans DATA_KEY, ou dans DATA_KEYS_FORMER à côté de la nouvelle. "
        "Rien n’a été changé."
    )


def _check_apart():
    """On a connection of its own, closed before any worker is forked; a silent database is asked
    again at the first request."""
    try:
        with models.database.quietly_connected() as is_open:
            return is_open and rotation.check_if_it_answers()
    finally:
        database.obj.close_idle()


def check_once():
    """The database was silent, or not migrated yet, when the service started; raises `WrongKey`."""
    if not current_app.extensions[CHECKED]:
        current_app.extensions[CHECKED] = rotation.check_if_it_answers()


def _check_before_answering():
    try:
        check_once()
    except rotation.WrongKey as wrong:
        journal.journal.error("Réglage DATA_KEY\u00a0: %s", sentence(wrong))
        abort(503)
