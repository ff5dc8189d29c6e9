"""Logging in at Salesforce: OAuth 2.0 with client credentials, or with a signed token (JWT bearer)."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from fullcircle.config.secrets import Secret
from fullcircle.connectors.http.answers import Ask, code_word, not_json
from fullcircle.connectors.http.client import Http
from fullcircle.errors import ConfigError, SourceRefused

TOKEN = "/services/oauth2/token"
BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
JWT_SECONDS = 180  # how long the signed token counts; Salesforce accepts a few minutes
# Words of the answer for a refused login -> what to do.
HINTS = {
    "invalid_client_id": "Check `client_id`: the consumer key of the app.",
    "invalid_client": "Check `client_id` and the secret or key: they must be of the same app.",
    "invalid_grant": "Check the user (and its security token rules), and that an administrator has approved the app for it.",
    "unsupported_grant_type": "Allow this flow in the settings of the app (External Client App).",
    "unauthorized_client": "Allow this flow in the settings of the app (External Client App).",
    "inactive_user": "The user of the login is not active.",
    "inactive_org": "The org is locked or closed.",
    "no client credentials user enabled": "Name the user of the client credentials flow in the policies of the app.",
}


class SalesforceLogin:
    """A login that is renewed when it has expired. `instance` is the address of the org's API, known after the first login."""

    def __init__(self, http: Http, form: Callable[[], Mapping[str, str]]) -> None:
        self._http, self._form = http, form
        self._token: Secret | None = None
        self.instance = ""

    def headers(self) -> Mapping[str, str]:
        """The headers of a request; logs in if that has not been done yet."""
        if self._token is None:
            self.renew()
        return {"Authorization": f"Bearer {self._token.reveal()}"} if self._token else {}

    def renew(self) -> None:
        """Log in."""
        answer = self._http.ask(Ask("POST", self._http.service.address + TOKEN, form=self._form(), flaw=not_json), login=False)
        said = answer.object()
        token, instance = said.get("access_token"), said.get("instance_url")
        if answer.status != 200 or not isinstance(token, str) or not isinstance(instance, str):
            word = code_word(said.get("error"))
            raise SourceRefused(
                f"{self._http.where} refuses the login{f' ({word})' if word else ''}.",
                HINTS.get(word, "Check `url`, `client_id` and the secret or key, and the settings of the app in Salesforce."),
            )
        self._token, self.instance = Secret(token), instance.rstrip("/")


def client_credentials(client_id: str, client_secret: Secret) -> Callable[[], Mapping[str, str]]:
    """The form of a login with the app's own secret; the app names its user."""
    return lambda: {"grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret.reveal()}


def signed(client_id: str, user: str, audience: str, private_key: Secret) -> Callable[[], Mapping[str, str]]:
    """The form of a login with a token that is signed anew each time, with the key whose certificate the app has."""
    try:
        key = RSAKey.import_key(private_key.reveal())
    except (JoseError, ValueError, TypeError):
        raise ConfigError("The private key of the Salesforce login is not an RSA key in PEM.", "Check `private_key`.") from None

    def form() -> Mapping[str, str]:
        claims = {"iss": client_id, "sub": user, "aud": audience, "exp": int(time.time()) + JWT_SECONDS}
        return {"grant_type": BEARER, "assertion": jwt.encode({"alg": "RS256"}, claims, key, algorithms=["RS256"])}

    return form
