"""Another package adds a connector, a store, an insight, a target and an entity, by entry points alone.

The package in `stranger/` is laid beside the product as if pip had installed it; everything runs in processes of their own.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

STRANGER = Path(__file__).parent / "stranger"
CONFIG = """
[sources.hotel]
connector = "guests"
names = ["Ada Lovelace", "Ben Marks"]

[sources.shop]
connector = "files"
path = "data"

[[map]]
source = "hotel"
object = "guests"
to = "records"
[map.fields]
full_name = "full_name"

[[map]]
source = "shop"
object = "people"
to = "records"
[map.fields]
full_name = "name"
email = "email"

[[map]]
source = "shop"
object = "orders"
to = "orders"
[map.fields]
record_id = { field = "person", ref = "people" }
ordered_at = "day"
amount = "amount"

[[map]]
source = "shop"
object = "contracts"
to = "subscriptions"
[map.fields]
record_id = { field = "customer_id", ref = "people" }
started_at = "start_date"
plan = "tariff"
fee = "monthly_fee"

[graph]
store = "shelf"

[insights]
names = ["weekday"]

[publish.targets.out]
target = "csv"
"""
FILES = {
    "people": "id,name,email\n1,Ada Lovelace,ada@example.org\n2,Ben Marks,ben@example.org\n",
    "orders": "id,person,day,amount\n7,1,2026-03-02,19.90\n8,1,2026-03-09,5\n",
    "contracts": "id,customer_id,start_date,tariff,monthly_fee\nk1,1,2026-01-01,Gold,9.90\nk2,1,2026-02-01,Silver,4.50\n",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that uses all of it, run once."""
    folder = tmp_path_factory.mktemp("outside")
    installed = folder / "site"
    shutil.copytree(STRANGER, installed)
    info = installed / "stranger-1.0.dist-info"
    info.mkdir()
    (installed / "entry_points.txt").rename(info / "entry_points.txt")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: stranger\nVersion: 1.0\n")
    (folder / "data").mkdir()
    for name, text in FILES.items():
        (folder / "data" / f"{name}.csv").write_text(text)
    keys = "".join(f'[sources.shop.objects.{name}]\nfiles = "{name}.csv"\nkey = "id"\n' for name in FILES)
    (folder / "fullcircle.toml").write_text(CONFIG + keys)
    fullcircle(folder, "run", "--quiet")
    return folder


def fullcircle(folder: Path, *words: str) -> str:
    return python(folder, "import sys; from fullcircle.serve.cli.main import main; sys.exit(main())", *words)


def python(folder: Path, code: str, *words: str) -> str:
    path = os.pathsep.join(filter(None, [str(folder / "site"), os.environ.get("PYTHONPATH", "")]))
    command = [sys.executable, "-c", code, *words]
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_view_has_it_all(project: Path) -> None:
    view = json.loads(fullcircle(project, "show", "ada@example.org", "--json"))
    assert {record["source"] for record in view["records"]} >= {"shop"}
    assert [(row["plan"], row["fee"]) for row in view["others"]["Subscriptions"]] == [("Silver", 4.5), ("Gold", 9.9)]
    drawn = fullcircle(project, "show", "ada@example.org")
    assert "Subscriptions" in drawn
    assert "Silver" in drawn


def test_the_store_holds_records_of_the_connector_and_labels_of_the_insight(project: Path) -> None:
    assert list(project.glob(".fullcircle/graph.shelf*"))
    counts = json.loads(fullcircle(project, "status", "--json"))["graph"]
    assert (counts["Record"], counts["Subscription"], counts["SUBSCRIBES_TO"]) == (4, 2, 2)
    assert (counts["Weekday"], counts["ORDERS_ON"]) == (1, 1)


def test_the_target_has_the_insight(project: Path) -> None:
    assert "Monday" in (project / ".fullcircle" / "csv" / "insight_weekday.csv").read_text()


def test_an_insight_no_longer_named_leaves_the_graph(project: Path, tmp_path: Path) -> None:
    shutil.copytree(project, tmp_path / "copy")
    config = tmp_path / "copy" / "fullcircle.toml"
    config.write_text(config.read_text().replace('names = ["weekday"]', "names = []"))
    fullcircle(tmp_path / "copy", "run", "--quiet")
    counts = json.loads(fullcircle(tmp_path / "copy", "status", "--json"))["graph"]
    assert (counts["Weekday"], counts["ORDERS_ON"]) == (0, 0)


def test_suggest_recognises_the_entity(project: Path) -> None:
    proposed = fullcircle(project, "map", "suggest", "shop")
    section = proposed[proposed.index('object = "contracts"') :]
    for line in ('to = "subscriptions"', 'started_at = "start_date"', 'plan = "tariff"', 'fee = "monthly_fee"'):
        assert line in section
    assert 'ref = "people"' in section


WRITTEN = """
import json
from fullcircle.config.read import read_config
from fullcircle.graph.exchange import dms
from fullcircle.graph.rdf import ontology
from pathlib import Path
maps = read_config(Path("fullcircle.toml")).map
tables = {name: dms.SourceTable(name, ("id",)) for name in ("people", "orders", "contracts")}
print(json.dumps({"terms": ontology.terms(), "shapes": ontology.shapes(), "dms": dms.gremlin(dms.plan("shop", tables, maps))}))
"""


def test_ontology_and_dms_mapping_have_the_entity(project: Path) -> None:
    written = json.loads(python(project, WRITTEN))
    assert "fc:Subscription a rdfs:Class" in written["terms"]
    assert "A contract that runs until it is cancelled." in written["terms"]
    assert "fc:SUBSCRIBES_TO a rdf:Property" in written["terms"]
    assert "fc:SubscriptionShape" in written["shapes"]
    assert '"vertex_label": "Subscription"' in written["dms"]
    assert "subscription:shop:contracts:{id}" in written["dms"]


def test_a_declaration_that_cannot_be_loaded_is_named(project: Path, tmp_path: Path) -> None:
    shutil.copytree(project / "site", tmp_path / "site")
    points = tmp_path / "site" / "stranger-1.0.dist-info" / "entry_points.txt"
    points.write_text(points.read_text().replace("stranger_entity:SUBSCRIPTION", "nowhere:AT_ALL"))
    (tmp_path / "fullcircle.toml").write_text(CONFIG)
    with pytest.raises(AssertionError, match="nowhere:AT_ALL"):
        fullcircle(tmp_path, "status")


def test_its_fields_are_unclassified_unless_their_declaration_says_a_class(project: Path) -> None:
    code = (
        "from fullcircle.model.field_classes import class_of as c\n"
        "print(c('Subscription', 'plan'), c('subscriptions', 'fee'), c('Subscription', 'started_at'), c('Weekday', 'name'),\n"
        "c('ORDERS_ON', 'orders'), c('subscriptions', 'key'), c('insight_weekday', 'day'))"
    )
    assert python(project, code).split() == ["plain", "financial", "unclassified", "plain", "unclassified", "key", "unclassified"]
