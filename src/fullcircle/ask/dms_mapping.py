"""What AWS DMS can load of a source, by the field mapping of the config."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

from fullcircle.config.sections import Config
from fullcircle.connectors.pull import open_source
from fullcircle.errors import ConfigError, NotFound, did_you_mean
from fullcircle.graph.exchange.dms import Plan, SourceTable, plan, tables_of


def dms_mapping(settings: Config, source: str) -> Plan:
    """The plan for a source; NotFound if the config has no such source or nothing of it can be loaded."""
    if source not in settings.sources:
        raise NotFound(f'The config has no source "{source}".', did_you_mean(source, settings.sources))
    made = plan(source, _tables(settings, source), settings.map)
    if not made.vertices:
        raise NotFound(f'Nothing of the source "{source}" can be loaded by DMS.', " ".join(made.left_out[:3]))
    return made


def _tables(settings: Config, source: str) -> dict[str, SourceTable]:
    """The tables of the source; if the config does not name all keys, the database is asked for them."""
    its = settings.sources[source]
    if its.connector != "sql":
        raise ConfigError(f'The source "{source}" is not a database.', "DMS loads databases: name a source with connector sql.")
    tables = tables_of(its)
    if tables and all(table.key or not table.table for table in tables.values()):
        return tables
    with closing(open_source(source, its, settings.folder)) as opened:
        for found in opened.discover():
            at = tables.setdefault(found.name, SourceTable(found.name))
            tables[found.name] = at if at.key else replace(at, key=found.key)
    return tables
