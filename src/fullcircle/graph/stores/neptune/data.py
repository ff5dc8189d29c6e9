"""The HTTP interfaces of a Neptune cluster: status, openCypher, SPARQL, and the calls of loader.py and streams.py."""

from __future__ import annotations

import json
import re
import uuid
from contextlib import suppress
from typing import Any

import requests

from fullcircle.errors import QueryError, StoreError, StoreRefused, StoreUnreachable
from fullcircle.graph.stores.apart import QueryLimits, too_slow
from fullcircle.graph.stores.aws_access import Access
from fullcircle.graph.stores.neptune import faults, opencypher
from fullcircle.graph.stores.rdf.answers import answer_table
from fullcircle.graph.stores.rdf.channel import MEDIA, Answer
from fullcircle.graph.stores.rdf.deadline import answered_within
from fullcircle.graph.stores.transient import RetryBudget, Verdict, said

# The TinkerPop versions that our driver (3.7) has been used with; others may not know a step that we send.
KNOWN = ("3.6.", "3.7.")
# The errors about the text of a query; the user who wrote it sees what the server says.
OF_TEXT = (
    "MalformedQueryException", "ParsingException", "InvalidParameterException", "BadRequestException",
    "UnsupportedOperationException", "QueryTooLargeException", "InvalidNumericDataException", "MissingParameterException",
)  # fmt: skip

TOO_LONG = "TimeLimitExceededException"
HINTS_SINCE = (1, 3, 2, 0)  # the engine that knows hints in openCypher; older ones take them for an error
CANCEL_SECONDS = 5.0


class Data:
    """One cluster over HTTP. Raises StoreError or a subclass; tries again if an error may pass."""

    def __init__(self, access: Access, retry_budget: RetryBudget) -> None:
        self.access = access
        self.cluster = access.cluster
        self._retry_budget = retry_budget
        self._client: Any = None
        self._met = False
        self._engine: tuple[int, ...] | None = None  # its version, once it is known

    def call(self, operation: str, *actions: str, **parameters: Any) -> dict[str, Any]:
        """One call of boto3's neptunedata; `actions` are the IAM actions it needs, for the error if one is missing."""
        tries = self._retry_budget.begin()
        while True:
            try:
                if self._client is None:
                    self._client = self.access.data_client()
                found: dict[str, Any] = getattr(self._client, operation)(**parameters)
            except Exception as error:
                verdict = faults.verdict(error, self.cluster.host, actions)
                if verdict.redial:
                    self._client = None
                # As on the WebSocket: a cluster that has never answered probably has a wrong address.
                if (verdict.redial and not self._met) or not tries.pause(verdict):
                    raise verdict.error from error
            else:
                self._met = True
                return found

    def check(self, writes: bool) -> None:
        """Make sure that the cluster's version is known, and that it is a writer if `writes`; waits for the end of a failover."""
        tries = self._retry_budget.begin()
        while True:
            status = self.call("get_engine_status", "neptune-db:GetEngineStatus")
            if not writes or status.get("role") == "writer":
                break
            reader = StoreError(
                f"{self.cluster.host} is a reader, it takes no writes.",
                "Set endpoint in [graph] to the writer endpoint of the cluster.",
            )
            if not tries.pause(Verdict(reader, 3, 0.5)):
                raise reader
        self._engine = _engine_of(status)
        version = str(status.get("gremlin", {}).get("version", ""))
        spoken = version.removeprefix("tinkerpop-")
        if not spoken.startswith(KNOWN):
            raise StoreError(
                f"{self.cluster.host} runs Neptune {status.get('dbEngineVersion', '?')} with TinkerPop {spoken or '?'}, which "
                "this version of fullcircle does not know.",
                f"Known versions: {', '.join(f'{known}x' for known in KNOWN)} (Neptune 1.2.1.0 and later).",
            )

    # -- queries -------------------------------------------------------------------------------------------------------

    def opencypher(self, text: str, parameters: dict[str, Any] | None = None, *actions: str) -> list[dict[str, Any]]:
        """Run an openCypher query; parameters are sent as one JSON text."""
        given = {"parameters": json.dumps(parameters, allow_nan=False)} if parameters else {}
        needed = actions or (faults.READ,)
        answer = self.call("execute_open_cypher_query", *needed, openCypherQuery=text, **given)["results"]
        return list(answer)

    def read_opencypher(self, text: str, limits: QueryLimits) -> list[dict[str, Any]]:
        """Run a user's query: QueryError with the server's own text if it is refused, or if it takes too long."""
        try:
            if self._engine is None:
                self._engine = _engine_of(self.call("get_engine_status", "neptune-db:GetEngineStatus"))
        except StoreRefused:
            self._engine = ()
        asked = opencypher.limited(text, limits.query_seconds) if self._engine >= HINTS_SINCE else text
        try:
            return self.opencypher(asked)
        except StoreError as error:
            said = str(error.__cause__)
            if TOO_LONG in said:
                raise too_slow(limits) from error
            if any(name in said for name in OF_TEXT):
                raise QueryError(
                    f"The cluster refuses the query: {said.splitlines()[0][:300]}", "It must be openCypher."
                ) from error
            raise

    def read_sparql(self, text: str, limits: QueryLimits) -> Any:
        """Run a user's SPARQL as a signed POST to /sparql; it is sent as a query, and Neptune runs no update sent that way.

        A query that takes too long is cancelled by its id, because a hint inside it would have to be put into the user's text.
        """
        return answer_table(self._sparql(text, limits))

    def _sparql(self, text: str, limits: QueryLimits) -> Answer:
        tries = self._retry_budget.begin()
        while True:
            id = str(uuid.uuid4())
            try:
                answer = self._post("/sparql", {"query": text, "queryId": id}, limits.query_seconds)
            except requests.exceptions.ReadTimeout:
                with suppress(requests.exceptions.RequestException):
                    self._post("/sparql/status", {"cancelQuery": "true", "queryId": id, "silent": "true"}, CANCEL_SECONDS)
                raise too_slow(limits) from None
            except requests.exceptions.RequestException as error:
                raise faults.unreachable(self.cluster.host) from error
            if answer.status_code >= 400 and TOO_LONG in answer.text:
                raise too_slow(limits)
            passing = said(answer.text, self.cluster.host) if answer.status_code >= 400 else None
            if passing is None:
                return self._checked(answer)
            if not tries.pause(passing):
                raise passing.error

    def _post(self, path: str, form: dict[str, str], seconds: float) -> requests.Response:
        """A signed form, and the whole answer to it."""
        url, accept = f"{self.cluster.http}{path}", f"{MEDIA['json']}, {MEDIA['ntriples']};q=0.9"
        request = requests.Request("POST", url, data=form, headers={"Accept": accept}).prepare()
        body = request.body.encode() if isinstance(request.body, str) else request.body or b""
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Accept": accept}
        request.headers.update(self.access.headers("POST", url, body, kind))
        with requests.Session() as session:
            session.trust_env = False  # no proxy and no .netrc between us and the VPC
            return answered_within(session, request, seconds, follow=False)

    def _checked(self, answer: requests.Response) -> Answer:
        if answer.status_code in (401, 403):
            raise faults.refusal(answer.text, self.cluster.host, (faults.READ,))
        if answer.status_code >= 500:
            raise StoreError(
                f"{self.cluster.host} failed to answer a request (status {answer.status_code}).", "See its log for the reason."
            )
        if answer.status_code >= 300:
            raise QueryError(f"The cluster refuses the query: {answer.text.strip()[:300]}", "It must be SPARQL 1.1 that reads.")
        is_triples = MEDIA["ntriples"] in answer.headers.get("Content-Type", "")
        return Answer("ntriples" if is_triples else "json", answer.content)


def _engine_of(status: dict[str, Any]) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", str(status.get("dbEngineVersion", "")))[:4]))


def why_refused_here(data: Data, error: StoreError) -> StoreError:
    """The reason for a refused WebSocket: the cluster gives it only over HTTP, so ask there with the same credentials."""
    try:
        data.call("get_engine_status", "neptune-db:GetEngineStatus")
    except (StoreRefused, StoreUnreachable) as reason:
        return reason
    except StoreError:
        return error
    return error
