"""What a customer agreed to or refused: in the graph, in the view, as text and as data."""

from __future__ import annotations

from datetime import datetime

import pytest

from fullcircle.ask.consents import agreed, consents_of
from fullcircle.ask.reader import Reader
from fullcircle.book.book import Book
from fullcircle.config.sections import Config
from fullcircle.engine.duckdb import DuckDB
from fullcircle.graph.base import StoreContext
from fullcircle.graph.stores.memory import Memory
from fullcircle.graph.sync import sync
from fullcircle.graph.tables.build import build
from fullcircle.identity.ledger import Ledger
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Silent
from fullcircle.model.tables import PUBLISHED
from fullcircle.serve.cli.view import draw
from tests.graph import village

MARCH, MAY = datetime(2025, 3, 1), datetime(2025, 5, 1)
MADE = (  # consent, record, purpose, granted, since when
    ("1", "record:shop:c:1", "newsletter", "true", "'2025-03-01'"),
    ("2", "record:crm:p:7", "email", "false", "'2025-05-01'"),
    ("3", "record:shop:c:1", "sms_opt_in", "true", "NULL"),
    ("4", "record:shop:c:1", "profiling", "NULL", "NULL"),
    ("5", "record:shop:c:2", "phone", "false", "NULL"),
)


def consent(
    granted: bool | None, at: datetime | None = None, purpose: str = "x", channel: str | None = None
) -> dict[str, object]:
    return {"purpose": purpose, "channel": channel, "granted": granted, "at": at}


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    folder = tmp_path_factory.mktemp("consents")
    engine, store, book = DuckDB(), Memory(StoreContext(folder)), Book(folder / "book.sqlite")
    village.found(engine)
    for id, record, purpose, granted, at in MADE:
        engine.run(
            'INSERT INTO consents (consent_id, record_id, purpose, granted, "at", source, object, key) '
            f"VALUES ('consent:shop:c:{id}', '{record}', '{purpose}', {granted}, CAST({at} AS TIMESTAMP), 'shop', 'c', '{id}')"
        )
    build(engine, Silent())
    sync(engine, store, book, [*VERTICES, *EDGES], Silent())
    engine.close()
    Ledger(book)
    book.write_many(
        "INSERT INTO customer_id (id, founded, into_id, state) VALUES (?, 1, NULL, 'live')", [(village.ANN,), (village.BOB,)]
    )
    return Reader(store, book, Config())


def test_the_view_has_what_every_record_says(reader: Reader) -> None:
    ann = reader.show(village.ANN)
    assert [(one["purpose"], one["channel"], one["granted"], one["at"], one["record"]) for one in ann.consents] == [
        ("email", "email", False, MAY, "record:crm:p:7"),
        ("newsletter", "email", True, MARCH, "record:shop:c:1"),
        ("sms_opt_in", "sms", True, None, "record:shop:c:1"),
        ("profiling", None, None, None, "record:shop:c:1"),
    ]
    assert ann.agreed == {"email": False, "profiling": None, "sms": True}
    data = ann.to_dict()
    assert data["agreed"] == ann.agreed
    assert data["consents"][0]["source"] == "shop"


def test_who_refuses_e_mail_refuses_it_for_the_address_and_so_for_all_who_have_it(reader: Reader) -> None:
    bob = reader.show(village.BOB)  # he has the address of Ann, who refused
    assert bob.agreed == {"call": False, "email": False}
    assert [one["record"] for one in bob.consents if one["channel"] == "email"] == [
        "record:crm:p:7"
    ]  # what she agreed to is hers


def test_it_is_shown_counted_and_published(reader: Reader, capsys: pytest.CaptureFixture[str]) -> None:
    draw(reader.show(village.ANN))
    said = capsys.readouterr().out
    assert "email refused, profiling not said, sms granted" in said
    lines = [line.split() for line in said[said.index("Consents (4)") :].splitlines()]
    assert ["email", "email", "refused", "2025-05-01", "shop"] in [line[:5] for line in lines]
    assert any(line[:5] == ["sms_opt_in", "sms", "granted", "not", "known"] for line in lines)
    assert reader.status().graph["Consent"] == 5
    assert "consents" in {table.name for table in PUBLISHED}


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ([consent(True)], True),
        ([consent(None)], None),
        ([consent(True), consent(False)], False),
        ([consent(True, MAY), consent(False, MARCH)], True),
        ([consent(True, MARCH), consent(False, MAY)], False),
        ([consent(True, MAY), consent(False, MAY)], False),
        ([consent(True, MAY), consent(False)], False),
        ([consent(True), consent(False, MARCH)], False),
        ([consent(True, MAY), consent(False, MARCH), consent(False)], False),
        ([consent(None), consent(True)], True),
    ],
)
def test_a_refusal_counts_unless_a_consent_is_newer(given: list[dict[str, object]], wanted: bool | None) -> None:
    assert agreed(given) == {"x": wanted}
    assert agreed(given[::-1]) == {"x": wanted}


def test_all_columns_are_there_without_values() -> None:
    assert consents_of([{"id": "consent:1"}])[0].keys() == {
        "id", "purpose", "channel", "granted", "at", "source", "record"}  # fmt: skip


def test_nothing_is_said_of_consents_where_there_are_none(reader: Reader, capsys: pytest.CaptureFixture[str]) -> None:
    reader.book.write("INSERT INTO customer_id (id, founded, into_id, state) VALUES (?, 1, NULL, 'live')", (village.CY,))
    draw(reader.show(village.CY))
    assert "onsent" not in capsys.readouterr().out
