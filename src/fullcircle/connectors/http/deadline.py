"""A time limit for a whole request, down to the socket: a server that sends a byte now and then does not hold us for ever.

The timeouts of httpx are those of a single read. Here each read and write may take only what is left of the request's time;
what arrives adds to it, so that a big answer has the time it needs and a trickle has not.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

SLOWEST = 10_000  # bytes a second: a body that comes slower than this runs out of time
CONNECTIONS = 8


class Deadline(threading.local):
    """When the request of this thread must be done."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._end = float("inf")

    def start(self, seconds: float) -> None:
        """A request begins: from now on it has this long."""
        self._end = self._now() + seconds

    def arrived(self, size: int) -> None:
        """So many bytes have come."""
        self._end += size / SLOWEST

    def left(self, timeout: float | None) -> float:
        """How long the next step may take. Raises ReadTimeout if the time is over."""
        left = self._end - self._now()
        if left <= 0:
            raise httpcore.ReadTimeout("the time of the whole request is over")
        return left if timeout is None else min(left, timeout)


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner, self._deadline = inner, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        part = self._inner.read(max_bytes, self._deadline.left(timeout))
        self._deadline.arrived(len(part))
        return part

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._inner.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        return _Stream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    def __init__(self, deadline: Deadline) -> None:
        self._inner, self._deadline = httpcore.SyncBackend(), deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._inner.connect_tcp(host, port, self._deadline.left(timeout), local_address, socket_options)
        return _Stream(stream, self._deadline)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class DeadlineTransport(httpx.HTTPTransport):
    """The transport of httpx to one server, with connections that keep the deadline; through the proxy that the system names."""

    def __init__(self, address: str, deadline: Deadline) -> None:
        parts = urlsplit(address)
        context = _trusting() if parts.scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        super().__init__(verify=context)
        settings = {
            "ssl_context": context,
            "max_connections": CONNECTIONS,
            "network_backend": _Backend(deadline),
        }
        proxy = "" if proxy_bypass(parts.hostname or "") else getproxies().get(parts.scheme, "")
        # The pool that httpx makes by itself cannot be given a network backend.
        self._pool = _through(proxy, settings) if proxy else httpcore.ConnectionPool(**settings)  # type: ignore[arg-type]


@cache
def _trusting() -> ssl.SSLContext:
    """The authorities that are trusted: reading them takes a while."""
    return httpx.create_ssl_context()


def _through(proxy: str, settings: dict[str, Any]) -> httpcore.HTTPProxy:
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    return httpcore.HTTPProxy(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}", proxy_auth=login, **settings)
