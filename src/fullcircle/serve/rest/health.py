"""Whether the server lives, and whether it can answer: for whoever watches it. Neither shows anything of a customer."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import BaseModel

from fullcircle.serve.http.asking import shared
from fullcircle.serve.http.problems import described

router = APIRouter(tags=["operation"])


class Alive(BaseModel):
    """The server answers."""

    status: str = "ok"


@router.get("/health")
async def health() -> Alive:
    """The server lives."""
    return Alive()


@router.get("/ready", responses=described(404, 500, 503))
def ready(request: Request) -> Alive:
    """The graph and the book can be read; 503 or another problem where they cannot."""
    with shared(request).seats.book() as book:
        book.read("SELECT 1")
    return Alive()
