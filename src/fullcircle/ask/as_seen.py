"""An answer as its asker may see it: the mask over every field, by what answer_classes.py says is in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache, lru_cache
from typing import Any

from fullcircle.ask.answer_classes import ANSWERS, COMPARED, DEALS, IDENTITY_EVENT, REST
from fullcircle.ask.query import QueryAnswer
from fullcircle.ask.tables import Answers
from fullcircle.ask.timeline import IDENTITY, STREAMS
from fullcircle.govern.hidden import HIDDEN
from fullcircle.govern.mask import EDGE_OF, LABEL_OF, Mask
from fullcircle.model.field_classes import CLASSES, FINANCIAL, READ_APART, UNCLASSIFIED, class_of, class_of_value


def as_seen(answer: Any, mask: Mask) -> Any:
    """The answer of a question; what is hidden in it draws as (hidden), and is not in its JSON and tables."""
    if isinstance(answer, Answers):
        return Answers(answer.kind, tuple(_seen(row, mask) for row in answer.rows))
    if isinstance(answer, QueryAnswer):  # only who sees all may ask; nothing in it says which column is what
        return answer if mask.whole else HIDDEN
    if isinstance(answer, list):
        return [as_seen(one, mask) for one in answer]
    return mask.id(answer) if isinstance(answer, str) else _seen(answer, mask)


@cache
def _said(kind: type) -> tuple[tuple[str, str], ...]:
    """The fields of an answer, each with what is in it."""
    said = ANSWERS.get(kind.__name__, {})
    return tuple((one.name, said.get(one.name, said.get(REST, UNCLASSIFIED))) for one in fields(kind))


def _seen(answer: Any, mask: Mask, above: str = "") -> Any:
    """One dataclass; `above`: the field that the answer it is in is about."""
    if not is_dataclass(answer) or isinstance(answer, type):
        return answer if mask.whole else mask.value(answer, UNCLASSIFIED)
    about = getattr(answer, "field", None) or above
    changed = {}
    for name, how in _said(type(answer)):
        value = getattr(answer, name)
        if value is None:
            continue
        seen = _field(answer, name, how, about, mask)
        if seen is not value:
            changed[name] = seen
    return replace(answer, **changed) if changed else answer


def _field(answer: Any, name: str, how: str, about: str, mask: Mask) -> Any:
    value = getattr(answer, name)
    if how in CLASSES:
        return mask.named(name, value, how)
    if how in READ_APART:
        return mask.cover(how)(value, {})
    first, _, rest = how.partition(" ")
    if how in WAYS:
        return WAYS[how](value, mask)
    if first == "rows":
        return _rows(value, rest, mask)
    if first == "nested":
        return _nested(value, mask, about)
    if first == "event":
        return _event(answer, rest, value, mask)
    field_class = {
        "field": class_of_value(about),
        "kind": class_of(str(getattr(answer, "kind", "")), name),
        "comparison": COMPARED.get(str(getattr(answer, "name", about)), UNCLASSIFIED),
    }[rest]
    return mask.named(about or name, value, field_class)


def _nested(value: Any, mask: Mask, about: str) -> Any:
    """An answer in an answer, or several."""
    if isinstance(value, Answers):
        return Answers(value.kind, tuple(_seen(one, mask, about) for one in value.rows))
    return tuple(_seen(one, mask, about) for one in value) if isinstance(value, tuple) else _seen(value, mask, about)


# Ways of answer_classes.py that need nothing but the value.
WAYS: dict[str, Callable[[Any, Mask], Any]] = {
    "lists": lambda lists, mask: {title: _rows(rows, "", mask) for title, rows in lists.items()},
    "edge": lambda row, mask: row if mask.whole else _edge(row, mask),
    "cursor": lambda cursor, mask: mask.closed(cursor),
    "golden": lambda values, mask: mask.golden(values),
    "with ids": lambda text, mask: text if mask.sees_keys else HIDDEN,
    "only financial": lambda rows, mask: rows if mask.sight.level(FINANCIAL) == "full" else Answers(rows.kind, ()),
}


def _edge(row: Mapping[str, Any], mask: Mask) -> dict[str, Any]:
    """An edge without its id, which is made of the ids at both ends as they are."""
    seen = mask.row(row, (EDGE_OF.get(str(row.get("id")).partition(":")[0], ""),))
    return {name: value for name, value in seen.items() if name != "id"}


def _event(event: Any, what: str, value: Any, mask: Mask) -> Any:
    """The id, or the details, of an event of a timeline: of who the customer is, or a vertex with the edge to it."""
    if event.kind == IDENTITY:
        if what == "id":
            return value
        fields = {name: IDENTITY_EVENT.get(name, UNCLASSIFIED) for name in value}
        return {
            name: mask.cover(how)(value[name], {}) if how in READ_APART else mask.named(name, value[name], how)
            for name, how in fields.items()
        }
    if what == "id":
        return mask.id(value)
    return mask.row(value, _owners({"id": event.id}, STREAMS[event.kind][0]))


def _rows(rows: Any, edge: str, mask: Mask) -> Any:
    """One row, or a list of them, with the properties of a vertex and of the edge to it."""
    if isinstance(rows, Mapping):
        return mask.row(rows, _owners(rows, edge)) if rows else rows
    if edge == "of deals":
        return [{name: mask.named(name, value, DEALS.get(name, UNCLASSIFIED)) for name, value in row.items()} for row in rows]
    return [mask.row(row, _owners(row, edge)) for row in rows]


def _owners(row: Mapping[str, Any], edge: str) -> tuple[str, ...]:
    return _labels(str(row.get("id")).partition(":")[0], edge)


@lru_cache(1000)
def _labels(noun: str, edge: str) -> tuple[str, ...]:
    return tuple(one for one in (LABEL_OF.get(noun), edge) if one)
