"""Deny by default (I12): a page that declares nothing answers nobody, and the build fails."""

import pytest

from blueprints.access import OPEN, SIGNED_IN, SIGNING_IN
from models.permissions import MATRIX, Permission, can


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


def test_an_unknown_permission_is_refused_to_all():
    assert not can(None, "personne:inventer", object())


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_pages_to_read_refuse_to_write(visitor, method):
    for path in ("/", "/actions", "/partenaires"):
        answer = visitor.client.open(path, method=method)
        assert answer.status_code in (400, 403, 405)
