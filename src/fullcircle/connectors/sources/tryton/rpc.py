"""A session on a Tryton server: JSON-RPC over HTTP, with retries and our own errors."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests

from fullcircle.config.secrets import Secret
from fullcircle.connectors.writing import WriteUnsure
from fullcircle.errors import ConfigError, SourceError, SourceRefused, SourceUnreachable

Post = Callable[[str, str, tuple[Any, ...]], requests.Response]
FIRST_WAIT = 0.25  # seconds before the second try; doubles each time
LATER = {429, 500, 502, 503, 504}  # HTTP status codes after which a retry may help
# The classes of Tryton errors that are named in messages. Other errors have a free text, which may contain any data.
ERROR_KINDS = {"UserError", "UserWarning", "LoginException", "ConcurrencyException"}


class ServerError(SourceError):
    """The error in Tryton's response, without its text, which may name people. `kind` is the class of the error in Tryton."""

    def __init__(self, method: str, kind: str) -> None:
        super().__init__(f"Tryton could not answer {method}: {kind}.", "The log of the Tryton server has the details.")
        self.kind = kind


class Rpc:
    """Logs in at the first call, and again when the session has expired. `address` is http(s)://host:port/database."""

    def __init__(self, address: str, user: str, password: Secret, timeout: float, tries: int) -> None:
        parts = urlsplit(address)
        if (
            parts.scheme not in ("http", "https")
            or not parts.hostname
            or not parts.path.strip("/")
            or "/" in parts.path.strip("/")
        ):
            raise ConfigError(
                "The url of a Tryton source is not in the form http://host:port/database.",
                "Set `url` to the server and the database, e.g. https://tryton.example.org/company.",
            )
        self.address = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/{parts.path.strip('/')}"
        self.clock = datetime.now(UTC).replace(tzinfo=None)  # the server's time (UTC) in its last response
        self._user, self._password, self._timeout, self._tries = user, password, timeout, tries
        self._http = requests.Session()
        self._http.auth = lambda request: request  # else a .netrc would replace our own Authorization header
        self._http.headers["Content-Type"] = "application/json"
        self._context: dict[str, Any] | None = None

    @property
    def context(self) -> dict[str, Any]:
        """The user's company and language, as Tryton's own clients send them. Without it, rows of companies are hidden."""
        if self._context is None:
            self._context = dict(self.call("model.res.user.get_preferences", True, {}))
        return self._context

    def version(self) -> str:
        """The series of the server, e.g. "8.2"."""
        method = "common.server.version"
        return str(self._result(method, self._post(self.address.rpartition("/")[0] + "/rpc/", method, ())))

    def call(self, method: str, *params: Any) -> Any:
        """The result of a method. Raises ServerError for an error that Tryton reports, SourceError for all others."""
        return self._called(self._post, method, params)

    def change(self, method: str, *params: Any) -> Any:
        """The result of a method that writes: it is sent once. WriteUnsure if nobody knows whether it was carried out."""
        return self._called(self._post_once, method, params)

    def _called(self, post: Post, method: str, params: tuple[Any, ...]) -> Any:
        if "Authorization" not in self._http.headers:
            self._log_in()
        answer = post(f"{self.address}/rpc/", method, params)
        if answer.status_code == 401:  # the session has expired
            self._log_in()
            answer = post(f"{self.address}/rpc/", method, params)
        return self._result(method, answer)

    def close(self) -> None:
        """Log out if possible, and close the connection."""
        if "Authorization" in self._http.headers:
            with suppress(requests.RequestException):  # the session also expires by itself
                self._send(f"{self.address}/rpc/", "common.db.logout", ())
        self._http.close()

    def _log_in(self) -> None:
        self._http.headers.pop("Authorization", None)
        params = (self._user, {"password": self._password.reveal()}, "en")
        answer = self._post(f"{self.address}/rpc/", "common.db.login", params)
        if answer.status_code == 404:
            raise ConfigError(
                f"The Tryton database {self.address} does not exist.", "Check the last part of `url`: the name of the database."
            )
        if answer.status_code == 429:
            raise SourceRefused(
                f'Tryton at {self.address} currently accepts no logins of "{self._user}" because too many have failed.',
                "Check user and password, wait a few minutes, and try again.",
            )
        found = self._result("common.db.login", answer)
        if not isinstance(found, list) or len(found) < 2:
            raise self._not_tryton()
        session = f"{self._user}:{found[0]}:{found[1]}"
        self._http.headers["Authorization"] = "Session " + base64.b64encode(session.encode()).decode("ascii")

    def _result(self, method: str, answer: requests.Response) -> Any:
        if answer.status_code in (401, 403):
            raise SourceRefused(
                f'Tryton at {self.address} refuses the user "{self._user}".',
                "Check user and password, and the permissions of the user.",
            )
        if answer.status_code != 200:
            raise SourceError(
                f"Tryton at {self.address} responds with HTTP {answer.status_code}.",
                "The log of the Tryton server has the details.",
            )
        try:
            body = json.loads(answer.content, parse_constant=lambda _: None)  # NaN is not JSON
            if body.get("error"):
                kind = body["error"][0]
                raise ServerError(method, kind if kind in ERROR_KINDS else "an error of the server")
            return body["result"]
        except (ValueError, KeyError, AttributeError, TypeError) as error:
            raise self._not_tryton() from error

    def _post(self, place: str, method: str, params: tuple[Any, ...]) -> requests.Response:
        """Send a request; retry with growing pauses while the server is down or overloaded. These requests only read."""
        wait = FIRST_WAIT
        for left in reversed(range(self._tries)):
            try:
                answer = self._send(place, method, params)
                if answer.status_code not in LATER or not left:
                    break
            except requests.RequestException as error:
                if not left:
                    raise self._unreachable(error) from error
            time.sleep(wait)
            wait *= 2
        if answer.status_code in LATER - {429}:
            raise SourceUnreachable(
                f"Tryton at {self.address} responds with HTTP {answer.status_code}, also after {self._tries} tries.",
                "Try again later. In case of HTTP 504, set a smaller `page_rows`.",
            )
        return answer

    def _post_once(self, place: str, method: str, params: tuple[Any, ...]) -> requests.Response:
        try:
            answer = self._send(place, method, params)
        except requests.RequestException:
            answer = None
        if answer is None or answer.status_code in LATER:
            raise WriteUnsure(
                f"Tryton at {self.address} does not answer, so it is not known what it has written.",
                "Run the same command again later: it continues where it stopped.",
            )
        return answer

    def _send(self, place: str, method: str, params: tuple[Any, ...]) -> requests.Response:
        body = json.dumps({"id": 1, "method": method, "params": list(params)})
        answer = self._http.post(place, data=body, timeout=self._timeout, allow_redirects=False)
        stamp = answer.headers.get("Date")
        now = parsedate_to_datetime(stamp).astimezone(UTC) if stamp else datetime.now(UTC)
        self.clock = now.replace(tzinfo=None, microsecond=0)
        return answer

    def _not_tryton(self) -> SourceError:
        return SourceError(f"The response from {self.address} is not Tryton's JSON-RPC.", "Check host and port in `url`.")

    def _unreachable(self, error: requests.RequestException) -> SourceUnreachable:
        what = "does not respond in time" if isinstance(error, requests.Timeout) else "cannot be reached"
        return SourceUnreachable(
            f"Tryton at {self.address} {what} ({self._tries} tries).",
            "Check `url` and that the server is running, then run the same command again: it continues where it stopped.",
        )
