"""The segments of the config: who is in them, since when, and who came and went."""

from datetime import date

import pytest

from fullcircle.config.sections import ConsentSettings, InsightSettings, SegmentSettings
from fullcircle.errors import ConfigError
from fullcircle.insights import compute as room
from fullcircle.insights.answers.habits import Habits
from fullcircle.insights.segments.members import check_segments, fill_segments
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Silent
from fullcircle.model.tables import CUSTOMER_CONSENTS, TABLES

PEOPLE = ("ann", "bob", "cyd", "dan")
FIRST, LATER = date(2026, 5, 1), date(2026, 6, 1)


class Heard(Silent):
    def __init__(self):
        self.lines = []

    def say(self, text):
        self.lines.append(text)


def segment(*rules, audience=True):
    return SegmentSettings(rules=rules, audience=audience)


@pytest.fixture
def made(shop):
    found = shop([(who, f"2026-0{n + 1}-01", "A", 10, "web") for n, who in enumerate(PEOPLE)])
    found.engine.run(TABLES["customers"].ddl())
    for n, who in enumerate(PEOPLE):
        country = "DE" if n < 2 else "CH"
        found.engine.run(f"INSERT INTO customers (customer_id, country, kind) VALUES ('customer:{who}', '{country}', 'person')")
    found.engine.run(CUSTOMER_CONSENTS.ddl())
    return found


def fill(made, today=FIRST, without="allow", **segments):
    heard = Heard()
    found = fill_segments(made.engine, segments, ConsentSettings(without=without), today, heard)
    return heard.lines, found


def members(made):
    return made.table("SELECT segment, customer_id[10:], since FROM insight_segments ORDER BY ALL")


def test_who_is_in_since_when_and_who_came_and_went(made):
    lines, found = fill(made, german=segment("country = DE"))
    assert lines == ["segment german: 2 customers."]
    assert found[0].tables == {"insight_segments": 2, "vertices_segment": 1, "edges_in_segment": 2}
    assert members(made) == [("german", "ann", FIRST), ("german", "bob", FIRST)]
    made.engine.run("UPDATE customers SET country = CASE customer_id WHEN 'customer:bob' THEN 'CH' ELSE 'DE' END")
    made.engine.run("DELETE FROM customers WHERE customer_id = 'customer:ann'")
    lines, _ = fill(made, LATER, german=segment("country = DE"), swiss=segment("country = CH"))
    assert lines == [
        "segment german: 2 customers; since the last run 2 came and 1 left.",
        "segment swiss: 1 customer.",
    ]
    assert members(made) == [("german", "cyd", LATER), ("german", "dan", LATER), ("swiss", "bob", LATER)]
    assert made.table("SELECT segment, customer_id[10:], change FROM insight_segment_changes") == [
        ("german", "bob", "left"),
        ("german", "cyd", "entered"),
        ("german", "dan", "entered"),
    ]  # ann is gone: nothing is kept of her
    assert fill(made, LATER, german=segment("country = DE"))[0] == [
        "segment german: 2 customers; since the last run 0 came and 0 left."
    ]
    assert made.table("SELECT since FROM insight_segments") == [(LATER,), (LATER,)]


def test_who_refused_or_died_is_in_no_audience(made):
    made.engine.run("INSERT INTO customer_consents (customer_id, purpose, agreed) VALUES ('customer:ann', 'email', false)")
    made.engine.run("INSERT INTO customer_consents (customer_id, purpose, agreed) VALUES ('customer:cyd', 'email', true)")
    made.engine.run("UPDATE customers SET deceased = '2026-01-01' WHERE customer_id = 'customer:bob'")
    people = {"all": segment("kind = person", audience=False), "some": segment("kind = person")}
    lines, _ = fill(made, **people)
    assert lines == ["segment all: 4 customers.", "segment some: 2 customers; 2 more refused or died."]
    fill(made, without="deny", **people)
    assert [row[1] for row in members(made) if row[0] == "some"] == ["cyd"]


def test_days_ago_count_from_the_day_of_the_insights(made):
    made.compute(Habits())
    fill(made, date(2026, 3, 11), fresh=segment("last_order >= 10 days ago"))
    assert [row[1] for row in members(made)] == ["cyd"]


def test_what_cannot_be_answered_says_why(made):
    lines, _ = fill(made, rich=segment("spent > 100"), willing=segment("consent.email = yes"), german=segment("country = DE"))
    assert lines[0] == "segment german: 2 customers."
    assert lines[1].startswith('segment rich: no answer. "spent" is not known: there is no table insight_habits.')
    assert lines[2].startswith('segment willing: no answer. Nobody was asked for consent by "email".')
    assert made.table("SELECT segment, size FROM insight_segment_sizes ORDER BY 1") == [
        ("german", 2),
        ("rich", None),
        ("willing", None),
    ]


def test_without_segments_there_are_none(made):
    fill(made, german=segment("country = DE"))
    assert fill(made) == ([], [])
    assert made.engine.count(VERTICES["Segment"].table) == made.engine.count(EDGES["IN_SEGMENT"].table) == 0
    for table in ("insight_segments", "insight_segment_changes", "insight_segment_sizes"):
        assert not made.engine.has(table)


@pytest.mark.parametrize(
    ("name", "rules", "said"),
    [
        ("x", ["spnt > 100"], "spent"),
        ("x", ["spent"], "field, operator, value"),
        ("x", [], "field, operator, value"),
        ("x", ["orders > many"], ""),
        ("x", ["country > DE"], ""),
        ("a:b", ["country = DE"], "no colon"),
        (" ", ["country = DE"], "characters"),
    ],
)
def test_a_rule_that_no_data_could_answer_is_found_before_the_run(name, rules, said):
    with pytest.raises(ConfigError) as caught:
        check_segments({name: SegmentSettings(rules=tuple(rules))})
    assert caught.value.message.startswith("[segments")
    assert said in caught.value.hint
    with pytest.raises(ConfigError):
        room.check_options(InsightSettings(), {name: SegmentSettings(rules=tuple(rules))})
