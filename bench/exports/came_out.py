"""What came out of an export: `init`, `map suggest --all --write` and a run in a folder, nothing by hand; then its tables."""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.exports.truth import Export
from fullcircle.ask.suggest import to_suggest, write
from fullcircle.config.read import read_config
from fullcircle.config.starter import starter
from fullcircle.desk import Desk, open_desk
from fullcircle.pipeline import run
from fullcircle.stage import Choice

STAGES = ("pull", "conform", "check", "resolve")
Row = dict[str, Any]


@dataclass
class Out:
    """The rows of the tables, or why there are none."""

    problem: str = ""
    records: list[Row] = field(default_factory=list)  # with `customer`, and `emails` and `phones` of their identifiers
    orders: list[Row] = field(default_factory=list)  # with `customer`, and `lines`
    tickets: list[Row] = field(default_factory=list)
    interactions: list[Row] = field(default_factory=list)
    products: list[Row] = field(default_factory=list)
    accounts: list[Row] = field(default_factory=list)
    consents: list[Row] = field(default_factory=list)
    quarantine: list[str] = field(default_factory=list)
    config: str = ""


def brought(export: Export, folder: Path) -> Out:
    """Take an export through it all, as a newcomer would; an error is a result too."""
    (folder / "data").mkdir(parents=True)
    for name, text in export.files.items():
        (folder / "data" / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    config = folder / "fullcircle.toml"
    out = Out()
    try:
        config.write_text(starter(folder)[0], encoding="utf-8")
        settings = read_config(config)
        write(settings, to_suggest(settings), config)
        out.config = config.read_text(encoding="utf-8")
        with open_desk(read_config(config)) as desk:
            run(desk, Choice(only=STAGES))
            _read(desk, out)
    except Exception as problem:  # whatever ends the day of a newcomer is counted, not raised
        out.problem = f"{type(problem).__name__}: {problem}".splitlines()[0]
    return out


def _rows(desk: Desk, sql: str) -> list[Row]:
    return [dict(row) for row in desk.engine.arrow(sql).to_pylist()]


def _read(desk: Desk, out: Out) -> None:
    out.records = _rows(
        desk,
        "SELECT r.*, m.customer_id AS customer, a.name AS belongs_to FROM records r LEFT JOIN members m USING (record_id) "
        "LEFT JOIN accounts a ON a.account_id = r.account_id",
    )
    numbers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in _rows(desk, "SELECT record_id, kind, value FROM identifiers WHERE kind IN ('email', 'phone')"):
        numbers[row["record_id"], row["kind"]].add(row["value"])
    for record in out.records:
        for kind in ("email", "phone"):
            record[kind + "s"] = numbers[record["record_id"], kind] | ({record[kind]} - {None})
    for table in ("orders", "tickets", "interactions", "consents"):
        rows = _rows(desk, f"SELECT t.*, m.customer_id AS customer FROM {table} t LEFT JOIN members m USING (record_id)")
        setattr(out, table, rows)
    lines: dict[str, list[Row]] = defaultdict(list)
    for line in _rows(desk, "SELECT l.*, p.name, p.sku FROM order_lines l LEFT JOIN products p USING (product_id)"):
        lines[line["order_id"]].append(line)
    for order in out.orders:
        order["lines"] = lines[order["order_id"]]
    out.products, out.accounts = _rows(desk, "SELECT * FROM products"), _rows(desk, "SELECT * FROM accounts")
    out.quarantine = [f"{row['object']}: {row['reason']}" for row in _rows(desk, "SELECT object, reason FROM quarantine")]
