"""Makes the graph's tables: for each label `vertices_*` or `edges_*` with id, hash and properties, as they should be.

Start at `build`. The SELECTs are in people.py (customers and their records) and trade.py (products, entities, purchases);
this module turns a SELECT into the table of a label. Each label is one statement (Customer: a few), which limits the memory
needed.
"""

from __future__ import annotations

from fullcircle.config.sections import MoneySettings
from fullcircle.engine.base import Engine, fingerprint, quoted
from fullcircle.graph.shape import label_named
from fullcircle.graph.tables import people, trade
from fullcircle.model.label import PROPERTY_TYPES, EdgeLabel
from fullcircle.model.progress import Progress


def build(engine: Engine, progress: Progress, settings: MoneySettings | None = None, country: str = "") -> dict[str, int]:
    """Make every graph table that comes from the sources (insights make their own); return the row count of each label.

    Also makes the tables `customer_orders`, `customer_returns` and `purchases` (model/tables.py), which insights read.
    `settings` is [money] of the config, for amounts in several currencies; `country` is that of the project.
    """
    trade.prepare(engine, progress, settings or MoneySettings(), country)
    made = {}
    for label, select in {**people.selects(engine), **trade.selects()}.items():
        progress.step(f"Graph: {label}")
        made[label] = _make(engine, label, select)
    trade.drop_temporary(engine)
    return made


def _make(engine: Engine, label: str, select: str | list[str]) -> int:
    """Fill the table of a label from a SELECT, or from several SELECTs with different rows."""
    table = label_named(label).table
    first, *others = [select] if isinstance(select, str) else select
    engine.run(f"CREATE OR REPLACE TABLE {table} AS {_shaped(label, first)}")
    for other in others:
        engine.run(f"INSERT INTO {table} {_shaped(label, other)}")
    return engine.count(table)


def _shaped(label: str, select: str) -> str:
    """The SELECT with exactly the columns of the label, in their types, and the hash over all of them.

    NUL characters are removed from texts, because graph stores refuse them or cut the text there.
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
