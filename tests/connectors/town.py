"""A folder of files, a landing, and pulls between them."""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from fullcircle.book.book import Book
from fullcircle.config.sections import SourceSettings
from fullcircle.connectors.landing import Landing
from fullcircle.connectors.pull import PulledObject, pull
from fullcircle.engine.duckdb import DuckDB
from fullcircle.model.progress import Silent


class Recording(Silent):
    """Remembers what was said."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, text: str) -> None:
        """Remember the text."""
        self.said.append(text)


class Town:
    """A folder of files, a landing, and pulls between them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files = folder / "in"
        self.files.mkdir()
        self.book, self.engine = Book(folder / "book.sqlite"), DuckDB(threads=1)
        self.landing = Landing(folder / "landing", self.book, self.engine)
        self.options: dict[str, Any] = {"path": "in"}
        self.said: list[str] = []

    def put(self, name: str, text: str | bytes) -> Path:
        path = self.files / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def pull(self, **options: Any) -> dict[str, PulledObject]:
        self.options.update(options)
        sources = {"shop": SourceSettings(connector="files", **self.options)}
        progress = Recording()
        self.said = progress.said
        return {one.object: one for one in pull(sources, self.folder, self.landing, progress).objects}

    def rows(self, object: str, columns: str = "* EXCLUDE (_key, _op, _into, _at, _raw)") -> list[tuple[Any, ...]]:
        return self.engine.rows(f"SELECT {columns} FROM ({self.landing.current_sql('shop', object)}) ORDER BY ALL")

    def rejects(self, object: str) -> list[dict[str, str]]:
        return [row for path in self.landing.rejects("shop", object) for row in pq.read_table(path).to_pylist()]
