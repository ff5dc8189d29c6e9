"""A database, a landing, and pulls between changes: what the tests of the sql connector share."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from fullcircle.book.book import Book
from fullcircle.config.sections import SourceSettings
from fullcircle.connectors.landing import Landing
from fullcircle.connectors.pull import PulledObject, pull
from fullcircle.engine.duckdb import DuckDB
from fullcircle.model.progress import Silent


class Shop:
    """A database, a landing, and pulls between changes."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        self.book, self.engine = Book(folder / "book.sqlite"), DuckDB(threads=1)
        self.landing = Landing(folder / "landing", self.book, self.engine)
        self.objects: dict[str, Any] = {}
        driver = url.replace("postgresql:", "postgresql+psycopg:").replace("mysql:", "mysql+pymysql:")
        self._database = sa.create_engine(driver, poolclass=sa.pool.NullPool)
        if self.is_mariadb:  # so that the same statements work for all; the connector itself knows nothing of it
            mode = "SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'"
            sa.event.listen(self._database, "connect", lambda one, _: one.cursor().execute(mode))

    @property
    def is_sqlite(self) -> bool:
        return self.url.startswith("sqlite")

    @property
    def is_mariadb(self) -> bool:
        return self.url.startswith("mysql")

    def do(self, *statements: str, **values: Any) -> None:
        with self._database.begin() as connection:
            for statement in statements:
                connection.execute(sa.text(statement), values)

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        with self._database.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(query))]

    def settings(self, **more: Any) -> SourceSettings:
        return SourceSettings(connector="sql", url=self.url, objects=self.objects, **more)

    def pull(self, **objects: Any) -> dict[str, PulledObject]:
        self.objects.update(objects)
        landed = pull({"shop": self.settings()}, self.folder, self.landing, Silent())
        return {one.object: one for one in landed.objects}

    def rows(self, object: str, columns: str = "* EXCLUDE (_key, _op, _into, _at, _raw)") -> list[tuple[Any, ...]]:
        return self.engine.rows(f"SELECT {columns} FROM ({self.landing.current_sql('shop', object)}) ORDER BY ALL")

    def close(self) -> None:
        self.engine.close()
        self.book.close()
