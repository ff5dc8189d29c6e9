"""Explains why two records are, or are not, one customer: the match weight of each field, and the other reasons and vetoes.

Only the two records are loaded, into memory. The model and the shared identifiers of the last run come from the book, so the
total equals the weight the run gave to the pair.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import log2
from typing import Any

import pyarrow as pa

from fullcircle.book.book import Book
from fullcircle.config.sections import IdentitySettings
from fullcircle.engine.base import Engine
from fullcircle.engine.open import open_engine
from fullcircle.identity import links, model_store, prepare
from fullcircle.identity.judgements import Judgements
from fullcircle.identity.model import MISSING, MatchModel, name_dependence_at
from fullcircle.identity.prepare import WORK
from fullcircle.identity.resolve import THRESHOLD
from fullcircle.identity.score import score
from fullcircle.model.table import Table
from fullcircle.model.tables import ADDRESSES, IDENTIFIERS, RECORDS

Fields = Mapping[str, Any]
BOTH_NAMES = "given and family"  # the part that corrects for names that often occur together and were counted twice


@dataclass(frozen=True, slots=True)
class FieldWeight:
    """One comparison: its level, the values compared, and its log2 weight against each alternative explanation."""

    name: str
    level: str
    value_a: str
    value_b: str
    against_strangers: float
    against_kin: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """The full explanation of a pair. `weight` is log2 of the odds "same" against "strangers or kin"; None: not comparable."""

    record_a: str
    record_b: str
    prior: float  # log2 odds against strangers before anything is compared
    kin_prior: float  # ... against kin
    parts: tuple[FieldWeight, ...]
    against_strangers: float
    against_kin: float
    weight: float | None
    threshold: float
    reasons: tuple[str, ...]  # what links the two besides the weight: merge, judgement, identifier:<kind>
    vetoes: tuple[str, ...]
    linked: bool  # whether this pair alone would be one customer


def explain(book: Book, a: Fields, b: Fields, settings: IdentitySettings | None = None) -> Explanation:
    """Explain two records: columns of `records`, and optionally the lists `identifiers` ({kind, value}) and `addresses`."""
    settings = settings or IdentitySettings()
    threshold = threshold_of(settings)
    one, other = sorted((a, b), key=lambda fields: str(fields["record_id"]))
    with side_by_side(book, (one, other), settings) as engine:
        kinds = engine.rows(f"SELECT kind FROM {WORK}.names ORDER BY code")
        model = model_store.model_or_built_in(book, kinds[0][0])
        engine.run(f"CREATE TABLE {WORK}.scored (code_a INTEGER, code_b INTEGER, weight DOUBLE)")
        row = _score(engine, model) if kinds[0] == kinds[1] else {}
        links.find_links(engine, settings, Judgements(book).table(), threshold)
        return _explanation(engine, model, row, (str(one["record_id"]), str(other["record_id"]), threshold))


def threshold_of(settings: IdentitySettings) -> float:
    """The weight from which two records are one customer."""
    return THRESHOLD if settings.threshold is None else settings.threshold


@contextmanager
def side_by_side(book: Book, records: Sequence[Fields], settings: IdentitySettings) -> Iterator[Engine]:
    """An engine in memory with these records alone, prepared for comparison with what the last run knew of shared identifiers."""
    engine = open_engine(None, memory="512MB", threads=1)
    try:
        fill(engine, records)
        with prepare.scratch(engine):
            prepare.prepare(engine, settings.shared_limit, model_store.load_shared(book))
            yield engine
    finally:
        engine.close()


def _score(engine: Engine, model: MatchModel) -> dict[str, Any]:
    """Score the pair and return its row."""
    engine.run(f"CREATE TABLE {WORK}.pair AS SELECT 0 AS join_key_l, 1 AS join_key_r, CAST(0 AS UINTEGER) AS match_key")
    score(engine, model, "pair", "weighed", None)
    engine.run(f"INSERT INTO {WORK}.scored SELECT code_a, code_b, weight FROM {WORK}.weighed")
    row: dict[str, Any] = engine.arrow(f"SELECT * FROM {WORK}.weighed").to_pylist()[0]
    return row


def _explanation(engine: Engine, model: MatchModel, row: dict[str, Any], about: tuple[str, str, float]) -> Explanation:
    record_a, record_b, threshold = about
    found = engine.rows(f"SELECT rule, veto FROM {WORK}.links ORDER BY rule")
    reasons = tuple(rule for rule, veto in found if rule != links.SCORE and veto is None)
    vetoes = [veto for _, veto in found if veto]
    if engine.count(f"{WORK}.cannot_link_judgements"):
        vetoes.append("judged to be apart")
    if not row:
        vetoes.append("one is a person, the other an organisation")
    return Explanation(
        record_a, record_b, model.prior, model.kin_prior, _parts(engine, model, row) if row else (),
        row.get("against_strangers", 0.0), row.get("against_kin", 0.0), row.get("weight"), threshold,
        reasons, tuple(dict.fromkeys(vetoes)), engine.count(f"{WORK}.accepted_links") > 0,
    )  # fmt: skip


def _parts(engine: Engine, model: MatchModel, row: dict[str, Any]) -> tuple[FieldWeight, ...]:
    a, b = engine.arrow(f"SELECT * FROM {WORK}.features ORDER BY code").to_pylist()
    parts = []
    for comparison in model.comparisons:
        place = row[f"level_{comparison.name}"]
        values = _shown(a[comparison.column]), _shown(b[comparison.column])
        if place is None:
            parts.append(FieldWeight(comparison.name, MISSING, *values, 0.0, 0.0))
            continue
        level = comparison.levels[place]
        parts.append(FieldWeight(comparison.name, level.label, *values, log2(level.m / level.u), log2(level.m / level.k)))
    off = name_dependence_at(model, row.get("level_given"), row.get("level_family"))
    if off:
        one, other = (f"{features['given']} {features['family']}" for features in (a, b))
        parts.append(
            FieldWeight(BOTH_NAMES, "both agree; correction, as these names often occur together", one, other, -off, 0.0)
        )
    return tuple(parts)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return "; ".join(str(item) for item in value) if isinstance(value, list) else str(value)


def fill(engine: Engine, records: Iterable[Fields]) -> None:
    """Load records into tables like those of the earlier stages: `records`, `identifiers` and `addresses` have these alone."""
    for table in (RECORDS, IDENTIFIERS, ADDRESSES):
        engine.run(table.ddl())
    refill(engine, records)


def refill(engine: Engine, records: Iterable[Fields]) -> None:
    """Replace what `fill` has loaded."""
    identifiers: list[Fields] = []
    addresses: list[Fields] = []
    records = list(records)
    for record in records:
        identifiers += [{**dict(item), "record_id": record["record_id"]} for item in record.get("identifiers") or ()]
        addresses += [{**dict(item), "record_id": record["record_id"]} for item in record.get("addresses") or ()]
    for table, rows in ((RECORDS, records), (IDENTIFIERS, identifiers), (ADDRESSES, addresses)):
        _insert(engine, table, rows)


def _insert(engine: Engine, table: Table, rows: list[Fields]) -> None:
    engine.run(f"DELETE FROM {table.name}")
    if not rows:
        return
    names = [column.name for column in table.columns if any(row.get(column.name) is not None for row in rows)]
    texts = {name: pa.array([None if row.get(name) is None else str(row[name]) for row in rows], pa.string()) for name in names}
    types = {column.name: column.sql_type for column in table.columns}
    casts = ", ".join(f'CAST("{name}" AS {types[name]}) AS "{name}"' for name in names)
    with engine.register("filled", pa.table(texts)):
        engine.run(f"INSERT INTO {table.name} BY NAME SELECT {casts} FROM filled")
