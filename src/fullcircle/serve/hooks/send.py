"""Sends one delivery: signed, to the address that was checked, following nothing, and over within seconds."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import socket
import ssl
import threading
import time
from contextlib import suppress

from fullcircle.serve.hooks.address import HookAddress, addresses, parsed

SECONDS = 10.0  # for all of it
SIGNATURE, DELIVERY = "Fullcircle-Signature", "Fullcircle-Delivery"


def signature(secret: bytes, body: bytes, at: int) -> str:
    """`t=<seconds>,v1=<hex>`: HMAC-SHA256 over `<seconds>.<body>`. Receivers compute it again, and refuse old times."""
    made = hmac.new(secret, str(at).encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={made}"


def send(url: str, body: bytes, delivery: str, secret: bytes, loopback: bool = False) -> str:
    """Send it; returns what went wrong, empty for an answer of 200 to 299. Nothing of an answer is kept but its status."""
    one = parsed(url, loopback)
    headers = {
        "Content-Type": "application/json", "User-Agent": "fullcircle", DELIVERY: delivery,
        SIGNATURE: signature(secret, body, int(time.time())),
    }  # fmt: skip
    connection = _connection(one, addresses(one, loopback)[0])
    late = threading.Timer(SECONDS, _cut, (connection,))  # however slowly its bytes come
    late.daemon = True
    late.start()
    try:
        connection.request("POST", one.path, body, headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return f"no answer ({type(error).__name__})"
    finally:
        late.cancel()
        connection.close()
    return "" if 200 <= status < 300 else f"answer {status}"


def _connection(one: HookAddress, ip: str) -> http.client.HTTPConnection:
    kind = _Checked if one.https else http.client.HTTPConnection
    connection = kind(one.host, one.port, timeout=SECONDS)
    connection._create_connection = lambda address, *rest: socket.create_connection((ip, address[1]), *rest)  # type: ignore[attr-defined]
    return connection


class _Checked(http.client.HTTPSConnection):
    """TLS with the name checked, although it is connected to by its number."""

    def __init__(self, host: str, port: int, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout, context=ssl.create_default_context())


def _cut(connection: http.client.HTTPConnection) -> None:
    with suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)
