"""A column that mixes decimal commas and decimal points: what is sure is read, what may be two numbers is set aside."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fullcircle.engine.duckdb import DuckDB
from fullcircle.mapping.conform import conform
from tests.mapping.conftest import Recording, SmallLanding
from tests.mapping.test_conform import map_of
from tests.properties import examples

REASON = "orders.amount may be two numbers (1,234 or 1.234): its column has decimal commas and decimal points"


def read(folder, texts, country="US"):
    """For each text, its number or the reason why there is none."""
    engine, said = DuckDB(threads=1), Recording()
    landing = SmallLanding(engine, folder).put("shop", "orders", [{"id": str(n), "sum": text} for n, text in enumerate(texts)])
    conform(engine, landing, [map_of("shop", "orders", "orders", {"amount": "sum"})], country, said)
    found = dict(engine.rows("SELECT key, amount FROM conformed.orders"))
    found |= dict(engine.rows("SELECT key, reason FROM conformed.quarantine"))
    return [found[str(n)] for n in range(len(texts))]


MIXED = ["1,234.50", "1.234,50"]


SURE = {
    "12,345.67": "12345.67", "12.345,67": "12345.67", "1,234,567": "1234567", "1.234.567": "1234567", "3,5": "3.5", "3.5": "3.5",
    "1234,567": "1234.567", "0,500": ".5", "1 234,5": "1234.5", "100": "100", "1,234.567": "1234.567",
}  # fmt: skip
TWO = ["1,234", "1.234", "-1,234", "1.234-", "(1.234)", "EUR 1.234", "1,234 €", "12.500", "999,000"]


@pytest.mark.parametrize("country", ["US", "DE"])
def test_what_is_sure_is_read_and_what_may_be_two_numbers_is_set_aside(tmp_path, country):
    found = read(tmp_path, [*MIXED, *SURE, *TWO], country)
    assert found[:2] == [Decimal("1234.5"), Decimal("1234.5")]
    assert dict(zip([*SURE, *TWO], found[2:], strict=True)) == {
        **{text: Decimal(number) for text, number in SURE.items()}, **dict.fromkeys(TWO, REASON),
    }  # fmt: skip


@pytest.mark.parametrize("country", ["US", "DE"])
def test_commas_and_points_alone_contradict_one_another(tmp_path, country):
    assert read(tmp_path, ["1,234", "1.234", "5"], country) == [REASON, REASON, Decimal(5)]


def test_one_custom_reads_all(tmp_path):
    assert read(tmp_path, ["1,234.50", "1,234", "1.234"]) == [Decimal("1234.5"), Decimal(1234), Decimal("1.234")]
    assert read(tmp_path, ["1.234,50", "1.234", "1,234"]) == [Decimal("1234.5"), Decimal(1234), Decimal("1.234")]


@settings(max_examples=examples(4, soak=50), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 10**6), st.booleans()), min_size=2, max_size=12))
def test_a_number_is_right_or_set_aside(tmp_path, numbers):
    texts = []
    for cents, european in numbers:
        text = f"{cents // 100:,}.{cents % 100:02}" if cents % 100 else f"{cents // 100:,}"
        texts.append(text.translate(str.maketrans(",.", ".,")) if european else text)
    if any("." in text and "," in text for text in texts):
        texts += MIXED  # else a column of one custom
        numbers = [*numbers, (123450, False), (123450, True)]
        for found, (cents, _) in zip(read(tmp_path, texts), numbers, strict=True):
            assert found in {Decimal(cents) / 100, REASON}
