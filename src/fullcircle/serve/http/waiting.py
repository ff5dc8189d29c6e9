"""Endpoints that take seconds: they wait for a process of their own, or read a whole file. They have threads of their own.

What answers at once has few threads (`[serve] threads`), as more of them only take the processor from each other: answers
come later, and each thread keeps its graph and book open. Four decisions at a time must not make everybody else wait; nor may
those of one asker make others wait who decide, too, so half of the threads is the most that one asker has.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar
from weakref import WeakValueDictionary

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar

MOST = 8  # at a time; more of them wait
OF_ONE = 4  # of one asker
P = ParamSpec("P")
Found = TypeVar("Found")


class _Threads:
    """The threads of one server, and how many of them each asker has."""

    def __init__(self) -> None:
        self.all = CapacityLimiter(MOST)
        self._of_one: WeakValueDictionary[str, CapacityLimiter] = WeakValueDictionary()  # while they wait or are answered

    def of(self, asker: str) -> CapacityLimiter:
        """Those of one asker."""
        return self._of_one.setdefault(asker, CapacityLimiter(OF_ONE))


_threads: RunVar[_Threads] = RunVar("fullcircle.waiting")


def waits(endpoint: Callable[P, Found]) -> Callable[P, Awaitable[Found]]:
    """The endpoint, in one of the threads for what takes seconds. It says who asks, as `ask` or `visit`."""
    return waits_as(_asker)(endpoint)


def waits_as(asker: Callable[[dict[str, Any]], str]) -> Callable[[Callable[P, Found]], Callable[P, Awaitable[Found]]]:
    """The same, where `asker` names from what is given to the endpoint who asks."""
    return partial(_in_waiting, asker)


def _in_waiting(asker: Callable[[dict[str, Any]], str], endpoint: Callable[P, Found]) -> Callable[P, Awaitable[Found]]:
    @wraps(endpoint)
    async def beside(*args: P.args, **kwargs: P.kwargs) -> Found:
        threads = _of_this_server()
        async with threads.of(asker(kwargs)):
            return await to_thread.run_sync(partial(endpoint, *args, **kwargs), limiter=threads.all)

    return beside


def _asker(given: dict[str, Any]) -> str:
    asked = given["ask"] if "ask" in given else given["visit"].asked
    return str(asked.who.name)


def _of_this_server() -> _Threads:
    try:
        return _threads.get()
    except LookupError:
        made = _Threads()
        _threads.set(made)
        return made
