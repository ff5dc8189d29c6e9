"""The screens of the web page. A new one is a file with a router, a template, and a line here."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.staticfiles import StaticFiles

from fullcircle.serve.http import html_problems
from fullcircle.serve.web import (
    erasing,
    history,
    how,
    login,
    page,
    pairs,
    path,
    people,
    privacy,
    profile,
    related,
    search,
    timeline,
)
from fullcircle.serve.web.sessions import Sessions

STATIC = Path(__file__).parent / "static"
ROUTERS: tuple[APIRouter, ...] = (
    login.router, search.router, profile.router, timeline.router, people.router, related.router, how.router, pairs.router,
    history.router, path.router, privacy.router, erasing.router,
)  # fmt: skip


def add_to(app: FastAPI) -> None:
    """Add the page to an application."""
    app.state.sessions = Sessions()
    html_problems.drawn_by(page.problem)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for router in ROUTERS:
        app.include_router(router)
