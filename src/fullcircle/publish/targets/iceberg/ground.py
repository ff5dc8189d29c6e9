"""Where a lake is: a folder of this machine with a catalog in SQLite (folder.py), or S3 with the Glue catalog (glue.py)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa
from pyiceberg.catalog import Catalog
from pyiceberg.table import Table

from fullcircle.config.sections import Settings
from fullcircle.engine.base import Engine
from fullcircle.errors import FullcircleError


class IcebergOptions(Settings):
    """[publish.targets.<name>] with target = "iceberg"."""

    path: Path | None = None  # the folder of the catalog and the tables; default: `lake` in the project's home
    namespace: str = "fullcircle"  # in Glue: the database
    keep_snapshots: int = 10  # older snapshots are expired and their files removed
    catalog: str = ""  # "glue": the tables are in S3, and AWS Glue's Data Catalog knows them
    warehouse: str = ""  # with Glue: where the tables go, as s3://bucket/prefix
    region: str = ""  # with Glue; default: that of the AWS settings
    catalog_id: str = ""  # with Glue: the account of the catalog, if it is another one
    lf_tag: str = ""  # with Glue: the tag of Lake Formation that columns get, with the class of their fields as its value
    kms_key: str = ""  # with Glue: the files are encrypted with this key (its ARN); default: as the bucket has it


class Ground(Protocol):
    """Where one lake is."""

    @property
    def name(self) -> str:
        """As a message names it, and as it is known again."""
        ...

    def open(self) -> Catalog:
        """The catalog. Raises the library's errors; PublishError if this lake is not to be written into."""
        ...

    def reading(self, engine: Engine, table: Table, files: Sequence[str]) -> AbstractContextManager[dict[str, str]]:
        """For each data file what SQL reads it by, inside the `with`: its columns, and `file_row_number`."""
        ...

    def sweep(self, table: Table, before: set[str], now: set[str], young_seconds: float) -> int:
        """Delete the files of the table that are no longer needed, and old unknown ones; returns the number of files."""
        ...

    def classify(self, table: Table, classes: Mapping[str, str]) -> None:
        """Say where the lake is governed which class of fields each column is of."""
        ...

    def refusal(self, error: Exception, what: str) -> FullcircleError:
        """What an error of the library, or of what is below it, means here; without its text, which may contain data."""
        ...


def numbered(batches: Iterator[pa.RecordBatch], schema: pa.Schema) -> pa.RecordBatchReader:
    """The rows of a file with their numbers in it, as `file_row_number`."""
    wide = schema.append(pa.field("file_row_number", pa.int64()))

    def each() -> Iterator[pa.RecordBatch]:
        at = 0
        for batch in batches:
            numbers = pa.array(np.arange(at, at + batch.num_rows))
            at += batch.num_rows
            yield pa.RecordBatch.from_arrays([*batch.columns, numbers], schema=wide)

    return pa.RecordBatchReader.from_batches(wide, each())
