# ruff: noqa: E501  (one made-up record a line)
"""A small town of made-up people with a known truth, and loaders of the known sets: tables in, an engine out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from fullcircle.engine.duckdb import DuckDB
from fullcircle.model.table import Table
from fullcircle.model.tables import ADDRESSES, IDENTIFIERS, RECORDS

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
Row = dict[str, Any]


def person(key: str, given: str | None, family: str | None, **more: Any) -> Row:
    names = {"given_name": given, "family_name": family, "full_name": " ".join(n for n in (given, family) if n) or None}
    return {
        "record_id": f"record:town:people:{key}",
        "kind": "person",
        "source": "town",
        "object": "people",
        "key": key,
        **names,
        **more,
    }


def organisation(key: str, name: str, **more: Any) -> Row:
    return {
        "record_id": f"record:town:firms:{key}", "kind": "organisation", "organisation": name,
        "source": "town", "object": "firms", "key": key, **more,
    }  # fmt: skip


def insert(engine: DuckDB, table: Table, rows: Iterable[Row]) -> None:
    rows = list(rows)
    names = [column.name for column in table.columns]
    arrow = pa.table({name: pa.array([row.get(name) for row in rows]) for name in names})
    casts = ", ".join(f'CAST("{column.name}" AS {column.sql_type}) AS "{column.name}"' for column in table.columns)
    with engine.register("rows_to_insert", arrow):
        engine.run(f"INSERT INTO {table.name} SELECT {casts} FROM rows_to_insert")


def build(
    engine: DuckDB, records: Iterable[Row], identifiers: Iterable[tuple[str, str, str]] = (), addresses: Iterable[Row] = ()
) -> None:
    """Fill records, identifiers (record_id, kind, value) and addresses; e-mails and phones of records become identifiers too."""
    records = list(records)
    for table in (RECORDS, IDENTIFIERS, ADDRESSES):
        engine.run(table.ddl())
    insert(engine, RECORDS, records)
    found = [(row["record_id"], kind, row[kind]) for row in records for kind in ("email", "phone") if row.get(kind)]
    found += list(identifiers)
    insert(
        engine,
        IDENTIFIERS,
        (
            {"identifier_row": f"i{n}", "record_id": r, "kind": k, "value": v, "source": "town", "object": "x", "key": str(n)}
            for n, (r, k, v) in enumerate(found)
        ),
    )
    insert(
        engine,
        ADDRESSES,
        ({"address_id": f"a{n}", "source": "town", "object": "x", "key": str(n), **a} for n, a in enumerate(addresses)),
    )


def load_truth(engine: DuckDB, truth: dict[str, str]) -> None:
    """The table `truth` (record_id, entity_id)."""
    with engine.register("truth_rows", pa.table({"record_id": list(truth), "entity_id": list(truth.values())})):
        engine.run("CREATE OR REPLACE TABLE truth AS SELECT * FROM truth_rows")


ELM = {"street": "12 Elm Street", "city": "Springfield", "postcode": "62701"}
OAK = {"street": "7 Oak Avenue", "city": "Springfield", "postcode": "62704"}
BAY = {"street": "301 Bay Road", "city": "Riverton", "postcode": "62561"}


def town() -> tuple[list[Row], list[tuple[str, str, str]], dict[str, str]]:
    """Records, identifiers and the truth (record_id -> who it really is)."""
    when = datetime(2024, 3, 1)
    rows = [
        # One woman: nickname, typo, moved house.
        ("meg", person("meg1", "Margaret", "Quillfeather", email="meg@quill.example", birth_date=date(1971, 4, 2), updated_at=when, **ELM)),
        ("meg", person("meg2", "Maggie", "Quillfeather", email="meg@quill.example", phone="+12175550101", **OAK)),
        ("meg", person("meg3", "Margaret", "Quilfeather", phone="+12175550101", birth_date=date(1971, 4, 2))),
        # Twins at one address with the family's e-mail.
        ("ada", person("ada1", "Ada", "Brandywine", email="home@brandy.example", birth_date=date(1990, 7, 9), gender="female", **BAY)),
        ("ada", person("ada2", "Ada", "Brandywine", birth_date=date(1990, 7, 9), gender="f", **BAY)),
        ("tom", person("tom1", "Tom", "Brandywine", email="home@brandy.example", birth_date=date(1990, 7, 9), gender="male", **BAY)),
        ("tom", person("tom2", "Thomas", "Brandywine", birth_date=date(1990, 7, 9), phone="+12175550102", **BAY)),
        # Father and son with one name, in one house with one phone.
        ("senior", person("sr1", "Walter", "Ottobock Sr", phone="+12175550103", birth_date=date(1950, 1, 17), **ELM)),
        ("senior", person("sr2", "Walter", "Ottobock", birth_date=date(1950, 1, 17), phone="+12175550103")),
        ("junior", person("jr1", "Walter", "Ottobock Jr", phone="+12175550103", birth_date=date(1979, 11, 30), **ELM)),
        ("junior", person("jr2", "Walt", "Ottobock", birth_date=date(1979, 11, 30), email="walt@ottobock.example")),
        # A couple with one phone and one e-mail.
        ("ines", person("ines1", "Ines", "Carrow", email="carrows@mail.example", phone="+12175550104", **OAK)),
        ("ines", person("ines2", "Ines", "Carrow", email="ines.carrow@work.example", phone="+12175550104")),
        ("hugo", person("hugo1", "Hugo", "Carrow", email="carrows@mail.example", phone="+12175550104", **OAK)),
        # Married name.
        ("lena", person("lena1", "Lena", "Fairweather", email="lena.f@post.example", birth_date=date(1988, 12, 5))),
        ("lena", person("lena2", "Lena", "Marchbanks", email="lena.f@post.example", birth_date=date(1988, 12, 5))),
        # Two strangers with one common name and nothing else.
        ("js1", person("js1", "John", "Smith", city="Springfield")),
        ("js2", person("js2", "John", "Smith", city="Riverton")),
        # Handle and loyalty number only.
        ("zed", person("zed1", "Zed", "Nakamura")),
        ("zed", person("zed2", None, None)),
        # A firm under three spellings, and its owner of the same name.
        ("firm", organisation("f1", "Ottobock Plumbing LLC", phone="+12175550190", **ELM)),
        ("firm", organisation("f2", "OTTOBOCK PLUMBING, L.L.C.", email="office@ottobockplumbing.example")),
        ("firm", organisation("f3", "Ottobock Plumbing", phone="+12175550190", email="office@ottobockplumbing.example")),
        ("other", organisation("f4", "Carrow Bakery GmbH", **OAK)),
    ]  # fmt: skip
    identifiers = [
        ("record:town:people:zed1", "loyalty", "L-777"),
        ("record:town:people:zed2", "loyalty", "L-777"),
    ]
    return [row for _, row in rows], identifiers, {row["record_id"]: who for who, row in rows}


# -- the known sets ---------------------------------------------------------------------------------------------------
DAY_FIRST = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{2,4})$")
NUMBERS = {"PASSPORT_NUMBER": "passport", "DRIVERS_LICENSE_NUMBER": "licence", "TAX_ID_NUMBER": "tax", "NATIONAL_ID_NUMBER": "national", "SSN_NUMBER": "national", "LEI_NUMBER": "external"}  # fmt: skip


def senzing() -> tuple[list[Row], list[tuple[str, str, str]], list[Row], dict[str, str]]:
    """The Senzing truth set, mapped by hand: records, identifiers, addresses, truth."""
    records: list[Row] = []
    identifiers: list[tuple[str, str, str]] = []
    addresses: list[Row] = []
    for name in ("customers", "reference", "watchlist"):
        for line in (DATA / "senzing_truth_set" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            data = json.loads(line)
            features: list[dict[str, str]] = data["FEATURES"]
            id = f"record:{data['DATA_SOURCE'].lower()}:all:{data['RECORD_ID']}"
            flat = {key: value.strip() for feature in reversed(features) for key, value in feature.items()}
            is_firm = flat.get("RECORD_TYPE") == "ORGANIZATION"
            record = {
                "record_id": id, "kind": "organisation" if is_firm else "person", "source": data["DATA_SOURCE"].lower(),
                "object": "all", "key": data["RECORD_ID"], "given_name": flat.get("NAME_FIRST"), "middle_name": flat.get("NAME_MIDDLE"),
                "family_name": flat.get("NAME_LAST"), "organisation": flat.get("NAME_ORG"), "gender": flat.get("GENDER"),
                "full_name": flat.get("NAME_FULL") or " ".join(flat[k] for k in ("NAME_FIRST", "NAME_LAST") if k in flat) or None,
                "birth_date": _date(flat.get("DATE_OF_BIRTH")),
            }  # fmt: skip
            records.append(record)
            for feature in features:
                for key, kind in NUMBERS.items():
                    if key in feature:
                        identifiers.append((id, kind, re.sub(r"\W", "", feature[key])))
                if "EMAIL_ADDRESS" in feature:
                    identifiers.append((id, "email", re.findall(r"[^\s<>\"]+@[^\s<>\"]+", feature["EMAIL_ADDRESS"])[0].lower()))
                if "PHONE_NUMBER" in feature:
                    identifiers.append((id, "phone", re.sub(r"\D", "", feature["PHONE_NUMBER"])[-10:]))
                if any(key.startswith("ADDR_") for key in feature):
                    addresses.append({"record_id": id, **_address(feature)})
    truth = {}
    for line in (DATA / "senzing_truth_set" / "actual_truthset_key.csv").read_text().splitlines()[1:]:
        _, entity, source, key = line.split(",")
        truth[f"record:{source.lower()}:all:{key}"] = entity
    return records, identifiers, addresses, truth


def _date(text: str | None) -> date | None:
    for pattern in ("%m/%d/%Y", "%m/%d/%y", "%d/%m/%Y", "%d/%m/%y", "%Y-%m-%d", "%d-%b-%y", "%d-%b-%Y", "%Y"):
        try:
            found = datetime.strptime(text or "", pattern).date()
        except ValueError:
            continue
        return found.replace(year=found.year - 100) if found.year > 2024 else found
    return None


def _address(feature: dict[str, str]) -> Row:
    """Street before the first comma of a one-line address; a ZIP or postcode at its end."""
    line = feature.get("ADDR_LINE1") or feature.get("ADDR_FULL") or ""
    street, _, rest = line.partition(",")
    postcode = feature.get("ADDR_POSTAL_CODE") or "".join(re.findall(r"\b(\d{5,6})(?:-\d{4})?\s*$", line)[:1])
    city = feature.get("ADDR_CITY") or re.sub(r"\b[A-Z]{2}\b|\d+", "", rest.split(",")[0]).strip() or None
    return {"street": street.strip() or None, "city": city, "postcode": postcode[:5] or None}


def load_historical(engine: DuckDB, share: int = 1) -> None:
    """Every `share`-th cluster of historical_50k into records and `truth` (record_id, entity_id)."""
    for table in (RECORDS, IDENTIFIERS, ADDRESSES):
        engine.run(table.ddl())
    path = DATA / "historical_50k" / "historical_figures_with_errors_50k.parquet"
    engine.run(f"""
        CREATE OR REPLACE TABLE truth AS
        SELECT 'record:history:people:' || unique_id AS record_id, cluster AS entity_id FROM '{path}'
        WHERE md5_number_lower(cluster) % {share} = 0""")
    engine.run(f"""
        INSERT INTO records BY NAME
        SELECT 'record:history:people:' || unique_id AS record_id, 'person' AS kind, first_name AS given_name, surname AS family_name,
            coalesce(first_and_surname, full_name) AS full_name, try_cast(dob AS DATE) AS birth_date, birth_place AS city,
            postcode_fake AS postcode, gender, 'history' AS source, 'people' AS object, unique_id AS key
        FROM '{path}' WHERE 'record:history:people:' || unique_id IN (SELECT record_id FROM truth)""")
