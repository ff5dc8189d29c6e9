"""Keys and links: by names, by what is unique, by the values that are among the keys of another object."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullcircle.ask.suggest import suggest_data, to_suggest, write
from fullcircle.config.read import read_config
from fullcircle.errors import ConfigError
from fullcircle.mapping.conform import conform
from fullcircle.mapping.propose.links import is_like_a_key
from fullcircle.mapping.propose.profiles import known_objects
from fullcircle.model.identifiers import IDENTIFIER_KINDS
from fullcircle.model.tables import CONFORMED
from tests.properties import examples

CONFIG = '[sources.files]\nconnector = "files"\npath = "data"\n'


def project(folder: Path, **files: str) -> Path:
    (folder / "data").mkdir(parents=True)
    for name, text in files.items():
        (folder / "data" / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "fullcircle.toml").write_text(CONFIG, encoding="utf-8")
    return folder / "fullcircle.toml"


def proposed(file: Path):
    return {one["object"]: one for one in suggest_data(read_config(file), ["files"])}


def fields(one, table):
    return next(each["fields"] for each in one["maps"] if each["to"] == table)


@pytest.mark.parametrize(
    "name", ["id", "Order ID", "kundennr", "Kundennummer", "N° commande", "ID cliente", "CustomerId", "Codice"]
)
def test_names_of_keys(name):
    assert is_like_a_key(name)


@pytest.mark.parametrize("name", ["Telefono", "Hausnr", "phone_no", "zip_code", "amount", "Line No", "account_number_total"])
def test_names_that_only_look_like_keys(name):
    assert not is_like_a_key(name)


def test_a_reference_to_values_that_are_not_there_is_not_proposed(tmp_path):
    file = project(
        tmp_path, customers="customer_id,name,email\nA1,Iris Fenn,i@example.com\nA2,Otto Beck,o@example.com\n",
        orders="order_id,customer_id,order_date,total\n1,900,2025-01-01,5\n2,901,2025-01-02,6\n",
    )  # fmt: skip
    orders = proposed(file)["orders"]
    assert "ref" not in fields(orders, "orders").get("record_id", {"ref": "customers"}) or (
        fields(orders, "orders")["record_id"]["ref"] == "orders"
    )


def test_a_key_that_a_spreadsheet_made_a_float_is_found(tmp_path):
    people = "customer_no,name,email\n17,Iris Fenn,i@example.com\n18,Otto Beck,o@example.com\n"
    orders = "order_no,customer_no,order_date,total\n1,17.0,2025-01-02,5.00\n2,18.0,2025-01-03,6.00\n3,17.0,2025-01-03,7.00\n"
    found = proposed(project(tmp_path, people=people, orders=orders))["orders"]
    assert fields(found, "orders")["record_id"] == {"field": "customer_no", "ref": "people"}


def test_a_column_with_repeated_values_is_no_key(tmp_path):
    file = project(
        tmp_path, people="code,name,email\nX,Iris Fenn,i@example.com\nX,Otto Beck,o@example.com\nX,Pia Lund,p@example.com\n"
    )
    assert fields(proposed(file)["people"], "records").get("key") == {"field": "email"}


@given(
    people=st.lists(st.integers(1, 9_999), min_size=1, max_size=8, unique=True),
    orders=st.lists(st.integers(0, 9_999), min_size=1, max_size=8),
    headers=st.sampled_from(
        [("id", "customer_id"), ("Customer No", "Customer No"), ("Kundennr", "Kundennr"), ("ref", "client_ref")]
    ),
)
@settings(max_examples=examples(3, soak=60), deadline=None)
def test_what_is_proposed_reads_as_config_and_runs(tmp_path_factory, people, orders, headers):
    folder = tmp_path_factory.mktemp("any")
    own, other = headers
    file = project(
        folder, customers=f"{own},name,email\n" + "".join(f"{one},Iris Fenn,i{one}@example.com\n" for one in people),
        orders=f"order_id,{other},order_date,total\n" + "".join(f"{n},{one},2025-01-01,5\n" for n, one in enumerate(orders)),
    )  # fmt: skip
    write(read_config(file), ["files"], file)
    once = file.read_text(encoding="utf-8")
    write(read_config(file), ["files"], file)
    assert file.read_text(encoding="utf-8") == once
    maps = read_config(file).map
    for one in maps:
        for rule in one.fields.values():
            target = [each for each in maps if each.object == rule.ref and ("key" in each.fields)]
            assert not rule.ref or target  # what is pointed to has a key


def test_what_was_written_by_hand_stays(tmp_path):
    file = project(
        tmp_path, customers="id,name,email\n1,Iris Fenn,i@example.com\n", orders="order_id,id,date,total\n1,1,2025-01-01,5\n"
    )
    by_hand = '\n[[map]]\nsource = "files"\nobject = "customers"\nto = "records"\n[map.fields]\nkey = "id"\nemail = "email"\n'
    file.write_text(CONFIG + by_hand, encoding="utf-8")
    write(read_config(file), to_suggest(read_config(file)), file)
    text = file.read_text(encoding="utf-8")
    assert text.startswith(CONFIG + by_hand)
    assert "files.customers has maps in this file already" in text
    assert [one.object for one in read_config(file).map].count("customers") == 1


# -- stopping before useless work -----------------------------------------------------------------------------------------
def test_maps_under_which_nobody_could_meet_are_refused(tmp_path, engine, landing, progress):
    landing.put("shop", "people", [{"id": "1", "birthday": "1980-01-01"}])
    text = '[[map]]\nsource = "shop"\nobject = "people"\nto = "records"\n[map.fields]\nbirth_date = "birthday"\n'
    (tmp_path / "c.toml").write_text(text)
    with pytest.raises(ConfigError, match=r"No two records could ever meet: the maps of shop\.people"):
        conform(engine, landing, read_config(tmp_path / "c.toml").map, "US", progress)


def test_references_to_rows_without_a_key_are_refused(tmp_path, engine, landing, progress):
    landing.put("shop", "people", [{"_key": "0" * 32, "number": "7", "email": "i@example.com"}])
    landing.put("shop", "orders", [{"_key": "1" * 32, "number": "7", "day": "2025-01-01"}])
    text = (
        '[[map]]\nsource = "shop"\nobject = "people"\nto = "records"\n[map.fields]\nemail = "email"\n'
        '[[map]]\nsource = "shop"\nobject = "orders"\nto = "orders"\n[map.fields]\nordered_at = "day"\n'
        'record_id = { field = "number", ref = "people" }\n'
    )
    (tmp_path / "c.toml").write_text(text)
    with pytest.raises(
        ConfigError, match=r"none of the 1 values of record_id can be found: the rows of shop\.people have no key"
    ):
        conform(engine, landing, read_config(tmp_path / "c.toml").map, "US", progress)


def test_nothing_mapped_is_refused(engine, landing, progress):
    landing.put("shop", "people", [{"id": "1", "email": "i@example.com"}])
    with pytest.raises(ConfigError, match="Nothing is mapped"):
        conform(engine, landing, (), "US", progress)


# -- profiles ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("known", known_objects(), ids=lambda one: f"{one.vendor} {one.name}")
def test_a_profile_names_only_what_there_is(known):
    names = {one.name for one in known_objects() if one.vendor == known.vendor} | {"self"}
    for one in known.maps:
        table = CONFORMED[one["to"]]
        assert all(table.column(name) for name in one["fields"])
        for value in one["fields"].values():
            for way in value if isinstance(value, list) else [value]:
                if isinstance(way, str) and " -> " in way:
                    assert way.partition(" -> ")[2] in names
    assert all(len(one) == 2 for one in known.identifiers.values())
    assert all(kind in IDENTIFIER_KINDS or "_" in kind for kind, _ in known.identifiers.values())


@pytest.mark.parametrize(
    ("beside", "key"),
    [("order_date", {"field": "order_id"}), ("region", {"field": "order_id"}), ("tenant_id", None)],
)
def test_the_own_part_of_a_key_of_several_is_what_lines_point_to(tmp_path, beside, key):
    """A partitioned table must have the column of its partitions in its key; a tenant's number makes another order of it."""
    with closing(sqlite3.connect(tmp_path / "shop.db")) as database:
        database.executescript(
            f"""CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, email TEXT);
            INSERT INTO customers VALUES (1, 'Iris Fenn', 'iris@example.com'), (2, 'Otto Beck', 'otto@example.com');
            CREATE TABLE orders (order_id INTEGER, {beside} TEXT, customer_id INTEGER, total NUMERIC,
                PRIMARY KEY (order_id, {beside}));
            INSERT INTO orders VALUES (11, '2024-05-05', 1, 10), (12, '2025-05-05', 1, 20), (13, '2025-06-05', 2, 30);
            CREATE TABLE order_lines (
                id INTEGER PRIMARY KEY, order_id INTEGER, product TEXT, quantity INTEGER, unit_price INTEGER);
            INSERT INTO order_lines VALUES (1, 11, 'Kettle', 1, 10), (2, 12, 'Pan', 2, 10), (3, 13, 'Pan', 3, 10);"""
        )
    file = tmp_path / "fullcircle.toml"
    file.write_text('[sources.shop]\nconnector = "sql"\nurl = "sqlite:///shop.db"\n', encoding="utf-8")
    found = {one["object"]: one for one in suggest_data(read_config(file), ["shop"])}
    assert fields(found["orders"], "orders").get("key") == key
    if key:
        assert fields(found["order_lines"], "order_lines")["order_id"] == {"field": "order_id", "ref": "orders"}
