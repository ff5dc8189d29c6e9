"""One customer, whole: golden values with where they come from and what lost, contact points, records, what they did, offers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from fullcircle.model.entities import ADDED, BUILT_IN
from fullcircle.model.entity import Entity
from fullcircle.model.golden import GOLDEN
from fullcircle.serve.web.login import Visit
from fullcircle.serve.web.page import draw

router = APIRouter(include_in_schema=False)
FEW = 5  # rows of each list; the timeline has all
PARTS_OF_NAME = {field.name for field in GOLDEN if not field.shown}


@router.get("/customers/{which}")
def profile(visit: Visit, which: str) -> Response:
    """The profile of a customer named by any id, a number, or words that fit only one."""
    with visit.reader() as reader:
        view = reader.show(which)
        golden = reader.sources(view.customer["id"])
    entities = [(one, rows, _columns(one, rows)) for one in (*BUILT_IN, *ADDED) if (rows := _rows(view, one))]
    return draw(
        visit.request, "profile.html", visit=visit, view=view, id=view.customer["id"], spent=spent(view.habits), few=FEW,
        entities=entities, golden=sorted(golden, key=lambda one: one.field in PARTS_OF_NAME),
    )  # fmt: skip


def _rows(view: Any, entity: Entity) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = getattr(view, entity.table_name) if entity in BUILT_IN else view.others.get(entity.title, [])
    return found


def _columns(entity: Entity, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The columns that any of the rows shown has; currencies are written beside their sums."""
    return [name for name in entity.shown if name != "currency" and any(row.get(name) is not None for row in rows[:FEW])]


def spent(habits: Mapping[str, Any]) -> list[tuple[Any, str | None]]:
    """What was spent, each currency apart: they are not added."""
    amounts = habits.get("amounts")
    if isinstance(amounts, str) and amounts.startswith("{"):
        return [(amount, None if currency == "?" else currency) for currency, amount in json.loads(amounts).items()]
    one = amounts or habits.get("amount")
    return [] if one is None else [(one, habits.get("currency"))]
