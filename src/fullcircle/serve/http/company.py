"""Tokens of the company's login: whose they are, and whether they are good. Nothing in a token says how it is to be checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError

from fullcircle.config.sections import OidcSettings
from fullcircle.govern.clock import CLOCK
from fullcircle.govern.principal import Principal
from fullcircle.serve.http.issuer import Issuer
from fullcircle.serve.http.who import Unknown

LEEWAY = 30  # seconds by which clocks may differ
LONGEST = 16_000  # characters of a token
OF_LOGINS = ("nonce", "at_hash", "c_hash")  # claims of an ID token: it says that somebody logged in, and opens nothing
ACCESS = ("at+jwt", "application/at+jwt", "jwt")  # what an access token may call itself
AGAIN = "Log in again, or get a new token from the company's login."


class CompanyLogin:
    """Checks the tokens of one identity provider."""

    def __init__(self, settings: OidcSettings, issuer: Issuer | None = None, now: Callable[[], float] = CLOCK.now) -> None:
        self.settings = settings
        self.issuer = issuer or Issuer(settings.issuer)
        self._now = now

    def of_access_token(self, token: str) -> Principal | None:
        """Whose access token this is. None for a text that is not a JWT; Unknown for one that is not good."""
        if token.count(".") != 2 or not token.startswith("ey"):
            return None
        header, claims = self._read(token)
        kind = str(header.get("typ", "jwt")).lower()
        if kind not in ACCESS or claims.get("typ") == "ID" or any(name in claims for name in OF_LOGINS):
            raise Unknown("This token says who logged in; it is not an access token.", "Send the access token of the same login.")
        self._check(claims, self.settings.audience)
        return self._principal(claims)

    def of_id_token(self, token: str, nonce: str) -> Principal:
        """Who logged in with this login, which `nonce` is of."""
        _, claims = self._read(token)
        self._check(claims, self.settings.client_id)
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("nonce") != nonce or claims.get("azp", self.settings.client_id) != self.settings.client_id:
            raise Unknown("This login is another one than was begun here.", AGAIN)
        if several and "azp" not in claims:
            raise Unknown("This login is for several programs, and does not say that it is for this one.", AGAIN)
        return self._principal(claims)

    def _read(self, token: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """The header and the claims of a token that is signed with a key of the provider, by an algorithm of the settings."""
        if len(token) > LONGEST:
            raise _bad()
        try:
            header = jws.extract_compact(token.encode()).headers()
            if header.get("alg") not in self.settings.algorithms:
                raise _bad("is signed in a way that is not accepted")
            key = self.issuer.key(header.get("kid"))
            if key is None:
                raise _bad("is signed with a key that the company's login does not have")
            found = jwt.decode(token, key, algorithms=list(self.settings.algorithms))
        except (JoseError, ValueError, TypeError, KeyError, AttributeError):
            raise _bad() from None
        return found.header, found.claims

    def _check(self, claims: Mapping[str, Any], audience: str) -> None:
        now = self._now()
        aud = claims.get("aud")
        audiences = aud if isinstance(aud, list) else [aud]
        if str(claims.get("iss", "")).rstrip("/") != self.issuer.address:
            raise _bad("is of another login")
        if audience not in audiences:
            raise _bad("is for another program")
        if _seconds(claims, "exp") <= now - LEEWAY:
            raise _bad("has ended")
        if _seconds(claims, "iat") > now + LEEWAY or ("nbf" in claims and _seconds(claims, "nbf") > now + LEEWAY):
            raise _bad("is not good yet")

    def _principal(self, claims: Mapping[str, Any]) -> Principal:
        subject = claims.get("sub")
        if not isinstance(subject, str) or not subject or not subject.isprintable() or len(subject) > 255:
            raise _bad("does not say whose it is")
        said = _at(claims, self.settings.roles_claim.split("."))
        roles = frozenset(self.settings.roles[one] for one in said if one in self.settings.roles)
        return Principal(f"login:{subject}", roles, via="login")


def _at(claims: Any, path: Sequence[str]) -> list[str]:
    """The texts at a place in the claims: "roles", or "realm_access.roles"."""
    for name in path:
        claims = claims.get(name) if isinstance(claims, Mapping) else None
    if isinstance(claims, str):
        return claims.split()
    return [one for one in claims if isinstance(one, str)] if isinstance(claims, list) else []


def _seconds(claims: Mapping[str, Any], name: str) -> float:
    found = claims.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise _bad(f"does not say its {name}")
    return found


def _bad(what: str = "is not valid") -> Unknown:
    return Unknown(f"This token {what}.", AGAIN)
