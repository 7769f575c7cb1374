"""What the environment may set, with a clear sentence for each value that cannot be used."""

import base64
import binascii
import os
import pathlib
import secrets
import urllib.parse

from models.sealing import KEY_BYTES

INSTANCE = pathlib.Path(__file__).parent.parent / "instance"
SHORTEST_SECRET = 32
LOCAL_HOSTS = ["127.0.0.1", "localhost", "[::1]"]


class BadSetting(SystemExit):
    """A setting cannot be used: the service does not start, and says why."""

    def __init__(self, name, expected):
        super().__init__(f"Réglage {name} : {expected}")


def read_settings(environment=os.environ):
    """The Flask configuration of this installation."""
    public_url = environment.get("PUBLIC_URL", "").rstrip("/")
    is_https = _is_https(public_url)
    return {
        "DATABASE_URL": environment.get("DATABASE_URL") or f"sqlite:///{INSTANCE}/portail.db",
        "DATABASE_CONNECTIONS": _number(environment, "THREADS", 4, 1, 64) + 1,
        "SECRET_KEY": _long_enough(environment.get("SECRET_KEY") or _kept("secret_key", _draw)),
        "DATA_KEY": _sealing_key(environment.get("DATA_KEY") or _kept("data_key", _draw_key)),
        "PUBLIC_URL": public_url,
        "TRUSTED_HOSTS": _trusted_hosts(public_url, environment.get("TRUSTED_HOSTS", "")),
        "PROXY_HOPS": _number(environment, "PROXY_HOPS", 0, 0, 5),
        **_provider(environment),
        "HELP_PHONE": environment.get("HELP_PHONE", "+33536490031"),
        "IS_HTTPS": is_https,
        # `__Host-` binds the cookie to this very host, and browsers demand HTTPS for it.
        "SESSION_COOKIE_NAME": "__Host-portail" if is_https else "portail",
        "SESSION_COOKIE_SECURE": is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        # A diagnostic lasts hours: the token lives as long as the session it belongs to.
        "WTF_CSRF_TIME_LIMIT": None,
        "MAX_CONTENT_LENGTH": 6 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 512 * 1024,
        "MAX_FORM_PARTS": 1000,
        "JSON_AS_ASCII": False,
    }


def _is_https(public_url):
    parts = urllib.parse.urlsplit(public_url)
    if public_url and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise BadSetting("PUBLIC_URL", "une adresse complète, comme https://portail.example.")
    return parts.scheme == "https"


def _provider(environment):
    """The identity provider (OpenID Connect): three settings together, or none."""
    names = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
    values = {name: environment.get(name, "").strip() for name in names}
    for name in names:
        if any(values.values()) and not values[name]:
            raise BadSetting(name, f"les trois réglages {', '.join(names)}, ou aucun.")
    issuer = urllib.parse.urlsplit(values["OIDC_ISSUER"])
    is_here = issuer.scheme == "http" and issuer.hostname in ("127.0.0.1", "localhost")
    if values["OIDC_ISSUER"] and not (issuer.hostname and (issuer.scheme == "https" or is_here)):
        raise BadSetting("OIDC_ISSUER", "une adresse complète en https://.")
    return values | {"OIDC_NAME": environment.get("OIDC_NAME") or "ProConnect"}


def _trusted_hosts(public_url, listed):
    """Only the hosts this installation is known by; anything else is answered 400."""
    named = [host.strip() for host in listed.split(",") if host.strip()]
    public = urllib.parse.urlsplit(public_url).hostname
    return [*([public] if public else []), *named, *LOCAL_HOSTS]


def _number(environment, name, default, least, most):
    text = environment.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise BadSetting(name, f"un nombre de {least} à {most}.")
    return int(text)


def _kept(name, draw):
    """A secret of this installation, drawn once and kept readable by its owner only."""
    path = INSTANCE / name
    INSTANCE.mkdir(exist_ok=True)
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(draw())
    except FileExistsError:
        pass
    return path.read_text().strip()


def _draw():
    return secrets.token_urlsafe(48)


def _draw_key():
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def _sealing_key(text):
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise BadSetting("DATA_KEY", f"{KEY_BYTES} octets écrits en base64.")
    return key


def _long_enough(secret):
    if len(secret) < SHORTEST_SECRET:
        raise BadSetting("SECRET_KEY", f"au moins {SHORTEST_SECRET} caractères.")
    return secret
