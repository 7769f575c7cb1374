"""An identity provider of our own, to make it say what an honest one never would.

It answers as OpenID Connect wants, with userinfo as a signed JWT (ProConnect's way); `lies` change
what its tokens claim. The happy path is also tried against another program's provider.
"""

import contextlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

KEY = RSAKey.generate_key(2048, {"kid": "present", "use": "sig", "alg": "RS256"})
STRANGER_KEY = RSAKey.generate_key(2048, {"kid": "present", "use": "sig", "alg": "RS256"})
CLIENT = "portail-essai"


class Provider:
    """Where it listens, what it was asked, what it says of the person."""

    def __init__(self, address):
        self.issuer = address
        self.person = {"sub": "personne-1", "email": "amina@example.org"}
        self.lies = {}
        self.userinfo_lies = {}
        self.key = KEY
        self.is_jwt = True
        self.nonce = None
        self.asked = []

    def id_token(self):
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": self.person["sub"], "iat": now}
        claims |= {"exp": now + 60, "nonce": self.nonce} | self.lies
        return self.signed({name: value for name, value in claims.items() if value is not None})

    def userinfo(self):
        return {"iss": self.issuer, "aud": CLIENT} | self.person | self.userinfo_lies

    def signed(self, claims):
        return jwt.encode({"alg": "RS256", "kid": "present"}, claims, self.key)

    def metadata(self):
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/session/end",
            "id_token_signing_alg_values_supported": ["none", "HS256", "RS256"],
        }


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        provider = self.server.provider
        path = urlsplit(self.path).path
        provider.asked.append((path, dict(self.headers)))
        if path == "/userinfo" and provider.is_jwt:
            return self._answer(provider.signed(provider.userinfo()), "application/jwt")
        pages = {
            "/.well-known/openid-configuration": provider.metadata,
            "/jwks": lambda: {"keys": [KEY.as_dict(private=False)]},
            "/userinfo": provider.userinfo,
        }
        return self._answer(json.dumps(pages[path]()), "application/json")

    def do_POST(self):
        provider = self.server.provider
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        provider.asked.append(("/token", {k: v[0] for k, v in parse_qs(body).items()}))
        token = {"access_token": "jeton", "token_type": "Bearer", "expires_in": 60}
        if provider.lies.get("id_token") is not False:
            token["id_token"] = provider.id_token()
        self._answer(json.dumps(token), "application/json")

    def _answer(self, text, kind):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *args):
        """Tests read what fails, not what is asked."""


@contextlib.contextmanager
def running():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.provider = Provider(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
