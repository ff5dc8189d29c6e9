"""How a connector writes the maps that it brings (`ProvidesMaps`): `to("records", "contacts", full_name="Name")`."""

from __future__ import annotations

from fullcircle.config.sections import FieldRule, MapSettings
from fullcircle.engine.base import literal


class OwnMaps:
    """Makes the maps of one source."""

    def __init__(self, source: str) -> None:
        self.source = source

    def to(
        self, table: str, object: str, where: str = "", tail: str = "", each: str = "", **fields: str | FieldRule
    ) -> MapSettings:
        """One map, skipped where the object was not pulled. A field is a column's name or a rule; `tail` ends the rows' keys."""
        rules = {name: FieldRule(field=rule) if isinstance(rule, str) else rule for name, rule in fields.items()}
        return MapSettings(
            source=self.source, object=object, to=table, where=where, key=tail, each=each, optional=True, fields=rules
        )

    def record(self, object: str, column: str) -> str:
        """SQL of the id of the record whose key is in a column."""
        return f"{literal(f'record:{self.source}:{object}:')} || {column}"
