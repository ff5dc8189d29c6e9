"""Which errors of a Gremlin server pass if the request is tried again, which need a new connection, and which are final.

A server reports its errors as text. The names of errors that pass are in stores/transient.py; the driver's errors are here.
"""

from __future__ import annotations

import asyncio
import re

import aiohttp
from gremlin_python.driver.protocol import ConfigurationError, GremlinServerError

from fullcircle.errors import StoreError, StoreRefused, StoreUnreachable
from fullcircle.graph.stores.transient import FAILED_OVER, FOREVER, Verdict, said

# Errors after which the connection cannot be used any more.
BROKEN = (
    FAILED_OVER,
    "Server disconnected",
    "Connection was closed by server",
    "Connection was already closed",
    "Received error on read",
    "Event loop is closed",
    "closing transport",
)
REFUSED = ("AccessDeniedException", "MissingAuthenticationTokenException", "403 - Forbidden", "InvalidSignatureException")
NAMED = re.compile(r"\b[A-Z]\w+(?:Exception|Error)\b")
ADDRESS = "Check url in [graph], and that the server is running."
LOGIN = "Check user and password (or the IAM policy) of [graph]."


def classify_error(error: BaseException, where: str) -> Verdict:
    """What an error of the driver means; `where` names the server. Messages do not repeat the server's text."""
    text = str(error)
    if isinstance(error, ConfigurationError) or _is_refusal(error, text):
        return Verdict(StoreRefused(f"The graph server {where} refuses the login.", LOGIN), redial=True)
    if isinstance(error, aiohttp.WSServerHandshakeError):
        unfit = StoreError(
            f"{where} answers, but not as a Gremlin server (HTTP {error.status}).", "Check the path; usually it is /gremlin."
        )
        busy = error.status >= 500
        return Verdict(unfit, FOREVER if busy else 0, 0.5, redial=True)
    if isinstance(error, aiohttp.InvalidURL):
        return Verdict(StoreError(f"{where} is not an address.", ADDRESS), redial=True)
    if any(sign in text for sign in BROKEN) or isinstance(error, OSError | aiohttp.ClientError | asyncio.TimeoutError):
        return Verdict(StoreUnreachable(f"The graph server {where} does not answer.", ADDRESS), FOREVER, 0.2, redial=True)
    return _said_by_server(error, text, where)


def _is_refusal(error: BaseException, text: str) -> bool:
    status = getattr(error, "status", 0) or getattr(error, "status_code", 0)
    return status in (401, 403) or any(sign in text for sign in REFUSED)


def _said_by_server(error: BaseException, text: str, where: str) -> Verdict:
    passing = said(text, f"The graph server {where}")
    code = getattr(error, "status_code", 0)
    if passing is None and code == 598:  # TinkerPop's status for a timeout
        passing = said("evaluationTimeout", f"The graph server {where}")
    if passing is not None:
        return passing
    if isinstance(error, GremlinServerError):
        name = NAMED.search(text)
        what = name.group() if name else f"code {code}"
        return Verdict(StoreError(f"The graph server {where} refused a request ({what}).", "See its log for the reason."))
    # An unexpected error of the driver: its connection must not be used again.
    return Verdict(StoreError(f"The connection to {where} failed ({type(error).__name__}).", ADDRESS), 2, 0.2, redial=True)
