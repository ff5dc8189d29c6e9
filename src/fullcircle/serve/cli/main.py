"""Puts the verbs together. Importing this imports no engine: each verb fetches what it needs when it is called."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from fullcircle import __version__
from fullcircle.errors import ExitCode, FullcircleError
from fullcircle.serve.cli import ask, demo, doctor, init, run, stages
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
def root(version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False) -> None:
    """Hold the options that come before a verb."""
    if version:
        typer.echo(__version__)
        raise typer.Exit()


for room in (init, demo, run, stages, ask, doctor):
    room.register(app)


def main() -> None:
    """Run the command line; errors of ours end in one message and their exit code."""
    try:
        app()
    except FullcircleError as error:
        fail(error, as_json="--json" in sys.argv)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        typer.echo("Interrupted. The same command continues where it stopped.", err=True)
        sys.exit(ExitCode.INTERRUPTED)
    except OSError as error:
        from fullcircle.errors import disk_full, is_disk_full

        if not is_disk_full(error):
            raise
        fail(disk_full(error.filename or "the disk"), as_json="--json" in sys.argv)
        sys.exit(ExitCode.FAILED)


if __name__ == "__main__":
    main()
