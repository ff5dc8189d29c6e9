"""One [writeback.<name>] of the config, checked against the source: which fields are written, and by what. Start at `planned`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from fullcircle.config.sections import Config, MapSettings, WritebackSettings
from fullcircle.connectors.base import Connector
from fullcircle.connectors.writing import RowWriter, WritableField, WritesBack
from fullcircle.errors import ConfigError, NotFound, SourceRefused, did_you_mean
from fullcircle.pipeline import all_maps
from fullcircle.writeback.facts import CustomerFact, check_fits, fact_of


@dataclass(frozen=True, slots=True)
class WritebackPlan:
    """What is written where."""

    name: str
    settings: WritebackSettings
    writer: RowWriter
    fields: tuple[tuple[WritableField, CustomerFact], ...]

    @property
    def prefix(self) -> str:
        """What the ids of the records of its rows begin with."""
        return f"record:{self.settings.source}:{self.settings.object}:"

    @property
    def place(self) -> str:
        """How messages call the object."""
        return f"{self.settings.source}.{self.settings.object}"

    @property
    def written(self) -> dict[str, WritableField]:
        """The fields by name."""
        return {field.name: field for field, _ in self.fields}


def named(settings: Config, name: str) -> tuple[str, WritebackSettings]:
    """The write-back with this name; without a name the only one there is."""
    there = settings.writeback
    if not name and len(there) == 1:
        return next(iter(there.items()))
    if not there:
        raise NotFound("The config has no [writeback].", "docs/how-to/write-back.md shows one.")
    if name not in there:
        said = f"There is no write-back {name}." if name else "Which write-back is meant cannot be seen."
        raise NotFound(said, did_you_mean(name, there))
    return name, there[name]


def check_writebacks(settings: Config) -> None:
    """ConfigError for what in [writeback] is known to be wrong before any work."""
    seen: dict[tuple[str, str, str], str] = {}
    for name, one in settings.writeback.items():
        where = f"[writeback.{name}]"
        if one.source not in settings.sources:
            raise ConfigError(f'{where}: the config has no source "{one.source}".', did_you_mean(one.source, settings.sources))
        for field, what in one.fields.items():
            try:
                fact_of(what)
            except ConfigError as error:
                raise ConfigError(f"{where} {error.message}", error.hint) from None
            twin = seen.setdefault((one.source, one.object, field.lower()), name)
            if twin != name:
                raise ConfigError(f"{where} and [writeback.{twin}] write the same field {field}.", "Leave it out of one of them.")
        _check_not_read(settings, name, one)


def planned(settings: Config, name: str, connector: Connector) -> WritebackPlan:
    """The plan, with the fields as the source describes them. One error names all fields that cannot be written."""
    one = settings.writeback[name]
    if not isinstance(connector, WritesBack):
        kind = settings.sources[one.source].connector
        raise ConfigError(
            f"[writeback.{name}]: sources of the kind {kind} are only read.", "salesforce, hubspot and tryton take values."
        )
    writer = connector.writer()
    there = writer.fields(one.object)
    absent = [field for field in one.fields if field not in there]
    if absent:
        raise SourceRefused(
            f"{one.source}.{one.object} has no field {', '.join(absent)}, or this user does not see it.",
            f"Create it in the CRM, and let the user of [sources.{one.source}] see and edit it. {did_you_mean(absent[0], there)}",
        )
    closed = [f"{field} {there[field].refused}" for field in one.fields if there[field].refused]
    if closed:
        raise SourceRefused(
            f"Fields of {one.source}.{one.object} cannot be written: {'; '.join(closed)}.",
            f"Let the user of [sources.{one.source}] edit them, or choose other fields in [writeback.{name}].",
        )
    fields = tuple((there[field], fact_of(what)) for field, what in one.fields.items())
    for field, fact in fields:
        check_fits(fact, field, f"[writeback.{name}]")
    return WritebackPlan(name, one, writer, fields)


def _check_not_read(settings: Config, name: str, one: WritebackSettings) -> None:
    """What a map reads would come back as if the CRM said it: a consent of one record, say, as one of another."""
    for entry in all_maps(settings):
        if (entry.source, entry.object) != (one.source, one.object):
            continue
        words = {word.lower() for text in _read_by(entry) for word in re.findall(r"\w+", text)}
        for field in one.fields:
            if field.lower() in words:
                raise ConfigError(
                    f"[writeback.{name}]: {field} is read by a map of {one.source}.{one.object}, so what is written there would "
                    "come back as if the CRM said it.",
                    "Write into a field that was made for it.",
                )


def _read_by(entry: MapSettings) -> Iterable[str]:
    """All texts of a map in which a column may be named."""
    yield from (entry.where, entry.each)
    for rule in entry.fields.values():
        yield from (rule.field, *rule.fields, rule.sql, rule.otherwise)
