"""The made-up company: the same for a seed, its truth complete, its config readable, its mistakes there, its taste real."""

from __future__ import annotations

import csv
import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import phonenumbers
import pyarrow.parquet as pq
import pytest

from fullcircle.config.read import read_config
from fullcircle.demo import company, growth, names, people
from fullcircle.engine.duckdb import DuckDB
from fullcircle.errors import ConfigError, NotFound
from fullcircle.model.tables import CONFORMED

PEOPLE = 400


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("company")
    company.make(made, people=PEOPLE)
    return made


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if None not in row and None not in row.values()]


def lines(path: Path) -> Iterator[dict]:
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            continue


def contacts(folder: Path) -> list[sqlite3.Row]:
    db = sqlite3.connect(folder / "crm.sqlite")
    db.row_factory = sqlite3.Row
    try:
        return db.execute("SELECT * FROM contacts ORDER BY id").fetchall()
    finally:
        db.close()


def record_ids(folder: Path) -> set[str]:
    found = {f"record:crm:contacts:{row['id']}" for row in contacts(folder) if not row["deleted"]}
    for path in (folder / "shop").glob("customers*.csv"):
        found |= {f"record:shop:customers:{row['customer_id']}" for row in table(path)}
    for path in (folder / "support").glob("*.jsonl"):
        found |= {f"record:support:tickets:{row['id']}" for row in lines(path)}
    return found | {f"record:social:mentions:{row['id']}" for row in lines(folder / "social" / "mentions.jsonl")}


def test_the_same_seed_gives_the_same_files_and_another_seed_others(folder: Path, tmp_path: Path) -> None:
    company.make(tmp_path / "again", people=PEOPLE)
    company.make(tmp_path / "other", people=PEOPLE, seed=8)
    ours, again, other = digests(folder), digests(tmp_path / "again"), digests(tmp_path / "other")
    assert ours == again
    assert {name for name in ours if ours[name] == other[name]} == {"fullcircle.toml"}


def test_the_truth_knows_every_live_record_once(folder: Path) -> None:
    truth = table(folder / "truth.csv")
    assert len(truth) == len({row["record_id"] for row in truth})
    assert {row["record_id"] for row in truth} == record_ids(folder)


def test_sizes_follow_the_parameters(folder: Path, tmp_path: Path) -> None:
    records = len(table(folder / "truth.csv"))
    assert records == pytest.approx(PEOPLE * company.RECORDS_PER_PERSON, rel=0.1)
    assert company.people_for(5_000) == pytest.approx(1_600, rel=0.03)
    count = sum(pq.read_metadata(path).num_rows for path in (folder / "shop").glob("order_lines-*.parquet"))
    assert count >= 3 * records
    company.make(tmp_path, people=PEOPLE, lines_per_record=1.0)
    fewer = sum(pq.read_metadata(path).num_rows for path in (tmp_path / "shop").glob("order_lines-*.parquet"))
    assert fewer == pytest.approx(records, rel=0.15)


def test_the_config_is_read_and_maps_only_what_exists(folder: Path) -> None:
    plan = read_config(folder / "fullcircle.toml")
    assert set(plan.sources) == {"crm", "shop", "support", "social", "warehouse"}
    for entry in plan.map:
        assert entry.object in plan.sources[entry.source].options["objects"]
        columns = {column.name for column in CONFORMED[entry.to].columns}
        assert set(entry.fields) <= columns, entry
    mapped = {(entry.source, entry.object) for entry in plan.map}
    assert mapped == {(name, object_) for name, source in plan.sources.items() for object_ in source.options.get("objects", ())}


def test_orders_add_up_and_point_to_what_exists(folder: Path) -> None:
    shop = folder / "shop"
    customers = {row["customer_id"] for row in table(shop / "customers.csv")}
    skus = {row["sku"] for row in table(shop / "products.csv")}
    totals: Counter[str] = Counter()
    for path in sorted(shop.glob("order_lines-*.parquet")):
        for row in pq.read_table(path).to_pylist():
            assert row["sku"] in skus
            exact = row["quantity"] * row["unit_price"] * (1 - row["discount"])
            assert abs(exact - row["line_total"]) <= 0.005
            totals[row["order_id"]] += round(row["line_total"] * 100)
    orders = [row for path in sorted(shop.glob("orders-*.csv")) for row in table(path) if row["order_id"] < "O-9"]
    assert {row["customer_id"] for row in orders} <= customers
    assert {row["order_id"]: round(float(row["total"]) * 100) for row in orders} == totals
    assert max(row["ordered_at"] for row in orders) < "2026-11-01"


def test_every_kind_of_mistake_is_there(folder: Path) -> None:
    rows = contacts(folder)
    assert any(row["deleted"] for row in rows)
    assert any(row["merged_into"] for row in rows)
    assert any("@" not in (row["email"] or "@") for row in rows)
    assert any(row["email"] is None for row in rows)
    assert any(not row["first_name"].isascii() for row in rows)
    assert {row["country"] for row in rows} >= {"US", "USA", "United States", "GB", "UK"}
    assert len({"".join("9" if c.isdigit() else c for c in row["phone"] or "") for row in rows}) > 6
    raw = (folder / "shop" / "customers.csv").read_text(encoding="utf-8").splitlines()
    assert len(raw) - 1 > len(table(folder / "shop" / "customers.csv"))
    tickets = (folder / "support" / "tickets.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(tickets) == len(list(lines(folder / "support" / "tickets.jsonl"))) + 1


def test_families_share_emails_and_one_person_has_several_names(folder: Path) -> None:
    person = {row["record_id"]: row["person"] for row in table(folder / "truth.csv")}
    emails: dict[str, set[str]] = {}
    names: dict[str, set[str]] = {}
    for row in table(folder / "shop" / "customers.csv"):
        who = person[f"record:shop:customers:{row['customer_id']}"]
        emails.setdefault(row["email"].lower(), set()).add(who)
        names.setdefault(who, set()).add(row["name"].lower())
    for row in contacts(folder):
        if row["email"] and f"record:crm:contacts:{row['id']}" in person:
            emails.setdefault(row["email"].lower(), set()).add(person[f"record:crm:contacts:{row['id']}"])
    assert any(len(who) > 1 for email, who in emails.items() if email.startswith("the."))
    assert any(len(found) > 1 for found in names.values())
    own = [who for email, who in emails.items() if email.endswith(("@example.org", "@example.com", "@example.net"))]
    shared = [who for who in own if len(who) > 1]
    assert len(shared) <= 5, "only junk e-mails and rare typos may join strangers"


def test_what_goes_together_is_bought_together(folder: Path) -> None:
    names = {row["sku"]: row["name"] for row in table(folder / "shop" / "products.csv")}
    baskets: dict[str, set[str]] = {}
    for path in (folder / "shop").glob("order_lines-*.parquet"):
        for row in pq.read_table(path, columns=["order_id", "sku"]).to_pylist():
            baskets.setdefault(row["order_id"], set()).add(names[row["sku"]].split(" ", 1)[1])
    count = Counter(thing for basket in baskets.values() for thing in basket)
    both = sum({"Dog Food", "Dog Treats"} <= basket for basket in baskets.values())
    lift = both * len(baskets) / (count["Dog Food"] * count["Dog Treats"])
    assert lift > 3


def test_a_change_touches_about_its_share_and_keeps_the_truth_true(tmp_path: Path) -> None:
    company.make(tmp_path, people=PEOPLE)
    before = digests(tmp_path)
    done = company.change(tmp_path, share=0.05)
    after = digests(tmp_path)
    assert {name for name in before if after[name] != before[name]} == {"crm.sqlite", "truth.csv"}
    assert 0 < done.contacts < 0.1 * len(contacts(tmp_path))
    assert done.deleted > 0 and done.tickets > 0 and done.lines > done.orders > 0
    assert {row["record_id"] for row in table(tmp_path / "truth.csv")} == record_ids(tmp_path)
    assert len([row for row in contacts(tmp_path) if row["updated_at"] > "2026-11"]) == done.contacts + done.deleted
    company.change(tmp_path, share=0.05)
    assert len(list((tmp_path / "shop").glob("orders-2026-11-*.csv"))) == 2
    assert {row["record_id"] for row in table(tmp_path / "truth.csv")} == record_ids(tmp_path)


def test_making_it_again_removes_what_changes_added(tmp_path: Path) -> None:
    company.make(tmp_path, people=60)
    before = digests(tmp_path)
    company.change(tmp_path, share=0.1)
    company.make(tmp_path, people=60)
    assert digests(tmp_path) == before


def test_another_project_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "fullcircle.toml").write_text("[project]\nname = 'mine'\n")
    with pytest.raises(ConfigError, match="another project"):
        company.make(tmp_path, people=10)
    with pytest.raises(NotFound):
        company.change(tmp_path)


@pytest.mark.parametrize("count", [1, 2, 7])
def test_a_tiny_company_can_be_made(tmp_path: Path, count: int) -> None:
    for seed in range(3):
        company.make(tmp_path, people=count, seed=seed)
        assert {row["record_id"] for row in table(tmp_path / "truth.csv")} == record_ids(tmp_path)


def test_namesakes_stay_a_realistic_share_however_big_the_company() -> None:
    shares = []
    for count in (1_600, 6_000, 30_000):
        engine = DuckDB()
        people.make_people(engine, count, np.random.default_rng(1))
        named = "SELECT count(*) AS n, count(DISTINCT household) AS homes FROM people GROUP BY given, family"
        shares.append(engine.value(f"SELECT sum(n) FILTER (homes > 1) / sum(n) FROM ({named})"))
        mail = "SELECT unnest(list_distinct([email, email2])) AS mail, person FROM people"
        assert engine.value(f"SELECT count(mail) - count(DISTINCT mail) FROM ({mail})") == 0
        engine.close()
    assert all(0.03 < share < 0.2 for share in shares), shares
    assert shares == sorted(shares)


def test_small_companies_use_the_short_lists_and_bigger_ones_add_to_them() -> None:
    few, many = growth.pools(growth.BASE_PEOPLE), growth.pools(300_000)
    for origin, small, big in zip(names.ORIGINS, few, many, strict=True):
        assert (small.family, small.female, small.male) == (origin.family, origin.female, origin.male)
        for ours, theirs in ((small.family, big.family), (small.female, big.female), (small.male, big.male)):
            assert theirs[: len(ours)] == ours
            assert len(theirs) > len(ours)
            assert len(set(theirs)) == len(set(ours)) + len(theirs) - len(ours)


def test_phones_are_valid_numbers_and_no_two_people_are_given_the_same(tmp_path: Path) -> None:
    engine = DuckDB()
    people.make_people(engine, 3_000, np.random.default_rng(1))
    drawn = engine.rows(
        "SELECT p.british, f.area, f.line FROM people p JOIN phones f ON f.number IN (p.mobile, p.landline) ORDER BY ALL"
    )
    engine.close()
    texts = {(f"+44{area}496{line:04d}" if british else f"+1{area}555{line:04d}") for british, area, line in set(drawn)}
    assert len(texts) > 3_000
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(text)) for text in texts)
    assert all(0 <= line < 10_000 for _, _, line in drawn)
