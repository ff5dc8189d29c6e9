"""Makes the graph's tables: for each kind `vertices_*` / `edges_*` with id, hash and properties, as it should be.

Start at `build`. What customers are is in build_people.py, what they bought in build_trade.py; here stands how a SELECT
becomes the table of a kind. Each kind is one statement (customers: a few), so that no more is in memory than it needs.
"""

from __future__ import annotations

from fullcircle.engine.base import Engine, fingerprint, quoted
from fullcircle.graph.shape import label_named
from fullcircle.graph.tables import people, trade
from fullcircle.model.label import PROPERTY_TYPES, EdgeLabel
from fullcircle.model.progress import Progress


def build(engine: Engine, progress: Progress) -> dict[str, int]:
    """Make every table of the graph that the sources decide (insights make theirs); returns the rows of each kind.

    Also makes `customer_orders(customer_id, order_id, ordered_at, amount, channel)` and `purchases(customer_id,
    product_id, times, quantity, amount, first, last)`, which insights read.
    """
    trade.prepare(engine)
    made = {}
    for label, select in {**people.selects(engine), **trade.selects()}.items():
        progress.step(f"Graph: {label}")
        made[label] = _make(engine, label, select)
    trade.tidy(engine)
    return made


def _make(engine: Engine, label: str, select: str | list[str]) -> int:
    """Fill the table of a kind from a SELECT, or from several that give different rows."""
    table = label_named(label).table
    first, *others = [select] if isinstance(select, str) else select
    engine.run(f"CREATE OR REPLACE TABLE {table} AS {_shaped(label, first)}")
    for other in others:
        engine.run(f"INSERT INTO {table} {_shaped(label, other)}")
    return engine.count(table)


def _shaped(label: str, select: str) -> str:
    """The SELECT with exactly the columns of the kind, in their types, and the hash over all of them.

    A NUL character is taken out of texts, because graph stores refuse or cut it.
    """
    model = label_named(label)
    ends = ["source", "target"] if isinstance(model, EdgeLabel) else []
    texts = {name: "string" for name in ("id", *ends)} | model.properties
    columns = {
        name: f"replace(CAST({quoted(name)} AS VARCHAR), chr(0), '')"
        if type_ == "string"
        else f"CAST({quoted(name)} AS {PROPERTY_TYPES[type_]})"
        for name, type_ in texts.items()
    }
    typed = ", ".join(f"{column} AS {quoted(name)}" for name, column in columns.items())
    properties = [quoted(name) for name in model.properties]
    print_ = fingerprint(*([*ends, *properties] or ["id"]))
    return f"SELECT {', '.join(['id', *ends, f'{print_} AS hash', *properties])} FROM (SELECT {typed} FROM ({select}))"
