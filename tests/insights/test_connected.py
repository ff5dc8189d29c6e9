"""Customers who are connected by a household, an account or an interaction, and the path as the reason."""

import pytest

from fullcircle.config.sections import InsightSettings
from fullcircle.insights.answers.connected import Connected
from fullcircle.insights.compute import compute
from fullcircle.model.progress import Silent
from fullcircle.model.tables import CONFORMED, TABLES


@pytest.fixture
def made(shop):
    found = shop()
    found.engine.run(TABLES["customers"].ddl())
    found.engine.run(CONFORMED["interactions"].ddl())
    found.engine.run("CREATE TABLE edges_member_of (source VARCHAR, target VARCHAR)")
    found.engine.run("CREATE TABLE edges_interacted (source VARCHAR, target VARCHAR)")
    return found


def belong(made, through, *people):
    table = "edges_interacted" if through.startswith("interaction:") else "edges_member_of"
    for who in people:
        made.engine.run(f"INSERT INTO {table} VALUES ('customer:{who}', '{through}')")
        made.engine.run(
            f"INSERT INTO customers (customer_id) SELECT 'customer:{who}' "
            f"WHERE 'customer:{who}' NOT IN (SELECT customer_id FROM customers)"
        )


def meet(made, number, kind, at, *people):
    made.engine.run(f"INSERT INTO interactions (interaction_id, kind, \"at\") VALUES ('interaction:{number}', {kind}, {at})")
    belong(made, f"interaction:{number}", *people)


def of(made, who):
    return made.table(
        "SELECT related_id[10:], kinds, shared, through, why FROM insight_connected "
        f"WHERE customer_id = 'customer:{who}' ORDER BY rank"
    )


def test_each_kind_with_its_path_the_closest_first(made):
    belong(made, "household:1", "ann", "bob")
    belong(made, "account:crm:7", "ann", "cyd", "dan")
    meet(made, 1, "'meeting'", "'2026-01-05'", "ann", "dan", "eve")
    meet(made, 2, "'call'", "'2026-02-05'", "ann", "dan")
    meet(made, 3, "NULL", "NULL", "ann", "fay")
    meet(made, 4, "'call'", "'2027-02-05'", "ann", "gus")  # not yet
    made.compute(Connected())
    assert of(made, "ann") == [
        ("bob", "household", 1, "household:1", "Same household of 2."),
        (
            "dan", "interaction, account", 3, "interaction:2",
            "Took part in the same 2 interactions, the last on 2026-02-05; same account of 3.",
        ),
        ("eve", "interaction", 1, "interaction:1", "Took part in the same interaction (meeting), on 2026-01-05."),
        ("fay", "interaction", 1, "interaction:3", "Took part in the same interaction."),
        ("cyd", "account", 1, "account:crm:7", "Same account of 3."),
    ]  # fmt: skip
    assert [row[0] for row in of(made, "bob")] == ["ann"]
    assert made.engine.count("edges_connected_to") == made.engine.count("insight_connected")
    assert made.table("SELECT count(DISTINCT id) = count(*) FROM edges_connected_to") == [(True,)]
    made.compute(Connected(), k=1)
    assert [row[0] for row in of(made, "ann")] == ["bob"]


def test_what_connects_very_many_connects_nobody_in_particular(made):
    crowd = [f"p{n}" for n in range(60)]
    belong(made, "account:crm:1", *crowd)
    meet(made, 1, "'webinar'", "'2026-01-05'", *crowd)
    made.compute(Connected())
    assert made.engine.count("insight_connected") == 0


def test_whose_data_may_not_be_used_is_connected_with_nobody(made):
    belong(made, "household:1", "ann", "bob", "cyd")
    made.engine.run("DELETE FROM customers WHERE customer_id = 'customer:bob'")  # as a run hides them
    made.compute(Connected())
    assert of(made, "ann") == [("cyd", "household", 1, "household:1", "Same household of 2.")]


def test_without_the_tables_there_is_nothing(shop):
    made = shop()
    compute(made.engine, InsightSettings.model_validate({"names": ["connected"]}), Silent())
    assert made.engine.count("edges_connected_to") == 0
