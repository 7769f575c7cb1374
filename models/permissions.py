"""Who may do what, on what: one table of named predicates. Imports no entity."""

import enum


class Permission(enum.StrEnum):
    """`subject:action`; the route declares it, templates ask `can()`, tests sweep it."""

    ACTION_READ = "action:read"
    OUTBOX_READ = "outbox:read"
    OUTBOX_SEND_AGAIN = "outbox:send-again"


def is_public(actor, action):
    """A published or archived sheet: anyone may read it (REQ 15)."""
    return action.is_public


def is_of_its_organisation(actor, action):
    return actor is not None and actor.organisation_id == action.organisation_id


def animates_the_bank(actor, subject):
    return actor is not None and actor.animates_the_bank


def administers_the_platform(actor, subject):
    return actor is not None and actor.administers_the_platform


TABLE = {
    Permission.ACTION_READ: (is_public, is_of_its_organisation, animates_the_bank),
    Permission.OUTBOX_READ: (administers_the_platform,),
    Permission.OUTBOX_SEND_AGAIN: (administers_the_platform,),
}


def can(actor, permission, subject=None):
    """True when one predicate of the permission holds for this actor (None: a visitor)."""
    return any(holds(actor, subject) for holds in TABLE.get(permission, ()))
