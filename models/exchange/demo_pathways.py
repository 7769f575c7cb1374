"""The pathways of the invented persons, and what their référents ask, pass on and left behind."""

import datetime as dt

from ..base import today
from ..persons.handover import HandoverReason, hand_over
from ..persons.pathways import Pathway, PathwayKind, PathwayReason, PathwayTime, Time
from ..persons.requests import AccompanimentRequest

_K, _R = PathwayKind, PathwayReason
# Who, led by whom, then the pathways and the times, with how many days ago each began.
PATHWAYS = (
    ("sam1a031", "amina", ((_K.SOCIAL, _R.FIRST, 210), (_K.GLOBAL, _R.BARRIER_LIFTED, 90)),
     ((Time.MOBILISATION, 210), (Time.TRAINING, 60))),
    ("dem00002", "amina", ((_K.EMPLOYMENT, _R.FIRST, 120),), ((Time.MOBILISATION, 120),)),
    ("dem00007", "amina", ((_K.GLOBAL, _R.FIRST, 300),),
     ((Time.MOBILISATION, 300), (Time.TRAINING, 200), (Time.EMPLOYMENT, 30))),
)  # fmt: skip
# Interrupted so many days ago, and not resumed.
PAUSED = (("dem00002", "amina", 45),)
# Proposed by the first one, to the second one; asked of her by the second one.
PROPOSED = (("dem0000b", "amina", "chloe"),)
ASKED = (("sam1a031", "helene"),)


def load(persons, place_of):
    """`persons` by identifier; `place_of(name)` is the membership of a demonstration account."""
    for who, by, pathways, times in PATHWAYS:
        somebody, place = persons[who], place_of(by)
        where, account = place.organisation, place.account
        for kind, reason, days in pathways:
            Pathway.decide(somebody, kind, reason, where, _ago(days), by=account)
        for time, days in times:
            PathwayTime.reach(somebody, time, where, _ago(days), by=account)
    for who, by, days in PAUSED:
        Pathway.interrupt(persons[who], _ago(days), by=place_of(by).account)
    for who, by, successor in PROPOSED:
        lead, reason = place_of(by).account, HandoverReason.NEARER
        hand_over(persons[who], place_of(successor), reason, by=lead)
    for who, by in ASKED:
        place = place_of(by)
        AccompanimentRequest.ask(persons[who].identifier, place, by=place.account)


def _ago(days):
    return today() - dt.timedelta(days=days)
