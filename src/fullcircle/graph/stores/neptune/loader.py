"""Bulk loads: Gremlin CSV in S3, one loader job for the vertices and then one for the edges, watched until they end.

Everything here may be done twice: files replace single values. The store (store.py) keeps a `Note` of the load under way in
the graph, so that the next sync after a killed one finds the files and the jobs.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped, unused-ignore]

from fullcircle.engine.base import Engine
from fullcircle.engine.open import open_engine
from fullcircle.errors import ConfigError, StoreError, StoreRefused, disk_full, is_disk_full
from fullcircle.graph import shape
from fullcircle.graph.exchange.formats import GREMLIN
from fullcircle.graph.exchange.write import write_csv
from fullcircle.graph.stores.neptune import faults
from fullcircle.graph.stores.neptune.data import Data
from fullcircle.model.graph import EDGES
from fullcircle.model.progress import Progress

WAITING = ("LOAD_NOT_STARTED", "LOAD_IN_QUEUE", "LOAD_IN_PROGRESS")
DONE = "LOAD_COMPLETED"
# A job with one of these did a part of its work, and does the rest when it is started again, with fewer threads.
AGAIN = (
    "LOAD_COMMITTED_W_WRITE_CONFLICTS",
    "LOAD_DATA_DEADLOCK",
    "LOAD_UNEXPECTED_ERROR",
    "LOAD_FAILED_BECAUSE_DEPENDENCY_NOT_SATISFIED",  # edges that waited for a vertices job that had to be started again
)
TRIES = 3
ERRORS_A_PAGE = 100
PARTS = ("vertices", "edges")  # in this order: an edge needs its ends
START, WATCH = "neptune-db:StartLoaderJob", "neptune-db:GetLoaderJobStatus"


@dataclass(frozen=True, slots=True)
class Where:
    """Where the files are put, and the role that reads them there. `keep`: do not delete them afterwards."""

    bucket: str
    prefix: str
    role: str
    keep: bool = False
    parallelism: str = "HIGH"
    poll: float = 5.0  # seconds between two checks of a job

    @staticmethod
    def of(url: str) -> tuple[str, str]:
        """Bucket and prefix of s3://bucket/prefix; ConfigError for anything else."""
        bucket, _, prefix = url.removeprefix("s3://").partition("/")
        if not url.startswith("s3://") or not bucket:
            raise ConfigError("The bucket of [graph] is not an S3 address.", 'Set bucket = "s3://name/prefix".')
        return bucket, prefix.strip("/")


@dataclass(frozen=True, slots=True)
class Note:
    """A bulk load under way: the S3 prefix, whether all files are uploaded, the jobs by part, and the rows of each label."""

    at: str
    ready: bool = False
    jobs: dict[str, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)

    def text(self) -> str:
        """The note as it is kept."""
        return json.dumps(asdict(self), sort_keys=True)

    @staticmethod
    def read(text: str) -> Note | None:
        """A note from its text; None if the text is empty."""
        return Note(**json.loads(text)) if text else None


Keep = Callable[[Note | None], None]  # keeps the note; None: delete it


class Loader:
    """Bulk loads into one cluster."""

    def __init__(self, data: Data, where: Where, keep: Keep, sleep: Callable[[float], None] = time.sleep) -> None:
        self._data, self._where, self._keep, self._sleep = data, where, keep, sleep
        self._s3 = data.access.s3_client()

    # -- files ---------------------------------------------------------------------------------------------------------

    def put(self, portions: Iterable[tuple[str, pa.Table]], progress: Progress) -> Note:
        """Upload the rows as gzipped Gremlin CSV under a new prefix, then note that all files are uploaded."""
        # The loader takes every name that begins with the prefix: the slash keeps other prefixes out.
        note = Note(f"{self._where.prefix}/{uuid.uuid4().hex}/".lstrip("/"))
        self._keep(note)
        rows: dict[str, int] = {}
        engine = open_engine(memory="1GB")
        try:
            with TemporaryDirectory(prefix="fullcircle-load-") as folder:
                for number, (label, table) in enumerate(portions, 1):
                    self._put(engine, Path(folder) / f"{label.lower()}-{number:05d}", label, table, note.at)
                    rows[label] = rows.get(label, 0) + table.num_rows
                    progress.advance(table.num_rows)
        except OSError as error:
            raise disk_full("the temporary folder") if is_disk_full(error) else error from error
        finally:
            engine.close()
        note = replace(note, ready=True, rows=rows)
        self._keep(note)
        return note

    def _put(self, engine: Engine, path: Path, label: str, table: pa.Table, at: str) -> None:
        file = write_csv(engine, label, shape.conformed(label, table), path, GREMLIN, gzip=True)
        part = "edges" if label in EDGES else "vertices"
        with self._asking("s3:PutObject"):
            self._s3.upload_file(str(file), self._where.bucket, f"{at}{part}/{file.name}")  # in parts if it is large
        file.unlink()

    def files(self, note: Note, part: str = "") -> list[str]:
        """The keys of the files of a load."""
        with self._asking("s3:ListBucket"):
            pages = self._s3.get_paginator("list_objects_v2").paginate(
                Bucket=self._where.bucket, Prefix=note.at + (f"{part}/" if part else "")
            )
            return [found["Key"] for page in pages for found in page.get("Contents", ())]

    def fetch(self, note: Note, folder: Path) -> None:
        """Download the files of a load."""
        for key in self.files(note):
            path = folder / key.removeprefix(note.at)
            path.parent.mkdir(parents=True, exist_ok=True)
            with self._asking("s3:GetObject"):
                self._s3.download_file(self._where.bucket, key, str(path))

    def tidy(self, note: Note) -> None:
        """Delete the files, then the note: in this order, no files are left after a crash in between."""
        keys = [] if self._where.keep else self.files(note)
        for start in range(0, len(keys), 1000):
            some = [{"Key": key} for key in keys[start : start + 1000]]
            with self._asking("s3:DeleteObject"):
                self._s3.delete_objects(Bucket=self._where.bucket, Delete={"Objects": some, "Quiet": True})
        self._keep(None)

    def _asking(self, action: str) -> _S3Errors:
        return _S3Errors(self._where.bucket, action)

    # -- jobs ----------------------------------------------------------------------------------------------------------

    def run(self, note: Note, progress: Progress) -> None:
        """Load all files of a note: watch the jobs that it names until they end, start the others. StoreError if one fails."""
        parts = [part for part in PARTS if self.files(note, part)]
        for part in parts:
            if part not in note.jobs:
                note = self._start(note, part, self._where.parallelism)
        for part in parts:
            note = self._part(note, part, progress)

    def restart(self, note: Note, progress: Progress) -> None:
        """Load the files of a note again from the beginning, because its jobs failed or are unknown."""
        self.run(replace(note, jobs={}), progress)

    def is_done(self, note: Note, progress: Progress) -> bool:
        """Wait for the jobs of a note that are still running; True if all its files have been loaded."""
        parts = [part for part in PARTS if self.files(note, part)]
        try:
            return all(part in note.jobs and self._watched(note.jobs[part], part, progress) == DONE for part in parts)
        except StoreError as error:
            if error.__cause__ is not None and faults.code_of(error.__cause__) == "BulkLoadIdNotFoundException":
                return False  # Neptune no longer has the job; it keeps the last thousand
            raise

    def _part(self, note: Note, part: str, progress: Progress) -> Note:
        for tried in range(1, TRIES + 1):
            status = self._watched(note.jobs[part], part, progress)
            if status == DONE:
                return note
            if status not in AGAIN or tried == TRIES:
                break
            progress.say(f"Neptune's loader ended the {part} with {status}; they are loaded again, with fewer threads.")
            note = self._start(note, part, "LOW")
        raise self._failure(note.jobs[part], part, status, progress)

    def _start(self, note: Note, part: str, parallelism: str) -> Note:
        answer = self._data.call(
            "start_loader_job", START,
            source=f"s3://{self._where.bucket}/{note.at}{part}/", format="csv", iamRoleArn=self._where.role,
            s3BucketRegion=self._data.cluster.region, mode="NEW", failOnError=True, parallelism=parallelism,
            parserConfiguration={"allowEmptyStrings": "true"}, updateSingleCardinalityProperties=True, queueRequest=True,
            **({"dependencies": [note.jobs["vertices"]]} if part == "edges" and "vertices" in note.jobs else {}),
        )  # fmt: skip
        note = replace(note, jobs={**note.jobs, part: str(answer["payload"]["loadId"])})
        self._keep(note)
        return note

    def _watched(self, job: str, part: str, progress: Progress) -> str:
        progress.step(f"Graph: Neptune loads {part}")
        pause = min(0.2, self._where.poll)
        while True:
            status = str(self._look(job)["overallStatus"]["status"])
            if status not in WAITING:
                return status
            self._sleep(pause)
            pause = min(self._where.poll, pause * 1.5)

    def _look(self, job: str, page: int = 1) -> dict[str, Any]:
        payload: dict[str, Any] = self._data.call(
            "get_loader_job_status", WATCH, loadId=job, details=True, errors=True, page=page, errorsPerPage=ERRORS_A_PAGE
        )["payload"]
        return payload

    def _failure(self, job: str, part: str, status: str, progress: Progress) -> StoreError:
        """The error to raise; reports every faulty row with its file and number, and without its values."""
        faulty = [
            f"{one['errorCode']} in {one.get('fileName') or '?'} row {one.get('recordNum', '?')}" for one in self._errors(job)
        ]
        feeds = [f"{one['status']} for {one['fullUri']}" for one in self._look(job).get("failedFeeds", ()) if not faulty]
        for line in (*faulty, *feeds):
            progress.say(f"Neptune's loader: {line}")
        first = "; ".join((*faulty, *feeds)[:3])
        more = f" and {len(faulty) - 3} more" if len(faulty) > 3 else ""
        if "ACCESS_DENIED" in status or "S3_ACCESS_DENIED" in first:
            return StoreRefused(
                f"Neptune's loader may not read s3://{self._where.bucket} ({status}).",
                "Check that loader_role is attached to the cluster and may read the bucket (and use its KMS key), "
                "and that the VPC has an S3 endpoint.",
            )
        return StoreError(
            f"Neptune's loader did not load the {part}: {status}{': ' + first if first else ''}{more}.",
            f"The files stay in the bucket (job {job}). Run the same command again: it loads them, or writes their rows.",
        )

    def _errors(self, job: str) -> Iterator[dict[str, Any]]:
        page = 1
        while logs := self._look(job, page).get("errors", {}).get("errorLogs", []):
            yield from logs
            if len(logs) < ERRORS_A_PAGE:
                return
            page += 1


class _S3Errors:
    """Translates S3's errors inside a `with` block into ours."""

    def __init__(self, bucket: str, action: str) -> None:
        self._bucket, self._action = bucket, action

    def __enter__(self) -> None:
        return

    def __exit__(self, type_: object, error: BaseException | None, trace: object) -> None:
        if error is None or isinstance(error, StoreError) or not isinstance(error, Exception):
            return
        cause = error.__context__ if isinstance(error.__context__, ClientError) else error
        # boto3's transfers put the server's error, as text, into an error of their own
        code = faults.code_of(cause) or str(error)
        where = f"s3://{self._bucket}"
        if "NoSuchBucket" in code:
            raise ConfigError(f"The bucket {where} does not exist.", "Correct bucket in [graph].") from error
        if "AccessDenied" in code or "Forbidden" in code or "403" in code:
            raise faults.refusal(f"{code} {self._action}", where, (self._action,)) from error
        if isinstance(cause, ClientError | BotoCoreError) or "S3" in type(error).__name__:
            raise faults.verdict(cause, where, (self._action,)).error from error
