"""What an entity is: something customers have or do (an order, a ticket), declared once.

The declaration gives its canonical table, its vertex label, the edge from the customer, its terms in the ontology and in
the mapping for AWS DMS, its list in the 360 view, and the words by which `map suggest` recognises it. The entities
themselves are in entities.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from fullcircle.errors import ConfigError
from fullcircle.model.label import PROPERTY_TYPES, EdgeLabel, VertexLabel
from fullcircle.model.table import MONEY, ORIGIN, Column, Table

FIELD_TYPES = {**PROPERTY_TYPES, "money": MONEY}


@dataclass(frozen=True, slots=True)
class EntityField:
    """One field of an entity."""

    name: str
    type: str = "string"  # one of FIELD_TYPES
    words: tuple[str, ...] = ()  # what sources call it: lower case, `_` between words
    added: bool = False  # it came to the declaration later: graphs that were made before have it as their last property
    aside: bool = False  # in the table alone, not in the graph: what the build of the graph computes with
    ref: str = ""  # the table whose key it holds; only of fields that are `aside`
    field_class: str = ""  # of an entity of another package: its class in field_classes.py; without one, few may see it


@dataclass(frozen=True, slots=True)
class Entity:
    """Something that belongs to a customer. Its vertex has the fields, the source, money as doubles, `*_raw`, the added."""

    label: str  # the label of its vertices: Ticket
    table_name: str  # its canonical table: tickets
    edge: str  # the label of the edge from the customer to it: RAISED
    meaning: str  # one sentence, for the ontology
    fields: tuple[EntityField, ...]
    when: str  # the field with the time it happened: lists show the newest first
    title: str  # the heading of its list in the 360 view
    shown: tuple[str, ...]  # the columns of that list
    words: tuple[str, ...] = ()  # what sources call such an object, in the singular, lower case, `_` between words
    schema_org: str = "schema:Thing"  # its superclass in schema.org

    def __post_init__(self) -> None:
        """Raises ConfigError if the declaration does not fit together."""
        names = [one.name for one in self.fields]
        types = [one.type for one in self.fields if one.type not in FIELD_TYPES]
        own = {"id", "source", "record_id", f"{self.noun}_id", *(column.name for column in ORIGIN)}
        for wrong, what in (
            (types, "a field has an unknown type"),
            ([name for name in names if names.count(name) > 1], "a field is declared twice"),
            (own & {*names}, "a field has a name that every entity has"),
            ({self.when} - {*names}, "`when` is not one of its fields"),
            ({*self.shown} - {*names, "id", "source"}, "`shown` names what is not one of its fields"),
        ):
            if wrong:
                raise ConfigError(f"The entity {self.label}: {what}: {', '.join(sorted(wrong))}.", "Correct its declaration.")

    @property
    def noun(self) -> str:
        """The beginning of its ids, `<noun>:<source>:<object>:<key>`: the label of a vertex is read from its id."""
        return self.label.lower()

    @property
    def table(self) -> Table:
        """Its canonical table."""
        fields = (Column(one.name, FIELD_TYPES[one.type], ref=one.ref) for one in self.fields)
        return Table(
            self.table_name,
            self.noun,
            (Column(f"{self.noun}_id", required=True), Column("record_id", ref="records"), *fields, *ORIGIN),
        )

    @property
    def vertex(self) -> VertexLabel:
        """The label of its vertices."""
        first = [one for one in self.fields if not one.added and not one.aside]
        plain = {one.name: one.type for one in first if one.type != "money" and not one.name.endswith("_raw")}
        money = {one.name: "double" for one in first if one.type == "money"}
        raw = {one.name: one.type for one in first if one.name.endswith("_raw")}
        added = {one.name: "double" if one.type == "money" else one.type for one in self.fields if one.added and not one.aside}
        properties = {**plain, "source": "string", **money, **raw, **added}
        return VertexLabel(self.label, properties, "", self.meaning, self.schema_org)

    @property
    def edge_label(self) -> EdgeLabel:
        """The label of the edge that leads from a customer to it."""
        return EdgeLabel(self.edge, (("Customer", self.label),))
