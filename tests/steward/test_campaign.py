"""Campaigns: who is contacted and who is held out, and what came of it."""

from contextlib import closing
from datetime import date

import pyarrow as pa
import pytest

from fullcircle.ask.campaigns import campaigns, newcombe
from fullcircle.book.book import Book
from fullcircle.config.sections import ConsentSettings
from fullcircle.engine.duckdb import DuckDB
from fullcircle.errors import ConfigError, NotFound
from fullcircle.identity.ledger import DDL
from fullcircle.model.tables import CUSTOMER_CONSENTS
from fullcircle.steward.campaign import CampaignPlan, contacted, start

DAY = date(2026, 5, 1)
MANY = 1000


@pytest.fixture
def book(tmp_path):
    with closing(Book(tmp_path / "book.sqlite")) as made:
        made.define(DDL)
        yield made


@pytest.fixture
def tables():
    engine = DuckDB(threads=2)
    engine.run(f"""
        CREATE TABLE customers AS SELECT 'customer:' || n AS customer_id FROM range({MANY}) t(n);
        CREATE TABLE members AS
            SELECT customer_id, replace(customer_id, 'customer', 'record:crm:people') AS record_id FROM customers;
        CREATE TABLE insight_segments AS SELECT customer_id, 'tea' AS segment FROM customers;
        CREATE TABLE insight_segment_sizes AS SELECT * FROM (
            VALUES ('tea', true, NULL), ('all', false, NULL), ('odd', true, 'No.'), ('nobody', true, NULL))
                t(segment, audience, note);
        CREATE TABLE customer_orders (customer_id VARCHAR, ordered_at TIMESTAMP, amount DOUBLE, unpaid DOUBLE, currency VARCHAR);
        CREATE TABLE customer_returns (customer_id VARCHAR, ordered_at TIMESTAMP, amount DOUBLE, currency VARCHAR)""")
    engine.run(CUSTOMER_CONSENTS.ddl())
    return engine


def to_contact(book, tables, name="spring", **more):
    return contacted(book, tables, name, ConsentSettings(), **more).ids


def order(engine, ids, day="2026-05-10", amount=20.0, currency="EUR"):
    with engine.register("ids", pa.table({"id": pa.array(ids, pa.string())})):
        engine.run(f"INSERT INTO customer_orders SELECT id, '{day}', {amount}, 0, '{currency}' FROM ids")


def begin(book, tables, name="spring", segment="tea", hold_out=0.2, **more):
    return start(book, tables, CampaignPlan(name, segment, hold_out, DAY), "ann", **more)


def test_a_part_is_held_out_by_chance_and_stays_so(book, tables):
    done = begin(book, tables)
    assert done.contacted + done.held_out == MANY
    assert 150 < done.held_out < 250
    first = to_contact(book, tables)
    assert len(first) == done.contacted
    begin(book, tables, "summer")
    both = set(first) & set(to_contact(book, tables, "summer"))
    assert 0.55 * MANY < len(both) < 0.73 * MANY  # another name holds out others
    assert to_contact(book, tables) == first


def test_what_came_of_it_is_compared_with_who_was_held_out(book, tables):
    begin(book, tables)
    there = to_contact(book, tables)
    held = sorted({f"customer:{n}" for n in range(MANY)} - set(there))
    order(tables, there[::2])
    order(tables, held[::5])
    order(tables, held, day="2026-04-30")  # before it
    order(tables, there[:9], amount=7, currency="USD")
    order(tables, ["customer:0"], day="2026-07-30", amount=0)  # after it
    [found] = campaigns(book, tables, 30)
    assert (found.contacted_ordered, found.held_out_ordered) == (len({*there[::2], *there[:9]}), len(held[::5]))
    assert found.gain_low < found.gain < found.gain_high
    assert found.gain == pytest.approx(0.3, abs=0.02)
    assert found.gain_low > 0.2
    assert [one.split()[-1] for one in found.paid] == ["EUR", "USD"]
    assert found.paid[0].startswith("+5.96 (+4.")
    assert found.note is None
    assert found.until == date(2026, 5, 31)


def test_it_says_what_cannot_be_said(book, tables):
    assert list(campaigns(book, tables, 30)) == []
    begin(book, tables)
    assert [one.note for one in campaigns(book, tables, 30)] == ["No order after it is known yet."]
    order(tables, ["customer:1"], day="2026-05-03")
    [found] = campaigns(book, tables, 30)
    assert found.note == "Orders of 2 of 30 days are known."
    tables.run("DELETE FROM insight_segments WHERE customer_id > 'customer:12'")
    begin(book, tables, "few")
    [few] = [one for one in campaigns(book, tables, 30) if one.name == "few"]
    assert few.gain is None
    assert few.note == "Too few customers in one of the groups: 30 are needed in each."


def test_whose_data_may_not_be_used_is_not_in_it(book, tables):
    restricted = [f"record:crm:people:{n}" for n in range(500)]
    done = begin(book, tables, restricted=restricted)
    assert done.contacted + done.held_out == MANY - 500


def test_who_refused_since_or_may_not_be_used_is_not_contacted_but_still_compared(book, tables):
    begin(book, tables)
    one, other, third, *rest = to_contact(book, tables)
    said = f"('{one}', 'email', false), ('{rest[0]}', 'email', true)"
    tables.run(f"INSERT INTO customer_consents (customer_id, purpose, agreed) VALUES {said}")
    tables.run("ALTER TABLE customers ADD COLUMN deceased DATE")
    tables.run(f"UPDATE customers SET deceased = '2026-05-02' WHERE customer_id = '{other}'")
    record = third.replace("customer", "record:crm:people")
    found = contacted(book, tables, "spring", ConsentSettings(), [record])
    assert (found.ids, found.no_longer) == (rest, 3)
    assert contacted(book, tables, "spring", ConsentSettings(without="deny")).ids == rest[:1]
    order(tables, [one], day="2026-05-30")
    [result] = campaigns(book, tables, 30)
    assert (result.contacted, result.contacted_ordered) == (len(rest) + 3, 1)


def test_a_customer_who_was_absorbed_is_found_by_the_new_id(book, tables):
    begin(book, tables)
    one, other = to_contact(book, tables)[:2]
    book.write("INSERT INTO customer_id VALUES (?, 1, ?, 'absorbed')", (one, other))
    assert one not in to_contact(book, tables)
    assert other in to_contact(book, tables)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"hold_out": 0.0}, "cannot be held out"),
        ({"hold_out": 0.9}, "cannot be held out"),
        ({"name": " "}, "has a name"),
        ({"segment": "all"}, "is not an audience"),
        ({"segment": "odd"}, "has no answer"),
        ({"segment": "te"}, "There is no segment"),
        ({"segment": "nobody"}, "Nobody is in"),
    ],
)
def test_what_is_no_campaign_is_refused(book, tables, given, said):
    with pytest.raises((ConfigError, NotFound), match=said):
        begin(book, tables, **given)


def test_a_name_is_used_once(book, tables):
    begin(book, tables)
    with pytest.raises(ConfigError, match="already"):
        begin(book, tables)
    with pytest.raises(NotFound):
        to_contact(book, tables, "sprang")


def test_the_interval_of_a_difference():
    # Newcombe 1998, table II: 56/70 and 48/80.
    assert newcombe(56, 70, 48, 80) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-4)
    gain, low, high = newcombe(0, 40, 0, 40)
    assert gain == 0
    assert low == pytest.approx(-high)
