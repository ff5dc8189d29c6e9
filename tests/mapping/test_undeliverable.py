"""E-mail addresses from which mail came back: known by a status, a yes or a day; no refusal, and never the golden address."""

from __future__ import annotations

import pytest

from fullcircle.book.book import Book
from fullcircle.config.sections import FieldRule, IdentitySettings, MapSettings
from fullcircle.engine.duckdb import DuckDB
from fullcircle.identity.resolve import resolve
from fullcircle.mapping.conform import conform
from tests.identity.town import build, person
from tests.mapping.test_links import project, proposed


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("Status", ("subscribed", "bounced", "unsubscribed")), ("Status", ("actief", "bounced", "uitgeschreven")),
        ("E-Mail-Status", ("gültig", "unzustellbar", "gültig")), ("Email Status", ("valid", "invalid", "valid")),
        ("Hard Bounce", ("No", "Yes", "No")), ("Bounced at", ("", "2026-01-05", "")),
        ("member_status", ("subscribed", "cleaned", "")),
        ("CLEAN_TIME", ("", "2026-01-05 10:00", "")),
    ],
)  # fmt: skip
def test_the_column_that_says_so_is_proposed(tmp_path, header, values):
    rows = "".join(f"{n},Ada Tal {n},a{n}@example.com,{value}\n" for n, value in enumerate(values, 1))
    found = proposed(project(tmp_path, customers=f"id,name,email,{header}\n{rows}"))["customers"]
    people = next(one for one in found["maps"] if one["to"] == "records")
    assert people["fields"]["undeliverable"] == {"field": header}


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("Status", ("active", "vip", "new")), ("Status", ("valid", "invalid", "valid")), ("Soft Bounce", ("No", "Yes", "No")),
        ("Bounce Rate", ("0.1", "0.2", "0.3")), ("Bounces", ("4", "17", "0")), ("bounce_reason", ("", "full", "")),
    ],
)  # fmt: skip
def test_what_does_not_say_so_is_not(tmp_path, header, values):
    rows = "".join(f"{n},Ada Tal {n},a{n}@example.com,{value}\n" for n, value in enumerate(values, 1))
    found = proposed(project(tmp_path, customers=f"id,name,email,{header}\n{rows}"))["customers"]
    assert not any("undeliverable" in one["fields"] for one in found["maps"] if one["to"] == "records")


SAID = {
    "bounced": True, "Hard-Bounce": True, "hard_bounced": True, "CLEANED": True, "yes": True, "2026-01-05": True,
    "unzustellbar": True,
    "subscribed": False, "confirmed": False, "unsubscribed": False, "soft bounce": False, "no": False, "0": False, "": False,
    "0000-00-00": False, "active": False,
}  # fmt: skip


def test_words_days_and_addresses_are_read(engine, landing, progress):
    rows = [{"id": str(n), "email": f"Tal{n}@example.com", "state": text} for n, text in enumerate(SAID)]
    rows += [{"id": "own", "email": "new@example.com", "state": "Old@Example.com "}]
    landing.put("crm", "people", rows)
    fields = {"email": FieldRule(field="email"), "undeliverable": FieldRule(field="state")}
    conform(engine, landing, [MapSettings(source="crm", object="people", to="records", fields=fields)], "DE", progress)
    found = dict(engine.rows("SELECT key, undeliverable FROM conformed.records"))
    assert {text: found[str(n)] is not None for n, text in enumerate(SAID)} == SAID
    assert found["0"] == "tal0@example.com" and found["own"] == "old@example.com"


def test_it_is_shown_and_another_address_is_the_golden_one(tmp_path):
    engine = DuckDB(threads=1)
    common = {"phone": "+12175550001", "street": "1 Old Road", "city": "Springfield", "postcode": "62701"}
    rows = [
        person("1", "Ada", "Quillfeather", email="old@quill.example", undeliverable="old@quill.example", **common),
        person("2", "Ada", "Quillfeather", email="old@quill.example", **common),
        person("3", "Ada", "Quillfeather", email="ada@quill.example", **common),
    ]
    build(engine, rows)
    resolve(engine, Book(tmp_path / "book"), IdentitySettings())
    assert engine.rows("SELECT email, undeliverable FROM customers") == [("ada@quill.example", "old@quill.example")]
