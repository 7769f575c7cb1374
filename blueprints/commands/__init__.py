"""`flask …`: the second door of the service, onto the same models as the pages."""

from .accounts import group as accounts
from .database import group as database
from .demo import group as demo
from .exchange import group as exchange
from .translations import group as translations


def register_commands(app):
    for group in (accounts, database, demo, exchange, translations):
        app.cli.add_command(group)
