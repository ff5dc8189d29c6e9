"""Puts the verbs together. Importing this imports no engine: each verb fetches what it needs when it is called."""

from __future__ import annotations

import io
import sys
from typing import Annotated

import typer

from fullcircle import __version__
from fullcircle.errors import ExitCode, FullcircleError
from fullcircle.serve.cli import (
    access,
    ask,
    asker,
    audit,
    buying,
    campaign,
    demo,
    doctor,
    erase,
    explain,
    identity,
    init,
    mcp,
    person,
    policy,
    quality,
    review,
    run,
    runs,
    security,
    segment,
    serve,
    sources,
    sql,
    stages,
    steward,
    timeline,
    webhooks,
    writeback,
)
from fullcircle.serve.cli.endings import Signals, Stopped, explained, flush
from fullcircle.serve.cli.output import fail

app = typer.Typer(
    name="fullcircle",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # drawing help in boxes costs 0.3 s
    context_settings={"help_option_names": ["-h", "--help"]},
    help="A customer 360 view, kept as a graph.\n\nNew here? `fullcircle demo` shows the whole way on a made-up company; "
    "`fullcircle init` starts your own.",
)


@app.callback(invoke_without_command=True)
def root(
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
    as_: Annotated[
        str,
        typer.Option(
            "--as", metavar="KEY", envvar="FULLCIRCLE_TOKEN", show_default=False, show_envvar=False,
            help="Ask with an API key, where the project has a policy; better in the environment: FULLCIRCLE_TOKEN.",
        ),
    ] = "",
) -> None:  # fmt: skip
    """Hold the options that come before a verb."""
    asker.ask_as(as_)
    if version:
        typer.echo(__version__)
        raise typer.Exit()


ROOMS = (  # in the order of the help
    init,
    demo,
    run,
    stages,
    sources,
    ask,
    timeline,
    runs,
    quality,
    buying,
    segment,
    campaign,
    writeback,
    explain,
    review,
    steward,
    erase,
    person,
    identity,
    audit,
    access,
    policy,
    security,
    serve,
    sql,
    webhooks,
    mcp,
    doctor,
)
for room in ROOMS:
    room.register(app)


def main() -> None:
    """Run the command line. Whatever happens ends in one message, without values of the data, and an exit code."""
    signals = Signals()
    signals.watch()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without the letters of a name shows their numbers
    try:
        code = _ended(signals)
    except Stopped:  # while an error was being reported
        signals.arrived = True
        code = signals.code
    sys.exit(code)


def _ended(signals: Signals) -> int:
    try:
        try:
            app()
        except SystemExit as ended:
            flush()
            return ended.code if isinstance(ended.code, int) else int(bool(ended.code))
        return ExitCode.OK
    except Stopped:
        signals.arrived = True
    except Exception as error:  # the last catch: nothing leaves this program as a traceback
        if not signals.received:  # some libraries turn the signal into an error of their own
            return _reported(error)
    typer.echo(signals.line(), err=True)
    return signals.code


def _reported(error: Exception) -> int:
    try:
        ours = error if isinstance(error, FullcircleError) else explained(error)
    except FullcircleError as better:
        ours = better
    fail(ours, as_json="--json" in sys.argv)
    return ours.exit_code


if __name__ == "__main__":
    main()
