"""A WebSocket proxy before a Gremlin server that misbehaves on request, and notes all that goes over the wire."""

from __future__ import annotations

import asyncio
import logging
import struct
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web


@dataclass(frozen=True)
class Say:
    """Answer the request with this error instead of passing it on."""

    text: str
    code: int = 500


@dataclass(frozen=True)
class Cut:
    """Break the connection: before the request is passed on, or after the server did it and before we hear of it."""

    done: bool = False


@dataclass(frozen=True)
class Late:
    """Pass the request on, and its answer after so many seconds."""

    seconds: float


@dataclass(frozen=True)
class Silence:
    """Never answer, and keep the connection: the request is passed on and done, or swallowed."""

    done: bool = False


Act = Say | Cut | Late | Silence


@dataclass
class Unruly:
    """The proxy. `script`: what to do with the next requests (None: pass on); when it is empty they are passed on."""

    port: int = 0
    script: deque[Act | None] = field(default_factory=deque)
    requests: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    behind: str = ""

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/gremlin"

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One connection of the store."""
        self.headers.append(dict(request.headers))
        front = web.WebSocketResponse(max_msg_size=0)
        await front.prepare(request)
        async with aiohttp.ClientSession() as session, session.ws_connect(self.behind, max_msg_size=0) as back:
            async for message in front:
                self.requests.append(message.data)
                act = self.script.popleft() if self.script else None
                if isinstance(act, Say):
                    await front.send_bytes(_error(message.data, act))
                    continue
                if act is None or isinstance(act, Late) or act.done:
                    await back.send_bytes(message.data)
                    if isinstance(act, Late):
                        await asyncio.sleep(act.seconds)
                    await self._relay(back, front if act is None or isinstance(act, Late) else None)
                # a server that died takes its connections along
                if (isinstance(act, Cut) or back.closed) and request.transport is not None:
                    request.transport.abort()
                    break
        return front

    @staticmethod
    async def _relay(back: aiohttp.ClientWebSocketResponse, front: web.WebSocketResponse | None) -> None:
        while True:
            answer = await back.receive()
            if answer.type is not aiohttp.WSMsgType.BINARY:
                return
            if front is not None:
                await front.send_bytes(answer.data)
            if struct.unpack_from(">i", answer.data, 18)[0] != 206:  # 206: more to come
                return


def _error(request: bytes, said: Say) -> bytes:
    """A GraphBinary answer: version, id of the request, status, message, no attributes, no result."""
    id_ = request[34:50]  # behind the length and name of the format (33) and its version (1)
    text = said.text.encode()
    head = b"\x81\x00" + id_ + struct.pack(">i", said.code) + b"\x00" + struct.pack(">i", len(text)) + text
    return head + struct.pack(">i", 0) + struct.pack(">i", 0) + b"\xfe\x01"


async def _cancel(tasks: set[asyncio.Task[object]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@contextmanager
def unruly(url: str, also: Callable[[web.Application], None] | None = None) -> Iterator[Unruly]:
    """A proxy before the server at `url`, gone when the block ends. `also` may add what else its port answers."""
    proxy = Unruly(behind=url)
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # it complains about connections we cut on purpose
    loop = asyncio.new_event_loop()
    ready, runner = threading.Event(), None

    async def start() -> None:
        nonlocal runner
        app = web.Application()
        app.router.add_get("/gremlin", proxy.serve)
        if also:
            also(app)
        runner = web.AppRunner(app, shutdown_timeout=1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        proxy.port = runner.addresses[0][1]
        ready.set()

    def run() -> None:
        loop.run_until_complete(start())
        loop.run_forever()
        assert runner is not None
        loop.run_until_complete(runner.cleanup())
        loop.run_until_complete(_cancel(asyncio.all_tasks(loop)))
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(20)
    try:
        yield proxy
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(20)
