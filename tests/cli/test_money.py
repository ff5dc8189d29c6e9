"""The money check as it is drawn: one line for each object and currency, the reasons beneath; in JSON beside the stage graph."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from fullcircle.ask.money_check import MoneyOfObject, NotCounted
from fullcircle.serve.cli.run import show_done
from fullcircle.serve.cli.view import _owed
from fullcircle.stage import Done

FOUND = MoneyOfObject(
    "files", "orders", "EUR", 5, Decimal("172.10"), Decimal(150), Decimal(30), Decimal(-20), Decimal("12.10"),
    (NotCounted("draft", 1, Decimal("12.10")),), 1, 2,
)  # fmt: skip
DONE = [Done("conform", {"orders": 5}, 0.1), Done("graph", {"written": 9}, 0.2)]


def test_it_is_drawn_after_the_stages(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    show_done(DONE, json=False, money=[FOUND])
    lines = capsys.readouterr().out.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("Money: "))
    assert lines[start + 1].split() == ["object", "currency", "entries", "read", "spent", "owed", "back", "uncounted"]
    assert lines[start + 2].split() == ["files.orders", "EUR", "5", "172.10", "150.00", "30.00", "-20.00", "12.10"]
    assert [line.strip() for line in lines[start + 3 :]] == [
        "files.orders EUR: 1 entry not counted (12.10 EUR): draft",
        "files.orders EUR: 1 entry has no amount",
        "files.orders: 2 rows are in quarantine, and in no sum",
    ]


def test_without_amounts_nothing_is_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    show_done(DONE, json=False)
    assert "Money" not in capsys.readouterr().out


def test_in_json_it_is_beside_the_counts_of_the_graph(capsys: pytest.CaptureFixture[str]) -> None:
    show_done(DONE, json=True, money=[FOUND])
    conform, graph = json.loads(capsys.readouterr().out)
    assert "money" not in conform
    assert graph["money"][0] == {
        "source": "files", "object": "orders", "currency": "EUR", "entries": 5, "amount": 172.1, "spent": 150.0, "owed": 30.0,
        "given_back": -20.0, "not_counted": 12.1, "why": [{"why": "draft", "entries": 1, "amount": 12.1}],
        "without_amount": 1, "quarantined": 2,
    }  # fmt: skip


def test_a_credit_note_that_takes_nothing_off_is_not_shown_as_owed():
    rows = _owed([{"amount": -345.0, "unpaid": -345.0}, {"amount": 80.0, "unpaid": 30.0}, {"amount": 5.0}])
    assert [each.get("unpaid") for each in rows] == [None, 30.0, None]
