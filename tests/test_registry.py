"""Plugins are found by file name; unknown ones are told with the nearest; missing libraries with what to install."""

import sys

import pytest

from fullcircle import registry
from fullcircle.errors import MissingExtra, NotFound


def test_names_import_nothing() -> None:
    assert {"files", "sql", "tryton"} <= set(registry.names("connectors"))
    assert "base" not in registry.names("insights")


def test_unknown_name_guesses() -> None:
    with pytest.raises(NotFound) as raised:
        registry.load("graph.stores", "ladybgu")
    assert '"ladybug"' in raised.value.message


def test_missing_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fullcircle.publish.targets.iceberg.target", None)
    monkeypatch.delitem(sys.modules, "fullcircle.publish.targets.iceberg.target")
    for name in [name for name in sys.modules if name.partition(".")[0] == "pyiceberg"]:
        monkeypatch.delitem(sys.modules, name)
    real = __import__

    def without(name: str, *rest: object, **more: object) -> object:
        if name.partition(".")[0] == "pyiceberg":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return real(name, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("builtins.__import__", without)
    with pytest.raises(MissingExtra) as raised:
        registry.load("publish", "iceberg")
    assert "fullcircle[iceberg]" in raised.value.hint
