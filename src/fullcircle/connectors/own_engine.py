"""The table engine of a connector that shapes rows by SQL: opened when there is something to shape."""

from __future__ import annotations

from fullcircle.engine.base import Engine
from fullcircle.engine.open import open_engine

MEMORY = "1GB"


class OwnEngine:
    """Call it for the engine."""

    def __init__(self) -> None:
        self._opened: Engine | None = None

    def __call__(self) -> Engine:
        """The engine, the same each time."""
        self._opened = self._opened or open_engine(memory=MEMORY)
        return self._opened

    def close(self) -> None:
        """Close it, if it was opened."""
        if self._opened is not None:
            self._opened.close()
