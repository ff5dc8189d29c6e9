"""Who is who on sets with a known truth: pair precision, recall and F1 with default settings, CPU seconds, calibration.

Each set is resolved as a run would do it, from records to customers, with nothing set. Sizes are names of sets: `small` (all but
the big ones), `all`, `peers` (sets of persons, with Splink 5 and GoldenMatch on the same records in the same run; the default
threshold and the one that is best by the truth apart), or one set. Sets that are not there (../shared/data) are left out and
named.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa

from bench import peers
from bench.measure import measured
from bench.peers import goldenmatch, splink5
from bench.people import made, public, sites
from bench.people.load import load
from fullcircle.book.book import Book
from fullcircle.config.sections import IdentitySettings
from fullcircle.engine.base import Engine
from fullcircle.engine.duckdb import DuckDB
from fullcircle.identity.pair_scores import pair_scores
from fullcircle.identity.resolve import resolve

MEANING = "who is who on sets with a known truth: precision, recall, F1, CPU and calibration"
BINS = (-4.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 9.0, 99.0)


def _historical(engine: Engine) -> None:
    from tests.identity.town import load_historical

    load_historical(engine)


def _senzing(engine: Engine) -> None:
    from tests.identity.town import build, load_truth, senzing

    records, identifiers, addresses, truth = senzing()
    build(engine, records, identifiers, addresses)
    load_truth(engine, truth)


SETS: dict[str, Callable[[Engine], None]] = {
    "febrl3": lambda engine: public.febrl(engine, "dataset3"),
    "febrl4": lambda engine: public.febrl(engine, "dataset4a", "dataset4b"),
    "senzing": _senzing,
    "sites": lambda engine: load(engine, sites.sites(31)),
    "sparse": lambda engine: load(engine, made.sparse(41)),
    "mails": lambda engine: load(engine, made.mails(51)),
    "households-20k": lambda engine: load(engine, made.households(61, 20_000)),
    "historical_50k": _historical,
    "households-100k": lambda engine: load(engine, made.households(71)),
    "households-1M": lambda engine: load(engine, made.households(81, 1_000_000)),
}
SMALL = tuple(SETS)[:8]
PEERS = ("febrl3", "febrl4", "sparse", "mails", "households-20k", "historical_50k")
SIZES = ("small", "all", "peers", *SETS)
THRESHOLDS = (0.0, 1.0, 3.0, 4.0, 6.0)  # tried beside the default one for the best


def run(size: str) -> dict[str, Any]:
    if size == "peers":
        return {"sets": {name: beside(name) for name in PEERS}}
    chosen = SMALL if size == "small" else tuple(SETS)[:9] if size == "all" else (size,)
    found: dict[str, Any] = {}
    for name in chosen:
        try:
            found[name] = one(name)
        except (FileNotFoundError, OSError) as error:
            found[name] = f"not measured: {error}"
        print(name, found[name], flush=True)
    return {"sets": found}


def beside(name: str) -> dict[str, Any]:
    """One set resolved here and by the peers: figures at the default threshold, and the greatest F1 of all thresholds tried."""
    ours = one(name)
    tried = {2.0: ours["f1"]} | {at: one(name, at)["f1"] for at in THRESHOLDS}
    best = max(tried, key=lambda at: tried[at])
    found: dict[str, Any] = {"fullcircle": {**ours, "best_threshold": best, "best_f1": tried[best]}}
    print(name, "fullcircle", found["fullcircle"], flush=True)
    with tempfile.TemporaryDirectory(prefix="fullcircle-bench-") as folder:
        engine = DuckDB(Path(folder) / "t.duckdb", threads=1)
        SETS[name](engine)
        table = peers.people(engine)
        with measured() as cost:
            by_weight = splink5.members(table)
        scores = {at: _scored(engine, groups) for at, groups in by_weight.items()}
        best_at = max((at for at in scores if at is not None), key=lambda at: scores[at]["f1"])
        found["splink"] = {**scores[None], **cost, "best_threshold": best_at, "best_f1": scores[best_at]["f1"]}
        print(name, "splink", found["splink"], flush=True)
        with measured() as cost:
            groups = goldenmatch.members(table)
        found["goldenmatch"] = groups if isinstance(groups, str) else {**_scored(engine, groups), **cost}
        print(name, "goldenmatch", found["goldenmatch"], flush=True)
        engine.close()
    return found


def _scored(engine: Engine, groups: pa.Table) -> dict[str, float]:
    with engine.register("grouped", groups):
        scores = pair_scores(engine, "grouped", "truth")
    return {part: round(scores[part], 4) for part in ("precision", "recall", "f1", "b3_f1")}


def one(name: str, threshold: float | None = None) -> dict[str, Any]:
    """Resolve one set and compare with its truth."""
    with tempfile.TemporaryDirectory(prefix="fullcircle-bench-") as folder:
        engine, book = DuckDB(Path(folder) / "t.duckdb", threads=1), Book(Path(folder) / "book.sqlite")
        SETS[name](engine)
        with measured() as cost:
            counts = resolve(engine, book, IdentitySettings(threshold=threshold))
        scores = pair_scores(engine, "members", "truth")
        found = {
            **{part: round(scores[part], 4) for part in ("precision", "recall", "f1", "b3_f1")},
            "records": int(scores["records"]),
            "compared": counts["compared"], "pairs_true": int(scores["pairs_true"]), **cost, "calibration": calibration(engine),
        }  # fmt: skip
        engine.close()
        book.close()
    return found


def calibration(engine: Engine) -> list[tuple[str, int, float, float]]:
    """Scored pairs by weight: (weights from, to), pairs, the share that the weights promise to be right, the share that is."""
    edges = ", ".join(f"({low}, {high})" for low, high in pairwise(BINS))
    rows = engine.rows(f"""
        WITH bins(low, high) AS (VALUES {edges}), judged AS (
            SELECT p.weight, a.entity_id = b.entity_id AS right_one
            FROM pairs p JOIN truth a ON a.record_id = p.record_a JOIN truth b ON b.record_id = p.record_b
            WHERE p.weight IS NOT NULL AND p.veto IS NULL)
        SELECT low, high, count(*), avg(1 / (1 + pow(2.0, -weight))), avg(CAST(right_one AS DOUBLE))
        FROM bins JOIN judged ON weight >= low AND weight < high GROUP BY low, high ORDER BY low""")
    return [(f"{low:g}..{high:g}", count, round(said, 3), round(right, 3)) for low, high, count, said, right in rows]
