"""The portal, read top to bottom: settings, languages, database, keys, security, access, pages."""

from flask import Flask

import blueprints
from blueprints import (
    access,
    database,
    display,
    errors,
    journal,
    keys,
    languages,
    mail,
    pages,
    security,
)
from blueprints.commands import register_commands
from blueprints.settings import read_settings
from models.action_bank import sheets
from models.persons import forgetting, watch
from models.prescriptions.delays import use_delays


def create_app(**overrides):
    """The application, configured by the environment; `overrides` win over it (tests)."""
    app = Flask(__name__, static_folder=None)
    app.config.update(read_settings(), **overrides)
    sheets.hide_after(app.config["HIDDEN_AFTER_MONTHS"])
    watch.alert_above(app.config["FILES_PER_HOUR"])
    forgetting.erase_by_itself(app.config["RETENTION_FOR_REAL"])
    use_delays(app.config["DELAYS"])
    journal.init_app(app)
    languages.init_app(app)
    database.init_app(app)
    keys.init_app(app)
    pages.init_app(app)
    security.init_app(app)
    access.init_app(app)
    display.init_app(app)
    errors.init_app(app)
    mail.init_app(app)
    blueprints.register(app)
    register_commands(app)
    return app
