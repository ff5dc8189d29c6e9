"""Segments: conditions put together from lists, how many customers fulfil them, some of them, and the SQL that counted."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response

from fullcircle.ask.segment import SegmentAnswer
from fullcircle.errors import ConfigError, NotAllowed, NotFound
from fullcircle.insights.segments.conditions import MOST, OPERATORS, Condition
from fullcircle.insights.segments.fields import CONSENT, segment_fields
from fullcircle.serve.http.waiting import waits
from fullcircle.serve.web.csv_list import csv_answer
from fullcircle.serve.web.deciding import retried
from fullcircle.serve.web.login import Visit, Visited
from fullcircle.serve.web.page import draw

router = APIRouter(include_in_schema=False)
Texts = Annotated[list[str], Query(max_length=MOST)]
ROWS = 3  # empty conditions to fill in
SAMPLE = 20


@router.get("/segments")
@waits
def segments(visit: Visit, field: Texts = [], op: Texts = [], value: Texts = []) -> Response:  # noqa: B006
    """The builder; with conditions, their segment."""
    visit.asked.door().check("search", "segment")
    conditions = _conditions(field, op, value)
    found, problem, hint, status = None, "", "", 200
    if conditions:
        try:
            found = _ask(visit, conditions, SAMPLE)
        except (ConfigError, NotFound, NotAllowed) as error:
            problem, hint, status = error.message, error.hint, error.status
    data: dict[str, Any] = {"fields": _fields(visit), "operators": OPERATORS, "rows": [*conditions, *[None] * ROWS][:MOST]}
    return draw(
        visit.request, "segments.html", status, visit=visit, found=found, problem=problem, hint=hint, consent=CONSENT, **data
    )


@router.get("/segments.csv")
@waits
def as_list(visit: Visit, field: Texts = [], op: Texts = [], value: Texts = []) -> Response:  # noqa: B006
    """The sample as a file for spreadsheets."""
    rows = _ask(visit, _conditions(field, op, value), SAMPLE).sample.to_pylist()
    names = list(dict.fromkeys(name for row in rows for name in row))
    return csv_answer([names, *([row.get(name) for name in names] for row in rows)], "segment.csv")


def _conditions(fields: list[str], operators: list[str], values: list[str]) -> list[Condition]:
    rows = zip(fields, operators, values, strict=False)
    return [Condition(field.strip(), operator, value.strip()) for field, operator, value in rows if field.strip()]


def _ask(visit: Visited, conditions: list[Condition], limit: int) -> SegmentAnswer:
    with visit.reader() as reader:
        return retried(lambda: reader.segment(conditions, limit))


def _fields(visit: Visited) -> list[tuple[str, str]]:
    """The fields that the asker may count by, with what they mean."""
    sight = visit.asked.door().mask.sight
    return [(one.name, one.meaning) for one in segment_fields().values() if sight.level(one.field_class) == "full"]
