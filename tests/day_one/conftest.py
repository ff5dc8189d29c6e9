"""Day one: files as people bring them, `init`, `map suggest --all --write`, a run; nothing by hand. What came out is the view."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from fullcircle.ask.suggest import to_suggest, write
from fullcircle.config.read import read_config
from fullcircle.config.starter import starter
from fullcircle.desk import Desk, open_desk
from fullcircle.graph.tables import trade
from fullcircle.graph.tables.money import find_currencies
from fullcircle.model.progress import Silent
from fullcircle.pipeline import run
from fullcircle.stage import Choice

STAGES = ("pull", "conform", "check", "resolve")


@dataclass
class View:
    """What came out: for each customer, by name (else e-mail, else record key), what there is."""

    orders: dict[str, dict[str, Decimal]] = field(default_factory=dict)  # customer -> order key -> amount
    statuses: dict[str, str] = field(default_factory=dict)  # order key -> status, of all orders
    lines: dict[str, int] = field(default_factory=dict)  # order key -> lines
    emails: dict[str, set[str]] = field(default_factory=dict)
    golden: dict[str, str] = field(default_factory=dict)  # customer -> the e-mail address that represents it
    companies: dict[str, str] = field(default_factory=dict)  # customer -> the name of the account
    phones: dict[str, set[str]] = field(default_factory=dict)
    tickets: dict[str, list[str]] = field(default_factory=dict)
    deals: dict[str, list[Decimal]] = field(default_factory=dict)
    visits: dict[str, str] = field(default_factory=dict)  # interaction key -> status
    cities: dict[str, str] = field(default_factory=dict)
    consents: dict[str, set[tuple[str, bool]]] = field(default_factory=dict)
    products: set[str] = field(default_factory=set)
    quarantine: list[str] = field(default_factory=list)
    spent: dict[str, dict[str, Decimal]] = field(default_factory=dict)  # customer -> currency ("" if none) -> what was paid
    unpaid: dict[str, dict[str, Decimal]] = field(default_factory=dict)  # customer -> currency -> what is owed
    said: list[str] = field(default_factory=list)  # by the run
    text: str = ""  # the config with the proposal

    @property
    def people(self) -> set[str]:
        """Who there is."""
        return set(self.emails)


def _names(desk: Desk) -> dict[str, str]:
    rows = desk.engine.rows("SELECT customer_id, coalesce(name, email, customer_id) FROM customers")
    return {str(customer): str(name) for customer, name in rows}


def _of(desk: Desk, table: str, columns: str) -> list[tuple[Any, ...]]:
    return desk.engine.rows(
        f"SELECT m.customer_id, {columns} FROM {table} t JOIN members m ON m.record_id = t.record_id ORDER BY ALL"
    )


def view_of(desk: Desk, text: str) -> View:
    names = _names(desk)
    view = View(text=text, emails={name: set() for name in names.values()}, phones={name: set() for name in names.values()})
    for customer, kind, value in desk.engine.rows(
        "SELECT m.customer_id, i.kind, i.value FROM identifiers i JOIN members m ON m.record_id = i.record_id "
        "WHERE i.kind IN ('email', 'phone')"
    ):
        (view.emails if kind == "email" else view.phones)[names[customer]].add(value)
    view.golden = {
        names[c]: email for c, email in desk.engine.rows("SELECT customer_id, email FROM customers WHERE email IS NOT NULL")
    }
    accounts = "SELECT customer_id, a.name FROM customers c JOIN accounts a ON a.account_id = c.account_id"
    view.companies = {names[c]: company for c, company in desk.engine.rows(accounts)}
    for customer, key, amount in _of(desk, "orders", "t.key, t.amount"):
        view.orders.setdefault(names[customer], {})[key] = amount
    view.statuses = dict(desk.engine.rows("SELECT key, status FROM orders"))
    view.visits = dict(desk.engine.rows("SELECT key, status FROM interactions"))
    for customer, subject in _of(desk, "tickets", "t.subject"):
        view.tickets.setdefault(names[customer], []).append(subject)
    for customer, amount in _of(desk, "interactions", "t.amount"):
        view.deals.setdefault(names[customer], []).append(amount)
    for customer, purpose, granted in _of(desk, "consents", "t.purpose, t.granted"):
        view.consents.setdefault(names[customer], set()).add((purpose, granted))
    view.cities = {
        names[c]: city for c, city in desk.engine.rows("SELECT customer_id, city FROM customers WHERE city IS NOT NULL")
    }
    view.lines = dict(
        desk.engine.rows(
            "SELECT o.key, count(*) FROM order_lines l JOIN orders o USING (order_id) JOIN products USING (product_id) GROUP BY 1"
        )
    )
    view.products = {name for (name,) in desk.engine.rows("SELECT name FROM products")}
    _money(desk, view, names)
    view.quarantine = [reason for (reason,) in desk.engine.rows("SELECT reason FROM quarantine")]
    return view


def _money(desk: Desk, view: View, names: dict[str, str]) -> None:
    find_currencies(desk.engine, Silent(), desk.config.money)
    trade.prepare(desk.engine, Silent())
    trade.drop_temporary(desk.engine)
    for customer, currency, spent, unpaid in desk.engine.rows(
        "SELECT customer_id, coalesce(currency, ''), sum(amount), sum(unpaid) FROM ("
        "SELECT customer_id, currency, CAST(amount - coalesce(unpaid, 0) AS DECIMAL(18,2)) AS amount, "
        "CAST(coalesce(unpaid, 0) AS DECIMAL(18,2)) AS unpaid FROM customer_orders UNION ALL "
        "SELECT customer_id, currency, CAST(amount AS DECIMAL(18,2)), 0 FROM customer_returns) GROUP BY ALL"
    ):
        view.spent.setdefault(names[customer], {})[currency] = spent
        if unpaid:
            view.unpaid.setdefault(names[customer], {})[currency] = unpaid


class _Said(Silent):
    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, text: str) -> None:
        self.said.append(text)


def put(folder: Path, files: dict[str, str]) -> None:
    """Write files into the folder's `data`, without the empty line that a text in a test begins with."""
    (folder / "data").mkdir(parents=True)
    for name, text in files.items():
        (folder / "data" / name).write_text(text.lstrip("\n"), encoding="utf-8")


def proposed(folder: Path) -> Path:
    """`init` and `map suggest --all --write` in a folder; returns the config file."""
    config = folder / "fullcircle.toml"
    config.write_text(starter(folder)[0], encoding="utf-8")
    settings = read_config(config)
    write(settings, to_suggest(settings), config)
    return config


def view_in(folder: Path) -> View:
    """The view of what is in a folder, with nothing by hand."""
    return run_in(proposed(folder))


def run_in(config: Path) -> View:
    """The view by a config file."""
    progress = _Said()
    with open_desk(read_config(config), progress=progress) as desk:
        run(desk, Choice(only=STAGES))
        view = view_of(desk, config.read_text(encoding="utf-8"))
        view.said = progress.said
        return view


def bring(folder: Path, files: dict[str, str]) -> View:
    """Files in a folder of their own, taken to the view with nothing by hand."""
    put(folder, files)
    return view_in(folder)


@pytest.fixture
def day_one(tmp_path: Path) -> Callable[[dict[str, str]], View]:
    return lambda files: bring(tmp_path, files)


def money(*texts: str) -> list[Decimal]:
    """Amounts, to the cent."""
    return [Decimal(text) for text in texts]


class Suggested:
    """What is proposed for files, without a run: object -> the tables that it becomes; `text` is the proposal."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.times, self.text = folder, 0, ""

    def __call__(self, files: dict[str, str]) -> dict[str, set[str]]:
        self.times += 1
        folder = self.folder / str(self.times)
        put(folder, files)
        config = proposed(folder)
        self.text = config.read_text(encoding="utf-8")
        found: dict[str, set[str]] = {Path(name).stem: set() for name in files}
        for one in read_config(config).map:
            found[one.object].add(one.to)
        return found


@pytest.fixture
def suggested(tmp_path: Path) -> Suggested:
    return Suggested(tmp_path)
