"""The page about the insights: what was judged, against what, on how many, and nothing from elsewhere."""

import re
from datetime import datetime

import pytest

from fullcircle.ask.insights_report import insights_report
from fullcircle.config.sections import InsightSettings, SegmentSettings
from fullcircle.errors import NotFound
from fullcircle.insights import compute as room
from fullcircle.insights.answers.worth import Worth
from fullcircle.model.progress import Silent
from fullcircle.model.tables import TABLES
from tests.insights.conftest import Shop

ORDERS = [
    (f"c{who:03}", f"2026-0{1 + (who * 7 + n * 5) % 6}-{1 + (who * 3 + n * 11) % 28:02}", f"A B{(who + n) % 9}", 10 + n, "web")
    for who in range(80)
    for n in range(5)
]


@pytest.fixture(scope="module")
def page() -> str:
    made = Shop(ORDERS)
    made.engine.run(TABLES["customers"].ddl())
    names = InsightSettings.model_validate({"names": ["next_product", "next_basket", "repurchase", "worth"]})
    segments = {"<b>all</b>": SegmentSettings(rules=("kind is unknown",))}
    room.compute(made.engine, names, Silent(), segments=segments)
    return insights_report(made.engine, money=True) + "\0" + insights_report(made.engine, money=False)


def test_every_question_is_on_it_with_its_methods_and_customers(page: str) -> None:
    whole, without = page.split("\0")
    for text in ("Something new", "The next basket", "How many orders come", "Whether none comes", "What they bring", "bgnbd",
                 "bestsellers", "customers, ", "NDCG@10", "Segments"):  # fmt: skip
        assert text in whole
    assert whole.count("<svg") >= 8
    assert "What they bring" not in without
    assert "Sums are left out" in without
    assert "How many orders come" in without


def test_it_needs_nothing_from_elsewhere_and_trusts_no_text(page: str) -> None:
    assert not re.findall(r"<(?:script|link|img|iframe)|\bon\w+=", page)
    assert set(re.findall(r"https?://[^\"<\s]+", page)) == {"http://www.w3.org/2000/svg"}
    assert "<b>all</b>" not in page
    assert "&lt;b&gt;all" in page
    assert "nan" not in page.lower().replace("finance", "")


def test_where_nothing_could_be_tried_it_says_why() -> None:
    made = Shop([("ann", "2026-01-01", "A", 1, "")])
    with pytest.raises(NotFound):
        insights_report(made.engine, money=True)
    made.compute(Worth(), datetime(2026, 3, 31))
    assert "Nothing is foreseen: only 1 customer ordered (50 are needed)." in insights_report(made.engine, money=True)
