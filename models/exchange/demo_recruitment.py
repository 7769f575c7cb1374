"""The demonstration’s operation of recruitment, after document 001 (REQ 28).

Of its figures, « 63 » preselected and « 10 » recruited are those of the document, taken together;
the employer, the posts and how the figures are shared out are invented.
"""

import datetime as dt

from ..base import today, transaction
from ..network.memberships import managers_of
from ..recruitment import RecruitmentOperation, StageKind

TITLE = "10 agents de production"
DESCRIPTION = {
    "employer": "Entreprise de démonstration La Conserverie",
    "commune": "Muret",
    "places": 10,
    "profile": (
        "Vous préparez et emballez des conserves, debout, en équipe. "
        "Les horaires changent chaque semaine : matin ou après-midi. "
        "Aucun diplôme n’est demandé. "
        "Il faut suivre des consignes simples et compter sans erreur.\n\n"
        "Le test se fait par la méthode des habiletés : on regarde ce que la personne sait faire, "
        "pas son parcours."
    ),
}
# Each step: days from today, where, who (by the end of a national identifier), whether it is done.
STAGES = (
    (StageKind.PROFILE, -60, "", "envol", True),
    (StageKind.INFORMATION, -53, "Muret", "envol", True),
    (StageKind.ABILITIES, -46, "Muret", "clic", True),
    (StageKind.PREPARATION, -39, "Toulouse", "route", True),
    (StageKind.INTERVIEW, -32, "Muret", None, True),
    (StageKind.HIRING, -25, "Muret", None, True),
    (StageKind.FOLLOW_UP, 35, "", "envol", False),
)
# Quota asked, then proposed, preselected, recruited, and whether they are definitive.
FIGURES = {
    "envol": (60, 58, 31, 5, True),
    "clic": (40, 34, 18, 2, True),
    "route": (30, 28, 14, 3, False),
}


@transaction
def load(organisation):
    """Prepare and open the operation, once: what was done since is left as it is.

    `organisation(name)` finds the one whose national identifier ends so.
    """
    if RecruitmentOperation.select().where(RecruitmentOperation.is_demonstration).exists():
        return
    by = managers_of(organisation("envol"))[0].account
    operation = RecruitmentOperation.start(
        organisation("envol"),
        by=by,
        title=TITLE,
        opens_on=_day(-60),
        closes_on=_day(35),
        is_demonstration=True,
        **DESCRIPTION,
    )
    for kind, days, place, name, is_done in STAGES:
        who = name and organisation(name)
        stage = operation.write_stage(
            by=by, kind=kind, day=_day(days), place=place, organisation=who
        )
        operation.set_stage_done(stage, is_done, by=by)
    _add_partners(operation, organisation, by)


def _add_partners(operation, organisation, by):
    added = {
        name: operation.add_partner(organisation(name), by=by, quota=quota)
        for name, (quota, *_) in FIGURES.items()
    }
    operation.open(by=by)
    for name, (_, proposed, preselected, recruited, is_confirmed) in FIGURES.items():
        added[name].enter(
            by=by,
            proposed=proposed,
            preselected=preselected,
            recruited=recruited,
            is_confirmed=is_confirmed,
        )


def _day(days):
    return today() + dt.timedelta(days=days)
