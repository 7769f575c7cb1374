"""A feed of actions in Atom (RFC 4287): identifiers that never change, moments, plain words."""

import datetime as dt
import re
import uuid
from typing import NamedTuple

from flask import url_for

from models.base import today
from models.days import first_moment

from .wording import what_it_is

# What XML 1.0 cannot hold, whatever wrote it.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Entry(NamedTuple):
    """An action as a feed tells it; moments are UTC."""

    id: str
    address: str
    title: str
    author: str
    summary: str
    published: dt.datetime
    updated: dt.datetime


def permanent_id(kind, code):
    """The same whatever name the service answers to."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"portail-spie-31:{kind}:{code}").urn


def entries(actions):
    return [_entry(action) for action in actions]


def _entry(action):
    days = [day for day in (action.updated_on, action.verified_on) if day and day <= today()]
    moments = [first_moment(day) for day in days]
    return Entry(
        permanent_id("action", action.code),
        url_for("action_bank.show", code=action.code, _external=True),
        _writable(action.name),
        _writable(action.organisation.name),
        _writable(what_it_is(action)),
        action.appeared_at,
        max([action.appeared_at, *moments]),
    )


def _writable(text):
    return _UNWRITABLE.sub("", text)
