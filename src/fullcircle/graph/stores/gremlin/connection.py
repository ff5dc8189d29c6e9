"""Connections to a Gremlin server: each sends one request at a time, and is opened at its first use and again after it broke."""

from __future__ import annotations

import logging
import queue
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from gremlin_python.driver.aiohttp.transport import AiohttpTransport
from gremlin_python.driver.protocol import GremlinServerWSProtocol
from gremlin_python.driver.request import RequestMessage
from gremlin_python.driver.resultset import ResultSet
from gremlin_python.driver.useragent import userAgent, userAgentHeader
from gremlin_python.process.traversal import Bytecode, Traverser

from fullcircle.config.secrets import shown
from fullcircle.graph.stores.gremlin import wire
from fullcircle.graph.stores.gremlin.retry import classify_error
from fullcircle.graph.stores.transient import RetryBudget, Verdict

# The driver logs whole answers of the server, and those may contain values of customers.
logging.getLogger("gremlinpython").disabled = True

MORE_COMES = 206  # the status of an answer that continues in the next message
LARGEST_FRAME = 256 * 1024 * 1024  # bytes of one answer; the driver's default of 10 MiB is too small for long property values
Message: TypeAlias = "Bytecode | str"
Ask = Callable[[Message], list[Any]]
ClassifyError = Callable[[BaseException, str, Message], Verdict]  # the error, the server's name, the request


def classified(error: BaseException, where: str, message: Message) -> Verdict:  # noqa: ARG001 - Neptune's looks at the message
    """What an error means, for any Gremlin server."""
    return classify_error(error, where)


def no_headers() -> Mapping[str, str]:
    """The headers of a server that needs none."""
    return {}


class UserQuery(str):
    """The text of a user's query, with limits: the seconds it may take on the server, and the rows it may give."""

    seconds: float
    rows: int

    def __new__(cls, text: str, seconds: float, rows: int) -> UserQuery:
        """A text with limits."""
        made = super().__new__(cls, text)
        made.seconds, made.rows = seconds, rows
        return made


class TooManyRows(Exception):
    """A user's query gives more rows than it may."""


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """How to connect to a server. `headers` is called for every connection, so that signatures are fresh."""

    url: str = field(repr=False)  # may contain a password: see `shown`
    source: str = "g"
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 120.0  # seconds the server may work on one request
    headers: Callable[[], Mapping[str, str]] = no_headers


class _Transport(AiohttpTransport):  # type: ignore[misc]  # the driver has no types
    """The driver's transport, with headers made at the time of connecting."""

    def __init__(self, address: ServerAddress) -> None:
        # The server should time out before we do: its error says more than ours.
        super().__init__(
            read_timeout=address.timeout + 15,
            write_timeout=60,
            max_content_length=LARGEST_FRAME,
            heartbeat=30,
        )
        self._address = address

    def connect(self, url: str, headers: Any = None) -> None:
        try:
            super().connect(url, {**dict(headers or {}), **self._address.headers()})
        except BaseException:
            self.close()  # the driver does not close a session that never connected
            raise


class _WebSocket:
    """The driver's protocol over its transport, in the calling thread: the driver's `Client` would use two more threads."""

    def __init__(self, address: ServerAddress) -> None:
        self._transport = _Transport(address)
        self._transport.connect(address.url, {userAgentHeader: userAgent})
        self._protocol = GremlinServerWSProtocol(
            wire.serializer(), address.user, address.password, max_content_length=LARGEST_FRAME
        )
        self._protocol.connection_made(self._transport)
        self._source, self._timeout = address.source, int(address.timeout * 1000)

    def submit(self, message: Message) -> list[Any]:
        """Send a request and read the whole answer, or of a user's query as many rows as it may give."""
        limits = message if isinstance(message, UserQuery) else None
        timeout = min(self._timeout, int(limits.seconds * 1000)) if limits is not None else self._timeout
        how = {
            "gremlin": str(message) if limits is not None else message,
            "aliases": {"g": self._source},
            "evaluationTimeout": timeout,
        }
        way = ("", "eval") if isinstance(message, str) else ("traversal", "bytecode")
        request, answers = str(uuid.uuid4()), queue.Queue[list[Any]]()
        self._protocol.write(request, RequestMessage(*way, how))
        while self._protocol.data_received(self._transport.read(), {request: ResultSet(answers, request)}) == MORE_COMES:
            if limits is not None and sum(map(len, answers.queue)) > limits.rows:
                raise TooManyRows
        return [result for part in answers.queue for result in part]

    def close(self) -> None:
        self._transport.close()


class Connection:
    """One connection, which tries again and reconnects. Not for two threads at once."""

    def __init__(
        self,
        find: Callable[[], ServerAddress],
        retry_budget: RetryBudget,
        met: threading.Event,
        classify_error: ClassifyError = classified,
    ) -> None:
        self._find = find
        self._classify_error = classify_error
        self._retry_budget = retry_budget
        self._socket: _WebSocket | None = None
        self._met = met  # set once the server has answered, on any connection

    def ask(self, message: Message) -> list[Any]:
        """Send a request and give its whole answer; tries again as retry.py decides. Raises StoreError or a subclass."""
        tries = self._retry_budget.begin()
        while True:
            address = self._find()
            try:
                if self._socket is None:
                    self._socket = _WebSocket(address)
                result = _unbulked(self._socket.submit(message))
            except TooManyRows:  # the rest of the answer still comes on this connection
                self.hang_up()
                raise
            except Exception as error:
                verdict = self._classify_error(error, shown(address.url), message)
                if verdict.redial:
                    self.hang_up()
                # A server that has never answered probably has a wrong address: report that at once.
                if (verdict.redial and not self._met.is_set()) or not tries.pause(verdict):
                    raise verdict.error from error
            except BaseException:  # an interrupt: the answer may still arrive, and must not be read by the next request
                self.hang_up()
                raise
            else:
                self._met.set()
                return result

    def hang_up(self) -> None:
        """Close the connection; the next request opens a new one. The driver's connection never recovers by itself."""
        socket, self._socket = self._socket, None
        if socket is not None:
            with suppress(Exception):
                socket.close()


def _unbulked(results: list[Any]) -> list[Any]:
    """Repeat equal results of bytecode: the server sends them once, with their number."""
    if not results or not isinstance(results[0], Traverser):
        return results
    return [traverser.object for traverser in results for _ in range(traverser.bulk)]


class ConnectionPool:
    """A few connections, used in parallel."""

    def __init__(
        self,
        find: Callable[[], ServerAddress],
        workers: int,
        retry_budget: RetryBudget,
        classify_error: ClassifyError = classified,
    ) -> None:
        self.workers = workers
        met = threading.Event()
        self._all = [Connection(find, retry_budget, met, classify_error) for _ in range(workers)]
        self._free: queue.LifoQueue[Connection] = queue.LifoQueue()  # the connection used last is already open
        for connection in reversed(self._all):
            self._free.put(connection)
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="gremlin")

    def ask(self, message: Message) -> list[Any]:
        """Send one request on any free connection."""
        connection = self._free.get()
        try:
            return connection.ask(message)
        finally:
            self._free.put(connection)

    def each(self, jobs: Sequence[Callable[[Ask], None]]) -> None:
        """Run jobs in parallel, each with one request at a time; after an error the others stop before their next request."""
        stop = threading.Event()

        def ask(message: Message) -> list[Any]:
            if stop.is_set():
                raise _Stopped
            return self.ask(message)

        def run(job: Callable[[Ask], None]) -> None:
            try:
                job(ask)
            except BaseException:
                stop.set()
                raise

        self._wait_for([self._threads.submit(run, job) for job in jobs], stop)

    @staticmethod
    def _wait_for(running: list[Future[None]], stop: threading.Event) -> None:
        try:
            errors = [future.exception() for future in running]
        except BaseException:  # an interrupt: the workers finish their current request, and stop
            stop.set()
            raise
        for error in errors:
            if error is not None and not isinstance(error, _Stopped):
                raise error

    def answers(self, messages: Iterable[Message]) -> Iterator[list[Any]]:
        """The answers in the order of the requests, a few of which run at the same time."""
        waiting: queue.Queue[Future[list[Any]]] = queue.Queue()
        for message in messages:
            waiting.put(self._threads.submit(self.ask, message))
            if waiting.qsize() > 2 * self.workers:
                yield waiting.get().result()
        while not waiting.empty():
            yield waiting.get().result()

    def close(self) -> None:
        """Close every connection."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        for connection in self._all:
            connection.hang_up()


class _Stopped(Exception):
    """Another worker failed; its error is the one to report."""
