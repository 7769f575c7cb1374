"""`flask …`: the second door of the service, onto the same models as the pages."""

from .accounts import group as accounts
from .charter import group as charter
from .database import group as database
from .demo import group as demo
from .exchange import group as exchange
from .keys import group as keys
from .mail import group as mail
from .persons import group as persons
from .templates import group as templates
from .translations import group as translations
from .work import tasks, work


def register_commands(app):
    for command in (
        accounts, charter, database, demo, exchange, keys, mail, persons, tasks,
        templates, translations, work,
    ):  # fmt: skip
        app.cli.add_command(command)
