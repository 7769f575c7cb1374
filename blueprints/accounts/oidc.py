"""Signing in through an identity provider (OpenID Connect): ProConnect, or another, by settings.

Nothing else of the portal speaks this protocol. Facts of ProConnect, from its documentation: its
userinfo is a signed JWT, `amr` is given when asked for, `state` and `nonce` hold 32 signs at least.
"""

import functools
import json

import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import FlaskIntegration, FlaskOAuth2App
from flask import abort, current_app, redirect, request, session, url_for
from joserfc import jwt
from joserfc.errors import InvalidClaimError, JoseError, MissingClaimError
from joserfc.jwk import KeySet

from models.accounts import identities
from models.accounts.account import normal_identifier
from models.accounts.sessions import Session

from .. import journal
from ..access import open_to_all
from ..devices import device_of
from ..entering import next_address, welcome
from ..pages import render_page
from .views import blueprint

SETTINGS = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
SCOPES = "openid email given_name usual_name uid siret"
CLAIMS = {"id_token": {"amr": {"essential": True}}}
LEVEL = "eidas1"
# What the provider calls a second factor; a password followed by a mail is not one.
SECOND_FACTORS = {"mfa", "totp", "pop"}
# Signatures that only the provider can make.
ALGORITHMS = ["RS256", "ES256"]
ANSWER_SECONDS = 5
RANDOM_SIGNS = 43
SUITE = "suite du fournisseur"


class Silent(Exception):
    """The provider does not answer, or not as a provider does."""


def _client():
    """The provider of the settings; 404 for the whole door when there is none."""
    settings = current_app.config
    if not settings["OIDC_ISSUER"]:
        abort(404)
    client = _client_of(*(settings[name] for name in SETTINGS))
    found = client.load_server_metadata()
    if found.get("issuer", "").rstrip("/") != settings["OIDC_ISSUER"].rstrip("/"):
        raise Silent("issuer")
    found["id_token_signing_alg_values_supported"] = ALGORITHMS
    return client


@functools.lru_cache(maxsize=4)
def _client_of(issuer, client_id, client_secret):
    return FlaskOAuth2App(
        FlaskIntegration("provider"),
        "provider",
        client_id=client_id,
        client_secret=client_secret,
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        authorize_params={"acr_values": LEVEL, "claims": json.dumps(CLAIMS)},
        client_kwargs={
            "scope": SCOPES,
            "code_challenge_method": "S256",
            "token_endpoint_auth_method": "client_secret_post",
            "default_timeout": ANSWER_SECONDS,
            # ProConnect's token lives a minute: counted as late a minute early, it never would.
            "leeway": 0,
        },
    )


def explained(view):
    """Each way in which the exchange may fail has its page, and its trace in the journal."""

    @functools.wraps(view)
    def answered(*args, **kwargs):
        try:
            return view(*args, **kwargs)
        except (identities.UnknownPerson, identities.ClosedAccount) as refusal:
            is_known = isinstance(refusal, identities.ClosedAccount)
            return _page("closed" if is_known else "unknown", 403)
        except (OAuthError, JoseError) as fault:
            journal.write_exception(fault)
            return _page("refused", 400)
        except (Silent, requests.RequestException, ValueError, KeyError, RuntimeError) as fault:
            journal.write_exception(fault)
            return _page("silent", 503)

    return answered


def _page(what, status):
    name = current_app.config["OIDC_NAME"]
    return render_page("accounts/provider_failed.html", status=status, what=what, provider=name)


@blueprint.get("/connexion/externe")
@open_to_all
@explained
def ask_provider():
    client = _client()
    session[SUITE] = next_address()
    return client.authorize_redirect(
        url_for("accounts.return_from_provider", _external=True),
        state=generate_token(RANDOM_SIGNS),
        nonce=generate_token(RANDOM_SIGNS),
    )


@blueprint.get("/connexion/externe/retour")
@open_to_all
@explained
def return_from_provider():
    client = _client()
    token = client.authorize_access_token(claims_options=_expected())
    if not token.get("userinfo"):
        raise MissingClaimError("id_token")
    person = _person(client, token)
    opened, cookie = identities.sign_in(
        issuer=current_app.config["OIDC_ISSUER"],
        subject=person["sub"],
        address=_checked_address(person),
        has_second_factor=bool(SECOND_FACTORS & set(_methods(token["userinfo"]))),
        id_token=token["id_token"],
        **device_of(request),
    )
    return welcome(opened, cookie, to=session.get(SUITE))


def _expected():
    settings = current_app.config
    return {
        "iss": {"essential": True, "value": settings["OIDC_ISSUER"]},
        "aud": {"essential": True, "value": settings["OIDC_CLIENT_ID"]},
    }


def _person(client, token):
    """What the provider says of the person, its userinfo being about the same subject."""
    answer = client.get(client.server_metadata["userinfo_endpoint"], token=token)
    answer.raise_for_status()
    if answer.headers.get("Content-Type", "").startswith("application/jwt"):
        claims = _signed(client, answer.text)
    else:
        claims = answer.json()
    if claims.get("sub") != token["userinfo"]["sub"]:
        raise InvalidClaimError("sub")
    return {**token["userinfo"], **claims}


def _signed(client, text):
    keys = KeySet.import_key_set(client.fetch_jwk_set())
    claims = jwt.decode(text, keys, algorithms=ALGORITHMS).claims
    for name, option in _expected().items():
        said = claims.get(name, option["value"])
        if option["value"] not in (said if isinstance(said, list) else [said]):
            raise InvalidClaimError(name)
    return claims


def _checked_address(person):
    """The address as our accounts are named; None when the provider says it was not checked."""
    address = person.get("email")
    if not isinstance(address, str) or person.get("email_verified", True) in (False, "false"):
        return None
    return normal_identifier(address)


def _methods(claims):
    amr = claims.get("amr") or []
    return [name for name in amr if isinstance(name, str)] if isinstance(amr, list) else []


@blueprint.get("/deconnexion/externe/<code:code>")
@open_to_all
@explained
def leave_provider(code):
    """Sign out of the provider too: a link, since a form may not lead to another site."""
    ended = Session.leaving(code)
    if ended is None:
        abort(404)
    address = _client().create_logout_url(
        post_logout_redirect_uri=url_for("accounts.signed_out", _external=True),
        id_token_hint=ended.id_token,
        state=generate_token(RANDOM_SIGNS),
    )
    return redirect(address["url"], 303)
