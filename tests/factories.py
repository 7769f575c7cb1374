"""Valid rows to test with, every value of which can be given."""

import datetime as dt
import itertools

from models import Action, Organisation

_numbers = itertools.count(1)


def organisation(**values):
    number = next(_numbers)
    return Organisation.create(**{"name": f"Structure {number}"} | values)


def action(**values):
    """A published action, verified today, of a new organisation unless one is given."""
    number = next(_numbers)
    today = dt.date.today()
    defaults = {
        "source_id": f"test--{number}",
        "source": "test",
        "name": f"Action {number}",
        "description": "Une description.",
        "updated_on": today,
        "verified_on": today,
    }
    values.setdefault("organisation", None)
    values["organisation"] = values["organisation"] or organisation()
    return Action.create(**defaults | values)
