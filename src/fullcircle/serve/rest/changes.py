"""The change feed: pages of JSON, or a stream of events that goes on for as long as the client listens."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response, StreamingResponse

from fullcircle.ask.changes import ChangePage
from fullcircle.errors import FullcircleError
from fullcircle.graph.feed import Feed
from fullcircle.serve.http.asking import Ask, AskedBy, is_still_known
from fullcircle.serve.http.problems import described
from fullcircle.serve.rest.writing import json_answer, with_example

router = APIRouter(tags=["changes"])
MOST = 1_000  # events of a page
NUMBER = 2**53
STREAMS = 16  # at the same time
OF_ONE = 12  # of one asker: others find one, too
HEARTBEAT = 15.0  # seconds; then it is also looked whether the key is still good
LOOK = 0.5  # seconds between two looks into the book
EVENT_STREAM = "text/event-stream"
EVENT = {
    "number": 18, "at": "2026-03-02T10:00:00+00:00", "what": "merged", "customer_id": "customer:9k1zt5c2r6w8x0ab",
    "other_id": "customer:4q2mzk1v0d8s7h3n",
}  # fmt: skip
PAGE = {"events": [EVENT], "next": 18, "more": False}
STREAM = f"id: 18\nevent: merged\ndata: {json.dumps(EVENT)}\n\n"
_open: Counter[str] = Counter()  # the streams of this process, by asker; only its event loop changes it
After = Annotated[int, Query(ge=0, le=NUMBER, description="The number of the last event that you have; 0: from the beginning.")]
Limit = Annotated[int, Query(ge=1, le=MOST, description="At most so many events.")]
LastId = Annotated[str | None, Header(alias="Last-Event-ID", description="Of a stream: the last event that you have.")]


class StreamsTaken(FullcircleError):
    """As many streams are open as the server keeps."""

    code, status, retry = "too-many-streams", 429, True


@router.get("/changes", responses={**with_example(PAGE), **described(400, 403)})
def changes(ask: Ask, after: After = 0, limit: Limit = 500) -> Response:
    """What changed for whom after each run, oldest first. Ask again after `next`; an event `everything` means: read all again."""
    with ask.reader() as reader:
        return json_answer(reader.changes(after, limit).to_dict())


@router.get(
    "/changes/stream", response_class=StreamingResponse, responses={**with_example(STREAM, EVENT_STREAM), **described(400, 403)}
)
async def stream(request: Request, ask: Ask, after: After = 0, last_event_id: LastId = None) -> Response:
    """The same as server-sent events, as they happen. Come back with `Last-Event-ID`: nothing is lost or comes twice."""
    number = _number(last_event_id, after)
    first = await run_in_threadpool(_page, ask, number)  # who may not is refused here, with a status
    if _open.total() >= STREAMS:
        raise StreamsTaken(f"{STREAMS} streams are open: no more are kept.", "Ask for pages: GET /v1/changes?after=N.")
    if _open[ask.who.name] >= OF_ONE:
        raise StreamsTaken(f"{OF_ONE} streams of yours are open: no more are kept.", "Ask for pages: GET /v1/changes?after=N.")
    return StreamingResponse(_texts(request, ask, first), media_type=EVENT_STREAM, headers={"X-Accel-Buffering": "no"})


async def _texts(request: Request, ask: AskedBy, page: ChangePage) -> AsyncIterator[str]:
    """The events, heartbeats between them, until the server stops, or the key is not good any more."""
    with _counted(ask.who.name):
        yield "retry: 2000\n\n"
        number, beat = page.next, time.monotonic()
        while True:
            for one in page.to_dict()["events"]:
                yield f"id: {one['number']}\nevent: {one['what']}\ndata: {json.dumps(one)}\n\n"
            if not page.more:
                while not (found := await run_in_threadpool(_is_new, ask, number)):
                    if request.app.state.stopping.is_set():
                        yield ": the server stops\n\n"
                        return
                    if time.monotonic() - beat > HEARTBEAT:
                        beat = time.monotonic()
                        if not await run_in_threadpool(is_still_known, request, ask):
                            return
                        yield ": still here\n\n"
                    await asyncio.sleep(LOOK)
                if found and not await run_in_threadpool(is_still_known, request, ask):
                    return
            page = await run_in_threadpool(_page, ask, number)
            number = page.next


@contextmanager
def _counted(asker: str) -> Iterator[None]:
    _open[asker] += 1
    try:
        yield
    finally:
        _open[asker] -= 1
        if not _open[asker]:
            del _open[asker]


def _page(ask: AskedBy, number: int) -> ChangePage:
    with ask.reader() as reader:
        return reader.changes(number, MOST)


def _is_new(ask: AskedBy, number: int) -> bool:
    with ask.shared.seats.book() as book:
        return Feed(book).newest() != number


def _number(last_event_id: str | None, after: int) -> int:
    """Where to go on. What is not a number of ours begins at the beginning."""
    if last_event_id is None:
        return after
    return (
        min(int(last_event_id), NUMBER)
        if last_event_id.isascii() and last_event_id.isdecimal() and len(last_event_id) < 20
        else 0
    )
