"""What the environment may set, and the sentence for what cannot be used."""

import pytest

from app import create_app
from blueprints.settings import BadSetting, read_settings
from models.base import database
from models.database import BadAddress, make_database
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
    ],
)
def test_a_setting_that_cannot_be_used_stops_the_service_with_a_sentence(name, value):
    with pytest.raises(BadSetting, match=f"Réglage {name} : "):
        read_settings({name: value, "SECRET_KEY": SECRET})


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
