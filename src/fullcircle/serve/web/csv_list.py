"""Rows as a CSV file that a spreadsheet program can open: no value begins a formula there."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from fastapi.responses import Response

from fullcircle.serve.web.page import shown

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_answer(rows: Iterable[Sequence[Any]], name: str) -> Response:
    """The file, to be downloaded under this name."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in rows:
        writer.writerow([defused(value) for value in row])
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(text.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def defused(value: Any) -> str:
    """A value as text; an apostrophe before what would be a formula, which a spreadsheet program then shows as text."""
    text = "" if value is None else shown(value) if not isinstance(value, str) else value
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
