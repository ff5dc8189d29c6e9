"""Endpoints that take seconds: they wait for a process of their own, or read a whole file. They have threads of their own.

What answers at once has few threads (`[serve] threads`), as more of them only take the processor from each other: answers
come later, and each thread keeps its graph and book open. Four decisions at a time must not make everybody else wait.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial, wraps
from typing import ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar

MOST = 8  # at a time; more of them wait
P = ParamSpec("P")
Found = TypeVar("Found")
_threads: RunVar[CapacityLimiter] = RunVar("fullcircle.waiting")


def waits(endpoint: Callable[P, Found]) -> Callable[P, Awaitable[Found]]:
    """The endpoint, in one of the threads for what takes seconds."""

    @wraps(endpoint)
    async def beside(*args: P.args, **kwargs: P.kwargs) -> Found:
        return await to_thread.run_sync(partial(endpoint, *args, **kwargs), limiter=_limiter())

    return beside


def _limiter() -> CapacityLimiter:
    try:
        return _threads.get()
    except LookupError:
        made = CapacityLimiter(MOST)
        _threads.set(made)
        return made
