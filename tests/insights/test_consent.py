"""Who refused gets no offers: in no table, not in the graph, and at no target after the next run."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyiceberg.catalog.sql import SqlCatalog

from fullcircle.ask.consents import agreed
from fullcircle.ask.reader import open_reader
from fullcircle.config.read import read_config
from fullcircle.config.sections import Config, ConsentSettings, InsightSettings
from fullcircle.desk import open_desk
from fullcircle.engine.base import Engine
from fullcircle.engine.duckdb import DuckDB
from fullcircle.insights.compute import compute
from fullcircle.insights.consent import ANSWERED
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Progress, Silent
from fullcircle.pipeline import run

ALL = [(f"t{i}", "2026-01-01", "POT LEAF", 1, "web") for i in range(5)] + [
    (who, "2026-01-01", "POT", 1, "web") for who in ("ann", "bob", "cy", "dee")
]
MARCH, MAY = datetime(2026, 3, 1), datetime(2026, 5, 1)
Said = tuple[str, str, str | None, bool | None, datetime | None]  # customer, purpose, channel, granted, at


class Heard(Progress):
    """What was said."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, text: str) -> None:
        self.said.append(text)


def say_consents(engine: Engine, said: list[Said]) -> None:
    consents, edges = VERTICES["Consent"].table, EDGES["HAS_CONSENT"].table
    engine.run(
        f"CREATE OR REPLACE TABLE {consents} (id VARCHAR, purpose VARCHAR, channel VARCHAR, granted BOOLEAN, "
        '"at" TIMESTAMP, source VARCHAR)'
    )
    engine.run(f"CREATE OR REPLACE TABLE {edges} (source VARCHAR, target VARCHAR)")
    for number, (who, purpose, channel, granted, at) in enumerate(said):
        values = {
            "id": f"consent:{number}",
            "purpose": purpose,
            "channel": channel,
            "granted": granted,
            "at": at,
            "source": f"s{number}",
        }
        engine.run(f"INSERT INTO {consents} VALUES ($id, $purpose, $channel, $granted, $at, $source)", values)
        engine.run(f"INSERT INTO {edges} VALUES ($who, $id)", {"who": f"customer:{who}", "id": f"consent:{number}"})


SAID: list[Said] = [
    ("ann", "newsletter", "email", False, None),
    ("bob", "sms_opt_in", "sms", False, MAY), ("bob", "newsletter", "email", True, MARCH),
    ("cy", "newsletter", "email", False, MARCH), ("cy", "email", "email", True, MAY),
]  # fmt: skip


@pytest.mark.parametrize(
    ("consent", "wanted"),
    [
        (ConsentSettings(), "cy dee"),
        (ConsentSettings(without="deny"), "cy"),
        (ConsentSettings(purposes=("email",)), "bob cy dee"),
        (ConsentSettings(purposes=(" Newsletter ",), without="deny"), "bob cy"),
        (ConsentSettings(purposes=("sms",)), "ann cy dee"),
        (ConsentSettings(purposes=("profiling",)), "ann bob cy dee"),
        (ConsentSettings(purposes=("profiling",), without="deny"), ""),
    ],
)
@pytest.mark.parametrize("every", [{}, {"next_product": "1d"}])
def test_who_refused_gets_no_offers(shop, consent: ConsentSettings, wanted: str, every: dict[str, str]) -> None:
    made = shop(ALL)
    made.engine.run("CREATE TABLE customers AS SELECT DISTINCT customer_id FROM customer_orders")
    made.engine.run("CREATE TABLE vertices_customer AS SELECT customer_id AS id FROM customers")
    made.engine.run("CREATE TABLE vertices_product AS SELECT product_id AS id FROM products")
    settings = InsightSettings(names=("next_product",), every=every, next_product={"judge": False})
    say_consents(made.engine, [])
    compute(made.engine, settings, Silent())
    assert _offered(made.engine) == "ann bob cy dee"
    say_consents(made.engine, SAID)
    heard = Heard()
    (finding,) = compute(made.engine, settings, heard, consent=consent)
    assert _offered(made.engine) == wanted
    assert finding.tables == {"insight_next_product": len(wanted.split()), "edges_may_like": len(wanted.split())}
    assert any("no offers" in text for text in heard.said) == (wanted != "ann bob cy dee")
    odd = [text for text in heard.said if "nobody says anything of profiling" in text]
    assert bool(odd) == ("profiling" in consent.purposes)


def _offered(engine: Engine) -> str:
    in_table = engine.rows("SELECT DISTINCT customer_id[10:] FROM insight_next_product ORDER BY 1")
    assert engine.rows("SELECT DISTINCT source[10:] FROM edges_may_like ORDER BY 1") == in_table
    return " ".join(who for (who,) in in_table)


ONE = st.tuples(
    st.sampled_from(["ann", "bob"]), st.sampled_from(["newsletter", "profiling"]), st.sampled_from(["email", "", None]),
    st.sampled_from([True, False, None]), st.sampled_from([None, MARCH, MAY]),
)  # fmt: skip
ENGINE = DuckDB(threads=1)


@given(st.lists(ONE, max_size=7))
def test_what_counts_is_what_show_says(said: list[Said]) -> None:
    say_consents(ENGINE, said)
    found: dict[str, dict[str, bool | None]] = {}
    text = ANSWERED.format(edges=EDGES["HAS_CONSENT"].table, consents=VERTICES["Consent"].table)
    for who, name, answer, at, source in ENGINE.rows(text):
        found.setdefault(who.removeprefix("customer:"), {})[name] = answer
        own = said[int(source.removeprefix("s"))]
        assert (own[0], own[3], own[4]) == (who.removeprefix("customer:"), answer, at)
    names = ("purpose", "channel", "granted", "at")
    for who in {one[0] for one in said}:
        assert found[who] == agreed([dict(zip(names, one[1:], strict=True)) for one in said if one[0] == who])


# -- to the targets ----------------------------------------------------------------------------------------------------

CONFIG = """
[sources.shop]
connector = "files"
path = "shop"
[sources.shop.objects.people]
files = "people.csv"
key = "id"
[sources.shop.objects.products]
files = "products.csv"
key = "id"
[sources.shop.objects.lines]
files = "lines.csv"
key = "id"
[[map]]
source = "shop"
object = "people"
to = "records"
[map.fields]
full_name = "name"
email = "email"
[[map]]
source = "shop"
object = "people"
to = "consents"
[map.fields]
purpose = { value = "newsletter" }
granted = "newsletter"
[[map]]
source = "shop"
object = "products"
to = "products"
[map.fields]
name = "name"
[[map]]
source = "shop"
object = "lines"
to = "orders"
[map.fields]
record_id = { field = "person", ref = "people" }
ordered_at = "day"
amount = "amount"
[[map]]
source = "shop"
object = "lines"
to = "order_lines"
[map.fields]
order_id = { field = "id", ref = "lines" }
product_id = { field = "product", ref = "products" }
quantity = { value = 1 }
amount = "amount"
[insights]
names = ["next_product"]
[insights.next_product]
judge = false
[publish.targets.lake]
target = "iceberg"
tables = ["insight_next_product"]
[publish.targets.files]
target = "parquet"
tables = ["insight_next_product"]
"""
NAMES = ("Ada Keller", "Ben Ito", "Cleo Brunner", "Dora Nagy", "Emil Sato", "Fay Moreau", "Gus Lind")


def write(folder: Path, newsletter: dict[int, str]) -> None:
    people = [f"{n},{name},{name.split()[0].lower()}@example.org,{newsletter.get(n, '')}" for n, name in enumerate(NAMES, 1)]
    (folder / "shop").mkdir(exist_ok=True)
    (folder / "shop" / "people.csv").write_text("\n".join(["id,name,email,newsletter", *people]) + "\n")


@pytest.fixture
def project(tmp_path: Path) -> Config:
    write(tmp_path, {1: "yes"})
    lines = [f"{n}{end},{n},{product},2026-03-0{n},5" for n in range(1, 8) for end, product in (("0", "POT"), ("1", "LEAF"))]
    kept = [line for line in lines if not line.startswith(("11,", "21,"))]  # the first two people have no LEAF
    (tmp_path / "shop" / "lines.csv").write_text("\n".join(["id,person,product,day,amount", *kept]) + "\n")
    (tmp_path / "shop" / "products.csv").write_text("id,name\nPOT,Pot\nLEAF,Leaf\n")
    (tmp_path / "fullcircle.toml").write_text(CONFIG)
    return read_config(tmp_path / "fullcircle.toml")


@pytest.mark.slow
def test_a_withdrawal_reaches_the_lake_the_files_and_the_graph_with_the_next_run(project: Config) -> None:
    assert _after_a_run(project) == ["Ada Keller", "Ben Ito"]
    write(project.folder, {1: "no"})
    assert _after_a_run(project) == ["Ben Ito"]
    deny = project.model_copy(update={"consent": ConsentSettings(without="deny")})
    write(project.folder, {1: "yes"})
    assert _after_a_run(deny) == ["Ada Keller"]
    write(project.folder, {1: "no", 2: "no"})
    assert _after_a_run(project) == []


def _after_a_run(settings: Config) -> list[str]:
    """Who has an offer: the same people in the lake, in the files and in the graph."""
    with open_desk(settings) as desk:
        run(desk)
    lake = settings.home / "lake"
    with closing(SqlCatalog("fullcircle", uri=f"sqlite:///{lake / 'catalog.sqlite'}", warehouse=f"file://{lake}")) as catalog:
        in_lake = set(catalog.load_table("fullcircle.insight_next_product").scan().to_arrow()["customer_id"].to_pylist())
    file = settings.home / "published" / "insight_next_product.parquet"
    assert {row[0] for row in ENGINE.rows(f"SELECT customer_id FROM '{file}'")} == in_lake
    with open_reader(settings) as reader:
        offered = [name for name in NAMES if reader.show(name).may_like]
        assert {reader.show(name).customer["id"] for name in offered} == in_lake
    return offered
