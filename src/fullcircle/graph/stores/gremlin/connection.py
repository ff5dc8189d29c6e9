"""Lines to a Gremlin server: each carries one request at a time, is dialled when first used and again when it died."""

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

from fullcircle.graph.stores.gremlin import wire
from fullcircle.graph.stores.gremlin.retry import classify_error
from fullcircle.graph.stores.transient import RetryBudget, Verdict

# The driver logs whole server answers, and those may hold values of customers.
logging.getLogger("gremlinpython").disabled = True

MORE_COMES = 206  # the status of an answer that goes on in the next message
LARGEST_FRAME = 256 * 1024 * 1024  # bytes of one answer; the driver's 10 MiB cut long property values
Message: TypeAlias = "Bytecode | str"
Ask = Callable[[Message], list[Any]]
ClassifyError = Callable[[BaseException, str, Message], Verdict]  # the error, the server's url, what was asked


def judged(error: BaseException, where: str, message: Message) -> Verdict:  # noqa: ARG001 - other judges look at the message
    """What an error means for any Gremlin server."""
    return classify_error(error, where)


def no_headers() -> Mapping[str, str]:
    """The headers of a server that needs none."""
    return {}


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """How a server is dialled. `headers` is asked anew at every dial, so that signatures are fresh."""

    url: str
    source: str = "g"
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 120.0  # seconds the server may work on one request
    headers: Callable[[], Mapping[str, str]] = no_headers


class _Transport(AiohttpTransport):  # type: ignore[misc]  # the driver has no types
    """The driver's transport, with headers made at the moment of connecting."""

    def __init__(self, address: ServerAddress) -> None:
        # The server should give up before we do: its error says more than our silence.
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
            self.close()  # the driver forgets a session that never connected
            raise


class _Connection:
    """The driver's protocol over its transport, in the thread that asks: its `Client` hands every request through two more."""

    def __init__(self, address: ServerAddress) -> None:
        self._transport = _Transport(address)
        self._transport.connect(address.url, {userAgentHeader: userAgent})
        self._protocol = GremlinServerWSProtocol(
            wire.serializer(), address.user, address.password, max_content_length=LARGEST_FRAME
        )
        self._protocol.connection_made(self._transport)
        self._source, self._timeout = address.source, int(address.timeout * 1000)

    def submit(self, message: Message) -> list[Any]:
        """Send a request and read all that is answered."""
        how = {"gremlin": message, "aliases": {"g": self._source}, "evaluationTimeout": self._timeout}
        way = ("", "eval") if isinstance(message, str) else ("traversal", "bytecode")
        request, answers = str(uuid.uuid4()), queue.Queue[list[Any]]()
        self._protocol.write(request, RequestMessage(*way, how))
        while self._protocol.data_received(self._transport.read(), {request: ResultSet(answers, request)}) == MORE_COMES:
            pass
        return [result for part in answers.queue for result in part]

    def close(self) -> None:
        self._transport.close()


class Connection:
    """One connection. Not for two threads at once."""

    def __init__(
        self,
        find: Callable[[], ServerAddress],
        patience: RetryBudget,
        met: threading.Event,
        classify_error: ClassifyError = judged,
    ) -> None:
        self._find = find
        self._judge = classify_error
        self._patience = patience
        self._connection: _Connection | None = None
        self._met = met  # set once the server has answered, on whichever line

    def ask(self, message: Message) -> list[Any]:
        """Send a request and give all it answers; tries again as retry.py says. StoreError and its children."""
        tries = self._patience.begin()
        while True:
            address = self._find()
            try:
                if self._connection is None:
                    self._connection = _Connection(address)
                result = _unbulked(self._connection.submit(message))
            except Exception as error:
                verdict = self._judge(error, address.url, message)
                if verdict.redial:
                    self.hang_up()
                # A server that was never met is more likely misspelt than restarting: say so at once.
                if (verdict.redial and not self._met.is_set()) or not tries.pause(verdict):
                    raise verdict.error from error
            except BaseException:  # an interrupt: an answer may still be on its way, and it is not for the next request
                self.hang_up()
                raise
            else:
                self._met.set()
                return result

    def hang_up(self) -> None:
        """Close the connection; the next request dials again. A connection of the driver never recovers by itself."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                connection.close()


def _unbulked(results: list[Any]) -> list[Any]:
    """The server gives equal results of bytecode once, with their number."""
    if not results or not isinstance(results[0], Traverser):
        return results
    return [traverser.object for traverser in results for _ in range(traverser.bulk)]


class ConnectionPool:
    """A few lines used side by side."""

    def __init__(
        self, find: Callable[[], ServerAddress], workers: int, patience: RetryBudget, classify_error: ClassifyError = judged
    ) -> None:
        self.workers = workers
        met = threading.Event()
        self._all = [Connection(find, patience, met, classify_error) for _ in range(workers)]
        self._free: queue.LifoQueue[Connection] = queue.LifoQueue()  # the line used last is open already
        for line in reversed(self._all):
            self._free.put(line)
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="gremlin")

    def ask(self, message: Message) -> list[Any]:
        """One request on any free line."""
        line = self._free.get()
        try:
            return line.ask(message)
        finally:
            self._free.put(line)

    def each(self, jobs: Sequence[Callable[[Ask], None]]) -> None:
        """Run jobs side by side, each serially on its own line; after an error the others stop before their next request."""
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

        self._settle([self._threads.submit(run, job) for job in jobs], stop)

    @staticmethod
    def _settle(running: list[Future[None]], stop: threading.Event) -> None:
        try:
            errors = [future.exception() for future in running]
        except BaseException:  # an interrupt: let the workers end their request and no more
            stop.set()
            raise
        for error in errors:
            if error is not None and not isinstance(error, _Stopped):
                raise error

    def answers(self, messages: Iterable[Message]) -> Iterator[list[Any]]:
        """The answers in the order of the requests, a few of which are on their way at any time."""
        waiting: queue.Queue[Future[list[Any]]] = queue.Queue()
        for message in messages:
            waiting.put(self._threads.submit(self.ask, message))
            if waiting.qsize() > 2 * self.workers:
                yield waiting.get().result()
        while not waiting.empty():
            yield waiting.get().result()

    def close(self) -> None:
        """Hang up every line."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        for line in self._all:
            line.hang_up()


class _Stopped(Exception):
    """Another worker failed; its error is the one to tell."""
