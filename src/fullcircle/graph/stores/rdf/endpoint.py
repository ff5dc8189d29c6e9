"""SPARQL over HTTP: any server with the SPARQL 1.1 protocol (Neptune, Oxigraph, GraphDB, Jena Fuseki, ...)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import requests

from fullcircle.errors import QueryError, StoreError, StoreRefused, StoreUnreachable
from fullcircle.graph.stores.apart import QueryLimits, too_slow
from fullcircle.graph.stores.rdf.channel import MEDIA, Answer
from fullcircle.graph.stores.rdf.deadline import answered_within
from fullcircle.graph.stores.transient import FAILED_OVER, FOREVER, RetryBudget, Verdict, said

# Method, address, body and headers of a request -> its headers with a fresh signature.
Sign = Callable[[str, str, bytes, Mapping[str, str]], Mapping[str, str]]
TOO_LONG = "TimeLimitExceededException"  # Neptune
PASSING = {429, 502, 503, 504}


@dataclass(frozen=True, slots=True)
class EndpointAddress:
    """The addresses of a server, and how to send requests. The password may come from a file or the environment."""

    query: str = field(repr=False)  # may contain a password: see `title`
    update: str = field(repr=False)
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 300.0  # seconds the server may work on one request
    query_seconds: float = 60.0  # seconds that a user's query may take
    retry_seconds: float = 180.0  # seconds for which a request is tried again while its error may pass

    @property
    def title(self) -> str:
        """The server's name without anything that may be secret."""
        parts = urlsplit(self.query)
        return f"{parts.scheme}://{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"


class Endpoint:
    """See `channel.SparqlChannel`."""

    def __init__(self, address: EndpointAddress, sign: Sign | None = None) -> None:
        self._address = address
        self._sign = sign
        self._session = requests.Session()
        if address.user:
            self._session.auth = (address.user, address.password)
        self._has_answered = False
        self._proxies: dict[str, dict[str, str]] = {}  # address -> the proxies that the environment names for it
        self._retry_budget = RetryBudget(address.retry_seconds)

    def select(self, query: str) -> bytes:
        """The answer to a SELECT, as CSV."""
        return self._post(self._address.query, {"query": query}, MEDIA["csv"]).content

    def ask(self, query: str) -> Answer:
        """The answer to a query of any form. It is sent as a query, and servers run no update sent that way."""
        accept = f"{MEDIA['json']}, {MEDIA['ntriples']};q=0.9"
        found = self._post(self._address.query, {"query": query}, accept, of_user=True)
        is_triples = MEDIA["ntriples"] in found.headers.get("Content-Type", "")
        return Answer("ntriples" if is_triples else "json", found.content)

    def update(self, text: str) -> None:
        """Run updates in one request, which servers apply as a whole or not at all."""
        self._post(self._address.update, {"update": text}, "*/*")

    def checkpoint(self) -> None:
        """Nothing to do: the server keeps its own files."""

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _post(self, url: str, form: dict[str, str], accept: str, of_user: bool = False) -> requests.Response:
        """Send a request, and again while its error may pass: all requests of the store may arrive twice."""
        tries = self._retry_budget.begin()
        while True:
            answer, passing = self._try(url, form, accept, of_user)
            if passing is None:
                assert answer is not None
                return self._checked(answer, of_user)
            if passing.redial:
                self._session.close()  # the session continues with new connections, and resolves the name again
            # A server that has never answered probably has a wrong address: report that at once.
            if not self._has_answered or not tries.pause(passing):
                raise passing.error

    def _try(self, url: str, form: dict[str, str], accept: str, of_user: bool) -> tuple[requests.Response | None, Verdict | None]:
        """An answer, or the reason to ask again. A user's query that takes too long is not asked again."""
        seconds = self._address.query_seconds if of_user else self._address.timeout
        try:
            request = self._session.prepare_request(requests.Request("POST", url, {"Accept": accept}, data=form))
            if self._sign is not None:
                body = request.body if isinstance(request.body, bytes) else (request.body or "").encode()
                kept = {name: request.headers[name] for name in ("Accept", "Content-Type")}
                request.headers.update(self._sign("POST", url, body, kept))
            if url not in self._proxies:
                self._proxies[url] = requests.utils.resolve_proxies(request, {}, self._session.trust_env)
            answer = answered_within(self._session, request, seconds, follow=True, proxies=self._proxies[url])
        except requests.exceptions.InvalidURL as error:
            raise StoreError(f"{self._address.title} is not the address of a server.", "Check endpoint in [graph].") from error
        except requests.exceptions.SSLError as error:
            raise StoreUnreachable(
                f"The certificate of the SPARQL server {self._address.title} is not trusted.",
                "Check https and the server's name.",
            ) from error
        except requests.exceptions.ConnectTimeout:
            return None, self._waiting("does not answer")
        except requests.exceptions.Timeout:
            if of_user:
                raise too_slow(QueryLimits(query_seconds=seconds)) from None
            return None, self._waiting(f"did not answer within {self._address.timeout:.0f} seconds")
        except requests.exceptions.RequestException:
            return None, self._waiting("does not answer")
        self._has_answered = True
        if of_user and answer.status_code >= 400 and TOO_LONG in answer.text:
            raise too_slow(QueryLimits(query_seconds=seconds))
        return answer, self._passing(answer)

    def _passing(self, answer: requests.Response) -> Verdict | None:
        """The reason to ask again; None: this answer is final."""
        if answer.status_code < 400:
            return None
        text = answer.content.decode(errors="replace")
        if FAILED_OVER in text:
            return self._waiting("is a reader since a failover")
        busy = self._waiting(f"is too busy (status {answer.status_code})") if answer.status_code in PASSING else None
        return said(text, f"The SPARQL server {self._address.title}") or busy

    def _waiting(self, what: str) -> Verdict:
        return Verdict(
            StoreUnreachable(
                f"The SPARQL server {self._address.title} {what}.",
                "Check that it is running and that [graph] has its address. Then run the same command again: it continues.",
            ),
            FOREVER, 0.2, redial=True,
        )  # fmt: skip

    def _checked(self, answer: requests.Response, of_user: bool) -> requests.Response:
        status, title = answer.status_code, self._address.title
        if status < 300:
            return answer
        if status in (401, 403):
            raise StoreRefused(
                f"The SPARQL server {title} refuses our login (status {status}).",
                "Check user and password, or iam and region, in [graph].",
            )
        if of_user and status in (400, 422, 500):  # the query is the user's own, so the server's text about it may be shown
            raise QueryError(f"The query is refused: {answer.text.strip()[:500]}", "It must be SPARQL 1.1 that only reads.")
        if status in (404, 405):
            raise StoreError(
                f"{title} does not speak SPARQL at this address (status {status}).",
                "Check endpoint and update_endpoint in [graph]: Neptune has both at /sparql, others at /query and /update.",
            )
        if status == 413:
            raise StoreError(f"A request was too large for {title}.", "Lower rows_per_request in [graph].")
        raise StoreError(f"The SPARQL server {title} refused a request (status {status}).", "See its log for the reason.")
