"""What protects every answer (ASVS V3, V4): headers, tokens, hosts, sizes, error pages."""

import re

import flask
import peewee
import pytest

from blueprints.errors import EXPLAINED
from blueprints.security import masked_token, unmask


def test_every_answer_carries_the_same_protection(visitor):
    for address in ("/", "/actions", "/rien", "/sante"):
        headers = visitor.visit(address).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Cookie" in headers["Vary"]


def test_error_pages_are_compressed_like_the_others(visitor):
    for address, status in (("/rien", 404), ("/actions?rayon=-5", 422)):
        answer = visitor.client.get(address, headers={"Accept-Encoding": "br"})
        assert (answer.status_code, answer.headers["Content-Encoding"]) == (status, "br")


@pytest.mark.parametrize("status", EXPLAINED)
def test_every_failure_has_its_page_in_plain_words(built_app, visitor, monkeypatch, status):
    """A title, what to do next, a telephone number; an incident number when it is our fault."""

    def abort_with_status():
        flask.abort(status)

    abort_with_status.access = "open"
    monkeypatch.setitem(built_app.view_functions, "home.legal", abort_with_status)
    page = visitor.visit("/mentions-legales")
    assert page.status == status
    assert "Que faire maintenant ?" in page.all_words("h2")
    assert "05 36 49 00 31" in page.text
    assert ("Numéro d’incident" in page.text) == (status >= 500)


def test_public_pages_are_asked_again_and_errors_never_kept_by_others(visitor):
    assert visitor.visit("/").headers["Cache-Control"] == "private, no-cache"


def test_a_token_never_looks_the_same_twice_and_is_always_true(built_app, db):
    """BREACH: the bytes of the token differ on each of a thousand pages."""
    with built_app.test_request_context():
        masked = [masked_token() for _ in range(1000)]
    assert len({token[:20] for token in masked}) == 1000
    assert len({unmask(token) for token in masked}) <= 2


def test_only_the_forms_of_a_diagnostic_come_back_instead_of_being_refused(built_app):
    """ASVS 3.5: each form that is shown again without its token is known by name."""
    kept = [name for name, view in built_app.view_functions.items() if hasattr(view, "is_kept")]
    assert sorted(kept) == [
        "diagnostics.keep_needs",
        "diagnostics.save",
        "diagnostics.write_assessment",
        "diagnostics.write_leaf",
    ]


@pytest.mark.parametrize("token", [None, "", "faux", "AAAA", "é", "=" * 500])
def test_a_form_without_its_token_is_refused(visitor, token):
    data = {"identifiant": "a", "mot_de_passe": "b"} | ({"csrf_token": token} if token else {})
    answer = visitor.client.post("/connexion", data=data)
    assert answer.status_code == 403
    assert "page est restée ouverte trop longtemps" in answer.get_data(as_text=True)


def test_a_form_sent_from_another_site_is_refused(visitor):
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert visitor.client.post("/connexion", headers=headers).status_code == 403


def test_an_unknown_host_is_refused(visitor):
    answer = visitor.client.get("/", headers={"Host": "pirate.example"})
    assert answer.status_code == 400
    assert "pirate" not in answer.get_data(as_text=True)


def test_too_big_a_body_is_refused_in_a_sentence(visitor):
    """ASVS 5.2.1"""
    answer = visitor.client.post("/connexion", data={"identifiant": "a" * 7_000_000})
    assert answer.status_code == 413
    assert "Votre envoi est trop gros" in answer.get_data(as_text=True)


def test_too_many_fields_are_refused_in_a_sentence(visitor):
    body = "&".join(f"a{n}=1" for n in range(2000))
    kind = "application/x-www-form-urlencoded"
    assert visitor.client.post("/connexion", data=body, content_type=kind).status_code == 413
    assert visitor.client.get("/actions?" + body).status_code == 413


@pytest.mark.parametrize("address", ["/rien", "/actions/a/b/c", "/static/rien.css", "/%00", "/a/é"])
def test_an_unknown_address_says_what_to_do(visitor, address):
    page = visitor.visit(address)
    assert page.status == 404
    assert page.words("h1") == "Cette page n’existe pas"
    assert page.link("Chercher une aide") == "/actions"


def test_a_breakdown_shows_a_number_and_hides_its_cause(visitor, monkeypatch, caplog):
    """ASVS 16.5.1: the number is on the page and in the journal; what was typed is in neither."""

    def breaks(*_args):
        raise ZeroDivisionError("Amina Benali, 05 36 49 00 31")

    monkeypatch.setattr("blueprints.action_bank.views.search", breaks)
    caplog.set_level("INFO")
    page = visitor.visit("/actions?q=secret")
    assert page.status == 500
    assert re.search(r"Numéro d’incident à nous donner : [0-9a-f]{8}", page.text)
    assert "Amina" not in page.html
    assert "Traceback" not in page.html


def test_the_journal_holds_no_address_and_no_words(visitor, capsys):
    from blueprints.journal import journal

    handler = journal.handlers[0]
    lines = []
    handler.emit, kept = (lambda record: lines.append(handler.format(record))), handler.emit
    try:
        visitor.visit("/actions?q=mon mari me frappe")
    finally:
        handler.emit = kept
    assert '"endpoint": "action_bank.index"' in lines[0]
    assert "mari" not in "".join(lines)


def test_a_silent_database_is_a_pause_not_a_crash(visitor, monkeypatch):
    """ASVS 16.5.3: 503, a page, when to come back; signed in or not."""

    def silent(*_args, **_options):
        raise peewee.OperationalError("connexion refusée à base-secrète")

    monkeypatch.setattr("blueprints.action_bank.views.search", silent)
    visitor.client.set_cookie("session_id", "x")
    page = visitor.visit("/actions")
    assert page.status == 503
    assert page.words("h1") == "Le service est en pause"
    assert page.headers["Retry-After"] == "30"
    assert "base-secrète" not in page.html


def test_static_files_are_named_by_content_and_kept_for_ever(visitor):
    visitor.visit("/")
    sheet = re.search(r'href="(/static/portal-[0-9a-f]{12}\.css)"', visitor.visit("/").html)[1]
    answer = visitor.client.get(sheet, headers={"Accept-Encoding": "br"})
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "br"
    answer.close()


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "DELETE"])
def test_an_unknown_method_gets_a_page(visitor, method):
    assert visitor.client.open("/", method=method).status_code in (403, 405)
