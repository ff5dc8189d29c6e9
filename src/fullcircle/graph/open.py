"""Opens the graph store named in the config, for writing, or for reading beside a writer."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fullcircle import registry
from fullcircle.config.sections import Config
from fullcircle.errors import NotFound
from fullcircle.graph.base import ChecksOptions, GraphStore, MayBeEmbedded, StoreContext

FORMER = "graph.ladybug"  # where the embedded graph was while ladybug was the store if none was named


def is_embedded(settings: Config) -> bool:
    """True if the whole graph of the config is in files of the project. The store's plugin decides; it is imported for that."""
    return _keeps_in_files(settings.graph.store, settings.graph.options)


def _keeps_in_files(store: str, options: Mapping[str, Any]) -> bool:
    plugin = registry.load("graph.stores", store)
    return isinstance(plugin, MayBeEmbedded) and plugin.is_embedded(options)


def check_options(settings: Config) -> None:
    """ConfigError if the options of [graph] are wrong, as far as the store's plugin can tell without opening it."""
    plugin = registry.load("graph.stores", settings.graph.store)
    if isinstance(plugin, ChecksOptions):
        plugin.check_options(settings.graph.options)


def graph_path(settings: Config) -> Path:
    """Where an embedded graph store keeps its file or folder."""
    return settings.home / f"graph.{settings.graph.store}"


@contextmanager
def open_store(settings: Config, read_only: bool = False) -> Iterator[GraphStore]:
    """Open the graph store of the config. NotFound if it is to be read and does not exist yet."""
    path = graph_path(settings)
    if read_only and is_embedded(settings) and not path.exists():
        raise NotFound(f"The folder {settings.home} has no customer graph yet.", "Create it with `fullcircle run`.")
    with _opened(settings.graph.store, StoreContext(path, settings.graph.options, read_only)) as store:
        yield store


@contextmanager
def open_to_compare(settings: Config, rebuilt: bool = False) -> Iterator[GraphStore]:
    """Open the graph store of the config only to be compared with; an empty one where there is no graph yet, or it is rebuilt."""
    if is_embedded(settings) and (rebuilt or not graph_path(settings).exists()):
        with _opened("memory", StoreContext(graph_path(settings))) as store:
            store.prepare()
            yield store
        return
    with open_store(settings, read_only=True) as store:
        yield store


@contextmanager
def open_named(settings: Config, name: str, read_only: bool = False) -> Iterator[GraphStore]:
    """Open a store by name: `main` (or `embedded`, or the name of its plugin) is [graph], others are [graph.others.<name>]."""
    refuse_unknown(settings, name)
    if _is_main(settings, name):
        with open_store(settings, read_only) as store:
            yield store
        return
    other = settings.graph.others[name]
    path = settings.home / f"graph-{name}.{other.store}"
    if read_only and not path.exists() and _keeps_in_files(other.store, other.options):
        raise NotFound(f"The graph store {name} has no graph yet.", f"Copy one into it: `fullcircle graph copy --to {name}`.")
    with _opened(other.store, StoreContext(path, other.options, read_only)) as store:
        yield store


def refuse_unknown(settings: Config, name: str) -> None:
    """NotFound if the config has no store of that name; nothing is opened."""
    if not _is_main(settings, name) and name not in settings.graph.others:
        known = ", ".join(["main", *settings.graph.others])
        raise NotFound(
            f'The config has no graph store "{name}".', f"Stores: {known}. To add one, write a section [graph.others.{name}]."
        )


def _is_main(settings: Config, name: str) -> bool:
    return name in ("main", settings.graph.store) or (name == "embedded" and is_embedded(settings))


@contextmanager
def _opened(plugin: str, context: StoreContext) -> Iterator[GraphStore]:
    store: GraphStore = registry.load("graph.stores", plugin)(context)
    try:
        yield store
    finally:
        store.close()


def drop_former(settings: Config) -> Path | None:
    """Delete the graph in FORMER, where the config's own is in another file; its path if there was one."""
    path = settings.home / FORMER
    if not is_embedded(settings) or graph_path(settings) == path or not path.exists():
        return None
    _delete(path)
    return path


def drop_embedded(settings: Config) -> bool:
    """Delete the files of an embedded graph, so that the next sync builds it again. False if the store is not embedded."""
    if not is_embedded(settings):
        return False
    _delete(graph_path(settings))
    return True


def drop_named(settings: Config, name: str) -> None:
    """Delete the files of another store, so that the graph is copied into it anew."""
    refuse_unknown(settings, name)
    _delete(settings.home / f"graph-{name}.{settings.graph.others[name].store}")


def _delete(path: Path) -> None:
    """Delete a graph with all its files, whose names begin with its own."""
    for file in path.parent.glob(f"{path.name}*"):
        shutil.rmtree(file) if file.is_dir() else file.unlink()
