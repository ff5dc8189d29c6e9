"""The default maps: which connectors have some, and those of Tryton over what a real server holds."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType

import pytest

from fullcircle import registry
from fullcircle.book.book import Book
from fullcircle.config.sections import FieldRule, MapSettings, SourceSettings
from fullcircle.connectors.landing import Landing
from fullcircle.connectors.pull import pull
from fullcircle.connectors.sources.tryton.maps import LEGAL_FORM
from fullcircle.engine.duckdb import DuckDB
from fullcircle.mapping.conform import conform
from fullcircle.mapping.defaults import maps_for
from fullcircle.model.progress import Silent
from tests.servers.tryton import TrytonServer, running_tryton
from tests.servers.tryton_seed import ORDERED

LOSER, WINNER = 10, 11


def test_only_known_connectors_have_maps() -> None:
    files = SourceSettings(connector="files")
    assert maps_for({"shop": files}) == ()
    found = maps_for({"shop": files, "crm": SourceSettings(connector="tryton")})
    assert {each.source for each in found} == {"crm"}
    assert {each.to for each in found} == {
        "records", "identifiers", "addresses", "products", "orders", "order_lines", "interactions",
    }  # fmt: skip


class Diary:
    """A connector of another package, with maps of its own."""

    @staticmethod
    def default_maps(source: str) -> list[MapSettings]:
        return [MapSettings(source=source, object="visits", to="interactions", fields={"text": FieldRule(field="note")})]


def register(monkeypatch: pytest.MonkeyPatch, name: str, target: str) -> None:
    point = EntryPoint(name=name, value=target, group="fullcircle.connectors")
    real = registry._installed
    monkeypatch.setattr(registry, "_installed", lambda group, path: (*real(group, path), (point, name)))


def test_a_connector_of_another_package_brings_its_maps(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("diary_connector")
    module.PLUGIN = Diary  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "diary_connector", module)
    register(monkeypatch, "diary", "diary_connector:PLUGIN")
    found = maps_for({"shop": SourceSettings(connector="files"), "paper": SourceSettings(connector="diary")})
    assert [(each.source, each.object, each.to) for each in found] == [("paper", "visits", "interactions")]


def test_a_connector_that_cannot_be_loaded_has_no_maps(monkeypatch: pytest.MonkeyPatch) -> None:
    register(monkeypatch, "diary", "a_library_that_is_not_installed:PLUGIN")
    sources = {"paper": SourceSettings(connector="diary"), "old": SourceSettings(connector="removed")}
    assert maps_for(sources) == ()
    found = maps_for({**sources, "crm": SourceSettings(connector="tryton")})
    assert {each.source for each in found} == {"crm"}


@pytest.mark.parametrize(
    ("name", "organisation"),
    [
        ("Corvino Teahouse GmbH", True), ("Almgren Ltd.", True), ("Dunmarrow S.A.", True), ("Hollowell, Inc.", True),
        ("Ada Almgren", False), ("Vincent Sa", False), ("Lincoln Ag", False), ("Inca Corvino", False),
    ],
)  # fmt: skip
def test_a_legal_form_makes_an_organisation(name: str, organisation: bool) -> None:
    with closing(DuckDB()) as engine:
        assert engine.value("SELECT regexp_matches($name, $form)", {"name": name, "form": LEGAL_FORM}) is organisation


@pytest.mark.server
@pytest.mark.xdist_group("tryton")
class TestTryton:
    """One pull and one conform for all: a merge has happened since the seeding."""

    @pytest.fixture(scope="class")
    def server(self, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrytonServer]:
        with running_tryton(tmp_path_factory.mktemp("tryton")) as running:
            running.merge(LOSER, WINNER)
            yield running

    @pytest.fixture(scope="class")
    def engine(self, server: TrytonServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDB]:
        folder: Path = tmp_path_factory.mktemp("conformed")
        (folder / "password").write_text(server.password)
        options = {"url": server.url, "user": server.user, "password": "file:password"}
        sources = {"crm": SourceSettings(connector="tryton", **options)}
        with closing(Book(folder / "book.sqlite")) as book, closing(DuckDB()) as engine:
            landing = Landing(folder / "landing", book, engine)
            pull(sources, folder, landing, Silent())
            conform(engine, landing, maps_for(sources), "BE", Silent())
            yield engine

    def test_nothing_is_quarantined(self, engine: DuckDB) -> None:
        assert engine.rows("SELECT object, rule, reason, count(*) FROM conformed.quarantine GROUP BY ALL") == []

    def test_parties_become_records(self, engine: DuckDB, server: TrytonServer) -> None:
        rows = engine.rows("SELECT key, kind, coalesce(organisation, full_name) FROM conformed.records")
        people = server.truth.people
        assert {key: name for key, _, name in rows} == {key: truth["name"] for key, truth in people.items()}
        wrong = [key for key, kind, _ in rows if people[key]["kind"] not in (kind, "own")]
        assert wrong == []
        merged = engine.rows("SELECT key, merged_into FROM conformed.records WHERE merged_into IS NOT NULL")
        assert merged == [(str(LOSER), f"record:crm:party.party:{WINNER}")]

    def test_ways_to_reach_them_are_theirs(self, engine: DuckDB, server: TrytonServer) -> None:
        rows = engine.rows("SELECT record_id, value FROM conformed.identifiers WHERE kind = 'email'")
        truth = {key: about["email"] for key, about in server.truth.people.items() if "email" in about}
        del truth[str(LOSER)]  # archived by the merge
        assert {(record.rpartition(":")[2], value) for record, value in rows} == set(truth.items())
        kinds = {row[0] for row in engine.rows("SELECT DISTINCT kind FROM conformed.identifiers")}
        assert kinds == {"email", "phone", "handle", "tax"}
        assert engine.value("SELECT count(*) FROM conformed.identifiers WHERE kind = 'tax'") == 12
        cities = {row[0] for row in engine.rows("SELECT DISTINCT country FROM conformed.addresses")}
        assert cities == {"BE", "DE", "FR", "IT"}
        assert engine.value("SELECT count(*) FROM conformed.addresses WHERE street IS NULL OR city IS NULL") == 0

    def test_orders_add_up_for_every_party(self, engine: DuckDB, server: TrytonServer) -> None:
        rows = engine.rows("SELECT record_id, sum(amount) FROM conformed.orders GROUP BY 1")
        spent = {record.removeprefix("record:crm:party.party:"): Decimal(amount) for record, amount in rows}
        truth = server.truth.spent()
        if str(LOSER) in truth:  # Tryton moves the sales of a merged party
            truth[str(WINNER)] = truth.get(str(WINNER), Decimal(0)) + truth.pop(str(LOSER))
        assert spent == truth
        by_line = engine.rows(
            "SELECT count(*) FROM (SELECT order_id, sum(amount) AS amount FROM conformed.order_lines GROUP BY 1) l "
            "JOIN conformed.orders o USING (order_id) WHERE l.amount = o.amount"
        )
        assert by_line == [(sum(sale["state"] in ORDERED for sale in server.truth.sales.values()),)]

    def test_products_and_opportunities_arrive(self, engine: DuckDB, server: TrytonServer) -> None:
        products = {row[0]: row[1:] for row in engine.rows("SELECT key, name, sku, category, price FROM conformed.products")}
        assert products == {
            key: (truth["name"], truth["code"], truth["category"], Decimal(truth["price"]))
            for key, truth in server.truth.products.items()
        }
        deals = engine.rows("SELECT key, amount FROM conformed.interactions WHERE kind = 'opportunity'")
        assert dict(deals) == {key: Decimal(truth["amount"]) for key, truth in server.truth.opportunities.items()}
        quotations = {row[0] for row in engine.rows("SELECT key FROM conformed.interactions WHERE kind = 'quotation'")}
        assert quotations == {key for key, sale in server.truth.sales.items() if sale["state"] == "quotation"}
