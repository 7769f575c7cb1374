"""Deny by default (I12): a page that declares nothing answers nobody, and the build fails."""

import pytest

from blueprints.access import OPEN, SIGNED_IN, SIGNING_IN
from models.permissions import MATRIX, Permission, Reach, Standing, can


def test_every_route_declares_who_may_ask(built_app):
    undeclared = [
        rule.endpoint
        for rule in built_app.url_map.iter_rules()
        if not hasattr(built_app.view_functions[rule.endpoint], "access")
    ]
    assert undeclared == []


def test_a_route_that_declares_nothing_is_refused(built_app, db):
    endpoint = "home.health"
    declared = built_app.view_functions[endpoint]
    built_app.view_functions[endpoint] = lambda: "jamais"
    try:
        assert built_app.test_client().get("/sante").status_code == 403
    finally:
        built_app.view_functions[endpoint] = declared


def test_every_permission_has_its_line_in_the_matrix(built_app):
    assert set(MATRIX) == set(Permission)
    declared = {view.access for view in built_app.view_functions.values()}
    used = declared - {OPEN, SIGNED_IN, SIGNING_IN}
    assert used <= set(Permission)


# The matrix once more, as the committee would read it, kept by hand: a cell that changes in the
# code changes what somebody may do, and must be changed here too, knowingly.
# a: all · p: what is published · n: who is in the network · o: own organisation · s: oneself
# f: whom one accompanies, with her agreement · j: the file just opened · h: herself
COLUMNS = (
    "visitor member professional manager animator coordinator bank_animator admin auditor person"
)
AGREED = """
    action:read         p o . . a a a . . .
    action:write        . . o . . . a . . .
    action:review       . . . . a . a . . .
    action:history      . o . . a a a . a .
    correction:propose  . n . . a a a . . .
    correction:read     . s o . s s a . . .
    correction:decide   . . o . . . a . . .
    kept:read           p s . . s s s . . .
    kept:write          . s . . s s s . . .
    unmet:read          . . . . a a a . a .
    indicator:read      . . . . a a a . a .
    bulk:write          . . o . . . a . . .
    recruitment:read    . n . . a a a . a .
    recruitment:write   . . o . a a . . . .
    card:write          . s . . . . . . . .
    charter:read        p . . . a a . . . .
    signers:read        . n . . a a . . a .
    charter:sign        . s . . . . . . . .
    organisation:sign   . . . o . . . . . .
    charter:write       . . . . a a . . . .
    staff:read          . . . o a a . a a .
    staff:manage        . . . o . . . a . .
    training:record     . . . o a . . . . .
    network:read        . . . . a a . . a .
    network:admit       . . . . . a . . . .
    network:suspend     . . . . a a . . . .
    account:read        . . . . . . . a a .
    account:manage      . . . . . . . a . .
    outbox:read         . . . . . . . a . .
    outbox:send-again   . . . . . . . a . .
    task:read           . . . . . . . a . .
    file:list           . . s . . . . . . .
    file:start          . . s . . . . . . .
    file:hand-out       . . j . . . . . . .
    file:read           . . f . . . . . . .
    file:write          . . f . . . . . . .
    space:use           . . . . . . . . . h
    agreement:record    . . f . . . . . . .
    agreement:give      . . . . . . . . . h
    code:renew          . . f . . . . . . .
    referent:write      . . f . . . . . . .
    referent:name       . . . . a . . . . .
    diagnostic:read     . . f . . . . . . .
    diagnostic:write    . . f . . . . . . .
    diagnostic:answer   . . . . . . . . . h
    plan:read           . . f . . . . . . .
    plan:write          . . f . . . . . . .
    plan:agree          . . . . . . . . . h
    prescription:read   . . f . . . . . . .
    prescription:write  . . f . . . . . . .
    prescription:agree  . . . . . . . . . h
    prescription:list   . . s . . . . . . .
    prescription:answer . . o . . . . . . .
    employment:read     . . f . . . . . . .
    employment:write    . . f . . . . . . .
    employment:answer   . . . . . . . . . h
    template:read       p . . . a a . . . .
    template:propose    . n . . a a . . . a
    template:write      . . . . a a . . . .
    access:watch        . . . . . a . . a .
    access:trace        . . . . . . . . a .
"""
LETTERS = {
    "a": "ALL",
    "p": "PUBLIC",
    "n": "IN_NETWORK",
    "o": "OWN_ORGANISATION",
    "s": "OWN",
    "f": "ACCOMPANIED",
    "j": "STARTED",
    "h": "HERSELF",
}


def test_the_matrix_is_the_one_that_was_agreed():
    """access.md §3; REQ-4: nobody gains or loses a right by accident."""
    standings = [Standing[name.upper()] for name in COLUMNS.split()]
    agreed = {}
    for line in AGREED.strip().splitlines():
        permission, *cells = line.split()
        agreed[permission] = {
            standing: Reach[LETTERS[cell]]
            for standing, cell in zip(standings, cells, strict=True)
            if cell != "."
        }
    assert agreed == MATRIX


def test_an_unknown_permission_is_refused_to_all():
    assert not can(None, "personne:inventer", object())


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_pages_to_read_refuse_to_write(visitor, method):
    for path in ("/", "/actions", "/partenaires"):
        answer = visitor.client.open(path, method=method)
        assert answer.status_code in (400, 403, 405)
