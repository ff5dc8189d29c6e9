"""What there is of a customer: all records it ever had, what they have, and the landed rows all of that comes from.

Start at `collect`. It leaves the temporary tables of mapping/traced.py behind: ids in the clear, for as long as the desk is open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa

from fullcircle.book.book import Book
from fullcircle.desk import Desk
from fullcircle.engine.base import Engine, literal
from fullcircle.govern.suppressed import Entry, Suppressed
from fullcircle.govern.tokens import tokens_of_cells
from fullcircle.identity.ledger import Ledger
from fullcircle.mapping.follow_erased import entries_of
from fullcircle.mapping.reading.phones import national_sql
from fullcircle.mapping.traced import IDS, LANDED, begin, landed_of, trace
from fullcircle.model.identifiers import UNIQUE_TO_ONE
from fullcircle.model.tables import CONFORMED
from fullcircle.pipeline import all_maps
from fullcircle.privacy.beside import rows_beside

Named = Callable[[Engine, Book, str], str]  # the customer that an id, a record or words mean


@dataclass(frozen=True, slots=True)
class Collected:
    """What there is of one customer. `entries`: what goes on the list of erased people; `counts`: by place."""

    customer_id: str
    customer_ids: tuple[str, ...]  # with those that were ever merged into it
    records: tuple[str, ...]
    entries: tuple[Entry, ...]
    counts: dict[str, int]


def collect(desk: Desk, suppressed: Suppressed, customers: Sequence[str]) -> list[Collected]:
    """Find all there is of these customers; nothing is changed."""
    engine = desk.engine
    checked = trace(engine, desk.landing, all_maps(desk.config))
    begin(engine)
    ids, records = {}, {}
    for customer in dict.fromkeys(customers):
        ids[customer], records[customer] = _records(desk, customer)
        _add(engine, customer, records[customer])
    landed_of(engine, checked)
    _own_values(engine, suppressed, desk.config.project.country)
    entries: dict[str, list[Entry]] = {customer: [("id", suppressed.digest(id), "") for id in ids[customer]] for customer in ids}
    for of, kind, digest, detail in (*entries_of(engine, suppressed), *_values(engine), *rows_beside(desk, suppressed)):
        entries[of].append((kind, digest, detail))
    counts = _counts(engine, ids)
    return [
        Collected(
            customer, tuple(ids[customer]), tuple(records[customer]), tuple(dict.fromkeys(entries[customer])), counts[customer]
        )
        for customer in ids
    ]


def _records(desk: Desk, customer: str) -> tuple[list[str], list[str]]:
    """The ids of the customer, and all records that ever were its own: as the ledger knows them, and as they are now."""
    book = desk.book
    ids = [customer, *(row[0] for row in book.read("SELECT id FROM customer_id WHERE into_id = ?", (customer,)))]
    records = set(Ledger(book).records_of(customer))
    if desk.engine.has("members"):
        now = "SELECT record_id FROM members WHERE customer_id = $id"
        records |= {row[0] for row in desk.engine.rows(now, {"id": customer})}
        elsewhere = "SELECT record_id FROM members WHERE customer_id <> $id AND list_contains($ids, record_id)"
        records -= {row[0] for row in desk.engine.rows(elsewhere, {"id": customer, "ids": sorted(records)})}
    if book.read("SELECT 1 FROM sqlite_master WHERE name = 'live_record'"):
        for id in ids:
            records |= {row[0] for row in book.read("SELECT record_id FROM live_record WHERE customer_id = ?", (id,))}
    return ids, sorted(records)


def _add(engine: Engine, customer: str, records: Sequence[str]) -> None:
    with engine.register("asked_records", pa.table({"id": pa.array(list(records), pa.string())})):
        engine.run(f"INSERT INTO {IDS} SELECT id, $customer FROM asked_records", {"customer": customer})


def _own_values(engine: Engine, suppressed: Suppressed, country: str) -> None:
    """Make `own_values` (token, digest, customer): identifiers that one customer alone has, in all ways they are written."""
    kinds = ", ".join(map(literal, UNIQUE_TO_ONE))
    there = [name for name in ("conformed.identifiers", "identifiers") if engine.has(name)]
    both = " UNION ".join(f"SELECT record_id, kind, value, value_raw FROM {name}" for name in there)
    both = both or "SELECT NULL AS record_id, NULL AS kind, NULL AS value, NULL AS value_raw WHERE false"
    national = f"CASE WHEN kind IN ('phone', 'fax') THEN {national_sql('value', country)} END"
    abroad = "CASE WHEN starts_with(value, '+') THEN '00' || value[2:] END"
    forms = (
        f"SELECT record_id AS n, unnest([value, value_raw, {abroad}, {national}]) AS cell FROM ({both}) WHERE kind IN ({kinds})"
    )
    members = "members" if engine.has("members") else "(SELECT NULL AS record_id, NULL AS customer_id WHERE false)"
    engine.run(f"""
        CREATE OR REPLACE TEMP TABLE own_values AS
        SELECT token, {suppressed.digest_sql("token")} AS digest, min(i.erasure) AS customer
        FROM ({tokens_of_cells(f"SELECT * FROM ({forms}) WHERE cell IS NOT NULL")}) t
            LEFT JOIN (SELECT id, min(erasure) AS erasure FROM {IDS} GROUP BY id) i ON i.id = t.n
            LEFT JOIN {members} m ON m.record_id = t.n
        WHERE token IS NOT NULL GROUP BY token
        HAVING count(DISTINCT coalesce(i.erasure, m.customer_id, t.n)) = 1 AND min(i.erasure) IS NOT NULL""")


def _values(engine: Engine) -> list[tuple[str, str, str, str]]:
    return [(customer, "value", digest, "") for customer, digest in engine.rows("SELECT customer, digest FROM own_values")]


def _counts(engine: Engine, customers: Iterable[str]) -> dict[str, dict[str, int]]:
    """How much there is of each customer, by place."""
    found: dict[str, dict[str, int]] = {customer: {} for customer in customers}
    selects = [
        f"SELECT erasure, 'landed rows' || CASE WHEN patch IS NULL THEN '' ELSE ' that are also about others' END FROM {LANDED}",
        "SELECT customer, 'identifiers that nobody else has' FROM own_values",
    ]
    for name, table in CONFORMED.items():
        if engine.has(f"conformed.{name}"):
            selects.append(f"SELECT i.erasure, {literal(name)} FROM conformed.{name} t JOIN {IDS} i ON i.id = t.{table.key}")
    for of, place, number in engine.rows(
        f"SELECT of, place, count(*) FROM ({' UNION ALL '.join(selects)}) t(of, place) GROUP BY ALL ORDER BY ALL"
    ):
        found[of][place] = int(number)
    return found
