"""Rows inside a table that are none of its rows: its header once more, and lines of totals. See `set_aside`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from fullcircle.connectors.sources.files.header import TOTALS
from fullcircle.connectors.sources.files.part import FilePart, Reject

FIRST = 3  # columns in which a line of totals says that it is one
_TOTALS = rf"(?i)^\s*({TOTALS.pattern})\s*:?\s*$"
_NUMBER = re.compile(r"[^\w]*\d[\d.,'\s]*[^\w]*(?:[A-Z]{3}|%)?")


def set_aside(parts: Iterator[FilePart]) -> Iterator[FilePart]:
    """The parts without such rows; each becomes a reject that says what it was."""
    for part in parts:
        reasons = _again(part.rows) | _totals(part.rows)
        if not reasons:
            yield part
            continue
        places = sorted(reasons)
        texts = part.rows.take(places).to_pylist()
        rejects = [
            Reject(part.lines[place].as_py(), reasons[place], ", ".join(str(value or "") for value in row.values()))
            for place, row in zip(places, texts, strict=True)
        ]
        kept = pa.array([place for place in range(part.rows.num_rows) if place not in reasons], pa.int64())
        raw = part.raw.take(kept) if part.raw is not None else None
        yield replace(
            part, rows=part.rows.take(kept), lines=part.lines.take(kept), raw=raw, rejects=[*part.rejects, *rejects]
        )  # fmt: skip


def _again(rows: pa.Table) -> dict[int, str]:
    """The rows that are the header once more."""
    texts = [name for name in rows.schema.names if pa.types.is_string(rows.schema.field(name).type)]
    if len(texts) < 2 or not rows.num_rows:
        return {}
    same = None
    for name in texts:
        value = pc.utf8_lower(pc.utf8_trim_whitespace(rows[name]))
        hit = pc.fill_null(pc.equal(value, name.strip().lower()), not name.strip())
        same = hit if same is None else pc.and_(same, hit)
        if not pc.any(same).as_py():
            return {}
    return dict.fromkeys(_places(same), "is the header once more, inside the table")


def _totals(rows: pa.Table) -> dict[int, str]:
    """The rows that are totals of those above: one of their first values says so, others are numbers, and some are empty."""
    found: dict[int, str] = {}
    names = rows.schema.names
    for name in names[:FIRST] if len(names) > 2 and rows.num_rows else ():
        if not pa.types.is_string(rows.schema.field(name).type):
            continue
        for place in _places(pc.fill_null(pc.match_substring_regex(rows[name], _TOTALS), False)):
            values = [str(value).strip() for value in rows.slice(place, 1).to_pylist()[0].values() if value is not None]
            others = [value for value in values if value and not TOTALS.fullmatch(value.rstrip(":").strip())]
            if others and len(values) < len(names) and all(_NUMBER.fullmatch(value) for value in others):
                found[place] = "is a line of totals inside the table"
    return found


def _places(hits: pa.ChunkedArray) -> list[int]:
    return list(pc.indices_nonzero(hits).to_pylist())
