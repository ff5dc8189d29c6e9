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
    """Plain values without what is hidden: keys are left out, elements of lists, and what then would be empty."""
    if isinstance(value, dict):
        return {name: without_hidden(inner) for name, inner in value.items() if not _is_hidden(inner)}
    if isinstance(value, list | tuple):
        return type(value)(without_hidden(inner) for inner in value if not _is_hidden(inner))
    return value


def _is_hidden(value: Any) -> bool:
    """True for what is hidden itself, and for what holds nothing else."""
    if isinstance(value, dict | list | tuple):
        inner = value.values() if isinstance(value, dict) else value
        return bool(value) and all(map(_is_hidden, inner))
    return isinstance(value, Hidden)
