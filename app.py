"""The portal, read top to bottom: settings, database, languages, security, access, pages."""

from flask import Flask

import blueprints
from blueprints import access, database, display, errors, journal, languages, mail, pages, security
from blueprints.commands import register_commands
from blueprints.settings import read_settings
from models import sealing
from models.action_bank import sheets


def create_app(**overrides):
    """The application, configured by the environment; `overrides` win over it (tests)."""
    app = Flask(__name__, static_folder=None)
    app.config.update(read_settings(), **overrides)
    sealing.use_key(app.config["DATA_KEY"])
    sheets.hide_after(app.config["HIDDEN_AFTER_MONTHS"])
    journal.init_app(app)
    database.init_app(app)
    pages.init_app(app)
    languages.init_app(app)
    security.init_app(app)
    access.init_app(app)
    display.init_app(app)
    errors.init_app(app)
    mail.init_app(app)
    blueprints.register(app)
    register_commands(app)
    return app
