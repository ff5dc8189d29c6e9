"""The `parquet` target: each table as one Parquet file in a folder. Readers see the old file or the new one, never a part."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

from fullcircle.config.read import parse
from fullcircle.config.sections import Settings
from fullcircle.engine.base import Engine, located, quoted
from fullcircle.errors import PublishError, disk_full, is_disk_full
from fullcircle.publish import difference as diff
from fullcircle.publish.base import Outgoing, Sent, TargetContext


class ParquetOptions(Settings):
    """[publish.targets.<name>] with target = "parquet"."""

    path: Path | None = None  # the folder; default: `published` in the project's home


class Parquet:
    """See `publish.base.Target`."""

    @staticmethod
    def check_options(context: TargetContext) -> None:
        """See `publish.base.ChecksTarget`."""
        parse(ParquetOptions, context.options, f"[publish.targets.{context.name}]")

    def __init__(self, context: TargetContext) -> None:
        options = parse(ParquetOptions, context.options, f"[publish.targets.{context.name}]")
        self.folder = options.path or context.folder / "published"

    def send(self, engine: Engine, what: Outgoing) -> Sent:
        """Write the table to `<name>.parquet`, unless the file already has the same rows."""
        path = self.folder / f"{what.name}.parquet"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            return _send(engine, what, path)
        except OSError as error:
            if is_disk_full(error):
                raise disk_full(path) from error
            raise PublishError(
                f"The file {path} cannot be written: {error.strerror or error}.", "Check the folder and its permissions."
            ) from error

    def drop_older_content(self, sent: Collection[str]) -> list[str]:
        """See `publish.base.DropsOlderContent`: a file holds only the newest content; parts of killed runs are deleted."""
        for part in self.folder.glob(".*.parquet.part"):
            part.unlink(missing_ok=True)
        return sorted(path.stem for path in self.folder.glob("*.parquet") if path.stem not in sent)

    def close(self) -> None:
        """Nothing to close."""


def _send(engine: Engine, what: Outgoing, path: Path) -> Sent:
    fields = diff.fields_of(engine, what.table)
    names = [field.name for field in fields]
    sql = diff.select(what.table, fields)
    with diff.compared(engine, sql, what.key, names):
        old = _old(engine, path, fields)
        diff.hold_old(engine, old or f"SELECT * FROM ({sql}) LIMIT 0", what.key, names)
        found = diff.difference(engine)
    if (
        old is None
        or not found.nothing
        or engine.columns(f"SELECT * FROM read_parquet({located(path)}, hive_partitioning = false)") != _types(fields)
    ):
        _write(engine, diff.ordered(sql, what.key), path)
    return Sent(what.name, found.rows, found.inserted, found.changed, found.deleted)


def _types(fields: list[diff.Field]) -> dict[str, str]:
    return {field.name: field.sql_type for field in fields}


def _old(engine: Engine, path: Path, fields: list[diff.Field]) -> str | None:
    """A SELECT of the new columns from the existing file; None if the file does not exist or cannot be read."""
    if not path.is_file():
        return None
    source = f"SELECT * FROM read_parquet({located(path)}, hive_partitioning = false)"
    try:
        there = engine.columns(source)
    except Exception:  # an invalid file is replaced, whatever is wrong with it
        return None
    columns = [
        f"{f'TRY_CAST({quoted(field.name)} AS {field.sql_type})' if field.name in there else 'NULL'} AS {quoted(field.name)}"
        for field in fields
    ]
    return f"SELECT {', '.join(columns)} FROM ({source})"


def _write(engine: Engine, sql: str, path: Path) -> None:
    part = path.with_name(f".{path.name}.part")  # always the same name, so that the remains of a killed run are overwritten
    engine.write_parquet(sql, part)
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


PLUGIN = Parquet
