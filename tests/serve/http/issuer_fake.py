"""A fake identity provider on loopback: it says so itself. It signs tokens, knows codes and verifiers, and changes its keys."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

CLIENT, SECRET, AUDIENCE = "page", "fake-secret", "fullcircle-api"


class FakeIssuer:
    """One provider. `roles` are what it says of everybody; `asked` counts requests by path."""

    def __init__(self) -> None:
        self.roles: list[str] = ["sales"]
        self.asked: dict[str, int] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.changes: dict[str, Any] = {}  # claims of the next ID tokens that are wrong on purpose
        self.keys: dict[str, Key] = {}
        self.new_key("RS256")
        issuer = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.answer(self)

            def do_POST(self) -> None:
                issuer.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def new_key(self, algorithm: str) -> str:
        """From now on tokens are signed with a new key; the old ones are published no more."""
        id = secrets.token_hex(4)
        made: dict[str, Key] = {
            "RS256": RSAKey.generate_key(2048, {"kid": id}),
            "ES256": ECKey.generate_key("P-256", {"kid": id}),
            "EdDSA": OKPKey.generate_key("Ed25519", {"kid": id}),
        }
        self.keys = {algorithm: made[algorithm]}
        return id

    def token(self, key: Key | None = None, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """A signed token; claims that are None are left out."""
        (algorithm, own), now = next(iter(self.keys.items())), int(time.time())
        whole = {
            "iss": self.address, "sub": "u-1", "aud": AUDIENCE, "iat": now, "exp": now + 300, "roles": self.roles, **claims,
        }  # fmt: skip
        said = {name: value for name, value in whole.items() if value is not None}
        head = {"alg": algorithm, "typ": "at+jwt", "kid": own.kid, **(header or {})}
        return jwt.encode(head, said, key or own, algorithms=[head["alg"]])

    def confused(self) -> str:
        """A token signed by HS256 with the published key as the shared secret."""
        own = next(iter(self.keys.values()))
        assert isinstance(own, RSAKey)
        signed = f"{_text({'alg': 'HS256', 'typ': 'at+jwt', 'kid': own.kid})}.{self.token().split('.')[1]}"
        code = hmac.new(own.as_pem(private=False), signed.encode(), hashlib.sha256).digest()
        return f"{signed}.{base64.urlsafe_b64encode(code).rstrip(b'=').decode()}"

    def unsigned(self) -> str:
        """A token that says of itself that it needs no signature."""
        _, claims, _ = self.token().split(".")
        return f"{_text({'alg': 'none', 'typ': 'at+jwt'})}.{claims}."

    def answer(self, to: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(to.path)
        self.asked[parts.path] = self.asked.get(parts.path, 0) + 1
        asked = {name: several[0] for name, several in parse_qs(parts.query).items()}
        if parts.path == "/.well-known/openid-configuration":
            names = {name: f"{self.address}/{path}" for name, path in ENDPOINTS.items()}
            _send(to, {"issuer": self.address, "note": "This is a fake for tests.", **names})
        elif parts.path == "/keys":
            _send(to, {"keys": [one.as_dict(private=False) for one in self.keys.values()]})
        elif parts.path == "/authorize":
            code = secrets.token_urlsafe(16)
            self.codes[code] = asked
            to.send_response(303)
            to.send_header("Location", f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")
            to.end_headers()
        elif parts.path == "/token":
            body = to.rfile.read(int(to.headers["Content-Length"])).decode()
            self._exchange(to, {name: several[0] for name, several in parse_qs(body).items()})
        else:
            _send(to, {}, 404)

    def _exchange(self, to: BaseHTTPRequestHandler, form: dict[str, str]) -> None:
        begun = self.codes.pop(form.get("code", ""), None)
        login = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=")
        if (
            begun is None
            or to.headers.get("Authorization") != f"Basic {login}"
            or begun["code_challenge"] != challenge.decode()
            or begun["redirect_uri"] != form["redirect_uri"]
        ):
            _send(to, {"error": "invalid_grant"}, 400)
            return
        claims = {"aud": CLIENT, "nonce": begun["nonce"], **self.changes}
        _send(to, {"id_token": self.token(header={"typ": "JWT"}, **claims), "access_token": self.token()})


ENDPOINTS = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}


def _send(to: BaseHTTPRequestHandler, found: dict[str, Any], status: int = 200) -> None:
    body = json.dumps(found).encode()
    to.send_response(status)
    to.send_header("Content-Type", "application/json")
    to.send_header("Content-Length", str(len(body)))
    to.end_headers()
    to.wfile.write(body)


def _text(found: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(found).encode()).rstrip(b"=").decode()
