"""The identity provider of a company (OpenID Connect): where it is asked for what, and the keys that its tokens are signed with.

What it says is kept for minutes. A token with a key that is not known makes the keys be read again, once a minute at most:
made-up tokens must not make the server ask.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, Key, OKPKey, RSAKey

from fullcircle.errors import FullcircleError

METADATA_SECONDS, KEYS_SECONDS, AGAIN_SECONDS, STALE_SECONDS = 3600.0, 600.0, 60.0, 3600.0
TIMEOUT = 5.0
MOST_BYTES = 1_000_000
SORTS = ("RSA", "EC", "OKP")  # of keys: a shared secret is none that a provider publishes
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class LoginUnreachable(FullcircleError):
    """The company's login does not answer, or not as it should."""

    code, status, retry = "login-unreachable", 503, True

    def __init__(self, what: str) -> None:
        super().__init__(f"The company's login {what}.", "Try again in a moment; an admin checks [serve.oidc] issuer.")


@dataclass(slots=True)
class _Kept:
    value: Any = None
    at: float = field(default=float("-inf"))


class Issuer:
    """One identity provider."""

    def __init__(self, address: str, now: Callable[[], float] = time.monotonic) -> None:
        self.address = address.rstrip("/")
        self._now = now
        self._metadata, self._keys = _Kept(), _Kept()
        self._asked_at = float("-inf")  # when the keys were last asked for, well or not
        self._lock = threading.Lock()

    def endpoint(self, name: str) -> str:
        """The address for a purpose: "authorization_endpoint". LoginUnreachable if it has none that may be used."""
        found = self.metadata().get(name)
        if not isinstance(found, str) or not is_safe(found):
            raise LoginUnreachable(f"names no {name} that can be used")
        return found

    def metadata(self) -> Mapping[str, Any]:
        """What it says of itself."""
        with self._lock:
            if self._now() - self._metadata.at > METADATA_SECONDS:
                found = read_json(f"{self.address}/.well-known/openid-configuration")
                if str(found.get("issuer", "")).rstrip("/") != self.address:
                    raise LoginUnreachable("says that it is another one")
                self._metadata = _Kept(found, self._now())
            kept: Mapping[str, Any] = self._metadata.value
            return kept

    def key(self, id: str | None) -> Key | None:
        """The key of this id; without an id the only one there is. None if it is not known."""
        age = self._now() - self._keys.at
        found = self._find(id)
        if age > KEYS_SECONDS or (found is None and self._now() - self._asked_at > AGAIN_SECONDS):
            try:
                self._read_keys()
            except LoginUnreachable:
                if age > STALE_SECONDS:
                    raise
            found = self._find(id)
        return found

    def _find(self, id: str | None) -> Key | None:
        keys: list[Key] = self._keys.value or []
        fitting = [one for one in keys if id is None or one.kid == id]
        return fitting[0] if len(fitting) == 1 else None

    def _read_keys(self) -> None:
        self._asked_at = self._now()
        listed = read_json(self.endpoint("jwks_uri")).get("keys")
        if not isinstance(listed, list):
            raise LoginUnreachable("gives no keys")
        self._keys = _Kept([key for one in listed if (key := _key(one))], self._now())


def _key(one: Any) -> Key | None:
    if not isinstance(one, Mapping) or one.get("kty") not in SORTS or one.get("use", "sig") != "sig":
        return None
    try:
        found = JWKRegistry.import_key(dict(one))
    except (JoseError, ValueError, TypeError, KeyError):
        return None  # a key that cannot be read is one that is not known
    return found if isinstance(found, RSAKey | ECKey | OKPKey) else None


def is_safe(address: str) -> bool:
    """True for an address that is reached encrypted, or on this machine."""
    parts = urlsplit(address)
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK))


def read_json(address: str, form: Mapping[str, str] | None = None, login: tuple[str, str] | None = None) -> Mapping[str, Any]:
    """What an address of the provider answers. LoginUnreachable for what is not a JSON object; nothing of it is repeated."""
    if not is_safe(address):
        raise LoginUnreachable("is neither https nor on this machine")
    try:
        with (
            httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client,
            client.stream("POST" if form else "GET", address, data=dict(form or {}) or None, auth=login) as answer,
        ):
            body = b""
            for part in answer.iter_bytes():
                body += part
                if len(body) > MOST_BYTES:
                    raise LoginUnreachable("answers too much")
            if answer.status_code != 200:
                raise LoginUnreachable(f"answers with status {answer.status_code}")
    except httpx.HTTPError as error:
        raise LoginUnreachable(f"does not answer ({type(error).__name__})") from None
    return _object(body)


def _object(body: bytes) -> Mapping[str, Any]:
    import json

    try:
        found = json.loads(body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise LoginUnreachable("answers something else than JSON")
    return found
