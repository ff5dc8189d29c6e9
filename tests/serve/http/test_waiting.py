"""What takes seconds makes nobody else wait: it has threads of its own, and one asker has half of them at most."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass
from inspect import iscoroutinefunction
from typing import Any

import pytest

from fullcircle.govern.principal import Principal
from fullcircle.serve.http.waiting import OF_ONE, waits
from fullcircle.serve.mcp import tools
from fullcircle.serve.rest import consents, decisions, identity, look_up, persons
from fullcircle.serve.web import decide, erasing, pairs, quality, review, segments

SECONDS = (
    consents.put, consents.take_back, decisions.decide, look_up.look_up, persons.erase_customer, persons.restrict, persons.lift,
    identity.why, identity.why_not, identity.review,
    erasing.erase, pairs.why, pairs.why_not, review.one, review.many, review.decide, review.decide_many, segments.segments,
    decide.form, decide.decide, quality.quality, tools.why_same, tools.segment_size,
)  # fmt: skip


@dataclass
class Asked:
    who: Principal


def test_one_asker_has_half_of_the_threads_and_another_one_is_answered_beside() -> None:
    go, working, most = threading.Event(), list[str](), list[int]()
    changing = threading.Lock()

    @waits
    def endpoint(ask: Any) -> str:
        name = str(ask.who.name)
        if name == "quick":
            return name
        with changing:
            working.append(name)
            most.append(len(working))
        go.wait(20)
        with changing:
            working.remove(name)
        return name

    def asked(name: str) -> Asked:
        return Asked(Principal(name, frozenset()))

    async def everybody() -> str:
        many = [asyncio.create_task(endpoint(ask=asked("many"))) for _ in range(4 * OF_ONE)]
        while len(working) < OF_ONE:
            await asyncio.sleep(0.01)
        found = await asyncio.wait_for(endpoint(ask=asked("quick")), 20)
        go.set()
        await asyncio.gather(*many)
        return found

    assert asyncio.run(everybody()) == "quick"
    assert max(most) == OF_ONE


@pytest.mark.parametrize("endpoint", SECONDS, ids=lambda one: f"{one.__module__.rpartition('.')[2]}.{one.__name__}")
def test_what_takes_seconds_has_threads_of_its_own(endpoint: Any) -> None:
    assert iscoroutinefunction(endpoint)
    assert hasattr(endpoint, "__wrapped__")
