"""What makes a method of the Reader a question: it goes out by the door, under one action of the policy."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar, cast

from fullcircle.ask.as_seen import as_seen
from fullcircle.govern.door import Door

Asked = ParamSpec("Asked")
Found = TypeVar("Found")


class HasDoor(Protocol):
    """What asks by a door: the Reader."""

    door: Door


Asker = TypeVar("Asker", bound=HasDoor)
Method = Callable[Concatenate[Asker, Asked], Found]


def question(action: str) -> Callable[[Method[Asker, Asked, Found]], Method[Asker, Asked, Found]]:
    """The decorator of a question. Inside, a question asks no other one: it would be masked and noted twice."""

    def decorate(method: Method[Asker, Asked, Found]) -> Method[Asker, Asked, Found]:
        @wraps(method)
        def asked(self: Asker, *args: Asked.args, **kwargs: Asked.kwargs) -> Found:
            return self.door.answer(action, method.__name__, lambda: method(self, *args, **kwargs), as_seen)

        asked.action = action  # type: ignore[attr-defined]  # what the policy is asked for
        return cast(Method[Asker, Asked, Found], asked)

    return decorate
