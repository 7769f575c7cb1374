"""How long finding the actions of a need takes, in milliseconds: for each need of the template that
the bank answers, from the largest town and from a village."""

import time

from models import TemplateVersion
from models.diagnostics.matching import Circumstances, proposals
from models.questionnaire.versions import SINGLE_TEMPLATE
from models.territories import communes

ROUNDS = 3


def places():
    """Where one asks from → her circumstances."""
    towns = communes()
    young = frozenset({"jeunes", "demandeurs-emploi"})
    return {
        town.name: Circumstances(town, young, (18, 25)) for town in (towns[0], towns[-1])
    } | {"sans commune": Circumstances(None, young, (18, 25))}  # fmt: skip


def measure():
    """Where one asks from → `(wall times, processor times)`, one for each need asked alone."""
    TemplateVersion.load_reference()
    needs = TemplateVersion.current(SINGLE_TEMPLATE).template.needs.values()
    asked = [need for need in needs if need.answered_by == "banque"]
    return {name: _measure(asked, here) for name, here in places().items()}


def _measure(needs, here):
    proposals(needs[:1], here)
    walls, cpus = [], []
    for need in needs * ROUNDS:
        wall, cpu = time.perf_counter(), time.process_time()
        proposals([need], here)
        walls.append((time.perf_counter() - wall) * 1000)
        cpus.append((time.process_time() - cpu) * 1000)
    return walls, cpus
