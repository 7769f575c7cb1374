"""One database connection per request, opened at its start and given back at its end."""

from flask import g

import models.database
from models.base import database


def init_app(app):
    models.database.bind(app.config["DATABASE_URL"], connections=app.config["DATABASE_CONNECTIONS"])
    app.before_request(_open)
    app.teardown_request(_close)


def _open():
    # A caller that already holds a connection (a test, inside its transaction) keeps it.
    g.opened_connection = database.connect(reuse_if_open=True)


def _close(error):
    if g.pop("opened_connection", False):
        database.close()
