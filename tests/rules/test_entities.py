"""What is forgotten about an entity fails here: every entity is in every list that is made of entities."""

import pytest

from fullcircle.ask.customer import CustomerView
from fullcircle.graph.exchange import dms
from fullcircle.graph.rdf import ontology
from fullcircle.graph.tables import trade
from fullcircle.mapping.propose.guess import words
from fullcircle.model.entities import BUILT_IN, ENTITIES
from fullcircle.model.entity import FIELD_TYPES, Entity
from fullcircle.model.golden import GOLDEN_FIELDS
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.tables import CONFORMED, CUSTOMERS, RECORDS


@pytest.mark.parametrize("entity", ENTITIES.values(), ids=list(ENTITIES))
def test_an_entity_is_everywhere(entity: Entity) -> None:
    assert CONFORMED[entity.table_name] == entity.table
    assert VERTICES[entity.label] == entity.vertex
    assert EDGES[entity.edge] == entity.edge_label
    assert {entity.label, entity.edge} <= trade.selects().keys()
    assert f"fc:{entity.label} a rdfs:Class" in ontology.terms()
    assert dms.LABELS[entity.table_name] == entity.label
    assert words()["tables"][entity.table_name]
    asked = {field.name for field in entity.fields if not field.name.endswith("_raw") and not field.ref}  # those are found else
    assert {"record_id", *asked} <= words()["columns"][entity.table_name].keys()


@pytest.mark.parametrize("entity", BUILT_IN, ids=lambda entity: entity.label)
def test_the_view_has_a_list_for_each_built_in_entity(entity: Entity) -> None:
    assert entity.table_name in CustomerView.__dataclass_fields__


@pytest.mark.parametrize("entity", ENTITIES.values(), ids=list(ENTITIES))
def test_a_declaration_fits_together(entity: Entity) -> None:
    names = {field.name for field in entity.fields}
    assert entity.when in names
    assert set(entity.shown) <= names | {"id", "source"}
    assert {field.type for field in entity.fields} <= FIELD_TYPES.keys()
    assert len(names) == len(entity.fields)


def test_golden_fields_are_columns_of_records_and_customers() -> None:
    for name in GOLDEN_FIELDS:
        assert RECORDS.column(name)
        assert CUSTOMERS.column(name)
