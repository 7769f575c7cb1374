"""What the service does without being asked; `flask work` runs it, in one process or in several.

A task answers how many things it did. It may be run again at any moment, and by two machines at
once: each holds what it works on, or does what is done once however often it is asked.
"""

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple

from .action_bank.freshness import remind_due
from .base import N_
from .charter.checks import run_checks
from .employment import asking
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
    """`act()` is run every `every`, and when the worker starts; `said` is what it does, in words
    for the administration."""

    name: str
    act: Callable[[], int]
    every: dt.timedelta
    said: str = ""


TASKS = (
    Task("rappels", remind_due, HOUR,
         N_("Demander aux organismes si leurs fiches sont toujours à jour.")),
    Task("dépôts", work_next, AT_ONCE, N_("Vérifier et importer les tableurs déposés.")),
    Task("contrôles de la charte", lambda: len(run_checks()), DAY,
         N_("Contrôler ce que promettent les articles de la charte.")),
    Task("alertes", alert_due, HOUR,
         N_("Écrire à qui suit une recherche qu’il y a de nouvelles actions.")),
    Task("dossiers sans nouvelle", forgetting.work, DAY,
         N_("Prévenir avant d’effacer un dossier sans contact, puis l’effacer.")),
    Task("plans à faire", lateness.remind, DAY,
         N_("Rappeler aux référents les plans qui ne sont pas faits à temps.")),
    Task("demandes à rappeler", remind_providers, HOUR,
         N_("Rappeler aux organismes les demandes sans réponse.")),
    Task("demandes sans réponse", expire_old, HOUR,
         N_("Fermer les demandes restées trop longtemps sans réponse.")),
    Task("points emploi", asking.ask_points, HOUR,
         N_("Demander aux personnes en emploi comment cela se passe.")),
    Task("points emploi sans réponse", asking.report_silence, DAY,
         N_("Dire aux référents quelles questions sur l’emploi restent sans réponse.")),
    Task("demandes oubliées", forget_contents, DAY,
         N_("Oublier pour qui étaient les demandes anciennes.")),
    Task("accès nombreux", alert_many, TEN_MINUTES,
         N_("Prévenir quand un compte ouvre beaucoup de dossiers.")),
    Task("lignes oubliées", lambda: sum(forget().values()), DAY,
         N_("Effacer ce qui a fait son temps : liens, courriels envoyés, traces anciennes.")),
)  # fmt: skip
