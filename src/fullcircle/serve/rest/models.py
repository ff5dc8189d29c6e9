"""The answers of the reading room as models that describe the API. They are made from the answers' own classes.

Nothing is validated by them: an answer is written as it is. What may be hidden from somebody may be absent, or a text in place of
a number or a day ("1984-**-**", "#9f2c...").
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, create_model

from fullcircle.ask.answer_classes import ANSWERS, REST
from fullcircle.ask.customer import LISTS, PARTS, CustomerView
from fullcircle.ask.tables import Answers
from fullcircle.model.field_classes import PLAIN
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.steward.portrait import Portrait

IN_JSON = {date: str, datetime: str, Decimal: float}
JSON_TYPES: dict[str, Any] = {"int": int, "double": float, "bool": bool}  # all others are texts
ROWS = {name: label for label, (name, _) in LISTS.items()}  # a list of the view -> the edge that leads to its rows
BESIDE = {
    ("WhyAnswer", "explanation"),
    ("StageStatus", "counts"),
    ("HealthRow", "measures"),
}  # whose values `to_dict` puts beside the others
UNKNOWN_HERE = {"Portrait": Portrait}  # that the modules of answers import for the type checker alone


@cache
def model_of(kind: type) -> type[BaseModel]:
    """The model of an answer; a model is its own."""
    if issubclass(kind, BaseModel):
        return kind
    if kind is CustomerView:
        return _view()
    return _model(kind.__name__, kind.__doc__, _fields(kind))


def _fields(kind: type) -> dict[str, Any]:
    """The fields of an answer in JSON, with their types."""
    said = ANSWERS.get(kind.__name__, {})
    hints = typing.get_type_hints(kind, localns=UNKNOWN_HERE)
    found: dict[str, Any] = {}
    for one in fields(kind):
        how = said.get(one.name, said.get(REST, PLAIN))
        if (kind.__name__, one.name) in BESIDE:
            found |= _fields(hints[one.name]) if hasattr(hints[one.name], "__dataclass_fields__") else {}
        else:
            found[one.name] = (_shown(hints[one.name]), ...) if how == PLAIN else (_maybe_hidden(hints[one.name]), None)
    return found


def _model(name: str, meaning: str | None, found: Mapping[str, Any]) -> type[BaseModel]:
    made: type[BaseModel] = create_model(name, __doc__=meaning, __config__=ConfigDict(extra="allow"), **found)
    return made


def _shown(hint: Any) -> Any:
    """The type of a value in JSON."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return Union[tuple(_shown(one) for one in inner)]  # noqa: UP007 - of types that are only known here
    if origin in (tuple, list, Answers):
        return list[_shown(inner[0])]  # type: ignore[misc]
    if origin is dict:
        return dict[str, _shown(inner[1])]  # type: ignore[misc]
    if hint in IN_JSON:
        return IN_JSON[hint]
    return model_of(hint) if isinstance(hint, type) and hasattr(hint, "__dataclass_fields__") else hint


def _maybe_hidden(hint: Any) -> Any:
    """The type of a value that may be hidden, or a text instead."""
    shown = _shown(hint)
    is_text = shown is str or str in get_args(shown)
    return shown | None if is_text or get_origin(shown) in (list, dict) else Union[shown, str, None]  # noqa: UP007


@cache
def _row(list_name: str) -> type[BaseModel]:
    """A row of a list of the view: what the vertex has, and the edge to it."""
    edge = EDGES[ROWS[list_name]]
    ends = sorted({label for pair in edge.joins for label in pair if label != "Customer" or len(set(pair)) == 1})
    properties = {name: kind for label in ends for name, kind in VERTICES[label].properties.items()} | edge.properties
    name = "".join(word.capitalize() for word in list_name.split("_"))
    return _model(f"{name}Row", f"One of `{list_name}`.", {"id": (str, ...), **_all(properties)})


def _all(properties: Mapping[str, str]) -> dict[str, Any]:
    """Properties of a label, any of which may be missing or hidden."""
    return {
        name: (Union[JSON_TYPES.get(kind, str), str, None], None)  # noqa: UP007
        for name, kind in properties.items()
        if name not in ("id", "search")
    }


def _view() -> type[BaseModel]:
    """The 360 view, with the parts that were asked for and what `expand` added."""
    golden = {**_all(VERTICES["Customer"].properties), "id": (str, ...), "provenance": (dict[str, Any], None)}
    found: dict[str, Any] = {
        "customer": (_model("GoldenValues", "The values that represent the customer.", golden), ...),
        "asked_id": (str, ...),
        "restricted": (str, None),
        "totals": (dict[str, int], None),
        "habits": (_model("HabitsRow", "How the customer buys.", _all(VERTICES["Habits"].properties)), None),
        "worth": (_model("WorthRow", "What is expected of the customer.", _all(VERTICES["Worth"].properties)), None),
    }
    for name in PARTS:
        row: Any = _row(name) if name in ROWS else Any
        found.setdefault(name, (list[row], None))
    found["deals"] = (list[dict[str, Any]], None)
    found["agreed"] = (dict[str, bool | None], None)
    found["others"] = (dict[str, list[dict[str, Any]]], None)
    return _model("CustomerView", CustomerView.__doc__, found)


def with_more(name: str, kind: type, more: Mapping[str, Any]) -> type[BaseModel]:
    """The model of an answer with other answers beside it, each of which may be absent."""
    base = model_of(kind)
    found = {
        field: (list[model_of(one[0])] if isinstance(one, list) else model_of(one), None)  # type: ignore[misc]
        for field, one in more.items()
    }
    made: type[BaseModel] = create_model(name, __base__=base, __doc__=base.__doc__, **found)  # type: ignore[call-overload]
    return made
