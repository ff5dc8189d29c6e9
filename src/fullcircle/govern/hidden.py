"""What is in place of a value that may not be seen: the words (hidden) in text, and nothing at all in JSON and tables."""

from __future__ import annotations

from typing import Any


class Hidden(str):
    """The one value of this kind is HIDDEN. It draws itself as text, whatever format a number there would have."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return str(self)

    def __deepcopy__(self, memo: dict[int, object]) -> Hidden:
        return self

    def __copy__(self) -> Hidden:
        return self


HIDDEN = Hidden("(hidden)")


def without_hidden(value: Any) -> Any:
    """Plain values without what is hidden: keys are left out, and elements of lists."""
    if isinstance(value, dict):
        return {name: without_hidden(inner) for name, inner in value.items() if not isinstance(inner, Hidden)}
    if isinstance(value, list | tuple):
        return type(value)(without_hidden(inner) for inner in value if not isinstance(inner, Hidden))
    return value
