"""Files that wait in S3 for COPY: Parquet, below a folder of their own for each send, and gone after it."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow.parquet as pq

from fullcircle.engine.base import Engine, quoted
from fullcircle.errors import disk_full, is_disk_full
from fullcircle.publish import aws
from fullcircle.publish.difference import Field
from fullcircle.publish.targets.redshift.data_api import OLD_STATE

ROWS = 500_000  # of one file: Redshift reads several at once
OLD_SECONDS = 24 * 3600  # what is left by a killed publish
AT_ONCE = 1_000  # keys that S3 deletes in one request


class Staging:
    """The place of one target in S3."""

    def __init__(self, client: Any, bucket: str, prefix: str, target: str, folder: Path) -> None:
        self._client, self.bucket, self.prefix, self._folder = client, bucket, f"{prefix}{target}/", folder

    @contextmanager
    def files(self, engine: Engine, rows: str, fields: Sequence[Field], name: str) -> Iterator[str]:
        """The rows as files, inside the `with`; yields the place that COPY reads, "" where there are no rows."""
        place = f"{self.prefix}{uuid4().hex}/"
        try:
            number = 0
            with aws.translated(f"Staging {name} in s3://{self.bucket}/{self.prefix} failed", OLD_STATE):
                for path in self._written(engine, f"SELECT {', '.join(map(_shown, fields))} FROM ({rows})"):
                    self._client.upload_file(str(path), self.bucket, f"{place}{number:05}.parquet")
                    number += 1
            yield f"s3://{self.bucket}/{place}" if number else ""
        finally:
            self._delete(place, time.time())

    def sweep(self) -> None:
        """Delete what killed publishes left a day ago, or longer."""
        with aws.translated(f"Looking into s3://{self.bucket}/{self.prefix} failed", OLD_STATE):
            self._delete(self.prefix, time.time() - OLD_SECONDS)

    def _delete(self, prefix: str, before: float) -> None:
        for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix):
            keys = [{"Key": one["Key"]} for one in page.get("Contents", ()) if one["LastModified"].timestamp() <= before + 1]
            for at in range(0, len(keys), AT_ONCE):
                self._client.delete_objects(Bucket=self.bucket, Delete={"Objects": keys[at : at + AT_ONCE], "Quiet": True})

    def _written(self, engine: Engine, sql: str) -> Iterator[Path]:
        """The result as local files, one after the other; each is deleted when the next is asked for."""
        with tempfile.TemporaryDirectory(prefix="staging-", dir=self._folder if self._folder.is_dir() else None) as folder:
            path = Path(folder) / "rows.parquet"
            try:
                batches = engine.batches(sql)
                writer, rows = None, 0
                for batch in batches:
                    if not batch.num_rows:
                        continue
                    writer = writer or pq.ParquetWriter(path, batches.schema, compression="zstd")
                    writer.write_batch(batch)
                    rows += batch.num_rows
                    if rows >= ROWS:
                        writer.close()
                        yield path
                        os.unlink(path)
                        writer, rows = None, 0
                if writer:
                    writer.close()
                    yield path
            except OSError as error:
                if is_disk_full(error):
                    raise disk_full(self._folder) from error
                raise


def _shown(field: Field) -> str:
    """A column as it is staged. Redshift keeps no character 0 in texts: it becomes the sign for what cannot be shown."""
    name = quoted(field.name)
    return f"replace({name}, chr(0), chr(65533)) AS {name}" if field.sql_type == "VARCHAR" else name
