"""Neptune Streams as a change feed: all changes to the graph after a position in its log, whoever made them.

The log has one entry per changed label or property. It must be enabled (cluster parameter neptune_streams), and deletes
entries after some days.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from fullcircle.errors import StoreError
from fullcircle.graph.base import OLDEST, LogPosition
from fullcircle.graph.stores.neptune import faults
from fullcircle.graph.stores.neptune.data import Data

ACTION = "neptune-db:GetStreamRecords"
OPS = {"ADD": "add", "REMOVE": "remove"}
# The type of an entry -> vertex or edge, and whether the element itself was added or removed.
ELEMENTS = {"vl": ("vertex", True), "vp": ("vertex", False), "e": ("edge", True), "ep": ("edge", False)}
SCHEMA = pa.schema([
    ("commit", pa.int64()), ("place", pa.int64()), ("at", pa.timestamp("ms")), ("op", pa.string()), ("element", pa.string()),
    ("id", pa.string()), ("property", pa.string()), ("value", pa.string()), ("type", pa.string()),
    ("source", pa.string()), ("target", pa.string()),
])  # fmt: skip


def changes(data: Data, since: LogPosition = OLDEST, rows: int = 10_000) -> Iterator[pa.RecordBatch]:
    """See `graph.base.KeepsLog`; `rows`: entries a request."""
    while True:
        where = {"commitNum": since.commit, "opNum": since.place} if since != OLDEST else {}
        try:
            answer = data.call(
                "get_propertygraph_stream", ACTION, limit=rows,
                iteratorType="AFTER_SEQUENCE_NUMBER" if where else "TRIM_HORIZON", **where,
            )  # fmt: skip
        except StoreError as error:
            code = faults.code_of(error.__cause__) if error.__cause__ else ""
            if code == "StreamRecordsNotFoundException":
                return  # the current end of the log
            raise _explained(code, error) from error
        if not answer["records"]:
            return
        batch = _batch(answer["records"])
        if batch.num_rows:  # some entries may have other types
            yield batch
        last = answer["lastEventId"]
        since = LogPosition(int(last["commitNum"]), int(last["opNum"]))


def changed_ids(data: Data, since: LogPosition = OLDEST) -> tuple[dict[str, pa.Array], LogPosition]:
    """The ids of vertices and of edges that changed after a position, each once, and the position to continue from."""
    found: dict[str, list[pa.Array]] = {"vertex": [], "edge": []}
    for batch in changes(data, since):
        table = pa.Table.from_batches([batch])
        for element, ids in found.items():
            ids.append(table.filter(pa.compute.equal(table["element"], element))["id"].combine_chunks().unique())
        since = LogPosition(batch["commit"][-1].as_py(), batch["place"][-1].as_py())
    empty = pa.array([], pa.string())
    return {element: pa.concat_arrays([empty, *ids]).unique().sort() for element, ids in found.items()}, since


def end(data: Data) -> LogPosition:
    """The newest position in the log: reading from here gives only later changes."""
    try:
        last = data.call("get_propertygraph_stream", ACTION, limit=1, iteratorType="LATEST")["lastEventId"]
    except StoreError as error:
        code = faults.code_of(error.__cause__) if error.__cause__ else ""
        if code == "StreamRecordsNotFoundException":
            return OLDEST
        raise _explained(code, error) from error
    return LogPosition(int(last["commitNum"]), int(last["opNum"]))


def _explained(code: str, error: StoreError) -> StoreError:
    if code == "ExpiredStreamException":
        return StoreError(
            "The change log of Neptune no longer reaches back to this position.",
            "Read the whole graph once: `fullcircle graph sync --verify`. To keep more, raise neptune_streams_expiry_days.",
        )
    if code == "UnsupportedOperationException":
        return StoreError(
            "The change log of this Neptune cluster is not enabled.",
            "Set neptune_streams to 1 in its parameter group and restart its instances.",
        )
    return error


def _batch(records: list[dict[str, object]]) -> pa.RecordBatch:
    """Entries as a batch: the service sends JSON, one object per entry."""
    rows = [row for record in records for row in _row(record)]
    return pa.RecordBatch.from_pylist(rows, schema=SCHEMA)


def _row(record: dict[str, object]) -> Iterator[dict[str, object]]:
    event, data = record["eventId"], record["data"]
    assert isinstance(event, dict)
    assert isinstance(data, dict)
    # the service's own model misspells vl as v1
    element, _ = ELEMENTS.get(str(data["type"]).replace("v1", "vl"), ("", False))
    if element:
        value = data.get("value") or {}
        yield {
            "commit": int(event["commitNum"]), "place": int(event["opNum"]), "at": record["commitTimestampInMillis"],
            "op": OPS[str(record["op"])], "element": element, "id": data["id"], "property": data.get("key"),
            "value": None if value.get("value") is None else str(value["value"]), "type": value.get("dataType"),
            "source": data.get("from"), "target": data.get("to"),
        }  # fmt: skip
