"""Pulls from a fake HubSpot, and what came of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fullcircle.connectors.base import Cursor, SourceContext
from fullcircle.connectors.sources.hubspot.source import PLUGIN, Hubspot
from tests.fakes.hubspot import FakeHubSpot


def opened(portal: FakeHubSpot, folder: Path, batch_rows: int = 100_000, **options: Any) -> Hubspot:
    given = {"url": portal.url, "token": "env:HS_TOKEN", "searches_per_second": 10_000, "tries": 3, **options}
    return PLUGIN(SourceContext("crm", folder, batch_rows, given))


def pulled(crm: Hubspot, name: str, since: Cursor | None = None) -> tuple[dict[str, dict[str, Any]], Cursor, list[str]]:
    """The last row of each key, the cursor, and the notes."""
    batches = list(crm.pull(name, since))
    rows = {row["_key"]: row for batch in batches for row in batch.rows.to_pylist()}
    return rows, batches[-1].cursor, [note for batch in batches for note in batch.notes]


def settled(portal: FakeHubSpot, crm: Hubspot, name: str) -> Cursor:
    """The cursor after pulls since which nothing has changed."""
    _, cursor, _ = pulled(crm, name)
    portal.tick(3600)
    cursor = pulled(crm, name, cursor)[1]
    portal.tick(60)
    return cursor


def ops(rows: dict[str, dict[str, Any]]) -> dict[str, str]:
    return {key: row["_op"] for key, row in rows.items()}


def searches(portal: FakeHubSpot) -> list[Any]:
    return [one.json() for one in portal.asked if one.path.endswith("/search")]
