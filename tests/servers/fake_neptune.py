"""Stands in for what a Neptune cluster answers beside Gremlin, for no Neptune is in reach of the tests.

NOT NEPTUNE: written from its documentation and the service model in botocore. /gremlin leads to a real Gremlin Server;
/status, /loader, /opencypher, /sparql and /propertygraph/stream are played here. The loader is the part with a state: it
takes the files from S3 (moto's), reads them by rules of its own (not with the product's code), checks what it is
documented to check, and writes them into the Gremlin Server. It proves that we speak as documented, not that AWS does.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import threading
import uuid
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from gremlin_python.driver.client import Client
from gremlin_python.process.graph_traversal import GraphTraversalSource
from gremlin_python.process.traversal import Cardinality, Direction, Merge, T, TraversalStrategies
from gremlin_python.statics import long
from gremlin_python.structure.graph import Graph

from fullcircle import registry
from fullcircle.graph.base import GraphStore, StoreContext
from fullcircle.graph.stores.aws_access import session
from tests.servers.gremlin import GremlinServer
from tests.servers.moto import only
from tests.servers.unruly import Unruly, unruly

ROWS_A_REQUEST = 50
REGION, KEY, SECRET, TOKEN = "eu-west-1", "AKIDEXAMPLE", "wJalrXUtnFEMI-made-up", "made/up+token=="
ROLE = "arn:aws:iam::123456789012:role/loader"
HEADER = re.compile(r"^(?P<name>[^:]+):(?P<type>\w+?)(?P<single>\((?:single|set)\))?$")
MERGED = re.compile(r"UNWIND \$rows AS r .*MERGE .*\[?n:`(?P<kind>\w+)` \{`~id`: r\.id\}.* SET n \+= r\.p RETURN count\(n\) AS n")
DATE = re.compile(r"^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{3})?)?Z?)?$")
g = GraphTraversalSource(Graph(), TraversalStrategies())


@dataclass
class Job:
    source: str
    given: dict[str, Any]
    status: str = "LOAD_IN_QUEUE"
    why: str = ""  # for who looks into a failing test
    records: int = 0
    errors: list[dict[str, Any]] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)


@dataclass
class Call:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    query: str = ""


@dataclass
class Refuse:
    """Answer one HTTP call with this error."""

    status: int
    code: str
    said: str = ""


@dataclass
class Hold:
    """Stops the loader before every file with this in its name, until it is released."""

    before: str = ""
    reached: threading.Event = field(default_factory=threading.Event)
    release: threading.Event = field(default_factory=threading.Event)


@dataclass
class FakeNeptune:
    """`script`: what to do with the next HTTP calls (None: answer them). `proxy`: the same for the WebSocket."""

    proxy: Unruly
    role: str = "writer"
    version: str = "tinkerpop-3.7.1"
    script: deque[Refuse | None] = field(default_factory=deque)
    always: Refuse | None = None
    calls: list[Call] = field(default_factory=list)
    jobs: dict[str, Job] = field(default_factory=dict)
    ends: deque[str] = field(default_factory=deque)  # how the next jobs end instead of well, after half of their files
    hold: Hold | None = None
    bad_row: tuple[str, int] | None = None  # (part of a file's name, row) that the loader calls a parsing error
    stream: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)  # query text -> openCypher results or SPARQL body
    engine: str = "1.4.8.0.R1"
    slow: float = 0  # seconds before an answer to a query; openCypher ends it when its hint says so

    @property
    def port(self) -> int:
        return self.proxy.port

    def reset(self) -> None:
        """As it was at first."""
        fresh = FakeNeptune(self.proxy)
        self.__dict__.update(fresh.__dict__)
        self.proxy.script.clear()
        self.proxy.headers.clear()
        self.proxy.requests.clear()

    def called(self, path: str, method: str = "") -> list[Call]:
        return [call for call in self.calls if call.path.startswith(path) and method in ("", call.method)]

    def routes(self, app: web.Application) -> None:
        app.middlewares.append(self._noted)  # type: ignore[arg-type]
        app.router.add_get("/status", self._status)
        app.router.add_post("/loader", self._load)
        app.router.add_get("/loader/{id}", self._job)
        app.router.add_post("/opencypher", self._opencypher)
        app.router.add_post("/sparql", self._sparql)
        app.router.add_post("/sparql/status", self._cancelled)
        app.router.add_get("/propertygraph/stream", self._stream)

    @web.middleware
    async def _noted(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if request.path == "/gremlin":
            if self.always and self.always.status == 403:
                return web.Response(status=403)
            return await handler(request)  # type: ignore[no-any-return]
        body = await request.read()
        self.calls.append(Call(request.method, request.path, dict(request.headers), body, request.query_string))
        act = self.always or (self.script.popleft() if self.script else None)
        if act:
            return _error(act.status, act.code, act.said)
        return await handler(request)  # type: ignore[no-any-return]

    async def _status(self, _: web.Request) -> web.Response:
        return web.json_response({
            "status": "healthy", "startTime": "Mon Nov 23 10:00:00 UTC 2026", "dbEngineVersion": self.engine, "role": self.role,
            "dfeQueryEngine": "viaQueryHint", "gremlin": {"version": self.version}, "sparql": {"version": "sparql-1.1"},
            "opencypher": {"version": "Neptune-9.0.20190305-1.0"}, "labMode": {}, "features": {}, "settings": {},
        })  # fmt: skip

    # -- the loader ----------------------------------------------------------------------------------------------------

    async def _load(self, request: web.Request) -> web.Response:
        given = json.loads(await request.read())
        for name in ("source", "format", "iamRoleArn", "region"):
            if not given.get(name):
                return _error(400, "MissingParameterException", f"{name} is missing")
        if not given.get("queueRequest") and any(not job.ended.is_set() for job in self.jobs.values()):
            return _error(400, "ConstraintViolationException", "a load is running")
        id_, before = str(uuid.uuid4()), list(self.jobs.values())
        self.jobs[id_] = job = Job(given["source"], given)
        threading.Thread(target=self._run, args=(job, before), daemon=True).start()
        return web.json_response({"status": "200 OK", "payload": {"loadId": id_}})

    async def _job(self, request: web.Request) -> web.Response:
        job = self.jobs.get(request.match_info["id"])
        if job is None:
            return _error(404, "BulkLoadIdNotFoundException")
        page, size = int(request.query.get("page", 1)), int(request.query.get("errorsPerPage", 10))
        logs = job.errors[(page - 1) * size : page * size]
        overall = {
            "fullUri": job.source, "runNumber": 1, "retryNumber": 0, "status": job.status, "totalTimeSpent": 1, "startTime": 1,
            "totalRecords": job.records, "totalDuplicates": 0, "parsingErrors": len(job.errors), "datatypeMismatchErrors": 0,
            "insertErrors": 0,
        }  # fmt: skip
        errors = {"startIndex": 1, "endIndex": len(logs), "loadId": request.match_info["id"], "errorLogs": logs}
        payload = {"feedCount": [{job.status: 1}], "overallStatus": overall, "failedFeeds": [], "errors": errors}
        return web.json_response({"status": "200 OK", "payload": payload})

    def _run(self, job: Job, before: list[Job]) -> None:
        """One job at a time, first come first served: a lock would let any of those waiting go first."""
        for other in before:
            other.ended.wait()
        try:
            job.status = self._ran(job)
        except Exception as error:  # whatever happens inside a cluster is reported as this
            job.status, job.why = "LOAD_UNEXPECTED_ERROR", repr(error)
        finally:
            job.ended.set()

    def _ran(self, job: Job) -> str:
        if any(self.jobs[id_].status != "LOAD_COMPLETED" for id_ in job.given.get("dependencies", ())):
            return "LOAD_FAILED_BECAUSE_DEPENDENCY_NOT_SATISFIED"
        if job.given["iamRoleArn"] != ROLE:
            return "LOAD_S3_ACCESS_DENIED_ERROR"
        job.status = "LOAD_IN_PROGRESS"
        bucket, _, prefix = job.source.removeprefix("s3://").partition("/")
        s3 = session().client("s3", region_name=REGION)
        keys = sorted(found["Key"] for found in s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", ()))
        end = self.ends.popleft() if self.ends else ""
        client = Client(self.proxy.behind, "g", pool_size=1)
        try:
            for key in keys[: len(keys) // 2] if end else keys:
                if self.hold is not None and self.hold.before in key:
                    self.hold.reached.set()
                    self.hold.release.wait(300)
                data = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
                if not self._file(job, client, f"s3://{bucket}/{key}", gzip.decompress(data).decode()):
                    return "LOAD_FAILED"
        finally:
            client.close()
        return end or "LOAD_COMPLETED"

    def _file(self, job: Job, client: Client, name: str, text: str) -> bool:
        """Load one file; False where it stops at an error (failOnError)."""
        head, *rows = [row for row in _csv(text) if row]
        columns = [name_ or "" for name_, _ in head]
        is_edges = "~from" in columns
        empty = job.given.get("parserConfiguration", {}).get("allowEmptyStrings") == "true"
        elements = []
        for number, row in enumerate(rows, 1):
            try:
                if self.bad_row and self.bad_row[0] in name and self.bad_row[1] == number:
                    raise ValueError("made up")
                elements.append(_element(columns, row, empty))
            except ValueError:
                job.errors.append(
                    {"errorCode": "PARSING_ERROR", "errorMessage": f"Bad: {row}", "fileName": name, "recordNum": number}
                )
                if len(job.errors) > 1:  # it stops soon, not at once: what stood before is loaded
                    break
        for start in range(0, len(elements), ROWS_A_REQUEST):
            part = elements[start : start + ROWS_A_REQUEST]
            if is_edges:
                ends = {element[end] for element in part for end in ("~from", "~to")}
                there = {found.object for found in client.submit(g.V(*sorted(ends)).id_().bytecode).all().result()}
                missing = [n for n, one in enumerate(part, start + 1) if not {one["~from"], one["~to"]} <= there]
                if missing:
                    job.errors += [
                        {"errorCode": "FROM_OR_TO_VERTEX_ARE_MISSING", "errorMessage": "", "fileName": name, "recordNum": n}
                        for n in missing
                    ]
                    return False
            client.submit((_edges if is_edges else _vertices)(part)).all().result()
            job.records += sum(len(element["properties"]) + 1 for element in part)
        return not job.errors

    # -- queries and changes ---------------------------------------------------------------------------------------------

    async def _opencypher(self, request: web.Request) -> web.Response:
        given = json.loads(await request.read())
        hint = re.match(r"USING QUERY:TIMEOUTMILLISECONDS (\d+) ", given["query"])
        if hint and self.slow:
            await asyncio.sleep(min(self.slow, int(hint[1]) / 1000))
            return _error(500, "TimeLimitExceededException", "Operation terminated (deadline exceeded)")
        text = given["query"][hint.end() if hint else 0 :]
        written = MERGED.fullmatch(text)
        if written:
            rows = json.loads(given["parameters"])["rows"]
            await asyncio.get_running_loop().run_in_executor(None, self._merge, written["kind"], rows)
            return web.json_response({"results": [{"n": len(rows)}]})
        if text not in self.answers:
            return _error(400, "MalformedQueryException", f"cannot read {text}")
        if given.get("parameters"):
            json.loads(given["parameters"])
        return web.json_response({"results": self.answers[text]})

    def _merge(self, label: str, rows: list[dict[str, Any]]) -> None:
        """What the one writing text of ours does: MERGE on the id, SET += where null takes a property away."""
        elements = [
            {
                "~id": row["id"], "~label": label, "~from": row.get("source"), "~to": row.get("target"),
                "properties": {name: _typed(value) for name, value in row["p"].items() if value is not None},
            }
            for row in rows
        ]  # fmt: skip
        client = Client(self.proxy.behind, "g", pool_size=1)
        try:
            client.submit((_edges if "source" in rows[0] else _vertices)(elements)).all().result()
            for row in rows:
                gone = [name for name, value in row["p"].items() if value is None]
                if gone and "source" not in row:
                    client.submit(g.V(row["id"]).properties(*gone).drop().bytecode).all().result()
        finally:
            client.close()

    async def _sparql(self, request: web.Request) -> web.Response:
        text = str((await request.post()).get("query", ""))
        await asyncio.sleep(self.slow)
        if text not in self.answers:
            return _error(400, "MalformedQueryException", f"cannot read {text}")
        return web.json_response(self.answers[text], content_type="application/sparql-results+json")

    async def _cancelled(self, _: web.Request) -> web.Response:
        return web.Response()

    async def _stream(self, request: web.Request) -> web.Response:
        asked = request.query
        limit, how = int(asked.get("limit", 10)), asked.get("iteratorType", "AT_SEQUENCE_NUMBER")
        after = (int(asked.get("commitNum", 0)), int(asked.get("opNum", 0)))
        found = self.stream[-1:] if how == "LATEST" else [
            one for one in self.stream if how == "TRIM_HORIZON" or (one["eventId"]["commitNum"], one["eventId"]["opNum"]) > after
        ]  # fmt: skip
        if not found:
            return _error(404, "StreamRecordsNotFoundException", "no records")
        found = found[:limit]
        return web.json_response({
            "lastEventId": found[-1]["eventId"], "lastTrxTimestamp": found[-1]["commitTimestamp"], "format": "PG_JSON",
            "records": found, "totalRecords": len(found),
        })  # fmt: skip


def _error(status: int, code: str, said: str = "") -> web.Response:
    body = {"requestId": str(uuid.uuid4()), "code": code, "detailedMessage": said}
    return web.json_response(body, status=status, content_type="application/json")


# -- Gremlin CSV as documented -----------------------------------------------------------------------------------------


def _csv(text: str) -> Iterator[list[tuple[str | None, bool]]]:
    """RFC 4180 rows; each field with whether it was quoted."""
    row: list[tuple[str | None, bool]] = []
    at = 0
    while at < len(text):
        quoted = text[at] == '"'
        if quoted:
            parts, at = [], at + 1
            while True:
                close = text.index('"', at)
                parts.append(text[at:close])
                at = close + 1
                if text[at : at + 1] != '"':
                    break
                parts.append('"')
                at += 1
            value = "".join(parts)
        else:
            close = min(found for found in (text.find(",", at), text.find("\n", at), len(text)) if found >= 0)
            value, at = text[at:close].rstrip("\r"), close
        row.append((value, quoted))
        if text[at : at + 1] == ",":
            at += 1
            if at == len(text) or text[at] in "\r\n":
                row.append(("", False))
        if at >= len(text) or text[at] in "\r\n":
            yield row
            row = []
            at = text.find("\n", at) + 1 or len(text)


def _element(columns: list[str], row: list[tuple[str | None, bool]], empty: bool) -> dict[str, Any]:
    if len(row) != len(columns):
        raise ValueError("another number of fields")
    made: dict[str, Any] = {"properties": {}}
    for column, (text, quoted) in zip(columns, row, strict=True):
        if column.startswith("~"):
            made[column] = text
        elif text or (quoted and empty):
            found = HEADER.match(column)
            assert found
            assert found["single"] == "(single)" or "~from" in columns, "vertices would collect values"
            made["properties"][found["name"]] = _value(text or "", found["type"].lower())
    if not made["~id"]:
        raise ValueError("no id")
    return made


def _value(text: str, type_: str) -> Any:
    if type_ == "long":
        return long(int(text))
    if type_ == "double":
        return float(text)
    if type_ == "bool":
        return text.lower() == "true"
    if type_ in ("date", "datetime"):
        if not DATE.match(text):
            raise ValueError("no date")
        return datetime.fromisoformat(text.rstrip("Z"))
    return text


def _vertices(elements: list[dict[str, Any]]) -> Any:
    chain: Any = g
    for one in elements:
        # updateSingleCardinalityProperties: what is there is replaced
        chain = chain.merge_v({T.id: one["~id"]}).option(Merge.on_create, {T.label: one["~label"]})
        for name, value in one["properties"].items():
            chain = chain.property(Cardinality.single, name, value)
    return chain.id_().bytecode


def _edges(elements: list[dict[str, Any]]) -> Any:
    chain: Any = g
    for one in elements:
        ends = {Direction.OUT: one["~from"], Direction.IN: one["~to"]}
        chain = chain.merge_e({T.id: one["~id"]}).option(Merge.on_create, {T.label: one["~label"], **ends, **one["properties"]})
        chain = chain.option(Merge.on_match, one["properties"])
    return chain.id_().bytecode


def _typed(value: Any) -> Any:
    """Whole numbers are longs, as Neptune keeps them apart from 2.0."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return long(value) if isinstance(value, int) else value


@contextmanager
def fake_neptune(gremlin_url: str) -> Iterator[FakeNeptune]:
    """A stand-in on a free loopback port before a real Gremlin Server, gone when the block ends."""
    made: list[FakeNeptune] = []

    def add(app: web.Application) -> None:
        made[0].routes(app)

    fake = FakeNeptune(Unruly())
    made.append(fake)
    with unruly(gremlin_url, add) as proxy:
        fake.proxy = proxy
        yield fake


# -- fixtures ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def _neptune_process(gremlin_server: GremlinServer) -> Iterator[FakeNeptune]:
    with fake_neptune(gremlin_server.url) as fake:
        yield fake


@pytest.fixture
def neptune(_neptune_process: FakeNeptune, gremlin_server: GremlinServer) -> FakeNeptune:
    """The stand-in, empty and well-behaved."""
    return _emptied(_neptune_process, gremlin_server)


def _emptied(fake: FakeNeptune, server: GremlinServer) -> FakeNeptune:
    server.clear()
    fake.reset()
    return fake


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, moto: str) -> str:
    """Made-up credentials in the environment, and moto's S3 with an empty bucket, whose name this is."""
    only(monkeypatch, AWS_ACCESS_KEY_ID=KEY, AWS_SECRET_ACCESS_KEY=SECRET, AWS_SESSION_TOKEN=TOKEN, AWS_ENDPOINT_URL_S3=moto)
    bucket = f"loads-{uuid.uuid4().hex[:8]}"
    s3 = session().client("s3", region_name=REGION)
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    return bucket


def left(bucket: str) -> list[str]:
    """The keys of the files in a bucket."""
    found = session().client("s3", region_name=REGION).list_objects_v2(Bucket=bucket)
    return [one["Key"] for one in found.get("Contents", ())]


def options(fake: FakeNeptune, **more: Any) -> dict[str, Any]:
    """[graph] for a store before the stand-in."""
    return {
        "endpoint": "127.0.0.1", "port": fake.port, "region": REGION, "iam": False, "tls": False, "workers": 2,
        "patience_seconds": 5, "poll_seconds": 0.05, **more,
    }  # fmt: skip


def open_neptune(request: pytest.FixtureRequest, folder: Path) -> GraphStore:
    """An opener for tests/graph/conftest.py."""
    fake = _emptied(request.getfixturevalue("_neptune_process"), request.getfixturevalue("gremlin_server"))
    opened: GraphStore = registry.load("graph.stores", "neptune")(StoreContext(folder, options(fake)))
    opened.prepare()
    return opened
