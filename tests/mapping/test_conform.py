"""Conform on a small world: what maps make of landed rows, and what becomes of rows that cannot be used."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from fullcircle.config.read import parse
from fullcircle.config.sections import Config, MapSettings
from fullcircle.errors import ConfigError
from fullcircle.mapping.conform import conform
from fullcircle.model.tables import CONFORMED


def map_of(source, name, to, fields, **more):
    """A map as the config file has it: a plain string names a field."""
    spread = {column: {"field": rule} if isinstance(rule, str) else rule for column, rule in fields.items()}
    return MapSettings.model_validate({"source": source, "object": name, "to": to, "fields": spread, **more})


CUSTOMERS = [
    {
        "id": "1",
        "first": "ANNA",
        "last": "SCHMIDT",
        "mail": "Anna@X.org",
        "tel": "(702) 919-1300",
        "born": "3/1/70",
        "card": "A-17",
    },
    {
        "id": "2",
        "first": "Bob",
        "last": "Smith Jr.",
        "mail": "none@none.com",
        "tel": "000000000",
        "born": "long ago",
        "card": None,
    },
    {"id": "3", "first": None, "last": None, "mail": "c@x.org", "tel": None, "born": None, "card": ""},
]
PEOPLE = {"given_name": "first", "family_name": "last", "email": "mail", "phone": "tel", "birth_text": "born"}


@pytest.fixture
def shop(landing):
    landing.put("shop", "customers", CUSTOMERS)
    landing.put("shop", "products", [{"id": "p1", "name": "Tea", "price": 2.5}, {"id": "p2", "name": "Pot", "price": 20.0}])
    landing.put(
        "shop", "orders",
        [
            {"id": "o1", "who": 1, "day": datetime(2024, 5, 1, 10), "total": None},
            {"id": "o2", "who": 2, "day": datetime(2024, 5, 2), "total": "7.00"},
            {"id": "o3", "who": None, "day": None, "total": "many"},
        ],
    )  # fmt: skip
    landing.put(
        "shop", "lines",
        [
            {"_key": "o1|1", "order": "o1", "product": "p1", "n": 4, "price": 2.5, "off": 0.1, "sum": None},
            {"_key": "o1|2", "order": "o1", "product": "p2", "n": 1, "price": 20.0, "off": None, "sum": 19.99},
            {"_key": "o2|1", "order": "o2", "product": None, "n": 1, "price": 7.0, "off": None, "sum": None},
        ],
    )  # fmt: skip
    return landing


MAPS = [
    map_of("shop", "customers", "records", PEOPLE),
    map_of("shop", "customers", "identifiers", {"kind": {"value": "loyalty"}, "value": "card"}, key="card"),
    map_of("shop", "products", "products", {"name": "name", "price": "price"}),
    map_of("shop", "orders", "orders", {"record_id": {"field": "who", "ref": "customers"}, "ordered_at": "day",
        "amount": "total"}),
    map_of(
        "shop", "lines", "order_lines",
        {
            "order_id": {"field": "order", "ref": "orders"}, "product_id": {"field": "product", "ref": "shop.products"},
            "quantity": "n", "unit_price": "price", "discount": "off", "amount": "sum",
        },
    ),
]  # fmt: skip


def rows(engine, sql):
    return engine.rows(sql)


def test_the_small_world(engine, shop, progress):
    counts = conform(engine, shop, MAPS, "US", progress)
    assert counts == {
        "records": 3, "identifiers": 4, "addresses": 0, "accounts": 0, "products": 2, "orders": 2, "order_lines": 2,
        "tickets": 0, "interactions": 0, "consents": 0, "participants": 0, "quarantine": 2, "duplicates": 0,
    }  # fmt: skip
    columns = "record_id, kind, full_name, email, phone, birth_date, birth_text, email_raw, full_name_raw"
    people = f"SELECT {columns} FROM conformed.records ORDER BY 1"
    assert rows(engine, people) == [
        ("record:shop:customers:1", "person", "Anna Schmidt", "anna@x.org", "+17029191300", date(1970, 3, 1),
        "3/1/70", "Anna@X.org", "ANNA SCHMIDT"),
        ("record:shop:customers:2", "person", "Bob Smith", None, None, None, "long ago", "none@none.com", "Bob Smith Jr."),
        ("record:shop:customers:3", "person", None, "c@x.org", None, None, None, "c@x.org", None),
    ]  # fmt: skip
    assert rows(engine, "SELECT record_id, kind, value FROM conformed.identifiers ORDER BY ALL") == [
        ("record:shop:customers:1", "email", "anna@x.org"),
        ("record:shop:customers:1", "loyalty", "A17"),
        ("record:shop:customers:1", "phone", "+17029191300"),
        ("record:shop:customers:3", "email", "c@x.org"),
    ]
    assert rows(engine, "SELECT order_id, record_id, ordered_at, amount FROM conformed.orders ORDER BY 1") == [
        ("order:shop:orders:o1", "record:shop:customers:1", datetime(2024, 5, 1, 10), Decimal("28.9900")),
        ("order:shop:orders:o2", "record:shop:customers:2", datetime(2024, 5, 2), Decimal("7.0000")),
    ]
    lines = "SELECT line_id, product_id, amount FROM conformed.order_lines ORDER BY 1"
    assert rows(engine, lines) == [
        ("line:shop:lines:o1|1", "product:shop:products:p1", Decimal("9.0000")),
        ("line:shop:lines:o1|2", "product:shop:products:p2", Decimal("19.9900")),
    ]
    bad = rows(engine, "SELECT object, key, stage, rule, reason, raw FROM conformed.quarantine ORDER BY 1")
    assert [row[:5] for row in bad] == [
        ("lines", "o2|1", "mapping", "required", "order_lines.product_id is missing"),
        ("orders", "o3", "mapping", "cast", "orders.amount cannot be read as DECIMAL(18,4)"),
    ]
    assert '"total": "many"' in bad[1][5]


def test_every_table_is_there_with_its_columns(engine, landing, progress):
    conform(engine, landing, [], "US", progress)
    for name, table in CONFORMED.items():
        assert engine.columns(f"conformed.{name}") == {column.name: column.sql_type for column in table.columns}


def test_a_rerun_gives_the_same_and_leaves_nothing_behind(engine, shop, progress):
    def everything():
        return {name: sorted(map(str, rows(engine, f"FROM conformed.{name}"))) for name in (*CONFORMED, "quarantine")}

    conform(engine, shop, MAPS, "US", progress)
    before = everything()
    conform(engine, shop, MAPS, "US", progress)
    assert everything() == before
    assert rows(engine, "SELECT table_name FROM duckdb_tables() WHERE temporary") == []


SENZING = [
    {
        "id": "1",
        "FEATURES": [
            {"TYPE": "PERSON"}, {"LAST": "Kusha", "FIRST": "Eddie"}, {"LINE": "1515 Adela Ln, Las Vegas NV 89111"},
            {"PHONE": "702-919-1300"}, {"PHONE": "702-919-1301", "MAIL": "e@kusha.org"},
        ],
    },
    {"id": "2", "FEATURES": [{"TYPE": "ORGANIZATION"}, {"ORG": "Acme Tea Inc."}]},
]  # fmt: skip


def test_lists_inside_a_record(engine, landing, progress):
    landing.put("list", "people", SENZING)
    person = {"kind": "TYPE", "given_name": "FIRST", "family_name": "LAST", "organisation": "ORG"}
    maps = [
        map_of("list", "people", "records", {column: f"FEATURES[*].{name}" for column, name in person.items()}),
        map_of("list", "people", "addresses", {"street": "LINE"}, each="FEATURES"),
        map_of("list", "people", "identifiers", {"kind": {"value": "phone"}, "value": "PHONE"}, each="FEATURES", key="phone"),
        map_of("list", "people", "identifiers", {"kind": {"value": "email"}, "value": "MAIL"}, each="FEATURES", key="email"),
    ]
    conform(engine, landing, maps, "US", progress)
    columns = "kind, full_name, organisation, email, phone, street, city, region"
    assert rows(engine, f"SELECT {columns} FROM conformed.records ORDER BY key") == [
        ("person", "Eddie Kusha", None, "e@kusha.org", "+17029191300", "1515 Adela Ln", "Las Vegas", "NV"),
        ("organisation", "Acme Tea Inc.", "Acme Tea Inc.", None, None, None, None, None),
    ]  # fmt: skip
    assert rows(engine, "SELECT identifier_row, value FROM conformed.identifiers ORDER BY 1") == [
        ("identifier:list:people:1:email:5", "e@kusha.org"),
        ("identifier:list:people:1:phone:4", "+17029191300"),
        ("identifier:list:people:1:phone:5", "+17029191301"),
    ]
    assert engine.count("conformed.quarantine") == 0


def test_the_first_of_ten_elements_is_the_first(engine, landing, progress):
    landing.put("list", "people", [{"id": "1", "mails": [f"m{n}@x.org" for n in range(1, 13)]}])
    maps = [
        map_of("list", "people", "records", {"given_name": {"value": "Ann"}}),
        map_of("list", "people", "identifiers", {"kind": {"value": "email"}, "value": "."}, each="mails"),
    ]
    conform(engine, landing, maps, "US", progress)
    assert rows(engine, "SELECT email FROM conformed.records") == [("m1@x.org",)]
    assert engine.count("conformed.identifiers") == 12


def test_paths_parents_constants_and_value_maps(engine, landing, progress):
    orders = [
        {
            "id": "9",
            "shop": {"cur": "eur"},
            "buyer": {"id": 5, "mails": ["b@x.org"]},
            "lines": [{"sku": "a", "qty": "2", "each": "1,50"}],
        }
    ]
    landing.put("web", "orders", orders)
    buyer, ours = {"field": "buyer.id", "ref": "orders"}, {"field": "$.id", "ref": "orders"}
    maps = [
        map_of("web", "orders", "records", {"key": "buyer.id", "email": "buyer.mails[0]",
            "country": {"field": "shop.cur", "map": {"eur": "Austria"}}}),
        map_of("web", "orders", "orders", {"record_id": buyer, "currency": "shop.cur", "channel": {"value": "web"}}),
        map_of("web", "orders", "products", {"key": "sku", "name": "sku"}, each="lines"),
        map_of("web", "orders", "order_lines", {"order_id": ours, "product_id": {"field": "sku", "ref": "orders"},
            "quantity": "qty", "unit_price": "each"}, each="lines"),
    ]  # fmt: skip
    conform(engine, landing, maps, "AT", progress)
    assert rows(engine, "SELECT record_id, email, country FROM conformed.records") == [("record:web:orders:5", "b@x.org", "AT")]
    assert rows(engine, "SELECT order_id, record_id, currency, channel, amount FROM conformed.orders") == [
        ("order:web:orders:9", "record:web:orders:5", "EUR", "web", Decimal("3.0000"))
    ]
    assert rows(engine, "SELECT line_id, order_id, product_id FROM conformed.order_lines") == [
        ("line:web:orders:9:1", "order:web:orders:9", "product:web:orders:a")
    ]


def test_merged_records_and_several_fields(engine, landing, progress):
    landing.put(
        "crm", "c", [{"id": "1", "a": "Ann", "b": "Lee"}, {"id": "2", "_op": "merge", "_into": "1", "a": None, "b": None}]
    )
    conform(engine, landing, [map_of("crm", "c", "records", {"full_name": {"fields": ["a", "b"]}})], "US", progress)
    assert rows(engine, "SELECT record_id, full_name, merged_into FROM conformed.records ORDER BY 1") == [
        ("record:crm:c:1", "Ann Lee", None),
        ("record:crm:c:2", None, "record:crm:c:1"),
    ]


def test_the_newest_of_two_rows_with_one_id_stays(engine, landing, progress):
    old = {"id": "1", "name": "Old Name", "_at": datetime(2024, 1, 1)}
    new = {"id": "1", "name": "New Name", "_at": datetime(2024, 2, 1)}
    landing.put("crm", "c", [new, old])
    counts = conform(engine, landing, [map_of("crm", "c", "records", {"full_name": "name"})], "US", progress)
    assert (counts["records"], counts["duplicates"]) == (1, 1)
    assert rows(engine, "SELECT full_name FROM conformed.records") == [("New Name",)]
    assert any("1 row has the id of another row" in text for text in progress.said)


@pytest.mark.parametrize("later", ["a", "z"])
def test_without_a_time_what_landed_later_stays(engine, landing, progress, later):
    rows_ = [{"_key": "x1", "id": "1", "name": "m", "_seq": 1 << 32}, {"_key": "x2", "id": "1", "name": later, "_seq": 2 << 32}]
    landing.put("crm", "c", rows_, columns=["id", "name", "_seq"])
    conform(engine, landing, [map_of("crm", "c", "records", {"key": "id", "full_name": "name"})], "US", progress)
    assert rows(engine, "SELECT full_name FROM conformed.records") == [(later.upper(),)]


def test_whole_numbers_that_became_floats_are_the_same_key(engine, landing, progress):
    landing.put("s", "people", [{"id": "17", "n": "Ann"}]).put(
        "s", "orders", [{"id": "1", "who": 17.0}, {"id": "2", "who": None}]
    )
    maps = [
        map_of("s", "people", "records", {"full_name": "n"}),
        map_of("s", "orders", "orders", {"record_id": "who"}),  # the only object with records is meant
    ]
    conform(engine, landing, maps, "US", progress)
    assert rows(engine, "SELECT record_id FROM conformed.orders ORDER BY 1") == [("record:s:people:17",), (None,)]


def test_what_a_spreadsheet_puts_around_a_text_is_no_part_of_it(engine, landing, progress):
    rows_ = [
        {"id": "1", "n": "Ann Lee", "zip": '="02134"', "tel": "'+15125550101", "city": "'s-Hertogenbosch", "card": "'00101"},
        {"id": "2", "n": "Bob Roy", "zip": "'02134", "tel": '="0015125550102"', "city": "'Aiea", "card": '=""'},
    ]
    landing.put("s", "people", rows_)
    maps = [
        map_of("s", "people", "records", {"full_name": "n", "postcode": "zip", "phone": "tel", "city": "city"}),
        map_of("s", "people", "identifiers", {"kind": {"value": "loyalty"}, "value": "card"}, key="card"),
    ]
    conform(engine, landing, maps, "US", progress)
    assert rows(engine, "SELECT postcode, phone, city FROM conformed.records ORDER BY key") == [
        ("02134", "+15125550101", "'s-Hertogenbosch"),
        ("02134", "+15125550102", "'Aiea"),
    ]
    assert rows(engine, "SELECT value FROM conformed.identifiers WHERE kind = 'loyalty'") == [("00101",)]


def test_rejects_of_landing_are_in_quarantine(engine, landing, progress):
    landing.put("s", "people", [{"id": "1", "n": "Ann"}])
    landing.reject("s", "people", [{"key": "line 7", "reason": "5 columns instead of 2", "raw": "a,b"}])
    conform(engine, landing, [map_of("s", "people", "records", {"full_name": "n"})], "US", progress)
    assert rows(engine, "FROM conformed.quarantine") == [
        ("s", "people", "line 7", "landing", "readable", "5 columns instead of 2", "a,b")
    ]


def test_what_is_landed_and_not_mapped_is_told(engine, shop, progress):
    conform(engine, shop, MAPS[:2], "US", progress)
    assert [text for text in progress.said if "shop.lines, shop.orders, shop.products" in text]


@pytest.mark.parametrize(
    ("wrong", "message", "hint"),
    [
        (map_of("shop", "customer", "records", PEOPLE), 'no object "customer"', '"customers"'),
        (map_of("shp", "customers", "records", PEOPLE), 'a source "shp"', '"shop"'),
        (map_of("shop", "customers", "record", PEOPLE), 'no table "record"', '"records"'),
        (map_of("shop", "customers", "records", {"gvien_name": "first"}), 'no column "gvien_name"', '"given_name"'),
        (map_of("shop", "customers", "records", {"given_name": "frist"}), 'no field "frist"', '"first"'),
        (map_of("shop", "customers", "records", {"given_name": "name.frist"}), 'no field "name.frist"', ""),
        (map_of("shop", "customers", "records", {"given_name": {"sql": "frist || last"}}),
            "the sql of given_name does not work", ""),
        (map_of("shop", "customers", "records", PEOPLE, where="age > 3"), "where does not work", ""),
        (map_of("shop", "customers", "records", {"given_name": {"sql": "(SELECT content FROM read_text('/etc/hostname'))"}}),
            "the sql of given_name does not work: the function", "cannot read tables or files"),
        (map_of("shop", "customers", "records", PEOPLE, where="EXISTS (FROM '/etc/hostname')"),
            "where does not work: it reads a table or a file", "cannot read tables or files"),
        (map_of("shop", "customers", "records", {"given_name": {}}), "given_name names no source field", ""),
        (map_of("shop", "customers", "records", {"given_name": {"field": "first", "ref": "orders"}}), "is not a reference", ""),
        (map_of("shop", "orders", "orders", {"record_id": {"field": "who", "ref": "clients"}}),
            "no map turns into records", "shop.customers"),
        (map_of("shop", "lines", "order_lines", {"order_id": {"field": "order", "ref": "orders"}}),
            "order_lines.product_id must be mapped", ""),
    ],
)  # fmt: skip
def test_wrong_names_are_told_before_any_work(engine, shop, progress, wrong, message, hint):
    with pytest.raises(ConfigError) as error:
        conform(engine, shop, [MAPS[0], MAPS[3], wrong], "US", progress)
    assert message in error.value.message
    assert hint in error.value.hint
    assert not engine.has("conformed.records")


def test_an_optional_map_may_name_what_was_never_pulled(engine, shop, progress):
    optional = map_of("shop", "returns", "orders", {"ordered_at": "day"}, optional=True)
    assert conform(engine, shop, [MAPS[0], optional], "US", progress)["records"] == 3


def test_an_object_without_rows_is_no_error(engine, landing, progress):
    landing.put("shop", "customers", [])
    assert conform(engine, landing, [map_of("shop", "customers", "records", PEOPLE)], "US", progress)["records"] == 0


def test_each_is_a_key_of_the_config():
    settings = parse(Config, {"map": [{"source": "a", "object": "b", "to": "records", "each": "list"}]}, "here")
    assert settings.map[0].each == "list"


@pytest.mark.parametrize(
    ("country", "advice"), [("UK", '"GB"'), ("Germany", '"DE"'), ("us", '"US"'), ("ZZ", "two capitals"), ("", "two")]
)
def test_a_country_that_is_none_is_told(engine, landing, progress, country, advice):
    with pytest.raises(ConfigError, match="is not the ISO code") as told:
        conform(engine, landing, [], country, progress)
    assert advice in told.value.hint
