"""The HTTP interfaces of a Neptune cluster: status, openCypher, SPARQL, and the calls of loader.py and streams.py."""

from __future__ import annotations

import json
from typing import Any

import requests

from fullcircle.errors import QueryError, StoreError, StoreRefused, StoreUnreachable
from fullcircle.graph.stores.aws_access import Access
from fullcircle.graph.stores.neptune import faults
from fullcircle.graph.stores.rdf.answers import answer_table
from fullcircle.graph.stores.rdf.channel import MEDIA, Answer
from fullcircle.graph.stores.transient import RetryBudget, Verdict, said

# The TinkerPop versions that our driver (3.7) has been used with; others may not know a step that we send.
KNOWN = ("3.6.", "3.7.")
# The errors about the text of a query; the user who wrote it sees what the server says.
OF_TEXT = (
    "MalformedQueryException", "ParsingException", "InvalidParameterException", "BadRequestException",
    "UnsupportedOperationException", "QueryTooLargeException", "InvalidNumericDataException", "MissingParameterException",
)  # fmt: skip


class Data:
    """One cluster over HTTP. Raises StoreError or a subclass; tries again if an error may pass."""

    def __init__(self, access: Access, retry_budget: RetryBudget) -> None:
        self.access = access
        self.cluster = access.cluster
        self._retry_budget = retry_budget
        self._client: Any = None
        self._met = False

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

    def read_opencypher(self, text: str) -> list[dict[str, Any]]:
        """Run a user's query: QueryError with the server's own text if it is refused."""
        try:
            return self.opencypher(text)
        except StoreError as error:
            said = str(error.__cause__)
            if any(name in said for name in OF_TEXT):
                raise QueryError(
                    f"The cluster refuses the query: {said.splitlines()[0][:300]}", "It must be openCypher."
                ) from error
            raise

    def read_sparql(self, text: str) -> Any:
        """Run a user's SPARQL as a signed POST to /sparql; it is sent as a query, and Neptune runs no update sent that way."""
        return answer_table(self._sparql(text))

    def _sparql(self, text: str) -> Answer:
        url, tries = f"{self.cluster.http}/sparql", self._retry_budget.begin()
        accept = f"{MEDIA['json']}, {MEDIA['ntriples']};q=0.9"
        while True:
            request = requests.Request("POST", url, data={"query": text}, headers={"Accept": accept}).prepare()
            body = request.body.encode() if isinstance(request.body, str) else request.body or b""
            form = {"Content-Type": "application/x-www-form-urlencoded", "Accept": accept}
            request.headers.update(self.access.headers("POST", url, body, form))
            try:
                with requests.Session() as session:
                    session.trust_env = False  # no proxy and no .netrc between us and the VPC
                    answer = session.send(request, timeout=(10, self.cluster.timeout + 15), allow_redirects=False)
            except requests.exceptions.RequestException as error:
                raise faults.unreachable(self.cluster.host) from error
            passing = said(answer.text, self.cluster.host) if answer.status_code >= 400 else None
            if passing is None:
                return self._checked(answer)
            if not tries.pause(passing):
                raise passing.error

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


def why_refused_here(data: Data, error: StoreError) -> StoreError:
    """The reason for a refused WebSocket: the cluster gives it only over HTTP, so ask there with the same credentials."""
    try:
        data.call("get_engine_status", "neptune-db:GetEngineStatus")
    except (StoreRefused, StoreUnreachable) as reason:
        return reason
    except StoreError:
        return error
    return error
