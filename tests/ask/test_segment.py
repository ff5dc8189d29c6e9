"""Segments: how many customers fulfil conditions, and some of them."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fullcircle.ask.reader import Reader, open_reader
from fullcircle.config.read import read_config
from fullcircle.desk import open_desk
from fullcircle.errors import ConfigError, NotAllowed
from fullcircle.govern.home_keys import open_book
from fullcircle.govern.log import ListLog
from fullcircle.govern.principal import Principal
from fullcircle.govern.restricted import Restricted
from fullcircle.insights.segments.conditions import Condition, conditions_of
from fullcircle.pipeline import run
from fullcircle.serve.cli.main import app
from tests import small

PEOPLE = {  # name: orders as (day, amount, currency)
    "Ada Keller": [("2026-01-02", "19.90", "CHF"), ("2026-02-02", "80", "EUR")],
    "Ben Ito": [("2026-03-02", "200", "EUR")],
    "Cleo Walsh": [("2026-03-03", "300", "EUR"), ("2026-03-30", "10", "EUR")],
    "Dora Haas": [("2026-03-04", "50", "CHF")],
    "Emil O'Hara": [],
    "Fia Brunner": [("2026-03-05", "101", "EUR")],
    "Gus Nyberg": [("2026-03-06", "102", "EUR")],
    "Hal Petit": [("2026-03-07", "103", "EUR")],
}
COUNTRIES = ("CH", "DE", "DE", "CH", "", "DE", "DE", "DE")


def _files() -> dict[str, str]:
    people, orders, contacts = ["id,name,email"], ["id,person,day,amount,currency"], ["id,name,email,phone,country,born"]
    for place, ((name, bought), country) in enumerate(zip(PEOPLE.items(), COUNTRIES, strict=True)):
        email = f"{name.split()[0].lower()}@example.org"
        people.append(f"{place},{name},{email}")
        contacts.append(f"{place},{name},{email},,{country},1984-07-2{place}")
        orders += [f"{place}{nth},{place},{','.join(one)}" for nth, one in enumerate(bought)]
    listed = {"shop/people.csv": people, "shop/orders.csv": orders, "crm/contacts.csv": contacts}
    return {file: "\n".join(lines) + "\n" for file, lines in listed.items()}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = small.make(tmp_path_factory.mktemp("shop"), files=_files())
    text = file.read_text().replace('amount = "amount"\n', 'amount = "amount"\ncurrency = "currency"\n')
    text = text.replace('phone = "phone"\n', 'phone = "phone"\ncountry = "country"\nbirth_date = "born"\n')
    text += """
[segments.german]
rules = ["country = DE", "spent > 100 EUR"]
[segments.mailed]
rules = ["email is known"]
[segments.odd]
rules = ["spent > 100"]
"""
    file.write_text(text)
    with open_desk(read_config(file)) as desk:
        run(desk)
    file.write_text(text + "\n[govern]\n")
    return file


def asked(shop: Path, role: str = "steward", log: ListLog | None = None) -> Reader:
    return open_reader(read_config(shop), Principal(f"os:{role}", frozenset({role})), log=log or ListLog())


def names(reader: Reader, *conditions: str) -> list[str]:
    found = reader.segment(conditions, 50)
    assert found.size == len(found.sample)
    return sorted(str(one.name).split()[0] for one in found.sample)


def test_conditions_are_read_as_they_are_meant(shop: Path) -> None:
    with asked(shop) as reader:
        for conditions, who in (
            (["country = de"], "Ben Cleo Fia Gus Hal"),
            (["country != DE"], "Ada Dora Emil"),
            (["country is unknown"], "Emil"),
            (["country in DE, CH", "orders > 1"], "Ada Cleo"),
            (["orders = 0"], "Emil"),
            (["spent > 100 EUR"], "Ben Cleo Fia Gus Hal"),
            (["spent >= 80 eur", "spent < 102 EUR"], "Ada Fia"),
            (["spent in 50 CHF, 19.90 CHF"], "Ada Dora"),
            (["currency = CHF"], "Dora"),
            (["last_order >= 2026-03-05"], "Cleo Fia Gus Hal"),
            (["last_order = 2026-03-04"], "Dora"),
            (["first_order > 20000 days ago", "orders >= 2"], "Ada Cleo"),
            (['name contains "o\'ha"'], "Emil"),
            (["email = 'ben@example.org'"], "Ben"),
            (["birth_date = 1984-07-20"], "Ada"),
            (["source = crm", "source = shop", "records = 2"], "Ada Ben Cleo Dora Emil Fia Gus Hal"),
            (["source != crm"], ""),
            (["segment in new, regular, loyal, champions, promising, at risk, lapsed", "kind = person", "tickets = 0"],
             "Ada Ben Cleo Dora Fia Gus Hal"),
        ):  # fmt: skip
            assert " ".join(names(reader, *conditions)) == who, conditions


def test_the_sql_is_shown_and_says_the_same(shop: Path) -> None:
    with asked(shop) as reader:
        found = reader.segment(["spent > 100 EUR", "country = DE"], 2)
        assert (found.size, found.customers, len(found.sample)) == (5, 8, 2)
        assert found.size_text == "5 of 8 customers"
        with open_desk(read_config(shop)) as desk:
            assert len(desk.engine.rows(found.sql, {"restricted": []})) == 5
        assert reader.segment([Condition("country", "=", "DE")], 0).to_dict()["sample"] == []


@pytest.mark.parametrize(
    "written",
    ["", "country", "country = ", "country ~ DE", "country is nice", "Spent > 3", "spent > 1 EUR, 2", "spent > lots EUR",
     "orders > x", "orders > 1; DROP TABLE customers", "last_order > yesterday", "due = perhaps", "country > DE", "source > crm",
     "orders contains 3",
     "due > yes", "no_such = 1", "country in ,", "spent in 1 EUR, 2 CHF", "country = a\x00b", "consent.fax = yes", "spent > 100",
     "country = " + "x" * 501],
)  # fmt: skip
def test_what_cannot_be_compared_is_refused_without_its_value(shop: Path, written: str) -> None:
    with asked(shop) as reader, pytest.raises(ConfigError) as raised:
        reader.segment([written])
    value = written.partition(" ")[2].rpartition(" ")[2]
    assert len(value) < 4 or value not in raised.value.message + raised.value.hint


def test_too_many_conditions_and_none_are_refused() -> None:
    for many in (0, 21):
        with pytest.raises(ConfigError):
            conditions_of(["country = DE"] * many)


@pytest.mark.parametrize("value", ["x' OR '1'='1", "'; DROP TABLE customers; --", "$restricted", "%", "\\' OR 1=1 --", "a$$b"])
def test_a_value_is_only_a_value(shop: Path, value: str) -> None:
    with asked(shop) as reader:
        for field in ("name", "country", "source", "bought"):
            assert reader.segment([f"{field} = {value}"]).size == 0
        assert reader.segment(["orders >= 0"]).size == 8


def test_nobody_counts_by_what_they_do_not_see_in_full(shop: Path) -> None:
    refused = {
        "marketer": ["email = ben@example.org", "name contains b", "birth_date > 1980-01-01", "city is known"],
        "analyst": ["email = ben@example.org", "city = Bern"],
        "agent": ["birth_date = 1984-07-20", "gender is known"],
        "admin": ["country = DE"],
    }
    for role, several in refused.items():
        log = ListLog()
        with asked(shop, role, log) as reader:
            for condition in several:
                with pytest.raises(NotAllowed) as raised:
                    reader.segment(["orders > 0", condition])
                assert "example.org" not in raised.value.message + raised.value.hint
        assert {one.outcome for one in log.entries} == {"refused"}


def test_few_are_not_counted_for_who_does_not_see_all(shop: Path) -> None:
    with asked(shop, "marketer") as reader:
        for condition in ("spent > 250 EUR", "country = FR"):  # one, nobody
            found = reader.segment([condition], 10)
            assert (found.size, found.size_text, len(found.sample)) == (None, "fewer than 5 customers", 0)
        many = reader.segment(["country = DE"], 10)
        assert (many.size, len(many.sample)) == (5, 5)
        assert {one.name for one in many.sample} == {"B*** I***", "C*** W***", "F*** B***", "G*** N***", "H*** P***"}
    with asked(shop, "steward") as reader:
        assert reader.segment(["spent > 250 EUR"]).size == 1


def test_who_is_shown_is_noted(shop: Path) -> None:
    log = ListLog()
    with asked(shop, "marketer", log) as reader:
        found = reader.segment(["country = DE"], 3)
    (entry,) = log.entries
    assert entry.question == "segment"
    assert set(entry.customers) == {one.id for one in found.sample}
    assert {"email:partial", "name:partial", "spent"} <= set(entry.fields)


def test_nobody_is_counted_whose_data_may_not_be_used(shop: Path) -> None:
    with closing(open_book(read_config(shop))) as book:
        Restricted(book).restrict(["record:crm:contacts:1"], "maria", "")
        try:
            with asked(shop) as reader:
                assert "Ben" not in names(reader, "country = DE")
                assert reader.segment(["country = DE"]).customers == 7
        finally:
            Restricted(book).lift(["record:crm:contacts:1"])


def test_the_command_line_says_the_same(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without = shop.parent / "without.toml"
    without.write_text(shop.read_text().replace("\n[govern]\n", ""))
    asking = ["segment", "spent > 100 EUR", "country = DE", "--config", str(without)]
    printed = json.loads(CliRunner().invoke(app, [*asking, "--json"]).stdout)
    with open_reader(read_config(without)) as reader:
        found = reader.segment(["spent > 100 EUR", "country = DE"]).to_dict()
    assert printed == json.loads(json.dumps(found, default=lambda one: one.isoformat()))
    drawn = CliRunner().invoke(app, [*asking, "--sql"]).stdout
    assert "5 of 8 customers" in drawn
    assert "FROM customers c" in drawn


def test_the_segments_of_the_config(shop: Path) -> None:
    with asked(shop) as reader:
        german, mailed, odd = reader.segments()
        ben = reader.search("Ben Ito")[0].id
        assert (german.name, german.rules, german.size, german.entered) == (
            "german", ("country = DE", "spent > 100 EUR"), 5, None
        )  # fmt: skip
        assert ben in german.sample
        assert odd.size is None
        assert str(odd.note).startswith("Customers pay in several currencies (CHF, EUR), so spent needs one.")
        assert [one["name"] for one in reader.show(ben).segments] == ["german", "mailed"]
        assert mailed.size == len(PEOPLE)
    with asked(shop, "marketer") as reader:
        assert [(one.name, one.size) for one in reader.segments()] == [("german", 5), ("mailed", None), ("odd", None)]
    without = shop.parent / "without.toml"
    without.write_text(shop.read_text().replace("\n[govern]\n", ""))
    said = CliRunner().invoke(app, ["segments", "--config", str(without), "--json"])
    assert said.exit_code == 0, said.output
    assert [one["size"] for one in json.loads(said.stdout)] == [5, len(PEOPLE), None]
