"""The `redshift` target: the flat views as tables in Redshift, Serverless or a cluster, by its Data API and COPY from S3.

Each send is one transaction: rows are staged by COPY, compared and merged, and what was sent is noted in the same transaction in
a table beside the others. Where it is known what a table was left with (kept.py), only rows that it lacks are staged.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from hashlib import md5

from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.errors import Busy, ConfigError, MissingExtra
from fullcircle.model.field_classes import CLASSES, class_of
from fullcircle.model.flat_views import FLAT_VIEWS
from fullcircle.publish import difference as diff
from fullcircle.publish.base import Outgoing, Sent, TargetContext
from fullcircle.publish.kept import Kept, RowFile
from fullcircle.publish.targets.redshift import merge_sql
from fullcircle.publish.targets.redshift.data_api import GUARD, MOST, OLD_STATE, DataApi, GuardFailed, Row, SqlStep
from fullcircle.publish.targets.redshift.options import options_of
from fullcircle.publish.targets.redshift.shape import RedshiftShape, kept_sizes, shape_of
from fullcircle.publish.targets.redshift.staging import Staging

PUBLISHED = "fullcircle_published"  # the table with what was sent
TRIES = 3
ROOM = 14  # statements of a send beside those that change columns


@dataclass(frozen=True, slots=True)
class PublishedState:
    """What is noted of a table: its content, its shape, and its comments, as texts; empty ones if it is not there."""

    content: str = ""
    shape: str = ""
    comments: str = ""


@dataclass(frozen=True, slots=True)
class _Sending:
    """One table on its way."""

    what: Outgoing
    table: str  # in SQL
    fields: list[diff.Field]
    rows: str
    key: tuple[str, ...]
    content: str
    before: PublishedState
    shape: RedshiftShape

    @property
    def names(self) -> list[str]:
        return [field.name for field in self.fields]


class Redshift:
    """See `publish.base.Target`."""

    @staticmethod
    def check_options(context: TargetContext) -> None:
        """See `publish.base.ChecksTarget`."""
        options_of(context)

    def __init__(self, context: TargetContext) -> None:
        self.name, self.options = context.name, options_of(context)
        try:
            from fullcircle.publish import aws
        except ImportError as error:
            raise MissingExtra(
                f"[publish.targets.{context.name}] needs boto3, which is not installed.", "pip install 'fullcircle[glue]'"
            ) from error
        with aws.translated("Opening Redshift failed", OLD_STATE):
            self.api = DataApi(aws.client("redshift-data", self.options.region), self.options)
            bucket, prefix = self.options.place()
            self.staging = Staging(aws.client("s3", self.options.region), bucket, prefix, context.name, context.folder)
        self.schema = quoted(self.options.schema_)
        self._state: dict[str, PublishedState] | None = None

    def send(self, engine: Engine, what: Outgoing) -> Sent:
        """Bring the table to the engine's rows, in one transaction. Done again if another process has published meanwhile."""
        if what.name == PUBLISHED or "\\" in what.name:  # in Redshift, a backslash escapes
            raise ConfigError(f'"{what.name}" cannot be the name of a table in Redshift.', "Give the join another name.")
        for _ in range(TRIES):
            try:
                return self._send(engine, what)
            except GuardFailed:
                self._state = None
        raise Busy(f"Another process is publishing into {self.api.place}.", "Try again when it has ended.")

    def drop_older_content(self, sent: Collection[str]) -> list[str]:
        """See `publish.base.DropsOlderContent`: rows that were deleted are still in the blocks until a VACUUM."""
        there = self._there()
        for name in sorted(set(there) & set(sent)):
            table = f"{self.schema}.{quoted(name)}"
            self.api.run_alone(SqlStep(f"deleting older content of {name}", f"VACUUM DELETE ONLY {table} TO 100 PERCENT"))
        self.staging.sweep()
        return sorted(set(there) - set(sent))

    def close(self) -> None:
        """Nothing is open: each request is a connection of its own."""

    def _send(self, engine: Engine, what: Outgoing) -> Sent:
        fields = diff.fields_of(engine, what.table)
        rows, names = diff.select(what.table, fields), [field.name for field in fields]
        before = self._there().get(what.name, PublishedState())
        with diff.compared(engine, rows, what.key, names):
            key = what.key if _is_key(engine, rows, what.key) else ()
            shape = shape_of(engine, rows, fields, key, what.name)
            shape = kept_sizes(shape, RedshiftShape.read(before.shape)) if before.shape else shape
            content = md5(f"{diff.digest(engine, fields)}{key}".encode()).hexdigest()
            table = f"{self.schema}.{quoted(what.name)}"
            sending = _Sending(what, table, fields, rows, key, content, before, shape)
            sent = Sent(what.name, engine.count(diff.NEW))
            if before.content != content or before.shape != shape.text():
                sent = self._bring(engine, sending)
        self._comment(sending)
        return sent

    def _bring(self, engine: Engine, sending: _Sending) -> Sent:
        """Stage, merge and note, in one transaction."""
        before, what, names = sending.before, sending.what, sending.names
        kept = Kept(engine, f"{self.name} {sending.table}")
        known = before.shape == sending.shape.text() and kept.holds(before.content)
        shaping = self._shaping(sending)
        found = diff.difference(engine, kept.table) if known else None
        merge_known = bool(sending.key) and found is not None
        stage_keys = merge_known and found is not None and found.deleted > 0
        lacking = diff.unseen(sending.rows, names, names, kept.table) if merge_known else sending.rows
        steps = [*self._guard(what.name, before), *shaping]
        with ExitStack() as staged:
            files = staged.enter_context(self.staging.files(engine, lacking, sending.fields, what.name))
            steps += self._copied(merge_sql.STAGE, sending.shape, files, what.name)
            if stage_keys:
                keys = [field for field in sending.fields if field.name in sending.key]
                names_of_key = ", ".join(map(quoted, sending.key))
                files = staged.enter_context(
                    self.staging.files(engine, f"SELECT {names_of_key} FROM ({sending.rows})", keys, what.name)
                )
                narrow = RedshiftShape({field.name: sending.shape.columns[field.name] for field in keys}, ())
                steps += self._copied(merge_sql.KEYS, narrow, files, what.name)
            if sending.key:
                all_keys = "" if merge_known and not stage_keys else merge_sql.KEYS if merge_known else merge_sql.STAGE
                steps += merge_sql.merged(sending.table, what.name, names, sending.key, all_keys)
            else:
                steps += merge_sql.replaced(sending.table, what.name, names)
            after = PublishedState(sending.content, sending.shape.text(), before.comments)
            answers = self.api.run([*steps, *self._note(what.name, after)])
        self._known()[what.name] = after
        kept.note(sending.content, [RowFile("", f"SELECT *, 0 AS place FROM ({sending.rows})")], sending.key, names, anew=True)
        return _sent(sending, found, answers[1:], engine.count(diff.NEW))

    def _shaping(self, sending: _Sending) -> list[SqlStep]:
        """What makes the table, or gives it its columns. A table that has to be made anew changes with its rows, at once."""
        doing = f"making {sending.what.name}"
        make = SqlStep(doing, sending.shape.create(sending.table))
        if not sending.before.shape:
            return [SqlStep(doing, f"DROP TABLE IF EXISTS {sending.table}"), make]
        old = RedshiftShape.read(sending.before.shape)
        changes = sending.shape.changes(sending.table, old, MOST - ROOM)
        return [SqlStep(doing, f"DROP TABLE {sending.table}"), make] if changes is None else changes

    def _copied(self, stage: str, shape: RedshiftShape, files: str, name: str) -> list[SqlStep]:
        """A temporary table with what is staged."""
        nested = "SUPER" in shape.columns.values()
        steps = [SqlStep(f"staging {name}", shape.create(stage, temporary=True))]
        if files:
            steps.append(SqlStep(f"copying {name}", merge_sql.copy(stage, files, self.options.copy_role, nested)))
        return steps

    def _guard(self, name: str, before: PublishedState) -> list[SqlStep]:
        """The transaction fails if what is noted of the table is not what this process has read."""
        table = f"{self.schema}.{PUBLISHED}"
        same = f"name = {literal(name)}" + (f" AND content = {literal(before.content)}" if before.content else "")
        right = f"CASE WHEN count(*) = {1 if before.content else 0} THEN 1 ELSE 0 END"
        return [
            SqlStep(f"waiting to publish {name}", f"LOCK {table}"),
            SqlStep(GUARD, f"SELECT 1 / {right} FROM {table} WHERE {same}"),
        ]

    def _note(self, name: str, state: PublishedState) -> list[SqlStep]:
        table, values = f"{self.schema}.{PUBLISHED}", (name, state.content, state.shape, state.comments)
        return [
            SqlStep(f"noting {name}", f"DELETE FROM {table} WHERE name = {literal(name)}"),
            SqlStep(f"noting {name}", f"INSERT INTO {table} VALUES ({', '.join(map(literal, values))})"),
        ]

    def _comment(self, sending: _Sending) -> None:
        """Say of the table and of each column what it means and what class of fields it is of, once."""
        state, name = self._known()[sending.what.name], sending.what.name
        comments = [f"COMMENT ON {about} IS {literal(meaning)}" for about, meaning in _meanings(sending).items()]
        digest = md5(repr((comments, sending.shape.text())).encode()).hexdigest()
        if state.comments == digest:
            return
        steps = [SqlStep(f"commenting {name}", sql) for sql in comments]
        after = replace(state, comments=digest)
        steps += self._note(name, after)
        for at in range(0, len(steps), MOST):
            self.api.run(steps[at : at + MOST])
        self._known()[name] = after

    def _there(self) -> Mapping[str, PublishedState]:
        """What is noted of the tables that are there with all their columns; without a shape, if somebody changed them."""
        if self._state is None:
            self._state = self._read()
            self.staging.sweep()
        return self._state

    def _known(self) -> dict[str, PublishedState]:
        assert self._state is not None
        return self._state

    def _read(self) -> dict[str, PublishedState]:
        where = f"table_schema = {literal(self.options.schema_)}"
        listed = SqlStep("reading the catalog", f"SELECT table_name, column_name FROM information_schema.columns WHERE {where}")
        (columns,) = self.api.run([listed])
        there: dict[str, set[str]] = {}
        for table, column in columns:
            there.setdefault(str(table), set()).add(str(column).lower())
        if PUBLISHED not in there:
            make = f"CREATE TABLE {self.schema}.{PUBLISHED} (name VARCHAR(256), content VARCHAR(64), shape VARCHAR(65535), " \
                "comments VARCHAR(64))"  # fmt: skip
            schema = [] if there else [SqlStep("making the schema", f"CREATE SCHEMA IF NOT EXISTS {self.schema}")]
            self.api.run([*schema, SqlStep("making the table of what was sent", make)])
            return {}
        noted = SqlStep("reading what was sent", f"SELECT name, content, shape, comments FROM {self.schema}.{PUBLISHED}")
        (rows,) = self.api.run([noted])
        found = {str(name): PublishedState(str(content), str(shape), str(comments)) for name, content, shape, comments in rows}
        return {
            name: state if _fits(state, there.get(name.lower())) else replace(state, shape="", comments="")
            for name, state in found.items()
        }


def _fits(state: PublishedState, columns: set[str] | None) -> bool:
    """True if the table has the columns that are noted of it: somebody may have dropped or changed it."""
    return {one.lower() for one in RedshiftShape.read(state.shape).columns} == columns


def _sent(sending: _Sending, found: diff.TableDifference | None, answers: Sequence[list[Row]], rows: int) -> Sent:
    """What became of the rows: as the fingerprints say, else as the statements found."""
    if found is not None:
        return Sent(sending.what.name, rows, found.inserted, found.changed, found.deleted)
    if not sending.key:
        return Sent(sending.what.name, rows, inserted=rows, deleted=int(answers[0][0][0]))
    ((deleted,),), ((inserted, changed),) = answers
    return Sent(sending.what.name, rows, int(inserted), int(changed), int(deleted))


def _is_key(engine: Engine, rows: str, key: Sequence[str]) -> bool:
    """True if no two rows have the same key, and no part of one is missing."""
    if not key or not engine.value(f"SELECT count(*) = count(DISTINCT key) FROM {diff.NEW}"):
        return False
    nulls = " OR ".join(f"{quoted(name)} IS NULL" for name in key)
    return not engine.value(f"SELECT coalesce(bool_or({nulls}), false) FROM ({rows})")


def _meanings(sending: _Sending) -> dict[str, str]:
    """What a comment is on -> its text."""
    view = FLAT_VIEWS.get(sending.what.name)
    if view and not set(sending.names) <= {one.name for one in view.columns}:
        view = None
    found = {f"TABLE {sending.table}": view.meaning} if view else {}
    known = {one.name: one for one in view.columns} if view else {}
    for name in sending.names:
        field_class = known[name].field_class if name in known else class_of(sending.what.name, name)
        about = f"{field_class}: {CLASSES[field_class]}" if field_class in CLASSES else field_class
        meaning = f"{known[name].meaning} ({field_class})" if name in known else about
        found[f"COLUMN {sending.table}.{quoted(name)}"] = meaning
    return found


PLUGIN = Redshift
