"""Takes erased people out of the book: whose their records were, what was decided about them, and examples that name them.

It goes by the hashes on the list, so it can be done again after a crash, when the ids are no longer known. Customer ids stay as
they are, retired: they have no value in them, are never given again, and lead to nobody.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any

import pyarrow as pa

from fullcircle.book.book import Book
from fullcircle.engine.base import Engine, literal
from fullcircle.govern.suppressed import Suppressed
from fullcircle.mapping.made_records import MadeRecords

# Table -> its columns with ids of records or customers: a row with one of somebody erased is deleted.
PERSONAL = {
    "customer_record": ("record_id",),
    "judgement": ("record_a", "record_b"),
    "identity_label": ("record_a", "record_b"),
    "live_record": ("record_id", "customer_id"),
    "restricted_record": ("record_id",),
    "proposal_name": ("name",),
    "given_consent": ("record_id",),
    "quality_release": ("record_id",),
    "campaign_member": ("customer_id",),
    "writeback_cell": ("record_id",),
    "writeback_last": ("record_id",),
}


def forget(book: Book, engine: Engine, suppressed: Suppressed) -> dict[str, int]:
    """Delete what the book has about people on the list, in one transaction; returns the number of rows by table."""
    there = {row[0] for row in book.read("SELECT name FROM sqlite_master WHERE type = 'table'")}
    counts: dict[str, int] = {}
    with book.transaction():
        _free_texts(book, engine, suppressed, there)
        for table, columns in PERSONAL.items():
            if table in there:
                counts[table] = _delete(book, engine, suppressed, table, columns)
        if "live_record" in there:
            counts["live_record"] += MadeRecords(book).without_listed(engine, suppressed)
        if "decision_judgement" in there and "judgement" in there:
            book.write("DELETE FROM decision_judgement WHERE judgement NOT IN (SELECT id FROM judgement)")
            book.write("DELETE FROM decision WHERE id NOT IN (SELECT decision FROM decision_judgement)")
        if "proposal_name" in there:  # whole, with what somebody wrote as its reason
            left = "(SELECT count(*) FROM proposal_name n WHERE n.proposal = proposal.id)"
            book.write(f"DELETE FROM proposal WHERE names > {left}")
            book.write("DELETE FROM proposal_name WHERE proposal NOT IN (SELECT id FROM proposal)")
        if "request_once" in there:  # what programs were answered may name anybody: that it was done stays, not what was said
            book.write("UPDATE request_once SET answer = NULL, answered = 1 WHERE answer IS NOT NULL")
            book.write(
                "UPDATE request_once SET noted = json_set(noted, '$.before', json('[]')) WHERE noted IS NOT NULL "
                "AND json_extract(noted, '$.before') IS NOT NULL"
            )
        if "quality_release" in there:  # why a row was let through may name somebody
            book.write("UPDATE quality_release SET reason = '' WHERE reason <> ''")
        if "identity_model_change" in there:
            counts["examples"] = _forget_examples(book, engine, suppressed)
        if "identity_health" in there:
            book.write("UPDATE identity_health SET problems = '[]' WHERE problems <> '[]'")  # they may name records
    return {table: number for table, number in counts.items() if number}


def erased_customers(book: Book, engine: Engine, suppressed: Suppressed) -> list[str]:
    """The ids of customers on the list: what is kept elsewhere under these ids goes, too."""
    if not book.read("SELECT 1 FROM sqlite_master WHERE name = 'customer_id'"):
        return []
    return sorted(_listed(engine, suppressed, (row[0] for row in book.read("SELECT id FROM customer_id"))))


def _delete(book: Book, engine: Engine, suppressed: Suppressed, table: str, columns: Collection[str]) -> int:
    before = _size(book, table)
    for column in columns:
        found = _listed(engine, suppressed, (row[0] for row in book.read(f"SELECT DISTINCT {column} FROM {table}")))
        book.write_many(f"DELETE FROM {table} WHERE {column} = ?", ((id,) for id in sorted(found)))
    return before - _size(book, table)


def _free_texts(book: Book, engine: Engine, suppressed: Suppressed, there: Collection[str]) -> None:
    """What people wrote beside decisions about somebody erased, as the name may be in it: also where the decision stays."""
    if not {"judgement", "decision", "decision_judgement"} <= set(there):
        return
    names = (id for row in book.read("SELECT record_a, record_b FROM judgement") for id in row)
    found = sorted(_listed(engine, suppressed, names))
    for column in ("record_a", "record_b"):
        book.write_many(
            "UPDATE decision SET reason = '', undone_reason = CASE WHEN undone_reason IS NULL THEN NULL ELSE '' END WHERE id IN "
            f"(SELECT decision FROM decision_judgement d JOIN judgement j ON j.id = d.judgement WHERE j.{column} = ?)",
            ((id,) for id in found),
        )
    book.write(
        "UPDATE judgement SET note = '' WHERE id IN (SELECT p.judgement FROM decision_judgement p "
        "JOIN decision d ON d.id = p.decision WHERE d.reason = '')"
    )


def _forget_examples(book: Book, engine: Engine, suppressed: Suppressed) -> int:
    """The examples by which new weights were shown name records and customers."""
    gone = 0
    for number, text in book.read("SELECT number, effect FROM identity_model_change WHERE effect IS NOT NULL"):
        effect: dict[str, Any] | None = json.loads(text)
        if not effect or not effect.get("examples"):
            continue
        named = [id for one in effect["examples"] for id in (*one["customers"], *one["records"])]
        listed = _listed(engine, suppressed, named)
        kept = [one for one in effect["examples"] if not listed & {*one["customers"], *one["records"]}]
        if len(kept) < len(effect["examples"]):
            gone += len(effect["examples"]) - len(kept)
            shorter = json.dumps({**effect, "examples": kept})
            book.write("UPDATE identity_model_change SET effect = ? WHERE number = ?", (shorter, number))
    return gone


_DIGEST = pa.schema([("digest", pa.string())])


def _listed(engine: Engine, suppressed: Suppressed, ids: Iterable[str]) -> set[str]:
    """Those of these ids that are on the list."""
    asked = pa.table({"digest": list(dict.fromkeys(ids))}, _DIGEST)
    listed = suppressed.ids()
    with engine.register("asked_ids", asked), engine.register("listed_ids", listed):
        rows = engine.rows(
            f"SELECT digest FROM asked_ids WHERE {suppressed.digest_sql('digest')} IN (SELECT digest FROM listed_ids)"
        )
    return {row[0] for row in rows}


def _size(book: Book, table: str) -> int:
    return int(book.read(f"SELECT count(*) FROM {table}")[0][0])


def trim_phone_cache(engine: Engine) -> None:
    """The phone numbers that are remembered as cleaned: only those that somebody still has."""
    if not engine.has("clean_cache"):
        return
    tables = [name for name in ("conformed.identifiers", "identifiers") if engine.has(name)]
    known = " UNION ".join(f"SELECT split_part(value, ' (', 1) AS x FROM {name}" for name in tables)
    kind = literal("phone")
    engine.run(
        f"DELETE FROM clean_cache WHERE kind = {kind} AND coalesce(clean, raw) NOT IN ({known or 'SELECT NULL WHERE false'})"
    )
