"""What the environment may set, and the sentence for what cannot be used."""

import dataclasses

import pytest

from app import create_app
from blueprints.settings import DELAYS, BadSetting, read_settings
from models.action_bank import sheets
from models.base import database, today
from models.database import BadAddress, make_database
from models.days import months_before
from models.persons import forgetting
from models.prescriptions import delays as waiting
from tests.visitor import Visitor

SECRET = "s" * 40


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "portail.example"),
        ("PUBLIC_URL", "ftp://portail.example"),
        ("THREADS", "0"),
        ("THREADS", "beaucoup"),
        ("THREADS", "²"),
        ("PROXY_HOPS", "-1"),
        ("DATA_KEY", "court"),
        ("DATA_KEY", "é" * 44),
        ("PORT", "70000"),
        ("MAIL_SERVER", "mx.example"),
        ("MAIL_SERVER", "http://mx.example"),
        ("MAIL_SERVER", "smtp://"),
        ("MAIL_SERVER", "smtp://mx.example:port"),
        ("MAIL_SERVER", "smtp://mx.example/chemin"),
        ("MAIL_SERVER", "smtp://compte:secret@mx.example"),
        ("MAIL_FROM", "portail"),
        ("MAIL_FROM", "Portail <portail>"),
        ("DEMONSTRATION", "oui"),
        ("REGIONAL_PLATFORM_URL", "http://ailleurs.example"),
        ("REGIONAL_PLATFORM_URL", "ailleurs.example"),
        ("REGIONAL_PLATFORM_URL", "https://"),
        ("REGIONAL_PLATFORM_URL", "https://ailleurs.example/?suivi=1"),
        ("REGIONAL_PLATFORM_URL", "https://ailleurs.example/#suivi"),
        ("REGIONAL_PLATFORM_URL", "https://nom:secret@ailleurs.example/"),
        ("REGIONAL_PLATFORM_URL", "https://[ailleurs"),
        ("REGIONAL_PLATFORM_URL", "https://ailleurs.example/a b"),
        ("HIDDEN_AFTER_MONTHS", "0"),
        ("HIDDEN_AFTER_MONTHS", "deux ans"),
        ("PRESCRIPTION_LINK_DAYS", "0"),
        ("PRESCRIPTION_REMINDER_DAYS", "30"),
        ("PRESCRIPTION_EXPIRY_DAYS", "un mois"),
        ("PRESCRIPTION_PAPERS_MONTHS", "121"),
        ("PRESCRIPTION_CONTENT_MONTHS", "-1"),
        ("EMPLOYMENT_SILENCE_DAYS", "366"),
        ("SOLUTION_DAYS", "1,5"),
        ("RETENTION_FOR_REAL", "oui"),
        ("DPO_EMAIL", "dpd"),
    ],
)
def test_a_setting_that_cannot_be_used_stops_the_service_with_a_sentence(name, value):
    with pytest.raises(BadSetting, match=f"Réglage {name} : "):
        read_settings({name: value, "SECRET_KEY": SECRET})


@pytest.mark.parametrize(
    ("address", "server"),
    [
        ("smtp://mx.example", ("smtp", "mx.example", 25, None, None)),
        ("smtp://[::1]:2525", ("smtp", "::1", 2525, None, None)),
        (
            "smtp+starttls://a:b%40c%2F@mx.example",
            ("smtp+starttls", "mx.example", 587, "a", "b@c/"),
        ),
        ("smtps://a%40x:b@mx.example:4650/", ("smtps", "mx.example", 4650, "a@x", "b")),
    ],
)
def test_the_address_of_the_mail_server_is_read_whole(address, server):
    settings = mail_settings(MAIL_SERVER=address)
    assert dataclasses.astuple(settings["MAIL_SERVER"]) == server
    assert "b@c" not in repr(settings["MAIL_SERVER"])
    assert settings["MAIL_FROM"] == ("Portail", "portail@organisme.example")


def mail_settings(**values):
    own = {"SECRET_KEY": SECRET, "DATA_KEY": "ZGRk" * 10 + "ZGQ=", "MAIL_FROM": SENDER}
    return read_settings(own | values)


SENDER = "Portail <portail@organisme.example>"


def test_a_mail_server_demands_a_sender():
    with pytest.raises(BadSetting, match="Réglage MAIL_FROM : "):
        mail_settings(MAIL_SERVER="smtp://mx.example", MAIL_FROM="")


def test_a_demonstration_can_send_nothing():
    """It shows its e-mails on a page: no real one may be among them."""
    with pytest.raises(BadSetting, match="Réglage DEMONSTRATION : "):
        mail_settings(MAIL_SERVER="smtp://mx.example", DEMONSTRATION="1")
    assert mail_settings(DEMONSTRATION="1")["DEMONSTRATION"] is True
    assert mail_settings()["DEMONSTRATION"] is False


def test_the_links_of_messages_lead_to_the_public_address():
    assert mail_settings(PORT="9000")["MAIL_LINKS"] == "http://127.0.0.1:9000"
    public = mail_settings(PUBLIC_URL="https://portail.example/")
    assert public["MAIL_LINKS"] == "https://portail.example"


def test_a_short_secret_is_refused():
    with pytest.raises(BadSetting, match="au moins 32 caractères"):
        read_settings({"SECRET_KEY": "court"})


@pytest.mark.parametrize("url", ["", "mysql://x/y", "sqlite://", "postgresql://hote", "n’importe"])
def test_an_unknown_database_address_says_what_was_expected(url):
    with pytest.raises(BadAddress, match="DATABASE_URL doit être de la forme"):
        make_database(url)


def test_over_https_cookies_are_bound_to_the_host_and_the_browser_told_to_stay(engine):
    """ASVS 3.3.1, 3.4.1"""
    settings = read_settings({"PUBLIC_URL": "https://portail.example", "SECRET_KEY": SECRET})
    secure = Visitor(create_app(**settings | {"DATABASE_URL": engine}))
    page = secure.visit("/connexion", headers={"Host": "portail.example"})
    database.obj.close_all()
    cookies = page.headers.getlist("Set-Cookie")
    assert any(cookie.startswith("__Host-portail=") for cookie in cookies)
    assert all("Secure" in cookie and "HttpOnly" in cookie for cookie in cookies)
    assert "max-age=31536000" in page.headers["Strict-Transport-Security"]


def test_only_the_named_hosts_are_trusted():
    settings = read_settings(
        {
            "PUBLIC_URL": "https://portail.example",
            "TRUSTED_HOSTS": "interne.example, ",
            "SECRET_KEY": SECRET,
        }
    )
    assert settings["TRUSTED_HOSTS"][:2] == ["portail.example", "interne.example"]


PROVIDER = {"OIDC_ISSUER": "https://id.example", "OIDC_CLIENT_ID": "p", "OIDC_CLIENT_SECRET": "s"}


@pytest.mark.parametrize("absent", PROVIDER)
def test_an_identity_provider_is_set_whole_or_not_at_all(absent):
    assert read_settings({"SECRET_KEY": SECRET})["OIDC_ISSUER"] == ""
    assert read_settings({"SECRET_KEY": SECRET, **PROVIDER})["OIDC_NAME"] == "ProConnect"
    with pytest.raises(BadSetting, match=f"Réglage {absent} : "):
        read_settings({"SECRET_KEY": SECRET, **PROVIDER, absent: ""})


@pytest.mark.parametrize("issuer", ["id.example", "http://id.example", "https://", "ftp://x"])
def test_an_identity_provider_is_reached_over_https(issuer):
    with pytest.raises(BadSetting, match="OIDC_ISSUER"):
        read_settings({"SECRET_KEY": SECRET, **PROVIDER, "OIDC_ISSUER": issuer})


def test_the_regional_platform_bears_its_name_or_its_host():
    """REQ-25"""
    address = "https://ailleurs.example/offre"
    given = {"REGIONAL_PLATFORM_URL": address, "SECRET_KEY": SECRET}
    assert read_settings(given)["REGIONAL_PLATFORM_NAME"] == "ailleurs.example"
    named = read_settings(given | {"REGIONAL_PLATFORM_NAME": "Talents"})
    assert named["REGIONAL_PLATFORM_NAME"] == "Talents"
    assert read_settings({"SECRET_KEY": SECRET})["REGIONAL_PLATFORM_URL"] == ""


def test_the_delay_that_hides_old_sheets_is_a_setting(monkeypatch):
    """REQ-20: « masquée après N mois (N paramétrable) »."""
    monkeypatch.setattr(sheets, "_hidden_after", sheets.HIDDEN_AFTER_MONTHS)
    settings = mail_settings(HIDDEN_AFTER_MONTHS="3")
    create_app(**settings | {"DATABASE_URL": "sqlite:///:memory:"})
    assert sheets.hidden_before() == months_before(today(), 3)
    assert mail_settings()["HIDDEN_AFTER_MONTHS"] == 24


def test_every_delay_of_a_prescription_is_a_setting(monkeypatch):
    """Product.md §3: « keep delays as settings »; none is forgotten in the settings."""
    monkeypatch.setattr(waiting, "_delays", waiting.Delays())
    assert mail_settings()["DELAYS"] == waiting.Delays()
    given = {name: str(number) for number, name in enumerate(DELAYS, 1)}
    create_app(**mail_settings(**given) | {"DATABASE_URL": "sqlite:///:memory:"})
    assert dataclasses.astuple(waiting.delays()) == tuple(range(1, len(DELAYS) + 1))


def test_files_are_erased_in_time_unless_the_setting_says_otherwise(monkeypatch):
    """access.md §4.5: a legal duty waits for nobody to remember it."""
    monkeypatch.setattr(forgetting, "_for_real", True)
    assert mail_settings()["RETENTION_FOR_REAL"] is True
    settings = mail_settings(RETENTION_FOR_REAL="0")
    create_app(**settings | {"DATABASE_URL": "sqlite:///:memory:"})
    assert forgetting._for_real is False
