"""What every answer can do: become plain values, an Arrow table, or an HTML table in a notebook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, is_dataclass
from functools import wraps
from html import escape
from typing import Any, Generic, TypeVar, overload

import pyarrow as pa

from fullcircle.govern.hidden import without_hidden

SHOWN_ROWS = 100  # rows of a table in a notebook; to_pylist and to_arrow have all


class ReaderAnswer:
    """The base of all answers: frozen dataclasses with the fields that each of them documents."""

    __slots__ = ()

    def __init_subclass__(cls) -> None:
        """An answer with a `to_dict` of its own leaves out what is hidden, too."""
        super().__init_subclass__()
        own = cls.__dict__.get("to_dict")
        if own and not hasattr(own, "__wrapped__"):
            cls.to_dict = _shown_only(own)  # type: ignore[method-assign, assignment]

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain dicts and lists, as the command line prints it with --json; without what may not be seen."""
        return without_hidden(asdict(self))  # type: ignore[call-overload, no-any-return]  # every answer is a dataclass

    def _repr_html_(self) -> str:
        return html_value(self.to_dict())


def _shown_only(own: Callable[[Any], dict[str, Any]]) -> Callable[[Any], dict[str, Any]]:
    @wraps(own)
    def to_dict(self: Any) -> dict[str, Any]:
        found: dict[str, Any] = without_hidden(own(self))
        return found

    return to_dict


AnswerKind = TypeVar("AnswerKind", bound=ReaderAnswer)


@dataclass(frozen=True, slots=True, repr=False)
class Answers(Sequence[AnswerKind], Generic[AnswerKind]):
    """Several answers of one kind in their order: a sequence that is also a table."""

    kind: type[AnswerKind]
    rows: tuple[AnswerKind, ...]

    @overload
    def __getitem__(self, place: int) -> AnswerKind: ...
    @overload
    def __getitem__(self, place: slice) -> Answers[AnswerKind]: ...
    def __getitem__(self, place: int | slice) -> AnswerKind | Answers[AnswerKind]:
        return Answers(self.kind, self.rows[place]) if isinstance(place, slice) else self.rows[place]

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"Answers({list(self.rows)!r})"

    def to_pylist(self) -> list[dict[str, Any]]:
        """The answers as plain dicts."""
        return [row.to_dict() for row in self.rows]

    def to_arrow(self) -> pa.Table:
        """The answers as an Arrow table; the columns are there even without rows."""
        rows = self.to_pylist()
        return pa.table({name: [row.get(name) for row in rows] for name in self._columns(rows)})

    def _columns(self, rows: Sequence[Mapping[str, Any]]) -> list[str]:
        return columns_of(rows) or [one.name for one in fields(self.kind)]  # type: ignore[arg-type]  # as above

    def _repr_html_(self) -> str:
        rows = self.to_pylist()
        return html_rows(rows, self._columns(rows))


def columns_of(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """The names of all columns that occur in any of the rows, in the order they appear."""
    return list(dict.fromkeys(name for row in rows for name in row))


def html_rows(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], total: int | None = None) -> str:
    """Rows as an HTML table, the first SHOWN_ROWS of them; every name and every value is escaped."""
    head = "".join(f"<th>{escape(name)}</th>" for name in columns)
    body = "".join(
        f"<tr>{''.join(f'<td>{html_value(row.get(name))}</td>' for name in columns)}</tr>" for row in rows[:SHOWN_ROWS]
    )
    more = (len(rows) if total is None else total) - SHOWN_ROWS
    note = f"<p>{more:,} more rows</p>" if more > 0 else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}"


def html_value(value: object) -> str:
    """Any value as HTML: dicts and dataclasses as a table of names and values, lists of them as rows, the rest as text."""
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if isinstance(value, Mapping):
        lines = (f"<tr><th>{escape(str(name))}</th><td>{html_value(inner)}</td></tr>" for name, inner in value.items())
        return f"<table><tbody>{''.join(lines)}</tbody></table>"
    if isinstance(value, list | tuple):
        if value and all(isinstance(row, Mapping) for row in value):
            return html_rows(value, columns_of(value))
        return ", ".join(html_value(inner) for inner in value)
    return "" if value is None else escape(str(value))
