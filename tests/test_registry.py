"""Plugins are found by entry point; unknown names get a hint, missing libraries say what to install."""

import sys

import pytest

from fullcircle import registry
from fullcircle.errors import MissingExtra, NotFound, did_you_mean


def test_names_import_nothing() -> None:
    assert {"files", "sql", "tryton"} <= set(registry.names("connectors"))
    assert "base" not in registry.names("insights")


def test_unknown_name_guesses() -> None:
    with pytest.raises(NotFound) as raised:
        registry.load("graph.stores", "ladybgu")
    assert '"ladybgu"' in raised.value.message
    assert raised.value.hint == 'Did you mean "ladybug"?'


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


@pytest.mark.parametrize(
    ("name", "known", "hint"),
    [
        ("memroy", ["threads", "memory"], 'Did you mean "memory"?'),
        ("EMAIL", ["Email", "phone"], 'Did you mean "Email"?'),
        ("x", ["threads", "memory", "threads"], "Valid: threads, memory."),
        ("x", [], "None is defined."),
        ("x", [f"column{number}" for number in range(32)], "column29 and 2 more."),
    ],
)
def test_the_hint_for_an_unknown_name(name: str, known: list[str], hint: str) -> None:
    assert did_you_mean(name, known).endswith(hint)
