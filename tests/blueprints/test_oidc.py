"""The identity provider behind its switch: what is asked, checked, refused (REQ 74, ASVS 6.8)."""

import contextlib
import json
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from models import ExternalIdentity, Session
from models.accounts.account import Role
from models.sealed import kept
from tests import people, provider
from tests.visitor import Visitor

SETTINGS = {"OIDC_CLIENT_ID": provider.CLIENT, "OIDC_CLIENT_SECRET": "s" * 32}


@pytest.fixture
def theirs(app, monkeypatch):
    """A provider that says what the test wants, and the portal set up for it."""
    with provider.running() as it:
        for name, value in {**SETTINGS, "OIDC_ISSUER": it.issuer}.items():
            monkeypatch.setitem(app.config, name, value)
        yield it


@pytest.fixture
def amina(db):
    return people.account()


def ask(visitor, suite=None):
    """Follow the link of the sign-in page; answers what the provider is asked."""
    page = visitor.visit("/connexion" + (f"?suite={suite}" if suite else ""))
    answer = visitor.client.get(page.link("Se connecter avec"))
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.location).query).items()}


def come_back(visitor, asked, it, **changes):
    it.nonce = asked["nonce"]
    query = {"code": "c" * 20, "state": asked["state"]} | changes
    return visitor.visit(f"/connexion/externe/retour?{urlencode(query)}")


def sign_in(visitor, it, **options):
    return come_back(visitor, ask(visitor, **options), it)


def test_without_settings_there_is_neither_button_nor_page(visitor):
    assert "ProConnect" not in visitor.visit("/connexion").text
    for path in (
        "/connexion/externe",
        "/connexion/externe/retour",
        "/deconnexion/externe/0000000000",
    ):
        assert visitor.visit(path).status == 404


def test_what_is_asked_is_what_proconnect_wants(visitor, theirs):
    """ASVS 10.2.1, 10.4.6: PKCE, state and nonce of 32 signs at least, `amr` asked for."""
    asked = ask(visitor)
    assert asked["scope"] == "openid email given_name usual_name uid siret"
    assert asked["response_type"] == "code"
    assert asked["acr_values"] == "eidas1"
    assert json.loads(asked["claims"]) == {"id_token": {"amr": {"essential": True}}}
    assert asked["code_challenge_method"] == "S256"
    assert min(len(asked["state"]), len(asked["nonce"])) >= 32
    assert asked["redirect_uri"].endswith("/connexion/externe/retour")
    come_back(visitor, asked, theirs)
    sent = dict(theirs.asked)["/token"]
    assert len(sent["code_verifier"]) >= 43
    assert sent["redirect_uri"] == asked["redirect_uri"]


@pytest.mark.parametrize("is_jwt", [True, False], ids=["signed userinfo", "plain userinfo"])
def test_a_known_address_signs_in_and_is_linked_once(visitor, theirs, amina, is_jwt):
    theirs.is_jwt = is_jwt
    assert sign_in(visitor, theirs).words("h1") == "Bonjour Amina"
    identity = ExternalIdentity.get()
    assert (identity.issuer, identity.subject) == (theirs.issuer, "personne-1")
    theirs.person["email"] = "autre@example.org"
    other = Visitor(visitor.client.application)
    assert sign_in(other, theirs).words("h1") == "Bonjour Amina"
    assert ExternalIdentity.select().count() == 1


def test_one_comes_back_to_the_page_first_asked_for(visitor, theirs, amina):
    page = sign_in(visitor, theirs, suite="/mon-compte/mot-de-passe")
    assert page.address == "/mon-compte/mot-de-passe"


def test_an_unknown_address_is_told_how_to_be_invited(visitor, theirs, amina):
    theirs.person["email"] = "inconnue@example.org"
    page = sign_in(visitor, theirs)
    assert (page.status, page.words("h1")) == (403, "Votre adresse n’est pas connue ici")
    assert "invitation" in page.text
    assert Session.select().count() == 0


@pytest.mark.parametrize(
    "said", [{"email_verified": False}, {"email": None}, {"email": ["a", "b"]}]
)
def test_an_address_that_is_not_vouched_for_opens_no_account(visitor, theirs, amina, said):
    """ASVS 6.8.1"""
    theirs.person |= said
    assert sign_in(visitor, theirs).status == 403
    assert ExternalIdentity.select().count() == 0


def test_a_deactivated_account_is_refused(visitor, theirs, amina):
    sign_in(visitor, theirs)
    amina.deactivate()
    page = sign_in(Visitor(visitor.client.application), theirs)
    assert (page.status, page.words("h1")) == (403, "Ce compte est désactivé")


@pytest.mark.parametrize(
    ("amr", "title"),
    [
        (None, "Votre second code"),
        (["pwd"], "Votre second code"),
        (["mail"], "Votre second code"),
        ("mfa", "La connexion n’a pas abouti"),
        ([["mfa"]], "Votre second code"),
        (["pwd", "mfa"], "Bonjour Amina"),
        (["totp"], "Bonjour Amina"),
        (["pop"], "Bonjour Amina"),
    ],
)
def test_the_second_factor_of_the_provider_counts_when_it_says_so(visitor, theirs, db, amr, title):
    """ASVS 6.8.4"""
    people.with_telephone(people.account(role=Role.ANIMATOR))
    theirs.lies = {"amr": amr}
    assert sign_in(visitor, theirs).words("h1") == title


LIES = [
    {"iss": "https://pirate.example"},
    {"aud": "un-autre-service"},
    {"aud": [provider.CLIENT, "autre"]},
    {"nonce": "rejoue" * 6},
    {"nonce": None},
    {"exp": 1_700_000_000},
    {"sub": None},
    {"id_token": False},
]


@pytest.mark.parametrize("lies", LIES, ids=str)
def test_a_token_that_is_not_for_us_here_and_now_opens_nothing(visitor, theirs, amina, lies):
    """ASVS 10.5.1–10.5.4"""
    theirs.lies = lies
    page = sign_in(visitor, theirs)
    assert (page.status, page.words("h1")) == (400, "La connexion n’a pas abouti")
    assert Session.select().count() == 0


def test_a_token_signed_by_another_key_opens_nothing(visitor, theirs, amina):
    theirs.key = provider.STRANGER_KEY
    assert sign_in(visitor, theirs).status == 400
    assert Session.select().count() == 0


@pytest.mark.parametrize(
    "lies", [{"sub": "personne-2"}, {"iss": "https://pirate.example"}, {"aud": "autre"}], ids=str
)
def test_userinfo_about_someone_else_opens_nothing(visitor, theirs, amina, lies):
    """OpenID Connect 5.3.2: the subject of both answers is one."""
    theirs.userinfo_lies = lies
    assert sign_in(visitor, theirs).status == 400
    assert Session.select().count() == 0


def test_a_state_that_is_not_ours_opens_nothing(visitor, theirs, amina):
    """ASVS 10.2.1: someone else's answer brought to this browser."""
    asked = ask(visitor)
    assert come_back(visitor, asked, theirs, state="x" * 43).status == 400
    thief = Visitor(visitor.client.application)
    assert come_back(thief, asked, theirs).status == 400
    assert Session.select().count() == 0


def test_an_answer_serves_once(visitor, theirs, amina):
    asked = ask(visitor)
    come_back(visitor, asked, theirs)
    assert come_back(visitor, asked, theirs).status == 400
    assert Session.select().count() == 1


@pytest.mark.parametrize("error", ["access_denied", "<script>", "\x00", "é" * 3000])
def test_what_the_provider_refuses_is_explained_and_never_repeated(visitor, theirs, error):
    asked = ask(visitor)
    page = come_back(visitor, asked, theirs, error=error, error_description="<b>texte</b>")
    assert (page.status, page.words("h1")) == (400, "La connexion n’a pas abouti")
    assert "texte" not in page.text


def test_a_provider_that_is_down_is_said_with_another_way_in(visitor, app, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    settings = {**SETTINGS, "OIDC_ISSUER": f"http://127.0.0.1:{port}"}
    for name, value in settings.items():
        monkeypatch.setitem(app.config, name, value)
    page = visitor.visit("/connexion/externe")
    assert (page.status, page.words("h1")) == (503, "ProConnect ne répond pas")
    assert page.link("Se connecter") == "/connexion"


def test_a_provider_that_answers_nothing_is_not_waited_for(visitor, app, monkeypatch):
    """ASVS 15.2.2"""
    monkeypatch.setattr("blueprints.accounts.oidc.ANSWER_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        issuer = f"http://127.0.0.1:{mute.getsockname()[1]}"
        for name, value in {**SETTINGS, "OIDC_ISSUER": issuer}.items():
            monkeypatch.setitem(app.config, name, value)
        assert visitor.visit("/connexion/externe").status == 503


def test_a_provider_that_gives_another_name_is_not_believed(visitor, app, theirs, monkeypatch):
    monkeypatch.setitem(app.config, "OIDC_ISSUER", theirs.issuer.replace("127.0.0.1", "localhost"))
    assert visitor.visit("/connexion/externe").status == 503


def test_signing_out_offers_to_leave_the_provider_too(visitor, theirs, amina):
    """A form may not lead elsewhere: the portal is left first, then a link leads there."""
    page = visitor.submit(sign_in(visitor, theirs), "Se déconnecter")
    assert "Sur un ordinateur partagé" in page.text
    answer = visitor.client.get(page.link("Quitter ProConnect"))
    left = urlsplit(answer.location)
    query = {name: values[0] for name, values in parse_qs(left.query).items()}
    assert f"{left.scheme}://{left.netloc}{left.path}" == f"{theirs.issuer}/session/end"
    assert query["id_token_hint"].count(".") == 2
    assert query["post_logout_redirect_uri"].endswith("/deconnexion")
    assert len(query["state"]) >= 32
    session = Session.get()
    assert query["id_token_hint"] not in kept(session, "id_token")


def test_a_session_still_open_or_not_of_the_provider_is_not_left(visitor, theirs, amina):
    sign_in(visitor, theirs)
    assert visitor.visit(f"/deconnexion/externe/{Session.get().code}").status == 404


@pytest.fixture(scope="module")
def real_provider():
    """oidc-provider-mock, another program: plain userinfo, its own keys, its own form."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    claims = {"sub": "s-1", "email": "amina@example.org", "amr": ["pwd", "mfa"]}
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--user-claims", json.dumps(claims)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(f"{address}/.well-known/openid-configuration", process)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(address, process):
    for _ in range(300):
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(address, timeout=2).close()
            return
        assert process.poll() is None, "the provider did not start"
        time.sleep(0.1)
    raise RuntimeError("the provider does not answer")


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


def answer_at(address, **form):
    """Where the provider sends back whoever fills its form."""
    opener = urllib.request.build_opener(NoRedirect)
    try:
        opener.open(address, data=urlencode(form).encode(), timeout=5)
    except urllib.error.HTTPError as redirect:
        with redirect:
            return redirect.headers["Location"]
    raise AssertionError("no redirection")


@pytest.mark.parametrize(
    ("form", "title"),
    [
        ({"sub": "s-1"}, "Bonjour Amina"),
        ({"sub": "inconnu@example.org"}, "Votre adresse n’est pas connue ici"),
        ({"action": "deny"}, "La connexion n’a pas abouti"),
    ],
)
def test_another_program_s_provider_is_understood(
    visitor, app, real_provider, monkeypatch, db, form, title
):
    for name, value in {**SETTINGS, "OIDC_ISSUER": real_provider}.items():
        monkeypatch.setitem(app.config, name, value)
    people.with_telephone(people.account(role=Role.ANIMATOR))
    page = visitor.visit("/connexion")
    asked = visitor.client.get(page.link("Se connecter avec")).location
    back = answer_at(asked, **form)
    assert re.match("http://localhost/connexion/externe/retour", back)
    parts = urlsplit(back)
    assert visitor.visit(f"{parts.path}?{parts.query}").words("h1") == title
