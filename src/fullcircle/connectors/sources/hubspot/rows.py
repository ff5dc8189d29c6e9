"""Rows of HubSpot as rows of a batch: typed columns, and what was merged into them. Start at `shaped`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from fullcircle.connectors.base import META
from fullcircle.connectors.columns import raw_json
from fullcircle.connectors.http.shaped import REJECTS
from fullcircle.connectors.sources.hubspot.described import CURRENCY, STAGE, STAGED, UNSUBSCRIBED, HubspotObject
from fullcircle.connectors.sources.hubspot.reading import Row, losers_of
from fullcircle.engine.base import Engine

TYPES: dict[str, pa.DataType] = {
    "bool": pa.bool_(),
    "number": pa.float64(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us", "UTC"),
}
MILLISECONDS = r"^-?\d{6,}$"  # a date or moment as a number
Links = Mapping[str, Mapping[str, str]]
NO_LINKS: Mapping[str, str] = {}


def shaped(
    engine: Callable[[], Engine], object: HubspotObject, rows: Sequence[Row], links: Links, currency: str = ""
) -> tuple[pa.Table, pa.Table | None]:
    """The META columns and the object's own, with a row for each one that was merged away; and the rows with a wrong value."""
    latest = list({str(row["id"]): row for row in rows}.values())
    ids = pa.array([str(row["id"]) for row in latest], pa.string())
    typed, bad = _typed(object, latest, links)
    if currency and object.name == "deals":
        place = typed.schema.get_field_index(object.landed[CURRENCY])
        typed = typed.set_column(place, object.landed[CURRENCY], pc.fill_null(typed.column(place), currency))
    rejects = None
    if bad:
        said = [(str(latest[n]["id"]), reason, latest[n]["properties"]) for n, reason in sorted(bad.items())]
        rejects = pa.Table.from_pylist(
            [{"key": key, "reason": reason, "raw": json.dumps(raw, ensure_ascii=False)} for key, reason, raw in said], REJECTS
        )
        good = pa.array([n not in bad for n in range(len(latest))], pa.bool_())
        typed, ids = typed.filter(good), ids.filter(good)
    alive = _with_meta(engine, object, ids, typed)
    pairs = [(loser, str(row["id"])) for row in latest for loser in losers_of(row)]
    return (pa.concat_tables([alive, _merges(pairs, alive.schema)]) if pairs else alive), rejects


def _with_meta(engine: Callable[[], Engine], object: HubspotObject, ids: pa.Array, typed: pa.Table) -> pa.Table:
    rows = typed.num_rows
    raw = raw_json(engine(), typed) if rows else pa.nulls(0, pa.string())
    op = pa.array(["upsert"] * rows, pa.string())
    columns = [ids, op, pa.nulls(rows, pa.string()), typed[object.landed[object.stamp]], raw, *typed.columns]
    return pa.table(columns, names=[*META.names, *typed.schema.names])


def _merges(pairs: Sequence[tuple[str, str]], schema: pa.Schema) -> pa.Table:
    """Rows that say what these keys were merged into. They are always the same, so that an overlap changes nothing."""
    raw = [json.dumps({"merged_into": into}) for _, into in pairs]
    said = [pa.array(column, pa.string()) for column in ([loser for loser, _ in pairs], ["merge"] * len(pairs))]
    into = pa.array([into for _, into in pairs], pa.string())
    rest = [pa.nulls(len(pairs), field.type) for field in list(schema)[len(META) :]]
    return pa.table(
        [*said, into, pa.nulls(len(pairs), pa.timestamp("us")), pa.array(raw, pa.string()), *rest], names=schema.names
    )


def deletes(engine: Callable[[], Engine], object: HubspotObject, keys: Sequence[str]) -> pa.Table:
    """Rows that say that these keys are gone. Nothing else of them is kept."""
    schema = shaped(engine, object, [], {})[0].schema
    said = [pa.array(keys, pa.string()), pa.array(["delete"] * len(keys), pa.string())]
    return pa.table([*said, *(pa.nulls(len(keys), field.type) for field in list(schema)[2:])], names=schema.names)


# -- columns -----------------------------------------------------------------------------------------------------------------
def _typed(object: HubspotObject, rows: Sequence[Row], links: Links) -> tuple[pa.Table, dict[int, str]]:
    """The columns in their types, and for rows with a value that does not fit, the reason."""
    columns: dict[str, pa.Array] = {name: pa.array(_made(object, name, rows, links), pa.string()) for name in object.own}
    bad: dict[int, str] = {}
    for name, landed in object.landed.items():
        kind = object.kinds[name]
        wanted = TYPES.get(kind, pa.string())
        texts = pa.array([_text(row["properties"].get(name)) for row in rows], pa.string())
        try:
            found = _cast(texts, wanted)
        except pa.ArrowInvalid:
            found, wrong = _one_by_one(texts, wanted)
            bad |= {row: f"the value of {name} is not of the type {kind}" for row in wrong}
        columns[landed] = found.cast(pa.timestamp("us")) if pa.types.is_timestamp(wanted) else found
    return pa.table(columns), bad


def _made(object: HubspotObject, name: str, rows: Sequence[Row], links: Links) -> list[str | None]:
    if name == STAGE:
        return [object.stages.get(str(row["properties"].get(STAGED[object.name]))) for row in rows]
    if name == UNSUBSCRIBED:
        return [_unsubscribed(object, row) for row in rows]
    return [links.get(str(row["id"]), NO_LINKS).get(name) or None for row in rows]


def _unsubscribed(object: HubspotObject, row: Row) -> str | None:
    """The names of the subscriptions that somebody opted out of, with `;`."""
    refused = {purpose for name, purpose in object.subscriptions.items() if row["properties"].get(name) == "true"}
    return ";".join(sorted(one.replace(";", ",") for one in refused)) or None


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _cast(texts: pa.Array, wanted: pa.DataType) -> pa.Array:
    """Values in a type; days and moments are written as such, or as milliseconds."""
    if not (pa.types.is_date(wanted) or pa.types.is_timestamp(wanted)):
        return texts.cast(wanted)
    number = pc.fill_null(pc.match_substring_regex(texts, MILLISECONDS), False)
    written = pc.if_else(number, pa.scalar(None, pa.string()), texts)
    counted = pc.if_else(number, texts, pa.scalar(None, pa.string())).cast(pa.int64()).cast(pa.timestamp("ms", "UTC"))
    return pc.coalesce(written.cast(wanted), counted.cast(wanted))


def _one_by_one(texts: pa.Array, wanted: pa.DataType) -> tuple[pa.Array, list[int]]:
    """The values that fit, null for the others, and the places of these. Rare: only where a value does not fit."""
    values, wrong = [], []
    for place in range(len(texts)):
        try:
            values.append(_cast(texts.slice(place, 1), wanted)[0].as_py())
        except pa.ArrowInvalid:
            values.append(None)
            wrong.append(place)
    return pa.array(values, wanted), wrong
