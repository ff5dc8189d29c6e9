"""Tables in a terminal: ids and e-mail addresses stay whole, and what has no room is left out and named."""

import re
from datetime import datetime

import pytest

from fullcircle.ask.customer import CustomerView, deals_of
from fullcircle.ask.why import WhyAnswer
from fullcircle.identity.explain import Explanation, FieldWeight
from fullcircle.serve.cli.layout import GAP, lay_out
from fullcircle.serve.cli.output import table
from fullcircle.serve.cli.view import draw, draw_why

HITS = [
    {
        "id": f"customer:bcd6h5z6bakaf{n:03}", "name": "Rosalind Margarethe Quenwick-Wolkenstein",
        "email": f"rosalind.quenwick{n}@example.org", "phone": "+15035550106", "city": "Copper Ridge",
        "country": "US", "records": n, "sources": "crm, shop, support",
    }
    for n in range(3)
]  # fmt: skip
EDGE = "member_of:customer:bcd6h5z6bakafnak>household:fd87615d879397a3-and-a-very-long-key-of-its-own"
RECORD = "record:support:tickets:T-0001411"


@pytest.fixture(params=[80, 200])
def width(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("COLUMNS", str(request.param))
    return int(request.param)


def test_search_keeps_ids_and_addresses_whole(width: int, capsys: pytest.CaptureFixture[str]) -> None:
    table("3 customers", HITS)
    drawn = capsys.readouterr().out
    for row in HITS:
        assert row["id"] in drawn
        assert row["email"] in drawn
    assert "…" not in drawn
    note = drawn.splitlines()[-1]
    if width == 200:
        assert "+15035550106" in drawn
        assert "Not shown" not in drawn
    else:
        assert note == "Not shown, for lack of room: phone, city, country, records, sources. --json has all."
        assert max(map(len, drawn.splitlines()[:-1])) <= 80


def test_columns_are_left_out_by_worth(width: int, capsys: pytest.CaptureFixture[str]) -> None:
    table("Customers", HITS, worth=("id", "phone", "records", "country", "city"))
    drawn = capsys.readouterr().out
    assert HITS[0]["email"] in drawn  # the name and the e-mail address stay, whatever else is worth
    assert ("sources" in drawn.splitlines()[1]) == (width == 200)
    assert ("phone, city, country, records, sources" in drawn) == (width == 80)


def test_an_id_wider_than_the_terminal_is_still_whole(width: int, capsys: pytest.CaptureFixture[str]) -> None:
    table("Changes", [{"op": "add", "id": EDGE, "property": "label"}], worth=("id", "op"))
    drawn = capsys.readouterr().out
    assert EDGE in drawn
    assert ("Not shown, for lack of room: op, property." in drawn) == (width == 80)


def test_a_text_with_an_address_in_it_wraps_between_words(width: int, capsys: pytest.CaptureFixture[str]) -> None:
    text = f"kept apart from {RECORD} because of rosalind.margarethe.quenwick@customers.example.org, which two share"
    table("Doctor", [{"what": "pair", "found": text}])
    drawn = capsys.readouterr().out
    assert RECORD in drawn
    assert "rosalind.margarethe.quenwick@customers.example.org" in drawn
    assert max(map(len, drawn.splitlines())) <= width


@pytest.mark.parametrize("wide", range(10, 120, 7))
def test_a_layout_fits_or_is_one_column(wide: int) -> None:
    cells = {name: [str(row[name]) for row in HITS] for name in HITS[0]}
    layout = lay_out(cells, wide)
    assert layout.total <= wide or list(layout.widths) == ["id"]
    assert [*layout.widths, *layout.hidden] == list(cells)
    assert layout.total == sum(layout.widths.values()) + GAP * (len(layout.widths) - 1)


def test_wide_letters_count_twice() -> None:
    assert lay_out({"name": ["山田太郎"]}, 80).widths == {"name": 8}


def test_markup_in_values_is_text(width: int, capsys: pytest.CaptureFixture[str]) -> None:
    table("[bold]x[/]", [{"id": "customer:[red]a", "na[b]me": "[/]"}])
    drawn = capsys.readouterr().out
    assert all(text in drawn for text in ("[bold]x[/]", "customer:[red]a", "na[b]me", "[/]"))


def test_the_view_keeps_ids_and_addresses_whole(width: int, capsys: pytest.CaptureFixture[str]) -> None:
    email = "rosalind.margarethe.quenwick.wolkenstein@customers.example.org"
    draw(
        CustomerView(
            customer={
                "id": "customer:bcd6h5z6bakafnak", "name": "Rosalind Quenwick", "email": email, "sources": "crm",
                "provenance": {"email": {"from": "record:support:tickets:T-0001411", "others": 3}},
            },
            asked_id="customer:the781ywgbvzkm4j",
            records=[{"id": RECORD, "full_name": "Rosalind Quenwick", "email": email, "phone": "+15035550106", "weight": 9.48}],
            identifiers=[{"kind": "email", "value": email}, {"kind": "handle", "value": "rosalind_quenwick_of_copper_ridge"}],
            orders=[{"id": "order:shop:orders:O-00004629", "ordered_at": datetime(2026, 7, 24, 21, 40), "amount": 57.96}],
        )
    )  # fmt: skip
    drawn = capsys.readouterr().out
    assert drawn.count(email) >= 2
    for id in ("customer:bcd6h5z6bakafnak", "customer:the781ywgbvzkm4j", "support:tickets:T-0001411", "shop:orders:O-00004629"):
        assert id in drawn
    assert "name of records" not in drawn.splitlines()[-1] and "email of records" not in drawn.splitlines()[-1]
    assert ("phone of records" in drawn.splitlines()[-1]) == (width == 80)
    assert ("where the values come from" in drawn) == (width == 80)


def test_why_keeps_ids_and_addresses_whole(width: int, capsys: pytest.CaptureFixture[str]) -> None:
    a, b = "ronald.quenwick@example.org", "ron.quenwick@example.org"
    parts = (FieldWeight("email", "same", a, a, 18.11, 3.8), FieldWeight("handle", "other", a, b, -1.0, -0.5))
    pair = Explanation("record:crm:contacts:614", RECORD, -12.7, 0.0, parts, 38.09, 11.94, 11.94, 2.0, (), (), True)
    draw_why(WhyAnswer(pair, True))
    drawn = capsys.readouterr().out
    for text in (a, b, pair.record_a, RECORD, "+18.11", "-0.50", "+11.94", "against", "kin"):
        assert text in drawn
    assert len(re.findall(re.escape(a), drawn)) == (2 if width == 80 else 3)
    assert "Not shown" not in drawn
    assert max(map(len, drawn.splitlines())) <= width


def test_the_view_says_what_became_of_deals(width: int, capsys: pytest.CaptureFixture[str]) -> None:
    deal = {
        "id": "interaction:crm:deals:1",
        "at": datetime(2026, 7, 24),
        "kind": "opportunity",
        "text": "Roof",
        "currency": "EUR",
    }
    rows = [{**deal, "status": "lost", "amount": 1200.0}, {**deal, "status": "won", "amount": 500.0}]
    person = {"id": "customer:bcd6h5z6bakafnak", "name": "Ada Tal", "provenance": {}}
    draw(CustomerView(customer=person, asked_id="", interactions=rows, deals=deals_of(rows)))
    drawn = capsys.readouterr().out
    assert "1 won 500.00 EUR, 1 lost" in drawn
    (lost,) = [line for line in drawn.splitlines() if "1,200.00" in line]
    assert "lost" in lost
    calls = [{"id": "interaction:crm:calls:1", "at": datetime(2026, 7, 24), "kind": "call", "text": "Hello"}]
    draw(CustomerView(customer=person, asked_id="", interactions=calls))
    assert not {"status", "amount", "currency"} & {*capsys.readouterr().out.split()}
