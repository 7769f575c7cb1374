"""What the environment may set, with a clear sentence for each value that cannot be used."""

import base64
import binascii
import dataclasses
import email.utils
import os
import pathlib
import secrets
import urllib.parse

from models.action_bank.sheets import HIDDEN_AFTER_MONTHS
from models.base import RuleBroken
from models.outbox import deliverable
from models.persons.watch import FILES_PER_HOUR
from models.prescriptions.delays import Delays
from models.sealing import KEY_BYTES

INSTANCE = pathlib.Path(__file__).parent.parent / "instance"
SHORTEST_SECRET = 32
SHORTEST_MONTH = 28
MAIL_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
LOCAL_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
# Each delay of the prescriptions, under its setting.
DELAYS = {
    "PRESCRIPTION_LINK_DAYS": "link",
    "PRESCRIPTION_REMINDER_DAYS": "reminder",
    "PRESCRIPTION_EXPIRY_DAYS": "expiry",
    "PRESCRIPTION_PAPERS_MONTHS": "attachments_months",
    "PRESCRIPTION_CONTENT_MONTHS": "content_months",
    "EMPLOYMENT_SILENCE_DAYS": "silence",
    "EMPLOYMENT_LINK_DAYS": "question",
    "SOLUTION_DAYS": "solution",
}


class BadSetting(SystemExit):
    """A setting cannot be used: the service does not start, and says why."""

    def __init__(self, name, expected):
        super().__init__(f"Réglage {name} : {expected}")


@dataclasses.dataclass(frozen=True)
class MailServer:
    """Where e-mails go; `scheme` says how the line is protected."""

    scheme: str
    host: str
    port: int
    user: str | None = None
    password: str | None = dataclasses.field(default=None, repr=False)


def read_settings(environment=os.environ):
    """The Flask configuration of this installation."""
    public_url = environment.get("PUBLIC_URL", "").rstrip("/")
    is_https = _is_https(public_url)
    port = _number(environment, "PORT", 8000, 1, 65535)
    mail_server = _mail_server(environment.get("MAIL_SERVER", ""))
    return {
        "DATABASE_URL": environment.get("DATABASE_URL") or f"sqlite:///{INSTANCE}/portail.db",
        "DATABASE_CONNECTIONS": _number(environment, "THREADS", 4, 1, 64) + 1,
        "SECRET_KEY": _long_enough(environment.get("SECRET_KEY") or _kept("secret_key", _draw)),
        "DATA_KEY": _sealing_key(
            "DATA_KEY", environment.get("DATA_KEY") or _kept("data_key", _draw_key)
        ),
        "DATA_KEYS_FORMER": _former_keys(environment.get("DATA_KEYS_FORMER", "")),
        "PUBLIC_URL": public_url,
        "TRUSTED_HOSTS": _trusted_hosts(public_url, environment.get("TRUSTED_HOSTS", "")),
        "PROXY_HOPS": _number(environment, "PROXY_HOPS", 0, 0, 5),
        **_provider(environment),
        **_regional_platform(environment),
        "MAIL_SERVER": mail_server,
        "MAIL_FROM": _mail_from(environment.get("MAIL_FROM", ""), mail_server),
        # Where the links of e-mails lead: `flask work` has no request to learn it from.
        "MAIL_LINKS": public_url or f"http://127.0.0.1:{port}",
        "DEMONSTRATION": _demonstration(environment.get("DEMONSTRATION", ""), mail_server),
        # Above so many files opened within an hour, the coordinators are told.
        "FILES_PER_HOUR": _number(environment, "FILES_PER_HOUR", FILES_PER_HOUR, 1, 10_000),
        "HELP_PHONE": environment.get("HELP_PHONE", "+33536490031"),
        "HIDDEN_AFTER_MONTHS": _number(
            environment, "HIDDEN_AFTER_MONTHS", HIDDEN_AFTER_MONTHS, 1, 120
        ),
        "DELAYS": _delays(environment),
        # A legal duty that waits for nobody to remember it; 0 while files are being looked into.
        "RETENTION_FOR_REAL": _number(environment, "RETENTION_FOR_REAL", 1, 0, 1) == 1,
        "DPO_EMAIL": _address(environment, "DPO_EMAIL"),
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


def _regional_platform(environment):
    """The outside platform that training sheets lead to (REQ 25): a plain address in https, in
    which nothing can travel, and the name shown; without it, no link."""
    address = environment.get("REGIONAL_PLATFORM_URL", "").strip()
    try:
        parts = urllib.parse.urlsplit(address)
        is_plain = parts.scheme == "https" and parts.hostname and address.isprintable()
        is_plain = is_plain and not (parts.username or parts.query or parts.fragment)
    except ValueError:
        is_plain = False
    if address and (not is_plain or " " in address):
        raise BadSetting(
            "REGIONAL_PLATFORM_URL", "une adresse complète en https://, sans « ? » ni « # »."
        )
    name = environment.get("REGIONAL_PLATFORM_NAME", "").strip()
    return {
        "REGIONAL_PLATFORM_URL": address,
        "REGIONAL_PLATFORM_NAME": name or urllib.parse.urlsplit(address).hostname,
    }


def _trusted_hosts(public_url, listed):
    """Only the hosts this installation is known by; anything else is answered 400."""
    named = [host.strip() for host in listed.split(",") if host.strip()]
    public = urllib.parse.urlsplit(public_url).hostname
    return [*([public] if public else []), *named, *LOCAL_HOSTS]


def _mail_server(address):
    """The server of `smtp://host`, `smtp+starttls://…` or `smtps://user:secret@host:port`."""
    if not address:
        return None
    expected = "une adresse comme smtp+starttls://compte:secret@serveur.example:587."
    try:
        parts = urllib.parse.urlsplit(address)
        port = parts.port or MAIL_PORTS[parts.scheme]
    except (KeyError, ValueError):
        raise BadSetting("MAIL_SERVER", expected) from None
    if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise BadSetting("MAIL_SERVER", expected)
    if parts.username and parts.scheme == "smtp":
        raise BadSetting("MAIL_SERVER", "smtp+starttls ou smtps : un secret ne part que chiffré.")
    user, password = parts.username, parts.password
    return MailServer(
        parts.scheme,
        parts.hostname,
        port,
        user and urllib.parse.unquote(user),
        password and urllib.parse.unquote(password),
    )


def _mail_from(text, server):
    """« Name <address> », demanded as soon as there is a server to send from it."""
    if not text and not server:
        return None
    name, address = email.utils.parseaddr(text)
    try:
        deliverable(address)
    except RuleBroken:
        raise BadSetting("MAIL_FROM", "comme Portail SPIE <portail@organisme.example>.") from None
    if not (name + address).isprintable():
        raise BadSetting("MAIL_FROM", "un nom et une adresse sur une seule ligne.")
    return name, address


def _address(environment, name):
    """An electronic address, or nothing."""
    text = environment.get(name, "").strip()
    try:
        return text and deliverable(text)
    except RuleBroken:
        raise BadSetting(name, "une adresse électronique, ou rien.") from None


def _demonstration(text, server):
    """A demonstration shows the e-mails it writes: it must not be able to send any."""
    if text not in ("", "0", "1"):
        raise BadSetting("DEMONSTRATION", "1, ou rien.")
    if text == "1" and server:
        raise BadSetting("DEMONSTRATION", "rien, puisque MAIL_SERVER envoie de vrais courriels.")
    return text == "1"


def _number(environment, name, default, least, most):
    text = environment.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise BadSetting(name, f"un nombre de {least} à {most}.")
    return int(text)


def _delays(environment):
    """The `Delays`; the first reminder comes before the end, or there would be none."""
    given = {}
    for name, field in DELAYS.items():
        most = 120 if "MONTHS" in name else 365
        given[field] = _number(environment, name, getattr(Delays, field), 1, most)
    delays = Delays(**given)
    if delays.reminder >= delays.expiry:
        raise BadSetting("PRESCRIPTION_REMINDER_DAYS", "moins que PRESCRIPTION_EXPIRY_DAYS.")
    if delays.content_months * SHORTEST_MONTH <= delays.expiry:
        raise BadSetting("PRESCRIPTION_CONTENT_MONTHS", "plus que PRESCRIPTION_EXPIRY_DAYS.")
    return delays


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


def _former_keys(listed):
    """The keys that what was sealed before is still read with, separated by commas."""
    keys = filter(None, map(str.strip, listed.split(",")))
    return tuple(_sealing_key("DATA_KEYS_FORMER", key) for key in keys)


def _sealing_key(name, text):
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise BadSetting(name, f"{KEY_BYTES} octets écrits en base64.")
    return key


def _long_enough(secret):
    if len(secret) < SHORTEST_SECRET:
        raise BadSetting("SECRET_KEY", f"au moins {SHORTEST_SECRET} caractères.")
    return secret
