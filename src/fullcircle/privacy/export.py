"""All that is kept about one person, for that person: one file for machines (JSON), one for people (HTML).

Of that person only: ids of others are taken out of reasons and decisions, and of rows that are also about others only the
fields about this person are given. Start at `export`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fullcircle import __version__
from fullcircle.book import kept_file
from fullcircle.book.book import Book
from fullcircle.config.sections import Config
from fullcircle.connectors.landing import Landing
from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.govern.home_keys import landed_keys, open_book
from fullcircle.home.folder import LANDING
from fullcircle.home.tables_file import tables_for_reading
from fullcircle.identity.decisions import Decisions
from fullcircle.identity.ledger import Ledger
from fullcircle.mapping.traced import IDS, LANDED, begin, landed_of, trace
from fullcircle.model.tables import CONFORMED
from fullcircle.pipeline import all_maps
from fullcircle.privacy.collect import Named
from fullcircle.privacy.export_html import as_html
from fullcircle.publish.send import targets_of

SOMEBODY = "(somebody else)"
OTHERS_ID = re.compile(r"\b(?:customer|record):[^\s\"',;\]})]+")
Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class PersonExport:
    """What was written, and how many rows there are by part."""

    customer_id: str
    json_file: Path
    html_file: Path
    counts: dict[str, int]


def export(settings: Config, which: str, named: Named, folder: Path) -> PersonExport:
    """Write both files into the folder, which is made for its owner alone. NotFound or Ambiguous for an unclear `which`."""
    with tables_for_reading(settings) as engine, closing(open_book(settings, read_only=True)) as book:
        customer = named(engine, book, which)
        found = person(settings, engine, book, customer)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = customer.replace(":", "-")
    files = folder / f"{name}.json", folder / f"{name}.html"
    kept_file.write(files[0], json.dumps(found, indent=2, ensure_ascii=False, default=str).encode())
    kept_file.write(files[1], as_html(found).encode())
    counts = {part: len(rows) for part, rows in found["parts"].items() if rows}
    return PersonExport(customer, *files, counts)


def person(settings: Config, engine: Engine, book: Book, customer: str) -> dict[str, Any]:
    """Everything about a customer, as plain data: `about` (who, when) and `parts` (name -> rows)."""
    landing = Landing(settings.home / LANDING, book, engine, landed_keys(settings, keep=False))
    checked = trace(engine, landing, all_maps(settings))
    begin(engine)
    engine.run(f"INSERT INTO {IDS} SELECT record_id, '' FROM members WHERE customer_id = $id", {"id": customer})
    landed_of(engine, checked)
    ids = {str(row[0]) for row in engine.rows(f"SELECT id FROM {IDS}")}
    ids |= {customer, *(row[0] for row in book.read("SELECT id FROM customer_id WHERE into_id = ?", (customer,)))}
    parts: dict[str, Rows] = {
        "golden values": _rows(engine, "SELECT * FROM customers WHERE customer_id = $id", customer),
        "where golden values come from": _rows(engine, "SELECT * FROM provenance WHERE customer_id = $id", customer),
        **{name.replace("_", " "): rows for name, rows in _entities(engine) if rows},
        "households": _rows(
            engine, "SELECT h.* FROM households h JOIN household_members USING (household_id) WHERE customer_id = $id", customer
        ),
        **{name.replace("_", " "): rows for name, rows in _insights(engine, customer) if rows},
        "campaigns": _campaigns(book, ids),
        "rows as the sources have them": list(_landed(engine, landing)),
        "rows in quarantine": _quarantined(engine),
        "decisions of people": _decisions(book, ids),
        "history of the customer id": _history(book, customer),
        "published to": _published(settings),
    }
    about = {
        "customer_id": customer,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "made_by": f"fullcircle {__version__}",
    }
    kept = {name: _of_this_person_only(rows, ids) for name, rows in parts.items()}
    return {"about": about, "parts": {name: rows for name, rows in kept.items() if rows}}


def _rows(engine: Engine, sql: str, customer: str = "") -> Rows:
    """The rows of a query as dicts, without empty values."""
    with_id = sql.replace("$id", literal(customer)) if customer else sql
    return [{name: value for name, value in row.items() if value is not None} for row in engine.arrow(with_id).to_pylist()]


def _entities(engine: Engine) -> Iterable[tuple[str, Rows]]:
    """The rows of all conformed tables that are this person's; accounts and products only as far as these rows name them."""
    for name, table in CONFORMED.items():
        if engine.has(name) and (table.column("record_id") or name == "order_lines"):
            more = ", p.name AS product" if name == "order_lines" else ""
            join = "LEFT JOIN products p USING (product_id)" if more else ""
            yield name, _rows(engine, f"SELECT t.*{more} FROM {name} t {join} WHERE t.{table.key} IN (SELECT id FROM {IDS})")


def _insights(engine: Engine, customer: str) -> Iterable[tuple[str, Rows]]:
    found = engine.rows(
        r"SELECT DISTINCT table_name FROM information_schema.columns WHERE column_name = 'customer_id' AND table_schema = 'main' "
        r"AND table_name LIKE 'insight\_%' ESCAPE '\' ORDER BY 1"
    )
    for (name,) in found:
        yield name, _rows(engine, f"SELECT * FROM {quoted(name)} WHERE customer_id = $id", customer)


def _landed(engine: Engine, landing: Landing) -> Iterable[dict[str, Any]]:
    """All landed versions of the rows; of shared rows only the fields that are read for this person."""
    for source, object in engine.rows(f"SELECT DISTINCT source, object FROM {LANDED} ORDER BY ALL"):
        rows = engine.rows(
            f"SELECT _key, _op, _at, _raw, patch FROM ({landing.every_sql(source, object)}) JOIN {LANDED} ON landed = _key "
            f"WHERE source = {literal(source)} AND object = {literal(object)} ORDER BY _key, _seq"
        )
        for key, op, at, raw, patch in rows:
            record = json.loads(raw) if raw else {}
            fields = _only(record, json.loads(patch)) if patch else record
            yield {"source": source, "object": object, "key": key, "what": op, "at": at, "fields": fields}


def _only(record: Any, patch: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that a merge patch would empty."""
    if not isinstance(record, dict):
        return {}
    return {
        name: record[name] if inner is None else _only(record[name], inner) for name, inner in patch.items() if name in record
    }


def _quarantined(engine: Engine) -> Rows:
    keys = f"SELECT source, object, landed FROM {LANDED} WHERE patch IS NULL"
    return _rows(
        engine,
        f"SELECT q.* FROM quarantine q JOIN ({keys}) l ON l.source = q.source AND l.object = q.object AND l.landed = q.key",
    )


def _decisions(book: Book, ids: set[str]) -> Rows:
    return [
        {"verb": one.verb, "by": one.by, "at": one.at, "reason": one.reason, "undone_at": one.undone_at, "records": one.records}
        for one in Decisions(book).about(id for id in ids if id.startswith("record:"))
    ]


def _campaigns(book: Book, ids: set[str]) -> Rows:
    """The campaigns (steward/campaign.py) in whose audience the person was noted, or held out to compare."""
    if not book.read("SELECT 1 FROM sqlite_master WHERE name = 'campaign_member'"):
        return []
    rows = book.read(
        "SELECT c.name, c.segment, c.started_on, m.held_out FROM campaign_member m JOIN campaign c ON c.name = m.campaign "
        "WHERE m.customer_id IN (SELECT value FROM json_each(?)) ORDER BY c.started_on, c.name",
        (json.dumps(sorted(ids)),),
    )
    return [{"campaign": one[0], "segment": one[1], "started_on": one[2], "held_out": bool(one[3])} for one in rows]


def _history(book: Book, customer: str) -> Rows:
    return [
        {"at": one.at, "event": one.event, "customer_id": one.customer_id, "other_id": one.other_id}
        for one in Ledger(book).history(customer)
    ]


def _published(settings: Config) -> Rows:
    return [
        {"target": name, "kind": target.target, "tables": ", ".join(target.tables) or "all that are published by default"}
        for name, target in targets_of(settings.publish).items()
    ]


def _of_this_person_only(rows: Rows, ids: set[str]) -> Rows:
    return [{name: _without_others(value, ids) for name, value in row.items()} for row in rows]


def _without_others(value: Any, ids: set[str]) -> Any:
    """The value without ids of other people."""
    if isinstance(value, str):
        if value in ids:
            return value
        return OTHERS_ID.sub(lambda found: found.group() if found.group() in ids else SOMEBODY, value)
    if isinstance(value, dict):
        return {_without_others(name, ids): _without_others(inner, ids) for name, inner in value.items()}
    return [_without_others(inner, ids) for inner in value] if isinstance(value, list | tuple) else value
