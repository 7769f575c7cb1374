"""What the service does without being asked; `flask work` runs it, in one process or in several.

A task answers how many things it did. It may be run again at any moment, and by two machines at
once: each holds what it works on, or does what is done once however often it is asked.
"""

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple

from .action_bank.freshness import remind_due
from .charter.checks import run_checks
from .exchange.bulk import work_next
from .following.news import alert_due
from .persons import forgetting
from .persons.watch import alert_many
from .plans import lateness
from .prescriptions.forgetting import forget_contents
from .prescriptions.reminding import expire_old, remind_providers
from .retention import forget

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
TEN_MINUTES = dt.timedelta(minutes=10)
AT_ONCE = dt.timedelta(0)


class Task(NamedTuple):
    """`act()` is run every `every`, and when the worker starts."""

    name: str
    act: Callable[[], int]
    every: dt.timedelta


TASKS = (
    Task("rappels", remind_due, HOUR),
    Task("dépôts", work_next, AT_ONCE),
    Task("contrôles de la charte", lambda: len(run_checks()), DAY),
    Task("alertes", alert_due, HOUR),
    Task("dossiers sans nouvelle", forgetting.work, DAY),
    Task("plans à faire", lateness.remind, DAY),
    Task("demandes à rappeler", remind_providers, HOUR),
    Task("demandes sans réponse", expire_old, HOUR),
    Task("demandes oubliées", forget_contents, DAY),
    Task("accès nombreux", alert_many, TEN_MINUTES),
    Task("lignes oubliées", lambda: sum(forget().values()), DAY),
)
