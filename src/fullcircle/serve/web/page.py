"""Draws a page from its template. All that comes from data is escaped by the templates; nothing is declared safe.

What the filters do is for drawing alone: `shown` writes a value out, `masked` says how it is masked for whoever visits.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from fullcircle.govern.hidden import HIDDEN, Hidden
from fullcircle.govern.partial import DIGITS, HASH, STARS
from fullcircle.model import counting
from fullcircle.model.as_text import as_text
from fullcircle.serve.cli.terminal import visible

TEMPLATES = Path(__file__).parent / "templates"
CODE = re.compile(rf"(?:.*:)?{re.escape(HASH)}[0-9a-f]{{{DIGITS}}}", re.DOTALL)
PARTS = (STARS, "-**-**", "** *** **")


@cache
def environment() -> Environment:
    """The templates, read once."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters.update(
        shown=shown, masked=masked, words=words, short=short, bits=bits, money=money, moment=moment, listed=listed
    )
    made.globals.update(counted=counting.counted, hidden=HIDDEN, link=link)
    return made


def draw(request: Request, template: str, status: int = 200, **data: Any) -> Response:
    """A page, or a part of one, from its template. `visit`, where somebody is logged in, fills the head."""
    data.setdefault("visit", None)
    data.setdefault("problem", "")
    data.setdefault("hint", "")
    return HTMLResponse(environment().get_template(template).render(request=request, here=request.url.path, **data), status)


def problem(request: Request, status: int, message: str, hint: str) -> Response:
    """A problem as a page; who is not logged in is asked to."""
    from fullcircle.serve.web.login import to_login, visiting

    if status == 401:
        return to_login(request)
    return draw(request, "problem.html", status, visit=visiting(request), status_code=status, problem=message, hint=hint)


def shown(value: object) -> str:
    """A value as a person likes to read it; nothing is a dash. Invisible characters are written out, as on a terminal."""
    if isinstance(value, list | tuple):
        return ", ".join(map(shown, value)) or "-"
    return "-" if value == "" else visible(as_text(value))


@pass_context
def masked(context: Context, value: object) -> str:
    """How a value is masked: "hidden", "in part", "as a code"; nothing where it is whole, as all is for who sees everything."""
    visit = context.get("visit")
    if isinstance(value, Hidden):
        return "hidden"
    if visit is None or visit.sees_all or not isinstance(value, str):
        return ""
    if CODE.fullmatch(value):
        return "as a code"
    return "in part" if any(part in value for part in PARTS) else ""


def link(path: str, **sent: object) -> str:
    """An address with what is sent in it; what is empty is left out."""
    given = {name: value for name, value in sent.items() if value not in (None, "", [], ())}
    return f"{path}?{urlencode(given, doseq=True)}" if given else path


def words(name: object) -> str:
    """A name of a column as words: `birth_date` is "birth date"."""
    return shown(name).replace("_", " ")


def short(id: object) -> str:
    """An id without the word that its place says: `record:crm:contacts:17` is "crm:contacts:17"."""
    text = shown(id)
    noun, _, rest = text.partition(":")
    return rest if rest and noun.isalpha() else text


def bits(weight: object) -> str:
    """A match weight with its sign; what is not known is a dash."""
    return f"{weight:+.2f}" if isinstance(weight, int | float) else shown(weight)


def money(amount: object, currency: object = None) -> str:
    """A sum with its currency; what is hidden says so."""
    if isinstance(amount, int | float):
        return counting.money(amount, None if currency in (None, "?") else shown(currency))
    return shown(amount)


def listed(value: object) -> object:
    """A list that a graph keeps as JSON, as a list; anything else as it is."""
    if isinstance(value, str) and not isinstance(value, Hidden) and value.startswith("["):
        with suppress(ValueError):
            return shown(json.loads(value))
    return value


def moment(value: object) -> str:
    """A day or time for a machine, in the `datetime` of a <time>; nothing for what is none."""
    return value.isoformat() if isinstance(value, date) else ""
