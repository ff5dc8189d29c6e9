"""Declarations of other packages that do not fit are refused by name, before anything is built on them."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from fullcircle.errors import ConfigError
from fullcircle.model import entities, graph
from fullcircle.model.counting import counted
from fullcircle.model.entities import TICKET
from fullcircle.model.entity import EntityField
from fullcircle.model.label import EdgeLabel, VertexLabel


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"fields": (EntityField("opened_at", "moment"),), "shown": ()}, "unknown type: moment"),
        (
            {"fields": (EntityField("opened_at", "date"), EntityField("opened_at", "date")), "shown": ()},
            "declared twice: opened_at",
        ),
        ({"fields": (EntityField("opened_at", "date"), EntityField("source")), "shown": ()}, "every entity has: source"),
        ({"when": "someday"}, "`when` is not one of its fields: someday"),
        ({"shown": ("subject", "colour")}, "not one of its fields: colour"),
    ],
)
def test_an_entity_must_fit_together(changes: dict[str, object], what: str) -> None:
    with pytest.raises(ConfigError, match=what):
        replace(TICKET, **changes)


@pytest.mark.parametrize("name", ["label", "table_name", "edge", "title"])
def test_an_entity_takes_no_name_of_another(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    other = replace(TICKET, label="Visit", table_name="visits", edge="VISITED", title="Visits")
    monkeypatch.setattr(entities, "ADDED", (other,))
    entities._refuse_names_taken()
    monkeypatch.setattr(entities, "ADDED", (replace(other, **{name: getattr(TICKET, name)}),))
    with pytest.raises(ConfigError, match=f"Two entities have the {name}"):
        entities._refuse_names_taken()


def test_a_label_takes_no_name_of_another() -> None:
    with pytest.raises(ConfigError, match='"Customer"'):
        graph._by_name([*graph.VERTICES.values(), VertexLabel("Customer", {}, "churn")])
    with pytest.raises(ConfigError, match='"PLACED"'):
        graph._by_name([*graph.EDGES.values(), EdgeLabel("PLACED", (), {}, "churn")])


def test_an_added_label_names_its_insight(monkeypatch: pytest.MonkeyPatch) -> None:
    def declared(group: str, kind: type) -> Iterator[tuple[VertexLabel, ...]]:
        yield (VertexLabel("Weekday"),)

    monkeypatch.setattr(graph, "additions", declared)
    with pytest.raises(ConfigError, match=r'"Weekday" .* names no insight'):
        graph._added()


def test_counts_in_messages() -> None:
    assert [counted(n, "row is", "rows are") for n in (0, 1, 1234)] == ["0 rows are", "1 row is", "1,234 rows are"]
    assert [counted(n, "order") for n in (1, 2)] == ["1 order", "2 orders"]
