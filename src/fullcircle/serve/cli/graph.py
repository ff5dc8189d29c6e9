"""`fullcircle graph ...`: the graph in files and from store to store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from fullcircle.model.counting import counted
from fullcircle.serve.cli import asker, graph_dms
from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, say, table
from fullcircle.serve.cli.run import DryRun, Quiet, show_done, work
from fullcircle.serve.cli.terminal import plain

StoreName = Annotated[str, typer.Option("--store", help="Which store: main, or one of [graph.others].")]


def group() -> typer.Typer:
    """The verbs of the graph."""
    room = typer.Typer(
        no_args_is_help=True, rich_markup_mode=None, help="The customer graph: sync it, export, import, copy from store to store."
    )
    room.command("sync")(sync)
    room.command("export")(export)
    room.command("import")(import_)
    room.command("copy")(copy)
    graph_dms.register(room)
    return room


def sync(
    verify: Annotated[bool, typer.Option("--verify", help="Compare with what really is in the graph and repair it.")] = False,
    dry_run: DryRun = False,
    config: ConfigFile = None,
    quiet: Quiet = False,
    json: AsJson = False,
) -> None:
    """Write what changed into the customer graph.

    One stage of `fullcircle run` by itself, done even if nothing changed.

    \b
    Examples:
      fullcircle graph sync --dry-run
      fullcircle graph sync --verify      (after something else wrote into the graph)
    """
    from fullcircle.stage import Choice

    show_done(work(config, Choice(only=("graph",), verify=verify), quiet, dry_run), json, dry_run)


def export(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    form: Annotated[str, typer.Option("--format", "-f", help="gremlin-csv, opencypher-csv, nquads or graphml.")] = "gremlin-csv",
    gzip: Annotated[bool, typer.Option("--gzip", help="Compress every file (.gz), as bulk loaders like them.")] = False,
    store: StoreName = "main",
    config: ConfigFile = None,
    quiet: Quiet = False,
    json: AsJson = False,
) -> None:
    """Write the whole graph into files that other graph databases and Gephi read.

    The folder is complete or does not exist; existing files are never overwritten.

    \b
    Examples:
      fullcircle graph export out --gzip
      fullcircle graph export out --format nquads --gzip
      fullcircle graph export out --format graphml
    """
    from fullcircle.config.read import load_config
    from fullcircle.graph.exchange.write import export as write
    from fullcircle.graph.open import open_named
    from fullcircle.serve.cli.progress import Bars

    settings = load_config(config)
    asker.enter(settings, "export", "graph export", whole=True)
    with Bars(quiet) as bars, open_named(settings, store, read_only=True) as opened:
        written = write(opened, folder, form, bars, gzip)
    _print_result(json, {"folder": str(folder), "files": [path.name for path in written.files], "rows": written.rows})


def import_(
    folder: Annotated[Path, typer.Argument(help="A folder with graph CSV files.")],
    ignore_unknown: Annotated[bool, typer.Option("--ignore-unknown", help="Leave out what the model does not have.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read and check all rows, but only count what would be written.")
    ] = False,
    store: StoreName = "main",
    config: ConfigFile = None,
    quiet: Quiet = False,
    json: AsJson = False,
) -> None:
    """Load graph CSV files: our own exports, and those that neptune-export writes. Loading twice changes nothing.

    All rows are checked before the first one is written.

    \b
    Examples:
      fullcircle graph import out --store copy --dry-run
      fullcircle graph import out --store copy
    """
    from fullcircle.config.read import load_config
    from fullcircle.graph.exchange.read import load, survey
    from fullcircle.graph.open import open_named, refuse_unknown
    from fullcircle.home.folder import made, private
    from fullcircle.serve.cli.progress import Bars

    settings = load_config(config)
    asker.enter(settings, "import", "graph import")
    refuse_unknown(settings, store)
    if dry_run:
        with Bars(quiet) as bars:
            rows = survey(folder, bars, ignore_unknown)
    else:
        made(settings.home)
        with private(), Bars(quiet) as bars, open_named(settings, store) as opened:
            rows = load(opened, folder, bars, ignore_unknown, bulk=True)
    _print_result(json, {"folder": str(folder), "rows": rows, "dry_run": dry_run})


def copy(
    target: Annotated[str, typer.Option("--to", help="The store to write: main, embedded, or one of [graph.others].")],
    source: Annotated[str, typer.Option("--from", help="The store to read.")] = "main",
    replace: Annotated[bool, typer.Option("--replace", help="Delete what only the target has.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be written and deleted.")] = False,
    config: ConfigFile = None,
    quiet: Quiet = False,
    json: AsJson = False,
) -> None:
    """Copy the whole graph from one store to another, until both digests are equal; given again it continues.

    \b
    Examples:
      fullcircle graph copy --from embedded --to neptune --dry-run
      fullcircle graph copy --to cypher
    """
    from fullcircle.config.read import load_config
    from fullcircle.graph.copy import copy as bring
    from fullcircle.graph.open import open_named
    from fullcircle.serve.cli.progress import Bars

    settings = load_config(config)
    asker.enter(settings, "export", "graph copy", whole=True)
    with Bars(quiet) as bars, open_named(settings, source, read_only=True) as here, open_named(settings, target) as there:
        done = bring(here, there, bars, replace, dry_run)
    _print_result(json, {"rows": done.written, "deleted": done.deleted, "digest": done.digest, "dry_run": dry_run})


def _print_result(json: bool, result: dict[str, Any]) -> None:
    if json:
        as_json(result)
        return
    table(
        "Would be written" if result.get("dry_run") else "Rows",
        [{"kind": label, "rows": rows} for label, rows in result["rows"].items()],
        empty="none",
    )
    if result.get("deleted"):
        title = "Only in target" if result["dry_run"] else "Deleted"
        table(title, [{"kind": label, "rows": rows} for label, rows in result["deleted"].items()])
    if "files" in result:
        say(f"{counted(len(result['files']), 'file')} in {plain(result['folder'])}")
    if result.get("digest"):
        say(f"Both stores have the digest {result['digest']}")
