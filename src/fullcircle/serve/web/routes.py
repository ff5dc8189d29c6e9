"""The screens of the web page. A new one is a file with a router, a template, and a line here."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.staticfiles import StaticFiles

from fullcircle.serve.http import html_problems
from fullcircle.serve.web import (
    access,
    audit,
    company_login,
    decide,
    erasing,
    explore,
    history,
    how,
    login,
    page,
    pairs,
    path,
    people,
    privacy,
    profile,
    quality,
    related,
    review,
    runs,
    search,
    segments,
    timeline,
)  # fmt: skip
from fullcircle.serve.web.errands import Errands
from fullcircle.serve.web.sessions import Sessions

STATIC = Path(__file__).parent / "static"
ROUTERS: tuple[APIRouter, ...] = (
    login.router, company_login.router, search.router, profile.router, timeline.router, people.router, related.router,
    how.router, pairs.router, history.router, path.router, privacy.router, erasing.router, review.router, decide.router,
    explore.router, quality.router, runs.router, audit.router, segments.router, access.router,
)  # fmt: skip


def add_to(app: FastAPI) -> None:
    """Add the page to an application."""
    app.state.sessions = Sessions()
    app.state.errands = Errands(app.state.shared.settings)
    app.state.begun_logins = company_login.BegunLogins()
    html_problems.drawn_by(page.problem)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for router in ROUTERS:
        app.include_router(router)
