"""`fullcircle run`: all stages, or from a crash onwards."""

from __future__ import annotations

from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from fullcircle.serve.cli import asker
from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, say, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from fullcircle.ask.money_check import MoneyOfObject
    from fullcircle.config.sections import Config
    from fullcircle.desk import Desk
    from fullcircle.stage import Choice, Done

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Work on a throw-away copy and report what would be written; nothing is changed.")
]

AtOnce = Annotated[
    int, typer.Option("--at-once", min=0, max=64, help="So many sources are pulled at the same time; 0: as the config says.")
]


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command()(run)


def run(
    config: ConfigFile = None,
    source: Annotated[list[str] | None, typer.Option(help="Pull only this source (may be repeated).")] = None,
    again: Annotated[bool, typer.Option("--again", help="Do every stage, changed or not.")] = False,
    verify: Annotated[bool, typer.Option("--verify", help="Compare with what really is in the graph and repair it.")] = False,
    rebuild_graph: Annotated[bool, typer.Option("--rebuild-graph", help="Delete the embedded graph and build it anew.")] = False,
    accept: Annotated[
        bool, typer.Option("--accept", help="Go on although who is who breaks a limit of [identity.limits].")
    ] = False,
    repair: Annotated[
        bool, typer.Option("--repair", help="Delete damaged parts of the home and make them again; the customer ids stay.")
    ] = False,
    new_book: Annotated[
        bool, typer.Option("--new-book", help="The book is lost and there is no backup: begin a new one; ids are given anew.")
    ] = False,
    keep_on: Annotated[
        bool, typer.Option("--watch", help="Run again and again, and print a line for each run that changed something.")
    ] = False,
    every: Annotated[float, typer.Option(min=1, help="With --watch: seconds from the end of a run to the next.")] = 10,
    at_once: AtOnce = 0,
    dry_run: DryRun = False,
    quiet: Quiet = False,
    json: AsJson = False,
) -> None:
    """Pull, conform, check, resolve, graph, insights, publish: the whole way.

    Stages whose input did not change are skipped; after a crash or an error the same command continues.

    \b
    Examples:
      fullcircle run
      fullcircle run --source crm --json
      fullcircle run --verify        (after something else wrote into the graph)
      fullcircle run --watch --every 60
    """
    from fullcircle.errors import ConfigError
    from fullcircle.stage import Choice

    if source and (repair or new_book):
        raise ConfigError("--repair and --new-book may have to read every source again.", "Leave out --source.")
    only_once = {
        "--again": again,
        "--rebuild-graph": rebuild_graph,
        "--repair": repair,
        "--new-book": new_book,
        "--dry-run": dry_run,
    }
    wrong = [name for name, given in only_once.items() if given]
    if keep_on and wrong:
        raise ConfigError(
            f"--watch runs again and again, and {wrong[0]} is for one run.", f"Run once with {wrong[0]}, then watch."
        )
    choice = Choice((), tuple(source or ()), again, verify, rebuild_graph, accept, at_once=at_once)
    if not keep_on:
        _once(config, choice, quiet, json, dry_run, repair, new_book)
        return
    from fullcircle.serve.cli.watch import json_line, line, watch

    watch(
        lambda: work(config, choice, quiet=True), every, lambda done: print(json_line(done) if json else line(done), flush=True)
    )


def _once(file: Path | None, choice: Choice, quiet: bool, json: bool, dry_run: bool, repair: bool, new_book: bool) -> None:
    money: list[MoneyOfObject] = []
    said: list[str] = []

    def look(desk: Desk) -> None:
        sight = asker.door(desk.config).mask.sight
        money.extend(_money(desk) if sight.level("financial") == "full" else ())
        said.append(_apart(desk) if sight.level("contact") == "full" else "")

    with also_if_sources_fail(lambda: work(file, choice, quiet, dry_run, repair, new_book, look)) as done:
        show_done(done, json, dry_run, money)
        if any(said) and not json:
            from fullcircle.serve.cli.terminal import plain

            say(plain(said[0]))


@contextmanager
def also_if_sources_fail(run_: Callable[[], list[Done]]) -> Iterator[list[Done]]:
    """What a run did, to be shown also where some sources could not be read: that is raised after it."""
    from fullcircle.errors import SourcesFailed

    try:
        done = run_()
    except SourcesFailed as error:
        if not error.done:
            raise
        yield cast("list[Done]", error.done)
        raise
    else:
        yield done


def work(
    file: Path | None,
    choice: Choice,
    quiet: bool,
    dry_run: bool = False,
    repair: bool = False,
    new_book: bool = False,
    after: Callable[[Desk], None] | None = None,
) -> list[Done]:
    """Open the desk of a config file and run; `after` is given the desk when all is done."""
    from fullcircle import pipeline
    from fullcircle.config.read import load_config
    from fullcircle.desk import open_desk
    from fullcircle.errors import ConfigError, SourcesFailed
    from fullcircle.serve.cli.progress import Bars

    settings = load_config(file)
    asker.enter(settings, "publish" if choice.only == ("publish",) else "run", " ".join(choice.only) or "run")
    if not settings.sources:
        raise ConfigError(
            f"The config in {settings.folder} names no source: there is nothing to run.",
            "Add a [sources.<name>] section: `fullcircle init` in another folder writes a config with examples.",
        )
    with Bars(quiet) as bars, open_desk(settings, bars, dry_run, repair, new_book, choice.rebuild_graph) as desk:
        failed: SourcesFailed | None = None
        with nullcontext() if dry_run else _alerting(settings, desk, bars.say):
            try:
                done = pipeline.run(desk, choice)
            except SourcesFailed as error:
                if not error.done:
                    raise
                failed = error
        if after:
            after(desk)
    if not dry_run:
        _finish_erasures(settings, quiet)
    if failed:
        raise failed
    return done


def _alerting(settings: Config, desk: Desk, say: Callable[[str], None]) -> AbstractContextManager[None]:
    """Send the alerts of the config when the run has ended. What sends mail is loaded only where there are some."""
    if not settings.quality.alerts:
        return nullcontext()
    from fullcircle.serve.hooks.alerts import alerting

    return alerting(settings, desk.book, say)


def _finish_erasures(settings: Config, quiet: bool) -> None:
    """Go on with erasures that were killed, or could not reach everything; where nobody was ever erased, only look for a file."""
    from fullcircle.home.folder import ERASED

    if not (settings.home / ERASED).exists():
        return
    from fullcircle.privacy.erase import finish
    from fullcircle.privacy.listed import any_open
    from fullcircle.serve.cli.progress import Bars

    if any_open(settings):
        with Bars(quiet) as bars:
            for one in finish(settings, bars):
                bars.say(f"{one.erasure} is carried out everywhere: `fullcircle erased show {one.erasure}`.")


def _money(desk: Desk) -> Sequence[MoneyOfObject]:
    from fullcircle.ask.money_check import money_check

    return money_check(desk.engine)


def _apart(desk: Desk) -> str:
    from fullcircle.ask.same_names import stayed_apart

    return stayed_apart(desk.engine)


def show_done(done: list[Done], json: bool, dry_run: bool = False, money: Sequence[MoneyOfObject] = ()) -> None:
    """Print what became of each stage, and of the money; as JSON that is beside the counts of the stage graph."""
    if json:
        sums = [one.to_dict() for one in money]
        as_json([{**row(one), **({"money": sums} if one.stage == "graph" and sums else {})} for one in done])
        return
    rows = [{"stage": one.stage, "seconds": one.seconds, "what": _what(one)} for one in done]
    table("Dry run: this would be done, nothing was written" if dry_run else "Done", rows)
    if money:
        from fullcircle.serve.cli.money import draw_money

        draw_money(money)


def row(one: Done) -> dict[str, Any]:
    """What became of a stage, for JSON."""
    return {"stage": one.stage, "seconds": round(one.seconds, 3), "skipped": one.skipped, "counts": one.counts}


def _what(one: Done) -> str:
    counts = ", ".join(f"{number:,} {name.replace('_', ' ')}" for name, number in one.counts.items() if number)
    return f"unchanged ({counts})" if one.skipped and counts else "unchanged" if one.skipped else counts or "nothing to do"
