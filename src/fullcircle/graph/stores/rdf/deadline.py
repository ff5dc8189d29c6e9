"""A request over HTTP whose whole answer must be there in time. A read timeout alone lets a slow answer go on for ever."""

from __future__ import annotations

import time
from collections.abc import MutableMapping
from typing import Any

import requests
import urllib3

CONNECT_SECONDS = 10.0
CHUNK = 1 << 16


def answered_within(
    session: requests.Session,
    request: requests.PreparedRequest,
    seconds: float,
    follow: bool,
    proxies: MutableMapping[str, str] | None = None,
) -> requests.Response:
    """The answer with its whole body. `proxies`, where they are known: to find them out takes two milliseconds.

    Raises requests.exceptions.Timeout; the connection is then closed, so servers can stop.
    """
    until = time.monotonic() + seconds
    known: dict[str, Any] = {} if proxies is None else {"proxies": proxies}
    answer = session.send(request, timeout=(CONNECT_SECONDS, seconds), stream=True, allow_redirects=follow, **known)
    body = bytearray()
    try:
        while chunk := answer.raw.read1(CHUNK, decode_content=True):  # what is there, while `iter_content` waits for a full chunk
            body += chunk
            if time.monotonic() > until:
                raise requests.exceptions.ReadTimeout("the answer takes too long")
    except urllib3.exceptions.ReadTimeoutError as error:
        answer.close()
        raise requests.exceptions.ReadTimeout("the answer takes too long") from error
    except urllib3.exceptions.HTTPError as error:
        answer.close()
        raise requests.exceptions.ConnectionError("the answer was cut") from error
    except BaseException:
        answer.close()
        raise
    answer._content = bytes(body)  # what `content` and `text` read
    return answer
