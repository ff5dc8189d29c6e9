"""`fullcircle run --watch`: one run after another, until it is stopped.

A run in which nothing changed says nothing. An error that may pass (a source that does not answer, another run under way) is
reported and tried again, with longer and longer pauses; any other error ends the command. Where only some of the sources cannot
be read, that is said once, and the others are pulled as often as ever.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, cast

import typer

from fullcircle.errors import FullcircleError, SourcesFailed
from fullcircle.model.counting import counted
from fullcircle.serve.cli.endings import Stopped
from fullcircle.serve.cli.output import fail, json_text
from fullcircle.serve.cli.run import row

if TYPE_CHECKING:
    from fullcircle.stage import Done

LONGEST_PAUSE = 300.0  # seconds between tries, however often they failed


def watch(
    once: Callable[[], list[Done]], every: float, show: Callable[[list[Done]], None], pause: Callable[[float], None] = time.sleep
) -> None:
    """Run again `every` so many seconds after the end of a run; `show` is given each run that changed something.

    A signal during a pause ends this in good order. During a run it is for the caller: a run may be stopped anywhere.
    """
    runs = failures = 0
    said = ""
    while True:
        try:
            done = once()
            failures = 0
            said = ""
            if changed_something(done):
                show(done)
        except FullcircleError as error:
            if isinstance(error, SourcesFailed) and error.done:
                failures, done = 0, cast("list[Done]", error.done)
                if changed_something(done):
                    show(done)
                if error.message != said:
                    fail(error, as_json=False)
                said = error.message
            elif error.retry:
                failures += 1
                fail(error, as_json=False)
            else:
                raise
        runs += 1
        seconds = min(every * 2**failures, max(every, LONGEST_PAUSE))
        if failures:
            typer.echo(f"Trying again in {seconds:,.0f} s.", err=True)
        try:
            pause(seconds)
        except Stopped:
            typer.echo(f"Stopped between two runs, after {counted(runs, 'run')}.", err=True)
            return


def changed_something(done: list[Done]) -> bool:
    """True if any stage after the pull had something to do, or the pull found rows."""
    return any(not one.skipped and (one.stage != "pull" or any(_rows(one).values())) for one in done)


def _rows(pull: Done) -> dict[str, int]:
    """What a pull found, without the number of objects that it looked at."""
    return {name: number for name, number in pull.counts.items() if name != "objects"}


def line(done: list[Done]) -> str:
    """What a run has changed, in one line."""
    now = f"{datetime.now():%Y-%m-%d %H:%M:%S}"
    pulled = next((_rows(one) for one in done if one.stage == "pull"), {})
    found = ", ".join(f"{number:,} {name}" for name, number in pulled.items() if number) or "nothing new"
    worked = [one.stage for one in done if not one.skipped and one.stage != "pull"]
    seconds = sum(one.seconds for one in done)
    return f"{now}  pulled: {found}; {', '.join(worked) or 'nothing'} done in {seconds:.1f} s"


def json_line(done: list[Done]) -> str:
    """The same as one JSON document."""
    return json_text({"at": f"{datetime.now().astimezone():%Y-%m-%dT%H:%M:%S%z}", "stages": [row(one) for one in done]})
