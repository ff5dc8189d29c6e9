"""A web server on loopback that can be made to misbehave at any request, as servers and networks do. What fakes stand on."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

FAULTS = ("429", "500", "503", "cut", "reset", "garbage", "expired", "stall", "slow")


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    params: dict[str, str]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Reply:
    status: int = 200
    body: Any = None  # bytes as they are, anything else as JSON
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def raw(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else b"" if self.body is None else json.dumps(self.body).encode()


class FaultyServer:
    """Answers requests with `answer`; `faults` are used up one by one by the next requests ("" for none), `always` for ever."""

    def __init__(self) -> None:
        self.faults: deque[str] = deque()
        self.clock = getattr(self, "clock", datetime.now(UTC))
        self.always = ""
        self.asked: list[Request] = []
        self.lock = threading.RLock()
        self._over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, request: Request) -> Reply:
        raise NotImplementedError

    def expire(self) -> None:
        """All logins end."""
        raise NotImplementedError

    def stop(self) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class OneRequest(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def _any(self) -> None:
                parts = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                request = Request(self.command, parts.path, dict(parse_qsl(parts.query)), self.headers, body)
                with fake.lock:
                    fake.asked.append(request)
                    fault = fake.always or (fake.faults.popleft() if fake.faults else "")
                    if fault == "expired":
                        fake.expire()
                    reply = Reply() if fault in ("stall", "reset") else fake.answer(request)
                fake.send(self, reply, fault)

            def date_time_string(self, timestamp: float | None = None) -> str:
                return format_datetime(fake.clock.replace(tzinfo=UTC), usegmt=True)

            do_GET = do_POST = do_DELETE = do_PATCH = _any

            def log_message(self, *_: object) -> None:
                pass

        return OneRequest

    def send(self, to: BaseHTTPRequestHandler, reply: Reply, fault: str) -> None:
        if fault == "stall":
            to.close_connection = True
            self._over.wait(30)
            return
        if fault == "reset":
            to.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            to.connection.close()
            to.close_connection = True
            return
        if fault.isdecimal():
            reply = Reply(int(fault), b"<html>try later</html>", {"Retry-After": "0"} if fault == "429" else {})
        if fault == "garbage":
            reply = Reply(200, b"<html>a page of a proxy</html>", {})
        raw = reply.raw
        to.send_response(reply.status)
        for name, value in reply.headers.items():
            to.send_header(name, value)
        to.send_header("Content-Length", str(len(raw)))
        to.end_headers()
        if fault == "cut":
            to.close_connection = True
            to.wfile.write(raw[: len(raw) // 2])
            return
        if fault == "slow":
            self._slowly(to, raw)
            return
        to.wfile.write(raw)

    def _slowly(self, to: BaseHTTPRequestHandler, raw: bytes) -> None:
        to.close_connection = True
        for place in range(len(raw)):
            try:
                to.wfile.write(raw[place : place + 1])
            except OSError:
                return
            if self._over.wait(0.05):
                return
