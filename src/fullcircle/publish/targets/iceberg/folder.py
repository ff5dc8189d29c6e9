"""A lake in a folder of this machine: the catalog is in SQLite."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from pyiceberg.catalog import Catalog
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.table import Table

from fullcircle.engine.base import Engine, located
from fullcircle.errors import FullcircleError, PublishError
from fullcircle.publish.targets.iceberg import place
from fullcircle.publish.targets.iceberg.relocate import relocate
from fullcircle.publish.targets.iceberg.sweep import sweep

ANEW = "`fullcircle run --repair` publishes it anew. Outside the home of the project, delete the folder, or name another `path`."


@dataclass(frozen=True, slots=True)
class FolderLake:
    """See `ground.Ground`."""

    folder: Path

    @property
    def name(self) -> str:
        """As messages name it."""
        return str(self.folder)

    def open(self) -> Catalog:
        """The catalog; it is made where there is none."""
        if problem := self.not_ours():
            raise PublishError(f"Nothing was published to the lake {self.folder}: {problem}.", ANEW)
        self.folder.mkdir(parents=True, exist_ok=True)
        return self.catalog()

    def catalog(self) -> SqlCatalog:
        """The catalog, as it is."""
        warehouse = str(self.folder / place.WAREHOUSE)
        if not set("#?%") & set(warehouse):  # such a folder name is only safe as a path: in a location it has a meaning
            warehouse = f"file://{warehouse}"
        return SqlCatalog("fullcircle", uri=f"sqlite:///{quote(str(self.folder / place.CATALOG))}", warehouse=warehouse)

    @contextmanager
    def reading(self, engine: Engine, table: Table, files: Sequence[str]) -> Iterator[dict[str, str]]:  # noqa: ARG002 - the engine reads files of this machine itself
        """See `ground.Ground`."""
        how = "hive_partitioning = false, file_row_number = true"
        yield {file: f"read_parquet({located(place.path_of(file))}, {how})" for file in files}

    def sweep(self, table: Table, before: set[str], now: set[str], young_seconds: float) -> int:
        """See `ground.Ground`."""
        return sweep(place.path_of(table.location()), _paths(before), _paths(now), young_seconds)

    def classify(self, table: Table, classes: Mapping[str, str]) -> None:
        """Nowhere: a folder has who may read its files."""

    def refusal(self, error: Exception, what: str) -> FullcircleError:
        """See `ground.Ground`."""
        return PublishError(
            f"Publishing {what} to the lake {self.folder} failed ({type(error).__name__}).", f"If the folder is damaged: {ANEW}"
        )

    def problem(self, namespace: str) -> str:
        """See `publish.base.Examines`: the lake refers to another place, its catalog is damaged, or files of it are lost."""
        found = place.broken(self.folder) or self.not_ours()
        if found or not (self.folder / place.CATALOG).exists():
            return found
        return self._unreadable(namespace)

    def heal(self, namespace: str) -> str:
        """See `publish.base.Heals`: a lake that was moved keeps its tables and older snapshots."""
        try:
            old = place.elsewhere(self.folder)
            if not old or Path(old).exists():  # a copy: what it refers to belongs to the original
                return ""
            relocate(self.folder, old)
        except (ValueError, KeyError, OSError, sqlite3.Error, zlib.error):
            return ""
        return "" if self.problem(namespace) else f"it was moved from {old}, and keeps its older snapshots"

    def not_ours(self) -> str:
        """Why this lake is not to be written into; empty if it is."""
        found = place.elsewhere(self.folder)
        return f"it is a copy, or was moved, and refers to the files in {found}" if found else ""

    def _unreadable(self, namespace: str) -> str:
        """Why the tables cannot be read: each data file must be there in its full size."""
        catalog = self.catalog()
        try:
            for name in catalog.list_tables(namespace) if catalog.namespace_exists(namespace) else ():
                for task in catalog.load_table(name).scan().plan_files():
                    path = place.path_of(task.file.file_path)
                    if not path.is_file():
                        return f"the file {path} is lost"
                    if path.stat().st_size != task.file.file_size_in_bytes:
                        return f"the file {path} was cut or changed"
        except Exception as error:  # whatever a library says about a damaged file; its text may contain data
            return "" if "locked" in str(error).lower() else f"its metadata cannot be read ({type(error).__name__})"
        finally:
            catalog.close()
        return ""


def _paths(locations: set[str]) -> set[str]:
    return {location.removeprefix("file://") for location in locations}
