"""The `postgres` target: the flat views in a PostgreSQL, for BI tools. All tables of a publish change for readers at once.

Tables are in a private schema that no reader may look into; views over them show each login what its role may see (views.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from hashlib import md5

from fullcircle.engine.base import Engine, quoted
from fullcircle.errors import Busy, ConfigError
from fullcircle.publish import difference as diff
from fullcircle.publish.base import Outgoing, Sent, TargetContext
from fullcircle.publish.by_role import EVERYTHING
from fullcircle.publish.kept import Kept, RowFile
from fullcircle.publish.targets.postgres import views
from fullcircle.publish.targets.postgres.connect import LOCK, connected, options_of, translated
from fullcircle.publish.targets.postgres.merge import RowChanges, merge, merge_changes
from fullcircle.publish.targets.postgres.shape import PrivateTable, bring_into_shape, columns_there, type_of


class Postgres:
    """See `publish.base.Target` and `ServesRoles`."""

    @staticmethod
    def check_options(context: TargetContext) -> None:
        """See `publish.base.ChecksTarget`."""
        if options_of(context).url.startswith(("postgres:", "postgresql:")):
            raise ConfigError(
                f"[publish.targets.{context.name}] url is in plain text.",
                "Write a reference to it: env:NAME, file:PATH or aws:NAME.",
            )

    def __init__(self, context: TargetContext) -> None:
        options = options_of(context)
        self.name, self.schema, self.own = context.name, options.schema_, not options.url
        self.place = f"the PostgreSQL of [publish.targets.{context.name}]"
        self._opened = ExitStack()
        self._together = False
        self._sent: set[str] = set()
        self.connection = self._opened.enter_context(connected(context))

    @contextmanager
    def together(self) -> Iterator[None]:
        """See `publish.base.ServesRoles`."""
        self._together, self._sent = True, set()
        with self._transaction("publishing"):
            yield
            views.drop_others(self.connection, self.schema, self._sent)
        self._together = False

    def send(self, engine: Engine, what: Outgoing) -> Sent:
        """Bring the table to the engine's rows, and its view to what the roles see."""
        if self._together:
            return self._send(engine, what)
        with self._transaction(f"publishing {what.name}"):
            return self._send(engine, what)

    def drop_older_content(self, sent: Collection[str]) -> list[str]:  # noqa: ARG002 - what is not sent is dropped already
        """See `publish.base.DropsOlderContent`: rewrite what deleted rows have left in the files of the tables."""
        connection, private = self.connection, f"{self.schema}_private"
        connection.rollback()
        connection.autocommit = True  # VACUUM wants no transaction
        try:
            with translated(self.place, "deleting older content"):
                tables = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = to_regnamespace(%s)"
                for (name,) in connection.execute(tables, [private]).fetchall():
                    connection.execute(f"VACUUM (FULL, ANALYZE) {private}.{quoted(name)}")
                connection.execute("VACUUM (FULL) pg_catalog.pg_statistic")  # which has frequent values of the columns
                if self.own:  # the log of changes, too
                    connection.execute("SELECT pg_switch_wal()")
                    connection.execute("CHECKPOINT")
                    connection.execute("CHECKPOINT")
        finally:
            connection.autocommit = False
        return []

    def close(self) -> None:
        """Close the connection; what is not committed is undone."""
        self._opened.close()

    @contextmanager
    def _transaction(self, doing: str) -> Iterator[None]:
        connection = self.connection
        with translated(self.place, doing):
            connection.execute(f"SET LOCAL lock_timeout = '{LOCK}'; SET LOCAL search_path = pg_catalog, pg_temp")
            alone = connection.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [f"fullcircle {self.schema}"]).fetchone()
            if alone != (True,):
                connection.rollback()
                raise Busy(f"Another process is publishing into {self.place}.", "Try again when it has ended.")
            try:
                views.prepare(connection, self.schema)
                yield
                connection.commit()
            except BaseException:
                if not connection.broken:
                    connection.rollback()
                raise

    def _send(self, engine: Engine, what: Outgoing) -> Sent:
        connection, table = self.connection, PrivateTable(self.schema, what.name)
        if what.name in views.OURS:
            raise ConfigError(
                f'The table "{what.name}" has the name of a table of the target itself.', "Give the join another name."
            )
        fields = diff.fields_of(engine, what.table)
        seen = what.seen or {EVERYTHING: {field.name: field.name for field in fields}}
        rows, names = diff.select(what.table, fields), [field.name for field in fields]
        before, done, dropped = views.state_of(connection, table), None, False
        with diff.compared(engine, rows, what.key, names):
            count, key = engine.count(diff.NEW), what.key if _is_key(engine) else ()
            content = md5(f"{diff.digest(engine, fields)}{key}".encode()).hexdigest()
            fits = columns_there(connection, table) == {field.name: type_of(field) for field in fields}
            if before[0] != content or not fits:
                kept = Kept(engine, f"{self.name} {self.schema}.{what.name}")
                known = fits and bool(key) and kept.holds(before[0])
                dropped = bring_into_shape(connection, table, fields, key)
                if known and not dropped:
                    changes = _changes(engine, kept, rows, names, key)
                    done = merge_changes(connection, engine, changes, table, fields, key)
                else:
                    done = merge(connection, engine, rows, table, fields, key)
                whole = RowFile("", f"SELECT *, 0 AS place FROM ({rows})")
                kept.note(content, [whole], key, names, anew=True)
        shown = views.shown_as(table, seen)
        if dropped or before[1] != shown:
            views.show(connection, table, seen)
        if before != (content, shown):
            views.note(connection, table, content, shown)
        self._sent.add(what.name)
        return Sent(what.name, count, *((done.inserted, done.changed, done.deleted) if done else ()))


def _changes(engine: Engine, kept: Kept, rows: str, names: list[str], key: tuple[str, ...]) -> RowChanges:
    """What the table lacks, by the fingerprints of what it was left with."""
    gone = engine.value(f"SELECT count(*) FROM {kept.table} WHERE key NOT IN (SELECT key FROM {diff.NEW})")
    keys = f"SELECT {', '.join(map(quoted, key))} FROM ({rows})"
    return RowChanges(diff.unseen(rows, names, names, kept.table), bool(gone), keys)


def _is_key(engine: Engine) -> bool:
    """True if no two rows have the same key."""
    return bool(engine.value(f"SELECT count(*) = count(DISTINCT key) FROM {diff.NEW}"))


PLUGIN = Postgres
