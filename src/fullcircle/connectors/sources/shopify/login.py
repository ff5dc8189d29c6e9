"""Logging in to one shop as an app of the Dev Dashboard: OAuth 2.0 with client credentials, for a day each time."""

from __future__ import annotations

from collections.abc import Mapping

from fullcircle.config.secrets import Secret
from fullcircle.connectors.http.answers import Ask, code_word, not_json
from fullcircle.connectors.http.client import Http
from fullcircle.errors import SourceRefused


def shop_header(token: str) -> Mapping[str, str]:
    """The header in which Shopify expects a token."""
    return {"X-Shopify-Access-Token": token}


class AppLogin:
    """A login that is renewed when it has expired; see `http.client.Login`."""

    def __init__(self, http: Http, client_id: str, client_secret: Secret) -> None:
        self._http, self._client_id, self._client_secret = http, client_id, client_secret
        self._token: Secret | None = None

    def headers(self) -> Mapping[str, str]:
        """The headers of a request; logs in if that has not been done yet."""
        if self._token is None:
            self.renew()
        return shop_header(self._token.reveal()) if self._token else {}

    def renew(self) -> None:
        """Log in."""
        form = {
            "grant_type": "client_credentials", "client_id": self._client_id, "client_secret": self._client_secret.reveal(),
        }  # fmt: skip
        address = f"{self._http.service.address}/admin/oauth/access_token"
        answer = self._http.ask(Ask("POST", address, form=form, flaw=not_json), login=False)
        token = answer.object().get("access_token")
        if answer.status != 200 or not isinstance(token, str):
            word = code_word(answer.object().get("error")) or f"HTTP {answer.status}"
            raise SourceRefused(
                f"{self._http.where} refuses the login ({word}).",
                "Check `url`, `client_id`, the secret, and that the app is installed in this shop, of the same organisation.",
            )
        self._token = Secret(token)
