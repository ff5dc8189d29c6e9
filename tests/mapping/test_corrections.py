"""A credit note and the invoice that it takes back: taken off once, whichever of the two says it."""

from decimal import Decimal

import pytest

from fullcircle.config.sections import MoneySettings
from fullcircle.graph.tables import trade
from fullcircle.graph.tables.money import find_currencies
from tests.mapping.spending import spent

INVOICE = {"id": "RE-1", "who": "1", "total": "100.00", "state": "paid", "at": "2025-02-03", "of": None, "note": "Course"}
CANCELLED = {**INVOICE, "state": "Storniert"}
REVERSAL = {
    "id": "SR-2",
    "who": "1",
    "total": "-100.00",
    "state": "refunded",
    "at": "2025-02-05",
    "of": "RE-1",
    "note": "Storno zu RE-1.",
}
OTHER = {"id": "RE-3", "who": "1", "total": "40.00", "state": "paid", "at": "2025-02-04", "of": None, "note": "Ball"}
NAMED = {"corrects": {"field": "of", "ref": "invoices"}, "ordered_at": "at"}
IN_TEXT = {"corrects": {"field": "note", "ref": "invoices"}, "ordered_at": "at"}
UNNAMED = {"ordered_at": "at"}
PART = {**REVERSAL, "total": "-30.00"}


@pytest.mark.parametrize("fields", [NAMED, IN_TEXT, UNNAMED], ids=["named", "in a text", "not named"])
@pytest.mark.parametrize(
    ("rows", "left"),
    [
        ([CANCELLED], None),
        ([INVOICE, REVERSAL], 0),
        ([CANCELLED, REVERSAL], None),
        ([CANCELLED, REVERSAL, OTHER], 40),
        ([INVOICE, PART], 70),
        ([INVOICE, PART, {**PART, "id": "SR-4"}, OTHER], 80),
    ],
)
def test_what_an_invoice_and_its_reversal_come_to(engine, landing, progress, fields, rows, left):
    landing.put("books", "invoices", rows)
    found = spent(engine, landing, progress, fields=fields)
    assert found == ({} if left is None else {"1": (Decimal(left), 0)})


def test_a_reversal_of_a_part_of_what_was_cancelled_whole_takes_nothing_off(engine, landing, progress):
    landing.put("books", "invoices", [CANCELLED, PART, OTHER])
    assert spent(engine, landing, progress, fields=NAMED) == {"1": (40, 0)}


def test_what_is_marked_as_given_back_and_was_in_part_counts_with_the_rest(engine, landing, progress):
    landing.put("books", "invoices", [{**INVOICE, "state": "returned"}, PART, OTHER])
    assert spent(engine, landing, progress, fields=NAMED) == {"1": (110, 0)}
    assert engine.value("SELECT status FROM orders WHERE key = 'RE-1'") == "paid"
    assert any("only a part was" in said for said in progress.said)


@pytest.mark.parametrize("fields", [NAMED, IN_TEXT])
def test_the_invoice_of_a_reversal_is_not_there(engine, landing, progress, fields):
    landing.put("books", "invoices", [REVERSAL, OTHER])
    assert spent(engine, landing, progress, fields=fields) == {"1": (40, 0)}
    assert any("names an order that is not there (100.00 together)" in said for said in progress.said)


@pytest.mark.parametrize("fields", [NAMED, IN_TEXT, UNNAMED])
def test_a_reversal_that_says_nothing_takes_off(engine, landing, progress, fields):
    landing.put("books", "invoices", [{**REVERSAL, "of": None, "note": "for the trouble in 2025"}, OTHER])
    assert spent(engine, landing, progress, fields=fields) == {"1": (-60, 0)}


def test_the_rows_stay_as_they_are_and_what_does_not_count_is_said(engine, landing, progress):
    landing.put("books", "invoices", [CANCELLED, REVERSAL, OTHER])
    spent(engine, landing, progress, fields=NAMED)
    rows = engine.rows("SELECT key, CAST(amount AS INTEGER), status, corrects FROM orders ORDER BY 1")
    assert rows[2] == ("SR-2", -100, "refunded", "order:books:invoices:RE-1")
    (said,) = [text for text in progress.said if "taken off" in text]
    assert "1 credit note or refund is of an order that was cancelled or refunded whole (100.00 together)" in said


def test_reversals_without_a_name_are_paired_one_by_one(engine, landing, progress):
    rows = [CANCELLED, {**REVERSAL, "of": None}, {**REVERSAL, "id": "SR-9", "of": None, "at": "2025-02-09"}, OTHER]
    landing.put("books", "invoices", rows)
    assert spent(engine, landing, progress, fields=UNNAMED) == {"1": (-60, 0)}  # of two, one is of the cancelled one
    assert any("the cancelled or refunded order of the same customer" in said for said in progress.said)


def test_a_reversal_of_another_customer_or_currency_is_not_paired(engine, landing, progress):
    landing.put("books", "invoices", [CANCELLED, {**REVERSAL, "who": "2", "of": None}, OTHER])
    assert spent(engine, landing, progress, fields=UNNAMED) == {"1": (40, 0), "2": (-100, 0)}


def test_a_credit_note_of_a_bill_that_was_not_paid_lessens_what_is_owed(engine, landing, progress):
    landing.put("books", "invoices", [{**INVOICE, "state": "overdue"}, PART])
    assert spent(engine, landing, progress, fields=NAMED) == {"1": (0, 70)}


def test_in_the_graph_too_what_was_paid_is_the_amount_without_what_is_unpaid(engine, landing, progress):
    landing.put(
        "books",
        "invoices",
        [CANCELLED, REVERSAL, {**INVOICE, "id": "RE-7", "state": "overdue"}, {**PART, "of": "RE-7", "id": "SR-8"}],
    )
    spent(engine, landing, progress, fields=NAMED)
    find_currencies(engine, progress, MoneySettings())
    trade.prepare(engine, progress)
    found = engine.rows(
        f"SELECT id, CAST(amount AS INTEGER), CAST(unpaid AS INTEGER) FROM ({trade.selects()['Order']}) ORDER BY 1"
    )
    assert [(id.removeprefix("order:books:invoices:"), *rest) for id, *rest in found] == [
        ("RE-1", 100, None), ("RE-7", 100, 70), ("SR-2", -100, -100), ("SR-8", -30, None),
    ]  # fmt: skip


@pytest.mark.parametrize("word", ["Reversed", "Charged back", "Storno", "Extourné", "Estornado", "Stornato", "Сторно"])
@pytest.mark.parametrize("fields", [NAMED, UNNAMED], ids=["named", "not named"])
def test_a_row_that_says_itself_that_it_takes_back_does_so(engine, landing, progress, fields, word):
    landing.put("books", "invoices", [INVOICE, {**REVERSAL, "state": word}, OTHER])
    assert spent(engine, landing, progress, fields=fields) == {"1": (40, 0)}


@pytest.mark.parametrize("word", ["Cancelled", "Storniert", "Void"])
def test_a_credit_note_that_was_cancelled_takes_nothing_back(engine, landing, progress, word):
    landing.put("books", "invoices", [INVOICE, {**REVERSAL, "state": word}, OTHER])
    assert spent(engine, landing, progress, fields=NAMED) == {"1": (140, 0)}
    assert any("1 row of a negative amount is cancelled (100.00 together)" in text for text in progress.said)


def test_a_reversal_of_what_nobody_bought_takes_nothing_back_and_that_is_said(engine, landing, progress):
    landing.put("books", "invoices", [{**REVERSAL, "state": "Reversed", "total": "-199.00"}, INVOICE])
    assert spent(engine, landing, progress, fields=UNNAMED) == {"1": (100, 0)}
    assert any(
        "1 row of a negative amount is cancelled (199.00 together): it takes nothing back" in text for text in progress.said
    )


def test_a_part_may_be_reversed(engine, landing, progress):
    landing.put("books", "invoices", [{**REVERSAL, "state": "Reversed", "total": "-20.00"}, INVOICE])
    assert spent(engine, landing, progress, fields=UNNAMED) == {"1": (80, 0)}


def test_a_credit_note_that_names_itself_names_nothing(engine, landing, progress):
    landing.put("books", "invoices", [INVOICE, {**REVERSAL, "of": "SR-2"}])
    assert spent(engine, landing, progress, fields=NAMED) == {"1": (0, 0)}


def test_two_credit_notes_of_one_invoice_do_not_take_it_back_twice(engine, landing, progress):
    landing.put("books", "invoices", [INVOICE, REVERSAL, {**REVERSAL, "id": "SR-4", "at": "2025-02-09"}, OTHER])
    assert spent(engine, landing, progress, fields=NAMED) == {"1": (40, 0)}
    (said,) = [text for text in progress.said if "more than" in text]
    assert "of 1 order take back more than it came to (100.00 too much)" in said


def test_more_given_back_than_was_paid_is_said(engine, landing, progress):
    landing.put("books", "invoices", [INVOICE, {**REVERSAL, "total": "-120.00"}])
    assert spent(engine, landing, progress, fields=NAMED) == {"1": (-20, 0)}
    assert any("take back more than it came to (20.00 too much)" in text for text in progress.said)
