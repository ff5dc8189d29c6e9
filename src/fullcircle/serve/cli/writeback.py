"""`fullcircle writeback`: facts of the 360 view into fields of the CRM: preview, run, undo, status."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fullcircle.serve.cli import asker
from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, say, table
from fullcircle.serve.cli.run import Quiet
from fullcircle.serve.cli.steward import Actor
from fullcircle.serve.cli.terminal import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fullcircle.govern.door import Door
    from fullcircle.writeback.carry_out import WritebackDone
    from fullcircle.writeback.plan import WritebackPlan
    from fullcircle.writeback.undo import WritebackUndone

ACTION = "write_back"
HIDDEN = "(not shown)"
Name = Annotated[str, typer.Argument(help="A write-back of the config; not needed where there is only one.")]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="Write into so many rows at most.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    room = typer.Typer(
        no_args_is_help=True, rich_markup_mode=None, help="Write facts of the 360 view into fields of the CRM, or undo that."
    )
    for verb in (preview, run, undo, status):
        room.command()(verb)
    app.add_typer(room, name="writeback")


def preview(name: Name = "", config: ConfigFile = None, limit: Limit = None, quiet: Quiet = False, json: AsJson = False) -> None:
    """Show what a run would write, and what somebody has changed in the CRM. It reads from the CRM, and writes nothing.

    \b
    Examples:
      fullcircle writeback preview crm-contacts
    """
    _carry_out(name, config, limit, quiet, json, "writeback preview", "")


def run(
    name: Name = "",
    config: ConfigFile = None,
    limit: Limit = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="As `writeback preview`: nothing is written.")] = False,
    actor: Actor = "",
    quiet: Quiet = False,
    json: AsJson = False,
) -> None:
    """Write what differs into the CRM. Run it again after an interruption: nothing is written twice.

    Exit code 1 if the CRM refused rows; the others are written. What somebody changed in the CRM stays as it is, unless
    the config says otherwise.

    \b
    Examples:
      fullcircle writeback run crm-contacts --limit 10      (a first try)
      fullcircle run && fullcircle writeback run            (each night)
    """
    done = _carry_out(name, config, limit, quiet, json, "writeback preview" if dry_run else "writeback run", actor)
    if done.refused:
        raise typer.Exit(1)


def undo(
    name: Name = "",
    number: Annotated[
        int | None,
        typer.Option("--run", help="The number of a run; otherwise the last one that is not undone.", show_default=False),
    ] = None,
    config: ConfigFile = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show how much would be set back; nothing is written.")] = False,
    actor: Actor = "",
    quiet: Quiet = False,
    json: AsJson = False,
) -> None:
    """Set back what a run has written, except where somebody has changed it since. The next run writes it again.

    \b
    Examples:
      fullcircle writeback undo crm-contacts
      fullcircle writeback undo crm-contacts --run 7 --dry-run
    """
    from fullcircle.config.read import load_config
    from fullcircle.serve.cli.progress import Bars
    from fullcircle.writeback.opened import opened
    from fullcircle.writeback.undo import undo as set_back

    settings = load_config(config)
    asked = asker.enter(settings, ACTION, "writeback undo")
    who = asker.decides(asked, actor)
    with opened(settings, name) as desk, Bars(quiet or json) as bars:
        done = set_back(desk, number, who, bars, dry_run)
        if not dry_run:
            _note(asked, "writeback undo", desk.plan, done.rows)
    if json:
        as_json(_undone(done, asked))
        return
    would = "would be " if dry_run else ""
    say(f"[bold]{plain(done.name)}[/], run {done.undoes}: {done.set_back:,} values {would}set back.")
    if done.changed_since:
        say(f"{len(done.changed_since):,} values stay: they were changed since, by a person or a later run (--json lists them).")
    if done.left:
        say(f"{done.left:,} values stay: their rows are gone, or their people's data may not be used.")


def status(name: Name = "", config: ConfigFile = None, json: AsJson = False) -> None:
    """List the runs of write-backs: when, by whom, how many rows, and what was undone. It asks nothing of the CRM.

    \b
    Examples:
      fullcircle writeback status
    """
    from contextlib import closing

    from fullcircle.config.read import load_config
    from fullcircle.govern.home_keys import book_as_it_is
    from fullcircle.writeback.journal import kept_runs

    settings = load_config(config)
    asker.enter(settings, "status", "writeback status")
    with closing(book_as_it_is(settings)) as book:
        found = kept_runs(book, name)
    if json:
        as_json([asdict(one) for one in found])
        return
    rows = [
        {
            "run": one.number, "name": one.name, "object": f"{one.source}.{one.object}", "started": one.started_at,
            "ended": one.ended_at or "not to its end", "written": one.counts.get("written", 0),
            "conflicts": one.counts.get("values", {}).get("conflict", 0), "undoes": one.undoes, "by": one.actor,
        }
        for one in found
    ]  # fmt: skip
    table("Write-backs", rows, worth=("run", "name", "started", "written", "conflicts"), empty="none was run")


def _carry_out(name: str, config: Any, limit: int | None, quiet: bool, json: bool, verb: str, actor: str) -> WritebackDone:
    from fullcircle.config.read import load_config
    from fullcircle.serve.cli.progress import Bars
    from fullcircle.writeback.carry_out import carry_out
    from fullcircle.writeback.opened import opened

    settings = load_config(config)
    asked = asker.enter(settings, ACTION, verb)
    who, is_preview = asker.decides(asked, actor), verb.endswith("preview")
    with opened(settings, name) as desk, Bars(quiet or json) as bars:
        done = carry_out(desk, who, bars, is_preview, limit)
        done.examples = [_seen(one, desk.plan, asked) for one in done.examples]
        if not is_preview:
            _note(asked, verb, desk.plan, done.written)
    if json:
        about = {"name": done.name, "source": done.source, "object": done.object, "run": done.run}
        as_json({**about, **done.counts(), "conflicts": done.conflicts, "examples": done.examples})
    else:
        _draw(done, is_preview)
    return done


def _note(asked: Door, verb: str, plan: WritebackPlan, rows: int) -> None:
    """What left: the fields, and how many rows. Which customers they are is in the journal of the book."""
    from fullcircle.govern.entry import AuditEntry
    from fullcircle.model.counting import counted

    fields = tuple(sorted(plan.written))
    asked.note(AuditEntry(asked.who, verb, "answered", fields=fields, detail=f"{plan.place}: {counted(rows, 'row')}"))


def _seen(one: Mapping[str, Any], plan: WritebackPlan, asked: Door) -> dict[str, Any]:
    """An example as its asker may see it. What is in the CRM may be anything that somebody wrote there."""
    from fullcircle.model.field_classes import TEXT

    fact = next(fact for field, fact in plan.fields if field.name == one["field"])
    sight = asked.mask.sight
    shown, there = sight.level(fact.field_class) == "full", sight.level(TEXT) == "full"
    return {
        "record": asked.mask.id(one["record_id"]),
        "field": one["field"],
        "now": one["current"] if there or one["current"] is None else HIDDEN,
        "wanted": one["wanted"] if shown or one["wanted"] is None else HIDDEN,
        "what": one["what"],
    }


def _undone(done: WritebackUndone, asked: Door) -> dict[str, Any]:
    kept = [{"record": asked.mask.id(one.record_id), "field": one.field} for one in done.changed_since]
    return {**asdict(done), "changed_since": kept}


def _draw(done: WritebackDone, is_preview: bool) -> None:
    where = plain(f"{done.source}.{done.object}")
    said = f"{done.to_write:,} would be written" if is_preview else f"{done.written:,} written (run {done.run})"
    say(f"[bold]{plain(done.name)}[/]: {done.rows:,} rows of {where} compared, {said}.")
    if done.found_written:
        say(f"{done.found_written:,} values had been written by a run that was interrupted.")
    if done.conflicts:
        say(f"{done.conflicts:,} values were changed in the CRM by somebody else: `wins` in the config says whose stay.")
    if gone := done.values["gone"]:
        say(f"{gone:,} values of rows that are not in the CRM any more.")
    if done.altered:
        say(f"{done.altered:,} values were saved in another form than they were written in; that form counts as ours.")
    for reason, rows in done.refused.items():
        say(plain(f"{rows:,} rows were refused: {reason}."))
    if done.examples:
        table("For example", done.examples, worth=("record", "field", "wanted", "now", "what"))
