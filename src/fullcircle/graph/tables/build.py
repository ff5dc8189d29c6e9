"""Makes the graph's tables: for each label `vertices_*` or `edges_*` with id, hash and properties, as they should be.

Start at `build`. The SELECTs are in people.py (customers and their records) and trade.py (products, entities, purchases);
this module turns a SELECT into the table of a label. Each label is one statement (Customer: a few), which limits the memory
needed. Where little has changed since, the same SELECTs run over what has (scope.py).
"""

from __future__ import annotations

from fullcircle.config.sections import MoneySettings
from fullcircle.engine.base import Engine, fingerprint, quoted
from fullcircle.engine.changes import bring_once, is_small
from fullcircle.graph.shape import label_named
from fullcircle.graph.tables import live, money, people, scope, trade
from fullcircle.model.counting import counted
from fullcircle.model.graph import FROM_SOURCES
from fullcircle.model.label import PROPERTY_TYPES, EdgeLabel
from fullcircle.model.progress import Progress

Selects = dict[str, str | list[str]]


def build(
    engine: Engine, progress: Progress, settings: MoneySettings | None = None, country: str = "", whole: bool = False
) -> dict[str, int]:
    """Make every graph table that comes from the sources (insights make their own); return the row count of each label.

    Also makes the tables `customer_orders`, `customer_returns` and `purchases` (model/tables.py), which insights read.
    `settings` is [money] of the config, for amounts in several currencies; `country` is that of the project. With `whole`,
    everything is made again, whatever has changed; so it is where there is little.
    """
    settings = settings or MoneySettings()
    selects = {**people.selects(engine), **trade.selects()}
    version = scope.version_of(engine, _texts(selects, settings))
    tables = [*trade.MADE_OF_ORDERS, *(label_named(label).table for label in FROM_SOURCES)]
    money.find_currencies(engine, progress, settings, country)
    small = is_small(engine, "records", "orders", "order_lines", "customers")
    if small:
        scope.forget(engine)
    if not small and scope.begin(engine, version, tables) and not whole:
        _build_scope(engine, progress, selects)
    else:
        trade.prepare(engine, progress)
        for label, select in selects.items():
            progress.step(f"Graph: {label}")
            _make(engine, label, select)
    trade.drop_temporary(engine)
    if not small:
        scope.end(engine, version)
    return {label: engine.count(label_named(label).table) for label in selects}


def _build_scope(engine: Engine, progress: Progress, selects: Selects) -> None:
    trade.prepare_again(engine, progress)
    progress.say(f"Graph: something of {counted(engine.count(scope.CUSTOMERS), 'customer')} changed.")
    scope.find_identifiers(engine)
    customers = label_named("Customer").table
    tastes = f"{customers} v LEFT JOIN customer_tastes t ON t.customer_id = v.id"
    scope.add(engine, scope.CUSTOMERS, f"SELECT v.id FROM {tastes} WHERE t.taste IS DISTINCT FROM v.taste")
    for label, select in selects.items():
        progress.step(f"Graph: {label}")
        own = people.customer(engine) if label == "Customer" else select
        if label in scope.OWNED and isinstance(own, str):
            scope.make_again(engine, label_named(label).table, scope.OWNED[label], _shaped(label, own))
        elif isinstance(own, str):
            _bring(engine, label, own)
        else:
            _make(engine, label, own)


def _texts(selects: Selects, settings: MoneySettings) -> list[str]:
    """All SQL that decides about a row of the tables, and the settings in it."""
    own = {**selects, "Customer": people.customer_text()}
    shaped = [_shaped(label, text) for label, select in own.items() for text in ([select] if isinstance(select, str) else select)]
    return [*shaped, *trade.MADE_OF_ORDERS.values(), live.TASTES, repr(settings)]


def _make(engine: Engine, label: str, select: str | list[str]) -> None:
    """Fill the table of a label from a SELECT, or from several SELECTs with different rows."""
    table = label_named(label).table
    first, *others = [select] if isinstance(select, str) else select
    engine.run(f"CREATE OR REPLACE TABLE {table} AS {_shaped(label, first)}")
    for other in others:
        engine.run(f"INSERT INTO {table} {_shaped(label, other)}")


def _bring(engine: Engine, label: str, select: str) -> None:
    """Fill the table of a label as `_make` does, and write only the rows that changed: hashes are made of these alone."""
    table, properties = label_named(label).table, label_named(label).properties
    first = ["id", *_ends(label)]
    own = [f"{quoted(name)} {PROPERTY_TYPES[type_]}" for name, type_ in properties.items()]
    ddl = f"CREATE OR REPLACE TABLE {table} ({', '.join([*(f'{name} VARCHAR' for name in first), 'hash BIGINT', *own])})"
    bring_once(engine, table, _typed(label, select), ddl=ddl, made={"hash": _hash(label)})


def _shaped(label: str, select: str) -> str:
    """The SELECT with exactly the columns of the label, in their types, and the hash over all of them."""
    names = ["id", *_ends(label), f"{_hash(label)} AS hash", *map(quoted, label_named(label).properties)]
    return f"SELECT {', '.join(names)} FROM ({_typed(label, select)})"


def _hash(label: str) -> str:
    return fingerprint(*([*_ends(label), *map(quoted, label_named(label).properties)] or ["id"]))


def _ends(label: str) -> list[str]:
    return ["source", "target"] if isinstance(label_named(label), EdgeLabel) else []


def _typed(label: str, select: str) -> str:
    """The SELECT with the columns of the label in their types.

    NUL characters are removed from texts, because graph stores refuse them or cut the text there.
    """
    texts = {name: "string" for name in ("id", *_ends(label))} | label_named(label).properties
    columns = {
        name: f"replace(CAST({quoted(name)} AS VARCHAR), chr(0), '')"
        if type_ == "string"
        else f"CAST({quoted(name)} AS {PROPERTY_TYPES[type_]})"
        for name, type_ in texts.items()
    }
    return f"SELECT {', '.join(f'{column} AS {quoted(name)}' for name, column in columns.items())} FROM ({select})"
