"""`fullcircle audit ...`: who was shown what, and proof that nothing of it was changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fullcircle.model.counting import counted
from fullcircle.serve.cli import asker
from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, say, table
from fullcircle.serve.cli.terminal import plain

if TYPE_CHECKING:
    from fullcircle.ask.audit import AuditReport

Since = Annotated[str, typer.Option("--since", help='Only from this time on: 2026-11-30, or how long ago: "7d", "12h".')]
Files = Annotated[
    list[Path] | None,
    typer.Option("--checkpoint", help="A checkpoint that was kept elsewhere, or a folder of them; may be given several times."),
]
Keys = Annotated[
    list[str] | None, typer.Option("--public-key", help="The key of checkpoints that another key signed than the one in use.")
]


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    room = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Who was shown what: the audit log, and proof of it.")
    for verb in (show, verify, checkpoint, export, begin):
        room.command()(verb)
    app.add_typer(room, name="audit")


def show(
    config: ConfigFile = None,
    customer: Annotated[str, typer.Option(help="Only about this customer: an id, also one that was merged.")] = "",
    who: Annotated[str, typer.Option(help="Only by these: a part of the name.")] = "",
    question: Annotated[str, typer.Option(help="Only this question: show, search, export ...")] = "",
    since: Since = "",
    until: Annotated[str, typer.Option(help="Only before this time.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="At most so many, the newest.")] = 50,
    json: AsJson = False,
) -> None:
    """Who was shown which fields of whom, through which door and by which rule, the newest first.

    \b
    Examples:
      fullcircle audit show --since 7d
      fullcircle audit show --customer customer:4q2m...
      fullcircle audit show --who maria --question export --json
    """
    from fullcircle.ask.audit import audit_entries
    from fullcircle.config.read import load_config

    settings = load_config(config)
    asker.enter(settings, "audit", "audit show")
    found = audit_entries(settings, customer, who, question, since, until, limit).to_pylist()
    if json:
        as_json(found)
        return
    rows = [
        {
            "number": one["number"],
            "at": one["at"][:19].replace("T", " "),
            "who": one["who"],
            "door": one["door"],
            "question": one["question"],
            "": one["outcome"] if one["outcome"] != "answered" else "",
            "customers": len(one["customers"]),
            "fields": ", ".join(one["fields"]),
            "rule": one["rule"],
            "detail": one["detail"],
        }
        for one in found
    ]
    table(counted(len(rows), "entry", "entries"), rows, worth=("at", "who", "question", "", "number"), empty="none fits")


def verify(config: ConfigFile = None, checkpoint: Files = None, public_key: Keys = None, json: AsJson = False) -> None:
    """Read the whole log and say what was done to it, and where. The exit code is 1 if it is not whole.

    Entries that were changed, taken out, put in or exchanged are found by the log itself. A tail that was cut, and a log that was
    written anew, are found by a checkpoint that was kept elsewhere.

    \b
    Examples:
      fullcircle audit verify
      fullcircle audit verify --checkpoint /safe/place/5f0c2e9a-000000001042.checkpoint
    """
    from fullcircle.ask.audit import audit_verify
    from fullcircle.config.read import load_config

    settings = load_config(config)
    asker.permitted(settings, "audit", "audit verify")
    found = audit_verify(settings, checkpoint or (), public_key or ())
    if json:
        as_json(found.to_dict())
    else:
        _draw(found)
    if not found.whole:
        raise typer.Exit(1)


def _draw(found: AuditReport) -> None:
    entries = counted(found.entries, "entry", "entries")
    by = f", {counted(found.checkpoints, 'checkpoint fits', 'checkpoints fit')}" if found.checkpoints else ""
    say(f"[bold]{'whole' if found.whole else 'NOT WHOLE'}[/]: {entries}{by}  [dim]{plain(found.origin)} root {found.root}[/]")
    for one in found.findings:
        say(plain(f"  {one.problem}"))
    if found.more:
        say(f"  and {found.more:,} more")


def checkpoint(
    config: ConfigFile = None,
    public_key: Annotated[bool, typer.Option("--public-key", help="Only print the key that checks signatures.")] = False,
    json: AsJson = False,
) -> None:
    """Print how far the log goes, signed; also written into the folder of [audit] checkpoints. Keep it elsewhere.

    \b
    Example:
      fullcircle audit checkpoint > /safe/place/today.checkpoint
    """
    from fullcircle.ask.audit import audit_checkpoint
    from fullcircle.config.read import load_config

    settings = load_config(config)
    asker.enter(settings, "audit", "audit checkpoint")
    found = audit_checkpoint(settings)
    if json:
        as_json(found.to_dict())
    else:
        typer.echo(found.public_key if public_key else found.checkpoint, nl=public_key)


def export(
    file: Annotated[Path, typer.Argument(help="The file to write: a JSON object a line.")],
    config: ConfigFile = None,
) -> None:
    """Write the whole log with its hashes into a file that others can verify; the last line is a signed checkpoint.

    docs/how-to/audit.md has a program of a few lines that verifies it.

    \b
    Example:
      fullcircle audit export audit.ndjson
    """
    from fullcircle.ask.audit import audit_export
    from fullcircle.config.read import load_config

    settings = load_config(config)
    asker.enter(settings, "audit", "audit export")
    entries = audit_export(settings, file)
    say(f"{counted(entries, 'entry is', 'entries are')} in {plain(str(file))}.")


def begin(config: ConfigFile = None) -> None:
    """Begin a new log where the old one is lost or damaged. Its first entry says so; a damaged file is set aside.

    \b
    Example:
      fullcircle audit begin
    """
    from fullcircle.ask.audit import audit_begin
    from fullcircle.config.read import load_config

    settings = load_config(config)
    aside = audit_begin(settings, asker.permitted(settings, "configure", "audit begin"))
    say(f"A new audit log was begun.{f' The damaged one is {plain(aside)}.' if aside else ''}")
