"""The HTTP client of connectors to web APIs. Start at `Http.ask`.

An answer that comes back is whole: what stalls, breaks off, is reset or is cut short is asked for again, and so is what the
server answers with 429 or 5xx. A login that has expired is renewed, twice at most for each request. No message names what was
asked for or what came back: both may hold personal data.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol
from urllib.parse import urlsplit

import httpx

from fullcircle.connectors.http.answers import Ask, HttpAnswer
from fullcircle.connectors.http.deadline import Deadline, DeadlineTransport
from fullcircle.connectors.http.retries import LONGEST_ASKED, Again, SharedRetries, asked_wait, with_retries
from fullcircle.connectors.writing import WriteUnsure
from fullcircle.errors import ConfigError, SourceError, SourceRefused, SourceUnreachable, disk_full, is_disk_full

LATER = {408, 425, 429, 500, 502, 503, 504}  # HTTP status codes after which a retry may help
NOTHING_DONE = {403, 423, 425, 429}  # of these: the server says that it did not begin
LOGINS = 2  # renewals for a request: between the first and it, another process may have ended that login with its own
MOST_BYTES = 200_000_000  # of a body in memory
LOOPBACK = ("127.0.0.1", "localhost", "::1")
CONTINUES = "Run the same command again later: it continues where it stopped."


class Login(Protocol):
    """How requests are authorised."""

    def headers(self) -> Mapping[str, str]:
        """The headers of a request; logs in if that has not been done yet."""
        ...

    def renew(self) -> None:
        """The login has expired: log in again."""
        ...


def _never(answer: HttpAnswer) -> str:  # noqa: ARG001 - the form of the hook
    return ""


def _is_401(answer: HttpAnswer) -> bool:
    return answer.status == 401


@dataclass(frozen=True, slots=True)
class Service:
    """The API that is asked: how messages call it, and what its answers mean beyond what all APIs have in common."""

    name: str
    address: str  # https://host[:port]
    passes: Callable[[HttpAnswer], str] = _never  # why an answer is no failure for good ("is busy"); "" if it is not such a one
    expired: Callable[[HttpAnswer], bool] = _is_401


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """How long and how often a server is waited for."""

    step_seconds: float = 60  # of connecting, and between two parts of an answer
    request_seconds: float = 300  # of a whole request; a big body has more (see deadline.py)
    tries: int = 5


class Http:
    """Requests to one service. `login` may be set later, as a login itself is asked for here."""

    def __init__(self, service: Service, limits: HttpLimits, sleep: Callable[[float], None] = time.sleep) -> None:
        _must_be_encrypted(service)
        self.service, self.limits = service, limits
        self.login: Login | None = None
        self.sent = 0  # requests, with retries
        self._sleep, self._budget, self._deadline = sleep, SharedRetries(), Deadline()
        self._client = httpx.Client(
            transport=DeadlineTransport(service.address, self._deadline), timeout=limits.step_seconds, follow_redirects=False
        )

    def ask(self, ask: Ask, login: bool = True) -> HttpAnswer:
        """The answer, whatever its status, except those that a retry may help: SourceUnreachable after `tries` of them."""
        if not login or self.login is None:
            return self._whole(ask)
        for left in reversed(range(LOGINS + 1)):
            answer = self._whole(replace(ask, headers={**ask.headers, **self.login.headers()}))
            if not self.service.expired(answer):
                return answer
            if left:
                self.login.renew()
        raise SourceRefused(
            f"{self.where} does not accept a login that it has just given.",
            "Check that the user may use the API, and that no rule about sessions or addresses ends its logins at once.",
        )

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    @property
    def where(self) -> str:
        """How messages call the service: "Salesforce at example.my.salesforce.com"."""
        return f"{self.service.name} at {urlsplit(self.service.address).netloc.rpartition('@')[2]}"

    def _whole(self, ask: Ask) -> HttpAnswer:
        try:
            return with_retries(lambda: self._once_if_it_writes(ask), self.limits.tries, self._budget, self._sleep)
        except Again as failed:
            if (failed.after or 0) > LONGEST_ASKED:
                minutes = round((failed.after or 0) / 60)
                raise SourceUnreachable(f"{self.where} {failed.why}, and asks to wait {minutes} minutes.", CONTINUES) from None
            hint = "Check the address and that the server is running. " if "cannot be reached" in failed.why else ""
            raise SourceUnreachable(f"{self.where} {failed.why}, also when it is asked again.", hint + CONTINUES) from None

    def _once_if_it_writes(self, ask: Ask) -> HttpAnswer:
        try:
            return self._attempt(ask)
        except Again as failed:
            if ask.writes and not failed.done_nothing:
                raise WriteUnsure(f"{self.where} {failed.why}: it is not known what it has written.", CONTINUES) from None
            raise

    def _attempt(self, ask: Ask) -> HttpAnswer:
        self._deadline.start(self.limits.request_seconds)
        self.sent += 1
        try:
            answer = self._send(ask)
        except httpx.TimeoutException as error:
            connecting = isinstance(error, httpx.ConnectTimeout)
            raise Again("cannot be reached" if connecting else "does not respond in time", done_nothing=connecting) from None
        except httpx.ConnectError as error:
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                raise SourceRefused(
                    f"The certificate of {self.where} is not trusted.",
                    "Check the address; SSL_CERT_FILE names your own authority.",
                ) from None
            raise Again("cannot be reached", done_nothing=True) from None
        except (httpx.TransportError, httpx.DecodingError):
            raise Again("breaks off its answers") from None
        except OSError as error:
            raise (disk_full(ask.into) if is_disk_full(error) else error) from None
        why = self.service.passes(answer) or (f"responds with HTTP {answer.status}" if answer.status in LATER else "")
        if why:
            raise Again(why, asked_wait(answer.headers.get("retry-after")), answer.status in NOTHING_DONE)
        flaw = ask.flaw(answer) if ask.flaw and answer.status < 300 else ""
        if flaw:
            raise Again(flaw)
        return answer

    def _send(self, ask: Ask) -> HttpAnswer:
        request = self._client.build_request(
            ask.method, ask.url, params=dict(ask.params) or None, headers=dict(ask.headers), json=ask.json, data=ask.form
        )
        answer = self._client.send(request, stream=True)
        try:
            if ask.into is not None and answer.status_code < 300:
                with ask.into.open("wb") as file:
                    for part in answer.iter_bytes():
                        file.write(part)
                return HttpAnswer(answer.status_code, answer.headers)
            parts, size = [], 0
            for part in answer.iter_bytes():
                parts.append(part)
                size += len(part)
                if size > MOST_BYTES:
                    raise SourceError(
                        f"{self.where} sends an answer that is too large for the memory.", "Ask for fewer rows at once."
                    )
            return HttpAnswer(answer.status_code, answer.headers, b"".join(parts))
        finally:
            answer.close()


def _must_be_encrypted(service: Service) -> None:
    parts = urlsplit(service.address)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return
    raise ConfigError(
        f"The address of {service.name} is neither https nor on this machine.",
        "Write https://: logins and data of customers must not travel in the clear.",
    )
