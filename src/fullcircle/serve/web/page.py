"""Draws a page from its template. All that comes from data is escaped by the templates; nothing is marked as safe."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from fullcircle.govern.hidden import HIDDEN
from fullcircle.model.counting import counted

TEMPLATES = Path(__file__).parent / "templates"


@cache
def environment() -> Environment:
    """The templates, read once."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters["shown"] = shown
    made.globals.update(counted=counted, hidden=HIDDEN)
    return made


def draw(request: Request, template: str, status: int = 200, **data: Any) -> Response:
    """A page, or a part of one, from its template. `visit`, where somebody is logged in, fills the head."""
    data.setdefault("visit", None)
    data.setdefault("problem", "")
    data.setdefault("hint", "")
    return HTMLResponse(environment().get_template(template).render(request=request, here=request.url.path, **data), status)


def problem(request: Request, status: int, message: str, hint: str) -> Response:
    """A problem as a page; who is not logged in is asked to."""
    from fullcircle.serve.web.login import to_login

    if status == 401:
        return to_login(request)
    return draw(request, "problem.html", status, status_code=status, problem=message, hint=hint)


def shown(value: object) -> str:
    """A value as a person likes to read it; nothing is a dash."""
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.2f}"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d") if value.time() == datetime.min.time() else value.strftime("%Y-%m-%d %H:%M")
    return value.isoformat() if isinstance(value, date) else str(value)
