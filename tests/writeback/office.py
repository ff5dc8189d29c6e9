"""A company that writes back: its tables as a run leaves them, its book, and a CRM."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from fullcircle.book.book import Book
from fullcircle.config.sections import Config, SourceSettings, WritebackSettings
from fullcircle.connectors.base import SourceContext
from fullcircle.engine.duckdb import DuckDB
from fullcircle.govern.restricted import Restricted
from fullcircle.model.progress import Silent
from fullcircle.model.tables import CUSTOMER_CONSENTS, CUSTOMERS, MEMBERS
from fullcircle.writeback.carry_out import WritebackDone, carry_out
from fullcircle.writeback.journal import Journal
from fullcircle.writeback.opened import WritebackDesk
from fullcircle.writeback.plan import check_writebacks, planned
from fullcircle.writeback.undo import WritebackUndone, undo
from tests.writeback.crms import FACTS, Crm

INSIGHTS = """
CREATE TABLE insight_segments (customer_id VARCHAR, segment VARCHAR, since DATE);
CREATE TABLE insight_segment_sizes (segment VARCHAR, audience BOOLEAN, note VARCHAR);
INSERT INTO insight_segment_sizes VALUES ('vips', true, NULL), ('quiet', true, NULL), ('refusing', false, NULL);
CREATE TABLE insight_worth (
    customer_id VARCHAR, expected_value DECIMAL(18,4), currency VARCHAR, expected_orders DOUBLE, lost DOUBLE);
CREATE TABLE insight_habits (
    customer_id VARCHAR, orders BIGINT, amount DOUBLE, currency VARCHAR, last_order TIMESTAMP, next_order DATE, segment VARCHAR,
    rfm VARCHAR);
CREATE TABLE insight_next_product (customer_id VARCHAR, product_id VARCHAR, rank INTEGER, why VARCHAR);
CREATE TABLE products (product_id VARCHAR, name VARCHAR, sku VARCHAR);
INSERT INTO products VALUES ('product:1', 'Green tea', 'T-1');
"""


class Office:
    """`facts` are what is written: what the tests call a field of the CRM -> the fact."""

    def __init__(self, crm: Crm, folder: Path, **options: Any) -> None:
        self.crm, self.folder, self.options = crm, folder, options
        self.facts = dict(FACTS)
        self.settings: dict[str, Any] = {}
        self.book, self.engine = Book(folder / "book.sqlite"), DuckDB(threads=1)
        for one in (MEMBERS, CUSTOMERS, CUSTOMER_CONSENTS):
            self.engine.run(one.ddl())
        self.engine.run(INSIGHTS)
        self.keys: dict[str, str] = {}
        self._connector: Any = None

    def customer(self, name: str, worth: float | None = None, segments: str = "", last: str = "") -> str:
        """Somebody who is known, with a row in the CRM; returns its key."""
        key = self.keys[name] = self.crm.make(name)
        id = f"customer:{name}"
        self.engine.run(f"INSERT INTO members (record_id, customer_id) VALUES ('{self.record(key)}', '{id}')")
        self.engine.run(f"INSERT INTO customers (customer_id, name, records) VALUES ('{id}', '{name}', 1)")
        self.now(name, worth, segments, last)
        return key

    def now(self, name: str, worth: float | None = None, segments: str = "", last: str = "") -> None:
        """What a run has found of somebody."""
        id = f"customer:{name}"
        for table in ("insight_segments", "insight_worth", "insight_habits"):
            self.engine.run(f"DELETE FROM {table} WHERE customer_id = '{id}'")
        for segment in filter(None, segments.split(";")):
            self.engine.run(f"INSERT INTO insight_segments VALUES ('{id}', '{segment}', NULL)")
        if worth is not None:
            self.engine.run(f"INSERT INTO insight_worth VALUES ('{id}', {worth}, 'EUR', 1, 0.25)")
        if last:
            self.engine.run(f"INSERT INTO insight_habits (customer_id, orders, last_order) VALUES ('{id}', 2, '{last}')")

    def record(self, key: str) -> str:
        return f"record:crm:{self.crm.object}:{key}"

    def restrict(self, name: str) -> None:
        Restricted(self.book).restrict([self.record(self.keys[name])], "steward", "")

    @property
    def config(self) -> Config:
        fields = {self.crm.names[word]: what for word, what in self.facts.items()}
        one = WritebackSettings(source="crm", object=self.crm.object, fields=fields, **self.settings)
        source = SourceSettings(connector=self.crm.connector, **{**self.crm.options(), **self.options})
        return Config(sources={"crm": source}, writeback={"people": one}, folder=self.folder)

    @contextmanager
    def desk(self) -> Iterator[WritebackDesk]:
        config = self.config
        check_writebacks(config)
        with closing(self._opened()) if self.crm.logs_in_quickly else nullcontext(self._kept()) as connector:
            plan = planned(config, "people", connector)
            yield WritebackDesk(config, plan, self.engine, self.book, Journal(self.book, "crm", self.crm.object))

    def _opened(self) -> Any:
        return self.crm.plugin(SourceContext("crm", self.folder, 1000, {**self.crm.options(), **self.options}))

    def _kept(self) -> Any:
        self._connector = self._connector or self._opened()
        return self._connector

    def write(self, preview: bool = False, limit: int | None = None) -> WritebackDone:
        with self.desk() as desk:
            return carry_out(desk, "somebody", Silent(), preview, limit)

    def undo(self, number: int | None = None, preview: bool = False) -> WritebackUndone:
        with self.desk() as desk:
            return undo(desk, number, "somebody", Silent(), preview)

    def there(self, name: str) -> dict[str, str | None]:
        """What the CRM has of somebody."""
        return {word: self.crm.value(self.keys[name], word) for word in self.facts}

    def close(self) -> None:
        if self._connector is not None:
            self._connector.close()
        self.engine.close()
        self.book.close()
