"""One customer, whole."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from fullcircle.serve.http.asking import Ask
from fullcircle.serve.http.problems import described

router = APIRouter(tags=["customers"])


@router.get("/customers/{which}", responses=described(404, 409))
def show(which: str, ask: Ask) -> dict[str, Any]:
    """The customer 360 view: golden values, records, orders, tickets, habits, related customers, offers."""
    with ask.reader() as reader:
        return reader.show(which).to_dict()
