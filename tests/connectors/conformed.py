"""What the maps that a connector brings make of a source: pulled and conformed, and nothing set aside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fullcircle.config.sections import SourceSettings
from fullcircle.connectors.base import ProvidesMaps
from fullcircle.connectors.landing import Landing
from fullcircle.connectors.pull import pull
from fullcircle.mapping.conform import conform
from fullcircle.model.progress import Silent


class Conformed:
    """The conformed tables of a source called `crm`."""

    def __init__(self, settings: SourceSettings, plugin: ProvidesMaps, landing: Landing, folder: Path) -> None:
        pull({"crm": settings}, folder, landing, Silent())
        conform(landing.engine, landing, plugin.default_maps("crm"), "US", Silent())
        self._engine = landing.engine
        assert self.of("quarantine", "source, object, key, reason") == []

    def of(self, table: str, columns: str, where: str = "true") -> list[tuple[Any, ...]]:
        return self._engine.rows(f"SELECT {columns} FROM conformed.{table} WHERE {where} ORDER BY ALL")


def record(object: str, key: str) -> str:
    return f"record:crm:{object}:{key}"
