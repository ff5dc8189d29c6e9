"""What all writing operations share: who writes, the key that makes a request happen once, the versions it is about, the answer.

What takes long is carried out by `begun_once`, in two steps: it is noted together with its key, then done. What is done in one
transaction of the book is carried out by `in_one`.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, is_dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Header
from fastapi.responses import JSONResponse

from fullcircle.ask.as_seen import as_seen
from fullcircle.book.book import Book
from fullcircle.config.sections import Config
from fullcircle.errors import Contradiction, NotFound
from fullcircle.govern.door import Door
from fullcircle.govern.hidden import without_hidden
from fullcircle.govern.home_keys import open_book
from fullcircle.home.folder import private
from fullcircle.serve.http.asking import AskedBy
from fullcircle.steward.once import RequestKey, Requests, StillRunning
from fullcircle.steward.versions import ANY

Found = TypeVar("Found")
IdempotencyKey = Annotated[
    str | None,
    Header(alias="Idempotency-Key", description="A random text: a request that is sent again with it is carried out once."),
]
IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", description="The versions of all customers it is about, as a dry run says them; * for any."),
]
TAG = r'(?:W/)?"([^"]*)"'
TAGS = re.compile(rf"\s*{TAG}\s*(?:,\s*{TAG}\s*)*")
_running: set[tuple[str, str, str]] = set()  # home, who, key: requests that this process carries out now
_changing = threading.Lock()


def decides(door: Door) -> str:
    """Under which name what somebody does is kept."""
    return door.who.name.removeprefix("os:")


def key_of(ask: AskedBy, key: str | None, operation: str, body: Mapping[str, Any]) -> RequestKey | None:
    """The request's key, if it has one."""
    return RequestKey.of(ask.door(), key, operation, body) if key is not None else None


def seen_versions(if_match: str | None) -> frozenset[str]:
    """The versions in an If-Match header. None in one that is not written as it must be: it must not mean any version."""
    given = (if_match or "").strip()
    if given == ANY:
        return frozenset((ANY,))
    return frozenset(tag for tag in re.findall(TAG, given) if tag != ANY) if TAGS.fullmatch(given) else frozenset()


def may_name(door: Door, id: str) -> str:
    """The id as it is named at this door; NotFound for one whose key the asker may not see, as for one that there is not."""
    whole = id if id.startswith(("customer:", "record:")) else f"record:{id}"
    if not door.mask.may_name(whole):
        raise NotFound(f"There is no {whole}.", "Name customers and records by the ids that were shown to you.")
    return whole


@contextmanager
def book_to_write(settings: Config) -> Iterator[Book]:
    """The book of a project, for a short transaction beside whatever else goes on."""
    with private(), closing(open_book(settings)) as book:
        yield book


def in_one(ask: AskedBy, key: RequestKey | None, work: Callable[[Book], Any]) -> Any:
    """Do what takes one transaction, with the request's key in it. Returns the plain answer, or that of the first time."""
    with book_to_write(ask.settings) as book:
        if key is None:
            return work(book)
        requests = Requests(book)
        with book.transaction():
            if (kept := requests.kept(key)) and kept.answered:
                return kept.answer
            return requests.answer(key, work(book))


def begun_once(ask: AskedBy, key: RequestKey | None, begin: Callable[[], Any], resume: Callable[[dict[str, Any]], Any]) -> Any:
    """Do what takes long, once. `begin` notes it by `Requests.note` in its own transaction; `resume` goes on with what it noted.

    Both give the plain answer. StillRunning while this server is at it.
    """
    if key is None:
        return begin()
    with _alone(ask.settings, key):
        with book_to_write(ask.settings) as book:
            kept = Requests(book).kept(key)
        if kept and kept.answered:
            return kept.answer
        found = resume(kept.noted or {}) if kept else begin()
        with book_to_write(ask.settings) as book:
            return Requests(book).answer(key, found)


@contextmanager
def _alone(settings: Config, key: RequestKey) -> Iterator[None]:
    mine = (str(settings.home), key.who, key.key)
    with _changing:
        if mine in _running:
            raise StillRunning("The first request with this Idempotency-Key is not finished yet.", "Send it again in a moment.")
        _running.add(mine)
    try:
        yield
    finally:
        with _changing:
            _running.discard(mine)


def shown(door: Door, action: str, question: str, work: Callable[[], Any]) -> Any:
    """What `work` gives, as the asker may see it, noted in the audit log, as plain values. Errors name nothing hidden."""
    try:
        return plain(door.answer(action, question, work, as_seen))
    except Contradiction as error:
        if door.mask.sees_keys:
            raise
        raise Contradiction("This contradicts what people decided before.", error.hint) from None  # it names their records


def plain(answer: Any) -> Any:
    """An answer as JSON has it, without what is hidden."""
    if is_dataclass(answer) and not isinstance(answer, type):
        return without_hidden(asdict(answer))
    return [plain(one) for one in answer] if isinstance(answer, list | tuple) else answer


def with_example(value: Any, media: str = "application/json") -> dict[int | str, dict[str, Any]]:
    """What an operation answers, for its description."""
    return {200: {"description": "OK", "content": {media: {"example": value}}}}


def json_answer(found: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The answer of a writing operation."""
    return JSONResponse(found, status, dict(headers or {}))
