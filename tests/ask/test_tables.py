"""Answers as plain values, as Arrow, and as tables in a notebook."""

import pyarrow as pa
import pytest

from fullcircle.ask.customer import CustomerView
from fullcircle.ask.money_check import MoneyOfObject
from fullcircle.ask.query import QueryAnswer
from fullcircle.ask.search import SearchHit
from fullcircle.ask.status import RunStatus, StageStatus, Status
from fullcircle.ask.tables import SHOWN_ROWS, Answers

EVIL = '<script>alert("x")</script>'
HITS = Answers(SearchHit, tuple(SearchHit(f"customer:{n}", f"Name {n}", None, None, None, None, n, "crm") for n in range(3)))


def test_answers_are_a_sequence() -> None:
    assert (len(HITS), HITS[0].id, [hit.records for hit in HITS]) == (3, "customer:0", [0, 1, 2])
    assert HITS[1:] == Answers(SearchHit, HITS.rows[1:])
    assert HITS[1] in HITS
    assert repr(HITS[:0]) == "Answers([])"
    with pytest.raises(AttributeError):
        HITS[0].name = "other"  # type: ignore[misc]


def test_answers_become_plain_rows_and_arrow() -> None:
    assert list(HITS.to_pylist()[0]) == ["id", "name", "email", "phone", "city", "country", "records", "sources", "found_by"]
    assert HITS.to_arrow().to_pylist() == HITS.to_pylist()
    assert HITS[:0].to_arrow().column_names == HITS.to_arrow().column_names
    assert HITS[:0].to_pylist() == []


def test_stages_with_different_counts_are_one_table() -> None:
    stages = (StageStatus("pull", "t", 1.0, {"rows": 4}), StageStatus("check", "t", 1.0, {"broken": 2}))
    found = Answers(StageStatus, stages).to_arrow()
    assert found.column_names == ["stage", "finished_at", "seconds", "rows", "broken"]
    assert found["broken"].to_pylist() == [None, 2]


@pytest.mark.parametrize(
    "answer",
    [
        Answers(SearchHit, (SearchHit(EVIL, EVIL, EVIL, EVIL, EVIL, EVIL, 1, EVIL),)),
        SearchHit(EVIL, None, None, None, None, None, None, None),
        CustomerView(
            {"id": EVIL, EVIL: "x"}, EVIL, records=[{"id": EVIL, EVIL: 1}], habits={"why": EVIL}, others={EVIL: [{"a": EVIL}]}
        ),
        QueryAnswer(pa.table({EVIL: [EVIL]})),
        QueryAnswer(pa.table({"nested": [[{EVIL: [EVIL]}]]})),
        Status(
            {EVIL: 1},
            Answers(StageStatus, ()),
            Answers(RunStatus, (RunStatus(1, EVIL, None, EVIL, EVIL),)),
            Answers(MoneyOfObject, ()),
        ),
    ],
    ids=lambda answer: type(answer).__name__,
)
def test_hostile_values_are_escaped(answer: CustomerView) -> None:
    drawn = answer._repr_html_()
    assert "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;" in drawn
    assert "<script" not in drawn
    assert '"' not in drawn


def test_a_large_table_is_shown_in_part() -> None:
    drawn = QueryAnswer(pa.table({"n": range(SHOWN_ROWS + 1_005)}))._repr_html_()
    assert drawn.count("<tr>") == SHOWN_ROWS + 1
    assert "1,005 more rows" in drawn
    assert "more rows" not in HITS._repr_html_()
