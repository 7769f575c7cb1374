"""What protects every answer: headers, masked CSRF tokens, limits, static files, compression."""

import base64
import secrets

from flask import abort, current_app, g, request, session
from flask_compress import Compress
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from werkzeug.middleware.proxy_fix import ProxyFix

from . import assets, keeping

# Werkzeug limits the parts of multipart forms only: this one holds for every encoding.
FIELD_LIMIT = 1000
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'{inside}; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def init_app(app):
    if hops := app.config["PROXY_HOPS"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
    assets.init_app(app)
    app.before_request(_refuse_other_sites)
    app.before_request(_refuse_too_many_fields)
    MaskedCSRF(app)
    app.jinja_env.globals["csrf_token"] = masked_token
    # Brotli 5 is 7 % lighter than zstd for a quarter of a millisecond: a slow line gains 40 ms.
    app.config.update(
        COMPRESS_ALGORITHM=["br", "zstd", "gzip"], COMPRESS_BR_LEVEL=5, COMPRESS_MIN_SIZE=400
    )
    CompressEveryPage(app)
    app.after_request(_protect)


class CompressEveryPage(Compress):
    """Flask-Compress passes over what is not a success; our error pages are pages like others."""

    def after_request(self, response):
        status = response.status
        if response.status_code >= 400:
            response.status_code = 200
        response = super().after_request(response)
        response.status = status
        return response


class MaskedCSRF(CSRFProtect):
    """Flask-WTF's protection, over tokens whose bytes differ at each page.

    The same token printed on compressed pages that reflect a query would leak byte by byte
    (BREACH); masked by a random pad, nothing repeats.
    """

    def protect(self, apply_exemptions=False):
        """A form that is never lost (`keeping`) is not refused for its token: it writes nothing,
        and comes back with a good one."""
        try:
            super().protect(apply_exemptions)
        except CSRFError:
            if not keeping.is_kept(request.endpoint):
                raise
            g.is_stale = True

    def _get_csrf_token(self):
        token = super()._get_csrf_token()
        return unmask(token) if token else token


def masked_token():
    clear = generate_csrf().encode()
    pad = secrets.token_bytes(len(clear))
    mixed = bytes(a ^ b for a, b in zip(clear, pad, strict=True))
    return base64.urlsafe_b64encode(pad + mixed).decode()


def unmask(token):
    """The clear token, or an empty one when the text was never ours."""
    try:
        both = base64.urlsafe_b64decode(token.encode())
        pad, mixed = both[: len(both) // 2], both[len(both) // 2 :]
        return bytes(a ^ b for a, b in zip(pad, mixed, strict=True)).decode()
    except (ValueError, UnicodeError):
        return ""


def _refuse_other_sites():
    """A browser says where a request comes from; another site's form or image gets nothing."""
    site = request.headers.get("Sec-Fetch-Site", "none")
    if request.method not in SAFE_METHODS and site not in ("same-origin", "none"):
        abort(403)


def _refuse_too_many_fields():
    if request.query_string.count(b"&") > FIELD_LIMIT:
        abort(413)
    if request.method == "POST" and len(list(request.form.keys())) > FIELD_LIMIT:
        abort(413)


def _protect(response):
    response.headers.setdefault(
        "Content-Security-Policy", POLICY.format(inside=assets.allowed_inside())
    )
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config["IS_HTTPS"]:
        response.headers.update(HTTPS_ONLY)
    _forbid_storing(response)
    return response


def _forbid_storing(response):
    """Pages open to all may be kept and asked again; what a signed-in person sees is never kept."""
    is_open = "session" in g or "person_session" in g
    is_personal = is_open or request.method not in SAFE_METHODS or session
    response.headers.setdefault("Cache-Control", "no-store" if is_personal else "private, no-cache")
    response.vary.add("Cookie")
