"""Related customers: who bought the same unusual products ("rare-taste similarity").

Each customer u is a vector with the weight w(p) for each product bought; w is the rarity (idf) of matrix.rarity. So two people
who both bought the bestseller have very little in common, and two who share a product with ten buyers have much.
    score(u, v) = sum over shared p of w(p)^2 / ( sqrt(|u|^2 + d) * sqrt(|v|^2 + d) ),  |u|^2 = sum over all p of u of w(p)^2
This is the cosine of tf-idf vectors (Salton and Buckley 1988) with a damping d: each customer gets `damping` additional purchases
of average weight that nobody shares. Without it, two customers whose only product is the same would score a perfect 1.0.
Candidates are searched among products with at most `max_buyers` buyers; the score of those found then counts all products. So
this is NOT the exact top k of the cosine: people who share only bestsellers are never found, on purpose, and with a low
`max_buyers` the lists differ much from it. Read it as "who shares unusual products with whom".
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from pydantic import Field

from fullcircle.config.read import parse
from fullcircle.config.sections import Settings
from fullcircle.engine.base import Engine
from fullcircle.engine.changes import bring_once
from fullcircle.insights import matrix
from fullcircle.insights.base import Finding, InsightContext
from fullcircle.insights.history import CUSTOMERS, PRODUCTS, History, Ints, forget, purchases_until, read
from fullcircle.insights.tables import fill_edges

NAMED = 3  # shared products named in `why`
DIGITS = 6  # scores are rounded to this many digits before they are compared
BLOCK = 20_000  # customers at a time

# Rounded (they go from 0 to 1), as every score moves a little with every order: the graph and the targets are written only where
# a relation really changed. The rank is that of the whole score.
TABLE = f"""
    SELECT s.customer_id AS customer_id, t.customer_id AS related_id, rank, round(score, 2) AS score, shared,
        concat('Both bought ', a.name, CASE WHEN b.name IS NULL THEN '' WHEN shared = 2 THEN ' and ' ELSE ', ' END, b.name,
            CASE WHEN c.name IS NULL THEN '' WHEN shared = 3 THEN ' and ' ELSE ', ' END, c.name,
            CASE WHEN shared > {NAMED} THEN concat(' and ', shared - {NAMED}, ' more') ELSE '' END,
            CASE WHEN shared > 1 THEN ' (the rarest first)' ELSE '' END, '.') AS why
    FROM pairs_found JOIN {CUSTOMERS} s ON source = s.customer JOIN {CUSTOMERS} t ON target = t.customer
    JOIN {PRODUCTS} a ON first = a.product
    LEFT JOIN {PRODUCTS} b ON second = b.product LEFT JOIN {PRODUCTS} c ON third = c.product
    ORDER BY source, rank"""

EDGES = "SELECT customer_id AS source, related_id AS target, score, shared, why FROM insight_related"


class RelatedOptions(Settings):
    """[insights.related]."""

    k: int = Field(10, ge=1)  # related customers per customer
    max_buyers: int = Field(1000, ge=2)  # products with more buyers do not make candidates
    damping: float = Field(2.0, ge=0)  # additional purchases, shared with nobody, for each customer
    threads: int = Field(0, ge=0)  # 0: all cores


class Related:
    """See the top of the file."""

    name = "related"
    meaning = "Which customers share the same unusual products."
    after = ()

    def check_options(self, options: Mapping[str, Any]) -> None:
        """See `insights.base.ChecksInsight`."""
        parse(RelatedOptions, dict(options), "[insights.related]")

    def compute(self, context: InsightContext) -> Finding:
        """Fill insight_related and edges_related_to: at most `k` others per customer, best first."""
        options = parse(RelatedOptions, context.options, "[insights.related]")
        engine = context.engine
        history = read(engine, purchases_until(context.as_of), context.as_of)
        left_out = int((history.buyers > options.max_buyers).sum())
        if left_out:
            context.progress.say(
                f"related: {left_out} products have more than {options.max_buyers} buyers; "
                "customers who share only these are not related."
            )
        pairs = _together(similar(history, options))
        with engine.transaction():
            tables = _store(engine, pairs)
        forget(engine)
        covered = len(np.unique(pairs["source"].to_numpy()))
        if not covered:
            context.progress.say(f"related: nobody is related to others by what they bought, as {_why_nobody(history, options)}.")
        return Finding(
            self.name, tables, {"coverage": round(covered / max(history.customers, 1), 4), "products_left_out": left_out}
        )


def _why_nobody(history: History, options: RelatedOptions) -> str:
    if not len(history.buyers):
        return "no known customer has bought a product"
    if history.customers == 1:
        return "one customer alone has bought something"
    if history.buyers.max() < 2:
        return "no product was bought by two customers"
    return f"each product was bought by one customer alone, or by more than {options.max_buyers:,}"


def similar(history: History, options: RelatedOptions) -> Iterator[pa.Table]:
    """The best pairs, block by block: source, target, rank, score, shared, first, second, third (the rarest shared products)."""
    weights = matrix.rarity(history.buyers, history.customers)[history.product]
    if not len(weights):
        return
    vectors = matrix.customers_by_products(history, weights)
    damping = options.damping * float(np.mean(weights**2))
    vectors = matrix.scaled(1 / np.sqrt(matrix.row_sums(vectors.multiply(vectors)) + damping), vectors)
    # Products are numbered by buyers: those with 2 to `max_buyers` are a range.
    low, high = np.searchsorted(history.buyers, (2, options.max_buyers + 1))
    rare = vectors[:, low:high]
    others = matrix.scaled(None, matrix.transposed(rare), matrix.prefer(np.arange(history.customers)))
    threads = options.threads or os.cpu_count() or 1
    # Twice as many candidates as needed, and the customer: the score over all products may change their order.
    for source, target, _ in matrix.best(rare, others, 2 * options.k + 1, threads, BLOCK):
        others_only = source != target
        yield _ranked(vectors, source[others_only], target[others_only], options.k)


def _ranked(vectors: matrix.Matrix, source: Ints, target: Ints, k: int) -> pa.Table:
    """Score pairs over all products, sort them, and keep the k best of each source."""
    score = np.round(matrix.row_sums(matrix.in_common(vectors, source, vectors, target)), DIGITS)
    order = np.lexsort((target, -score, source))
    source, target, score = source[order], target[order], score[order]
    rank = np.arange(len(source)) - np.searchsorted(source, source) + 1
    keep = rank <= k
    source, target, score, rank = source[keep], target[keep], score[keep], rank[keep]
    common = matrix.in_common(vectors, source, vectors, target)
    shared = np.diff(common.indptr)
    named = {name: _nth(common, shared, n) for n, name in enumerate(("first", "second", "third"))}
    return pa.table({"source": source, "target": target, "rank": rank, "score": score, "shared": shared, **named})


def _nth(common: matrix.Matrix, shared: Ints, n: int) -> pa.Array:
    """The n-th rarest shared product of each pair; null if there are fewer."""
    missing = shared <= n
    places = np.where(missing, 0, common.indptr[:-1] + n)
    return pa.array(common.indices[places] if len(common.indices) else places, type=pa.int32(), mask=missing)


def _together(blocks: Iterator[pa.Table]) -> pa.Table:
    types = {"source": pa.int32(), "target": pa.int32(), "rank": pa.int32(), "score": pa.float64(), "shared": pa.int32()}
    schema = pa.schema({**types, "first": pa.int32(), "second": pa.int32(), "third": pa.int32()})
    return pa.concat_tables([schema.empty_table(), *(block.cast(schema) for block in blocks)])


def _store(engine: Engine, pairs: pa.Table) -> dict[str, int]:
    with engine.register("pairs_found", pairs):
        bring_once(engine, "insight_related", TABLE)
    return {"insight_related": engine.count("insight_related"), "edges_related_to": fill_edges(engine, "RELATED_TO", EDGES)}


PLUGIN = Related()
