"""`fullcircle doctor`: is everything there that a run needs, and if not, what to do."""

from __future__ import annotations

import importlib.util
import platform
import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import typer

from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, table

if TYPE_CHECKING:
    from pathlib import Path

    from fullcircle.config.sections import Config

LIBRARIES = {"duckdb": "", "ladybug": "", "splink": "", "pyarrow": "", "psycopg": "postgres", "pyiceberg": "iceberg"}
FREE_GIB = 2.0
Check = dict[str, Any]


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command()(doctor)


def doctor(config: ConfigFile = None, json: AsJson = False) -> None:
    """Check the config, the sources, the graph, the libraries and the disk; says what to do about what is wrong.

    The exit code is 1 if anything is wrong.
    """
    checks = [*_machine(), *_libraries(), *_project(config)]
    if json:
        as_json(checks)
    else:
        rows = [
            {"": "ok" if one["ok"] else "WRONG", "what": one["what"], "found": one["found"], "do": one["do"]} for one in checks
        ]
        table("Doctor", rows)
    if not all(one["ok"] for one in checks):
        raise typer.Exit(1)


def _check(what: str, ok: bool, found: str, do: str = "") -> Check:
    return {"what": what, "ok": ok, "found": found, "do": "" if ok else do}


def _machine() -> Iterator[Check]:
    from fullcircle import __version__

    yield _check("fullcircle", True, __version__)
    yield _check("python", True, platform.python_version())


def _libraries() -> Iterator[Check]:
    from importlib.metadata import PackageNotFoundError, version

    for name, extra in LIBRARIES.items():
        try:
            yield _check(name, True, version(name))
        except PackageNotFoundError:
            there = importlib.util.find_spec(name) is not None
            needed = not extra
            yield _check(
                name, there or not needed, "not installed (optional)", f"pip install 'fullcircle[{extra}]'" if extra else ""
            )


def _project(file: Path | None) -> Iterator[Check]:
    from fullcircle.config.read import FILE_NAME, load_config
    from fullcircle.errors import FullcircleError

    try:
        settings = load_config(file)
    except FullcircleError as error:
        yield _check("config", False, error.message, error.hint)
        return
    yield _check("config", True, str(settings.folder / FILE_NAME))
    yield _disk(settings)
    for name in settings.sources:
        yield _tried(f"source {name}", lambda name=name: _source(settings, name))  # type: ignore[misc]
    if not settings.sources:
        yield _check("sources", False, "none in the config", "Add a [sources.<name>] section.")
    yield _tried("graph", lambda: _graph(settings))


def _tried(what: str, look: Callable[[], str]) -> Check:
    from fullcircle.errors import FullcircleError

    try:
        return _check(what, True, look())
    except FullcircleError as error:
        return _check(what, False, error.message, error.hint)


def _disk(settings: Config) -> Check:
    place = next(path for path in (settings.home, *settings.home.parents) if path.exists())
    free = shutil.disk_usage(place).free / 2**30
    return _check("disk", free >= FREE_GIB, f"{free:.1f} GiB free", "Free some space or point [project] home elsewhere.")


def _source(settings: Config, name: str) -> str:
    from fullcircle.connectors.pull import open_source

    connector = open_source(name, settings.sources[name], settings.folder)
    try:
        return "; ".join(connector.check())
    finally:
        connector.close()


def _graph(settings: Config) -> str:
    from fullcircle.errors import NotFound
    from fullcircle.graph.open import open_store

    try:
        with open_store(settings, read_only=True) as store:
            return f"{settings.graph.store}, {sum(store.count().values()):,} vertices and edges"
    except NotFound:
        return f"{settings.graph.store}, nothing in it yet"
