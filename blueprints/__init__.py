"""How people reach the service: the capabilities, in the order the menu tells them."""

from importlib import import_module

CAPABILITIES = (
    "home", "privacy", "action_bank", "sheets", "following", "freshness", "corrections", "exchange",
    "unmet_needs", "indicators", "recruitment", "organisations", "charter", "questionnaire",
    "proposals", "joining", "team", "persons", "referents", "diagnostics", "syntheses", "plans",
    "prescriptions", "replies", "liaison", "employment", "answering", "my_space", "kiosk",
    "accounts", "administration", "access_log",
)  # fmt: skip


def register(app):
    for name in CAPABILITIES:
        app.register_blueprint(import_module(f"blueprints.{name}").blueprint)
