"""What is owed is not spent: by what was paid, by what is open, by the status; and what was paid in part."""

import pytest

from fullcircle.connectors.base import FoundObject
from fullcircle.mapping.propose.open_amounts import with_owed
from fullcircle.mapping.propose.planner import ProposedMap
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.status import is_unpaid, is_written_off, plain, status_of
from tests.mapping.spending import spent


def rows(*given):
    return [
        {"id": f"R{n}", "who": "1", "total": total, "state": state, "paid": paid, "open": left}
        for n, (total, state, paid, left) in enumerate(given)
    ]


@pytest.mark.parametrize(
    ("row", "left"),
    [
        (("100.00", "paid", None, None), (100, 0)),
        (("100.00", None, "40.00", None), (40, 60)),
        (("100.00", None, None, "60.00"), (40, 60)),
        (("100.00", "teilweise bezahlt", "40.00", "60.00"), (40, 60)),
        (("100.00", "overdue", None, None), (0, 100)),
        (("100.00", "overdue", "40.00", None), (40, 60)),
        (("100.00", None, "120.00", None), (100, 0)),
        (("100.00", None, None, "-20.00"), (100, 0)),
        (("100.00", None, None, "250.00"), (0, 100)),
        (("100.00", "written off", None, "100.00"), None),
        (("100.00", "written off", None, "0.00"), None),
        (("100.00", "Uneinbringlich", "30.00", "70.00"), (30, 70)),
        (("100.00", "Bad debt", None, "60.00"), (40, 60)),
        (("100.00", "shipped", None, "0.00"), (100, 0)),
        (("-20.00", "refunded", None, "-20.00"), (-20, 0)),
    ],
)
def test_what_is_owed_is_not_spent(engine, landing, progress, row, left):
    landing.put("books", "invoices", rows(row))
    found = spent(engine, landing, progress, fields={"paid": "paid", "unpaid": "open"})
    assert found == ({} if left is None else {"1": left})


def test_what_is_owed_is_said_and_kept_with_the_order(engine, landing, progress):
    landing.put("books", "invoices", rows(("100.00", None, "40.00", None), ("10.00", "paid", "10.00", None)))
    spent(engine, landing, progress, fields={"paid": "paid", "unpaid": "open"})
    assert engine.rows("SELECT key, CAST(unpaid AS INTEGER) FROM orders ORDER BY 1") == [("R0", 60), ("R1", 0)]
    assert any(said.startswith("1 order is not paid, or not wholly: 60.00 is owed") for said in progress.said)


def test_paid_in_part_without_a_sum_is_said(engine, landing, progress):
    landing.put("books", "invoices", rows(("100.00", "Teilweise bezahlt", None, None), ("9.00", "Anzahlung", "9.00", None)))
    assert spent(engine, landing, progress, fields={"paid": "paid"}) == {"1": (109, 0)}
    (said,) = [text for text in progress.said if "paid in part" in text]
    assert "1 order is paid in part (Teilweise bezahlt (1))" in said and "to paid" in said


def test_more_than_the_amount_is_said(engine, landing, progress):
    landing.put("books", "invoices", rows(("90.00", "paid", "110.00", "-20.00"), ("50.00", None, None, "80.00")))
    assert spent(engine, landing, progress, fields={"paid": "paid", "unpaid": "open"}) == {"1": (90, 50)}
    assert any("of 1 order more was paid than the amount (20.00 more)" in said for said in progress.said)
    assert any("of 1 order more is owed than the amount (30.00 more)" in said for said in progress.said)


@pytest.mark.parametrize(
    "word",
    ["Written off", "Bad debt", "Uneinbringlich", "Forderungsausfall", "Irrécouvrable", "Incobrable", "Inesigibile", "Incobrável",
     "Oninbaar", "Afskrevet", "Luottotappio", "Nieściągalna", "Nedobytná", "Behajthatatlan", "Безнадежный долг", "貸倒れ"],
)  # fmt: skip
def test_words_that_say_that_what_was_owed_was_given_up(word):
    assert status_of(word) == "cancelled" and is_written_off(word) and not is_written_off(word, {plain(word): "paid"})


@pytest.mark.parametrize("word", ["Cancelled", "Void", "Storniert", "Paid", "Overdue", "Write to us"])
def test_words_that_do_not_say_that_it_was_given_up(word):
    assert not is_written_off(word)


@pytest.mark.parametrize(
    "word",
    ["unpaid", "Overdue", "PAST_DUE", "Nicht bezahlt", "Überfällig", "2. Mahnung", "Impayée", "No pagado", "Da pagare",
     "Niet betaald", "ubetalt", "Obetald", "Nieopłacone", "po splatnosti", "Не оплачен", "未払い", "Sent - overdue",
     "Not yet paid", "Collections", "Due in 7 days", "Noch nicht bezahlt"],
)  # fmt: skip
def test_words_that_say_that_nothing_was_paid(word):
    assert status_of(word) in {"placed", "shipped"} and is_unpaid(word)


@pytest.mark.parametrize(
    "word",
    [
        "paid",
        "Overpaid",
        "No payment due",
        "open",
        "partially unpaid",
        "Teilweise bezahlt",
        "pending",
        "cancelled",
        "shipped",
        "Zauber",
    ],
)
def test_words_that_do_not(word):
    assert not is_unpaid(word)


def test_a_word_of_the_own_config_may_mean_it(engine, landing, progress):
    landing.put("books", "invoices", rows(("100.00", "Rot", None, None), ("5.00", "overdue", None, None)))
    assert spent(engine, landing, progress, statuses={"rot": "unpaid", "overdue": "paid"}) == {"1": (5, 100)}


def test_the_message_of_unknown_words_says_what_each_choice_means(engine, landing, progress):
    landing.put(
        "books", "invoices", rows(("1.00", 'Clos"ed', None, None), ("2.00", "Blau", None, None), ("2.00", "Blau", None, None))
    )
    spent(engine, landing, progress)
    (said,) = [text for text in progress.said if "not known" in text]
    assert '{ "Blau" = "...", "Clos\\"ed" = "..." }' in said and '= "cancelled"' not in said
    assert "3 orders have" in said and "They were kept as they are and count as sales" in said
    assert '"unpaid" (a sale, and its amount is owed)' in said


def test_one_unknown_word_is_one(engine, landing, progress):
    landing.put("books", "invoices", rows(("1.00", "Blau", None, None)))
    spent(engine, landing, progress)
    assert any("1 order has" in said and "It was kept as it is and counts as a sale" in said for said in progress.said)


@pytest.mark.parametrize(("column", "whole"), [("Kwota do zapłaty", True), ("Amount due", True), ("Restbetrag", False)])
def test_what_is_to_be_paid_is_the_sum_where_no_other_is_there(column, whole):
    orders = ProposedMap("orders", {"unpaid": {"field": column}})
    with_owed(None, Sample("shop", FoundObject("orders")), orders)
    assert orders.fields == ({"amount": {"field": column}} if whole else {})
