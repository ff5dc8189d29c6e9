"""What the rows of an object say of its people, and no map of it reads: that somebody is a supplier, or refused. See `unsaid`."""

from __future__ import annotations

from collections.abc import Sequence

from fullcircle.config.sections import MapSettings
from fullcircle.connectors.base import META
from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.propose.refusal_columns import about_consent, may_be_consent, refused_ways
from fullcircle.mapping.propose.roles import no_customers_in
from fullcircle.mapping.propose.words import plain
from fullcircle.mapping.reading.values import NO, YES, listed
from fullcircle.model.counting import counted
from fullcircle.model.entities import ENTITIES


def unsaid(engine: Engine, table: str, maps: Sequence[MapSettings]) -> list[str]:
    """Sentences about the columns of a table that no map of its object mentions, and that say who is a customer or refused."""
    read = " ".join(one.model_dump_json() for one in maps)
    found = engine.rows(f"DESCRIBE {table}")
    names = [str(name) for name, kind, *_ in found if name not in META.names and kind == "VARCHAR"]
    left = [name for name in names if name not in read and engine.value(f"SELECT count({quoted(name)}) FROM {table}")]
    said = []
    of_things = any(one.to in {entity.table_name for entity in ENTITIES.values()} for one in maps)
    for name in left if not of_things else ():
        rows, roles = no_customers_in(engine, table, name)
        if rows:
            said.append(f"{counted(rows, 'row')} may be staff or suppliers by {name} ({roles}): a `where` would leave them out")
    about = [
        name
        for name in left
        if refused_ways(plain(name))
        or about_consent(plain(name))
        or (may_be_consent(plain(name)) and _answers(engine, table, name))
    ]
    if about:
        said.append(f"{', '.join(about)}: no map reads what this says of consent")
    return said


def _answers(engine: Engine, table: str, name: str) -> bool:
    """True for a column in which nothing but yes and no is written."""
    other = f"lower(trim({quoted(name)})) NOT IN ({listed(YES)}, {listed(NO)})"
    return not engine.value(f"SELECT count(*) FROM {table} WHERE {other} AND trim({quoted(name)}) <> ''")
