"""A graph written to files and read back is the same graph, whatever stands in its texts."""

import csv
import gzip
import math
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import igraph
import networkx
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fullcircle.errors import NotFound, StoreError
from fullcircle.graph import shape
from fullcircle.graph.base import StoreContext
from fullcircle.graph.digest import digest
from fullcircle.graph.exchange.read import load
from fullcircle.graph.exchange.write import export
from fullcircle.graph.stores.memory import Memory
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Silent
from tests.properties import examples

NASTY = [
    'say "hi"',
    "a;b\\;c",
    "two\nlines\r\n",
    "tab\t, comma",
    "  spaces  ",
    "émoji 🙂 漢字",
    "",
    "null",
    "NULL",
    "'",
    "\\",
    "=1+1",
    "\x01",
]
TEXT = st.one_of(
    st.none(), st.sampled_from(NASTY), st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=12)
)
VALUES = {
    "string": TEXT,
    "int": st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)),
    # one NaN for all: no format tells them apart
    "double": st.one_of(st.none(), st.floats().map(lambda number: math.nan if math.isnan(number) else number)),
    "bool": st.one_of(st.none(), st.booleans()),
    "date": st.one_of(st.none(), st.dates(date(1, 1, 1), date(9999, 12, 31))),
    "timestamp": st.one_of(st.none(), st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31))),
}


QUICK = settings(
    max_examples=examples(3, soak=50),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
Rows = dict[str, dict[str, dict[str, Any]]]


def empty() -> Memory:
    return Memory(StoreContext(Path("unused")))


def table(label: str, rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=shape.schema(label))


@st.composite
def graphs(draw: st.DrawFn) -> Memory:
    """A few vertices and edges of every type of property."""
    store = empty()
    ids: dict[str, list[str]] = {}
    for label in ("Customer", "Product", "Habits", "Category"):
        count = draw(st.integers(1, 3))
        ids[label] = [f"{label.lower()}:{n} {draw(st.sampled_from(NASTY[:6]))}" for n in range(count)]
        rows = [{"id": id, "hash": n, **properties(draw, VERTICES[label].properties)} for n, id in enumerate(ids[label])]
        store.write_vertices(label, table(label, rows))
    for label, (source, target) in {"PURCHASED": ("Customer", "Product"), "MAY_LIKE": ("Customer", "Product")}.items():
        ends = draw(st.lists(st.tuples(st.sampled_from(ids[source]), st.sampled_from(ids[target])), max_size=4, unique=True))
        rows = [
            {"id": f"{label.lower()}:{a}>{b}", "source": a, "target": b, "hash": n, **properties(draw, EDGES[label].properties)}
            for n, (a, b) in enumerate(ends)
        ]
        store.write_edges(label, table(label, rows))
    return store


def properties(draw: st.DrawFn, of: dict[str, str]) -> dict[str, Any]:
    return {name: draw(VALUES[type_]) for name, type_ in of.items()}


def comparable(value: Any) -> Any:
    """The value, but a NaN that is equal to another one."""
    return "NaN" if isinstance(value, float) and math.isnan(value) else value


def rows_of(store: Memory) -> Rows:
    """kind -> id -> what the row has."""
    found: Rows = {}
    for label in (*VERTICES, *EDGES):
        for page in store.scan(label):
            for row in page.to_pylist():
                there = {key: comparable(value) for key, value in row.items() if value is not None}
                found.setdefault(label, {})[row["id"]] = there
    return found


@QUICK
@given(store=graphs(), form=st.sampled_from(["gremlin-csv", "opencypher-csv"]), packed=st.booleans())
def test_round_trip_loses_nothing(tmp_path_factory: pytest.TempPathFactory, store: Memory, form: str, packed: bool) -> None:
    folder = tmp_path_factory.mktemp("export") / "files"
    written = export(store, folder, form, Silent(), packed)
    back = empty()
    assert load(back, folder, Silent()) == written.rows
    assert digest(back) == digest(store)
    load(back, folder, Silent())
    assert digest(back) == digest(store)
    assert rows_of(back) == rows_of(store)


@pytest.mark.parametrize("form", ["gremlin-csv", "opencypher-csv"])
@pytest.mark.parametrize("price", [math.nan, math.inf, -math.inf, -0.0, 5e-324, 0.1])
def test_every_double_comes_back(tmp_path: Path, form: str, price: float) -> None:
    store = empty()
    row = {**dict.fromkeys(shape.schema("Product").names), "id": "product:p", "hash": 2, "price": price}
    store.write_vertices("Product", table("Product", [row]))
    words = {math.inf: "Infinity", -math.inf: "-Infinity"}
    text = export(store, tmp_path / "x", form, Silent()).files[0].read_text()
    assert words.get(price, "NaN" if math.isnan(price) else "") in text
    back = empty()
    load(back, tmp_path / "x", Silent())
    assert repr(next(iter(back.scan("Product")))["price"][0].as_py()) == repr(price)


# -- openCypher: what Neptune's loader wants of a file -----------------------------------------------------------------
SYSTEM = {True: [":ID", ":LABEL"], False: [":ID", ":START_ID", ":END_ID", ":TYPE"]}
LEXICAL = {
    "Long": r"-?\d{1,19}",
    "Double": r"NaN|-?Infinity|-?\d+(\.\d+)?(e[+-]?\d+)?",
    "Bool": "true|false",
    "DateTime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z",  # of all its types of time only this one is no text
    "String": r"[^\x00]*",
}


@QUICK
@given(store=graphs())
def test_opencypher_files_keep_the_rules_of_the_loader(tmp_path_factory: pytest.TempPathFactory, store: Memory) -> None:
    for path in export(store, tmp_path_factory.mktemp("export") / "files", "opencypher-csv", Silent()).files:
        with path.open(encoding="utf-8", newline="") as lines:
            header, *rows = csv.reader(lines, strict=True)
        system = SYSTEM[path.name.startswith("vertices")]
        assert header[: len(system)] == system
        assert len(set(header)) == len(header)
        labels = {row[len(system) - 1] for row in rows}
        assert len(labels) == 1
        types = {"hash": "int", **shape.label_named(labels.pop()).properties}
        assert len(types) == len(header) - len(system)
        for place, name in enumerate(header):
            if place < len(system):
                assert all(row[place] for row in rows)
                continue
            known = re.fullmatch(r"(\w+):(Long|Double|Bool|DateTime|String)", name)  # no arrays, no cardinality
            assert known, name
            assert (types[known[1]] == "string") == (known[2] == "String")
            for row in rows:
                assert row[place] == "" or re.fullmatch(LEXICAL[known[2]], row[place], re.DOTALL), (name, row[place])


# -- GraphML -----------------------------------------------------------------------------------------------------------
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
FROM_TEXT = {
    "date": date.fromisoformat,
    "timestamp": lambda text: datetime.fromisoformat(text).replace(tzinfo=None),
}


def row_of_graphml(label: str, data: dict[str, Any], **ids: str) -> dict[str, Any]:
    types = {"hash": "int", **shape.label_named(label).properties}
    return {**ids, **{name: comparable(FROM_TEXT.get(types[name], lambda value: value)(value)) for name, value in data.items()}}


def rows_of_graphml(path: Path) -> Rows:
    """What NetworkX makes of the file."""
    graph = networkx.read_graphml(path, force_multigraph=True)
    found: Rows = {}
    for id, data in graph.nodes(data=True):
        label = data.pop("labelV")
        found.setdefault(label, {})[id] = row_of_graphml(label, data, id=id)
    for source, target, id, data in graph.edges(keys=True, data=True):
        label = data.pop("labelE")
        found.setdefault(label, {})[id] = row_of_graphml(label, data, id=id, source=source, target=target)
    return found


@QUICK
@given(store=graphs(), packed=st.booleans())
def test_graphml_comes_back_through_networkx(tmp_path_factory: pytest.TempPathFactory, store: Memory, packed: bool) -> None:
    path = export(store, tmp_path_factory.mktemp("export") / "files", "graphml", Silent(), packed).files[0]
    wanted = rows_of(store)
    for by_id in wanted.values():
        for row in by_id.values():
            for name, value in list(row.items()):
                if isinstance(value, str):
                    row[name] = NOT_XML.sub("\ufffd", value)
    assert rows_of_graphml(path) == wanted


def test_graphml_tells_empty_from_missing(tmp_path: Path, small: Memory) -> None:
    text = export(small, tmp_path / "x", "graphml", Silent()).files[0].read_text()
    assert '<data key="node.city"></data>' in text
    assert '<data key="node.street">' not in text


# -- NUL: refused on every way in --------------------------------------------------------------------------------------
@QUICK
@given(
    name=st.sampled_from([name for name, type_ in VERTICES["Record"].properties.items() if type_ == "string"]),
    before=st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=5),
    after=st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=5),
)
def test_nul_is_refused_and_named(tmp_path_factory: pytest.TempPathFactory, name: str, before: str, after: str) -> None:
    folder, store = tmp_path_factory.mktemp("import"), empty()
    text = f"{before}\x00{after}"
    row = {**dict.fromkeys(shape.schema("Record").names), "id": "record:a:b:1", "hash": 1, name: text}
    with pytest.raises(StoreError, match=f"NUL character in {name}"):
        store.write_vertices("Record", table("Record", [row]))
    with (folder / "nul.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, quoting=csv.QUOTE_ALL).writerows([["~id", "~label", name], ["record:a:b:1", "Record", text]])
    with pytest.raises(StoreError, match=rf"nul\.csv, line 2: there is a NUL character in the column {name}"):
        load(store, folder, Silent())
    assert not any(store.count().values())


@pytest.fixture
def small() -> Memory:
    store = empty()
    base = dict.fromkeys(shape.schema("Customer").names)
    store.write_vertices(
        "Customer", table("Customer", [{**base, "id": "customer:a", "hash": 1, "name": 'Ann "A" & <Co>', "city": ""}])
    )
    store.write_vertices(
        "Product",
        table("Product", [{**dict.fromkeys(shape.schema("Product").names), "id": "product:p", "hash": 2, "price": 1.5}]),
    )
    edge = {**dict.fromkeys(shape.schema("PURCHASED").names), "id": "e", "source": "customer:a", "target": "product:p", "hash": 3}
    store.write_edges("PURCHASED", table("PURCHASED", [{**edge, "times": 2, "last": datetime(2026, 1, 2, 3, 4, 5)}]))
    return store


def test_gremlin_headers_are_those_of_the_loader(tmp_path: Path, small: Memory) -> None:
    files = export(small, tmp_path / "x", "gremlin-csv", Silent()).files
    rows = list(csv.DictReader(files[0].open(encoding="utf-8", newline="")))
    assert rows[0]["~id"] == "customer:a"
    assert rows[0]["name:String(single)"] == 'Ann "A" & <Co>'
    assert ',"",' in files[0].read_text()  # the empty city is there, and is not a missing one
    edges = list(csv.DictReader(files[2].open(encoding="utf-8", newline="")))
    assert edges[0]["last:Datetime"] == "2026-01-02T03:04:05Z"
    assert edges[0]["~label"] == "PURCHASED"


def test_graphml_opens_in_networkx(tmp_path: Path, small: Memory) -> None:
    path = export(small, tmp_path / "x", "graphml", Silent()).files[0]
    graph = networkx.read_graphml(path)
    assert graph.nodes["customer:a"]["name"] == 'Ann "A" & <Co>'
    assert graph.nodes["customer:a"]["city"] in ("", None)
    assert graph.nodes["product:p"]["price"] == 1.5
    assert graph.edges["customer:a", "product:p"]["times"] == 2


def test_graphml_opens_in_igraph(tmp_path: Path, small: Memory) -> None:
    """igraph (C, R, Python) takes each name once for vertices and once for edges."""
    path = export(small, tmp_path / "x", "graphml", Silent()).files[0]
    keys = re.findall(r'<key id="(.*?)" for="(.*?)" attr.name="(.*?)"', path.read_text())
    assert len({(place, name) for _, place, name in keys}) == len(keys)
    graph = igraph.Graph.Read_GraphML(str(path))
    one = graph.vs.find(id="customer:a")
    assert (one["labelV"], one["name"], one["city"]) == ("Customer", 'Ann "A" & <Co>', "")
    assert graph.vs.find(id="product:p")["price"] == 1.5
    (bought,) = graph.es.select(labelE="PURCHASED")
    assert (bought["times"], graph.vs[bought.source]["id"], graph.vs[bought.target]["id"]) == (2, "customer:a", "product:p")


def test_reads_what_neptune_export_writes(tmp_path: Path) -> None:
    (tmp_path / "Product.csv").write_text('~id,~label,name:string,price:double\nproduct:1,Product,"Tea, green",2.5\n')
    with gzip.open(tmp_path / "Category.csv.gz", "wt") as out:
        out.write("~id,~label,name:string[]\ncategory:t,Category,Tea\\;Herbs\n")
    (tmp_path / "in_category.csv").write_text("~id,~label,~from,~to\ne1,IN_CATEGORY,product:1,category:t\n")
    store = empty()
    assert load(store, tmp_path, Silent()) == {"Category": 1, "Product": 1, "IN_CATEGORY": 1}
    found = store.vertex("category:t")
    assert found is not None and found.properties["name"] == "Tea;Herbs"
    product = next(iter(store.scan("Product"))).to_pylist()[0]
    assert product["price"] == 2.5 and product["hash"] is not None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("~id,~label\nx,Ghost\n", 'no label "Ghost"'),
        ("~id,~label,colour:String\nproduct:1,Product,red\n", "no property colour"),
        ('~id,~label,name:String\nproduct:1,Product,"cut he', "cannot be read"),
        ("a,b\n1,2\n", "not a graph file"),
    ],
)
def test_bad_files_are_named(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "bad.csv").write_text(text)
    with pytest.raises(StoreError, match=r"bad\.csv") as error:
        load(empty(), tmp_path, Silent())
    assert message in error.value.message


def test_unknown_can_be_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("~id,~label,colour:String\nproduct:1,Product,red\nx,Ghost,\n")
    assert load(empty(), tmp_path, Silent(), ignore_unknown=True) == {"Product": 1}


def test_folders_must_make_sense(tmp_path: Path, small: Memory) -> None:
    with pytest.raises(NotFound):
        load(empty(), tmp_path, Silent())
    (tmp_path / "old.csv").write_text("")
    with pytest.raises(StoreError, match="not empty"):
        export(small, tmp_path, "gremlin-csv", Silent())
    with pytest.raises(NotFound, match="not an export format"):
        export(small, tmp_path / "new", "gremlin", Silent())
