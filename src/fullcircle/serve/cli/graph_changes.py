"""`fullcircle graph changes`: what anybody changed in the graph since a place in the store's log."""

from __future__ import annotations

import json as json_text
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from fullcircle.serve.cli import asker
from fullcircle.serve.cli.output import AsJson, ConfigFile, table
from fullcircle.serve.cli.terminal import json_safe

if TYPE_CHECKING:
    import pyarrow as pa

    from fullcircle.graph.base import GraphStore, KeepsLog, LogPosition

ChangeRow = dict[str, object]


def register(room: typer.Typer) -> None:
    """Put the verb into the group `graph`."""
    room.command("changes")(changes)


def changes(
    since: Annotated[
        str | None, typer.Option(help="Only changes after this place, COMMIT:PLACE as printed last time; otherwise all.")
    ] = None,
    from_now: Annotated[bool, typer.Option("--from-now", help="Only print the place where the log ends.")] = False,
    values: Annotated[bool, typer.Option("--values", help="Print the values, too: they are personal data.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many.", show_default=False)] = None,
    store: Annotated[str, typer.Option("--store", help="Which store: main, or one of [graph.others].")] = "main",
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """What was changed in the graph, by whomever, from the store's own log; and the place to go on from.

    Changes go to stdout, the place to stderr. With --json: an object a line, the last one is {"next": "COMMIT:PLACE"}.

    \b
    Examples:
      fullcircle graph changes --from-now
      fullcircle graph changes --since 412:3
      fullcircle graph changes --since 412:3 --json --store neptune
    """
    from fullcircle.config.read import load_config
    from fullcircle.errors import ConfigError
    from fullcircle.graph.base import OLDEST, LogPosition
    from fullcircle.graph.open import open_named

    if since is not None and from_now:
        raise ConfigError("--since and --from-now ask for two different places.", "Give one of them.")
    cursor = OLDEST if since is None else LogPosition.read(since)
    settings = load_config(config)
    asker.enter(settings, "export", "graph changes", whole=True)
    with open_named(settings, store, read_only=True) as opened:
        log = _log(opened, store)
        cursor = log.log_end() if from_now else _print_pages(_pages(log, cursor, limit), cursor, values, json)
    if json:
        print(json_text.dumps({"next": str(cursor)}))
    else:
        typer.echo(f"Go on with --since {cursor}", err=True)


def _log(opened: GraphStore, name: str) -> KeepsLog:
    from fullcircle.errors import StoreError
    from fullcircle.graph.base import KeepsLog

    if not isinstance(opened, KeepsLog):
        raise StoreError(
            f'The graph store "{name}" keeps no log of changes.',
            "`fullcircle graph sync --verify` finds and repairs what others changed; docs/how-to/neptune.md describes the log.",
        )
    return opened


def _pages(log: KeepsLog, since: LogPosition, limit: int | None) -> Iterator[pa.RecordBatch]:
    """The log page by page, `limit` rows at most."""
    left = limit
    for page in log.changes(since):
        yield page if left is None else page.slice(0, left)
        if left is not None:
            left -= page.num_rows
            if left <= 0:
                return


def _print_pages(pages: Iterator[pa.RecordBatch], cursor: LogPosition, values: bool, json: bool) -> LogPosition:
    """Print what is in the pages as they come; the place after the last."""
    from fullcircle.graph.base import LogPosition

    names = ["op", "element", "id", "property", *(["value"] if values else [])]
    some = False
    for page in pages:
        rows: list[ChangeRow] = page.select(names).to_pylist()
        if json:
            for row in rows:
                print(json_safe(json_text.dumps(row, ensure_ascii=False)))
        else:
            table("Changes", rows, names, worth=("op", "id", "property", "value"))
        some = True
        cursor = LogPosition(page["commit"][-1].as_py(), page["place"][-1].as_py())
    if not some and not json:
        table("Changes", [], empty="no changes")
    return cursor
