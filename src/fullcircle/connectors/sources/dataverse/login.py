"""Logging in at Microsoft Entra ID for one Dataverse environment: OAuth 2.0 with client credentials."""

from __future__ import annotations

from collections.abc import Mapping

from fullcircle.config.secrets import Secret
from fullcircle.connectors.http.answers import Ask, code_word, not_json
from fullcircle.connectors.http.client import Http
from fullcircle.errors import SourceRefused

# Numbers of Entra (AADSTS...) for a refused login -> what to do.
HINTS = {
    7000215: "The secret is wrong: copy its value, not its id.",
    7000222: "The secret has expired: make a new one at the app registration.",
    700016: "The app is not in this directory: check `client_id` and `tenant`.",
    90002: "There is no such directory: check `tenant`.",
    500011: "The directory does not know this environment: check `url` and `tenant`.",
}


class DataverseLogin:
    """A login that is renewed when it has expired."""

    def __init__(self, http: Http, tenant: str, resource: str, client_id: str, client_secret: Secret) -> None:
        self._http, self._tenant, self._resource = http, tenant, resource
        self._client_id, self._client_secret = client_id, client_secret
        self._token: Secret | None = None

    def headers(self) -> Mapping[str, str]:
        """The headers of a request; logs in if that has not been done yet."""
        if self._token is None:
            self.renew()
        return {"Authorization": f"Bearer {self._token.reveal()}"} if self._token else {}

    def renew(self) -> None:
        """Log in."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self._client_id,
            "client_secret": self._client_secret.reveal(),
            "scope": f"{self._resource}/.default",
        }
        address = f"{self._http.service.address}/{self._tenant}/oauth2/v2.0/token"
        answer = self._http.ask(Ask("POST", address, form=form, flaw=not_json), login=False)
        said = answer.object()
        token = said.get("access_token")
        if answer.status != 200 or not isinstance(token, str):
            word, number = code_word(said.get("error")), _number(said.get("error_codes"))
            what = ", ".join([word] * bool(word) + [f"AADSTS{number}"] * bool(number))
            raise SourceRefused(
                f"{self._http.where} refuses the login{f' ({what})' if what else ''}.",
                HINTS.get(number, "Check `tenant`, `client_id` and the secret of the app registration."),
            )
        self._token = Secret(token)


def _number(codes: object) -> int:
    first = codes[0] if isinstance(codes, list) and codes else 0
    return first if isinstance(first, int) else 0
