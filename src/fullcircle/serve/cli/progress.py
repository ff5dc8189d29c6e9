"""Draws progress on stderr: bars for a person at a terminal, plain lines elsewhere, nothing when quiet."""

from __future__ import annotations

import re
import sys
import time
from types import TracebackType
from typing import Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from fullcircle.model.counting import counted
from fullcircle.serve.cli.terminal import console, plain

LONG_SECONDS = 10.0  # from which on a step that is not drawn says how fast it was
OF_LABEL = re.compile(r"(Graph: (?:[a-z]+ )*)[A-Z]\w*(?: from the store)?")


class Bars:
    """A `model.progress.Progress` that shows the stage, the step, counts and rates; also those of several pieces of work."""

    def __init__(self, quiet: bool = False) -> None:
        self._console = console(stderr=True, quiet=quiet)
        self._live = sys.stderr.isatty() and not quiet
        self._bars = Progress(
            SpinnerColumn(), TextColumn("[bold]{task.fields[stage]}[/] {task.description}"), BarColumn(bar_width=24),
            MofNCompleteColumn(), TextColumn("{task.fields[rate]}"), TimeElapsedColumn(),
            console=self._console, transient=True, disable=not self._live,
        )  # fmt: skip
        self._stage = ""
        self._said: set[str] = set()  # the work of which a line was printed in this stage
        self._steps = [_Step(self)]

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._end_steps()
        self._bars.stop()

    def stage(self, name: str) -> None:
        """A stage of the pipeline begins."""
        self._end_steps()
        self._stage = name
        self._said.clear()

    def step(self, what: str, total: int | None = None) -> None:
        """A piece of work inside the stage begins."""
        self._steps[0].step(what, total)

    def advance(self, rows: int) -> None:
        """So many more rows are done."""
        self._steps[0].advance(rows)

    def note(self, text: str) -> None:
        """A word beside the rate."""
        self._steps[0].note(text)

    def beside(self) -> _Step:
        """For one of several pieces of work."""
        self._steps.append(_Step(self))
        return self._steps[-1]

    def say(self, text: str) -> None:
        """A line a person should read."""
        drawn = self._console if self._stage else console(stderr=True)  # a loss is reported even when quiet
        drawn.print(f"[yellow]![/] [dim]{self._stage}[/] {plain(text)}", soft_wrap=True)

    def begin(self, what: str, total: int | None) -> TaskID:
        """Draw a bar, or print a line where nothing is drawn."""
        if not self._live and not self._is_said(what):
            self.line(f"{what} ({counted(total, 'row')})" if total else what)
        return self._bars.add_task(plain(what), total=total, stage=self._stage, rate="")

    def draw(self, task: TaskID, rows: int, rate: str) -> None:
        """So many more rows, and the rate."""
        self._bars.update(task, advance=rows, rate=rate)

    def end(self, task: TaskID, what: str, seconds: float, rate: str) -> None:
        """Take a bar away. Where nothing is drawn, a step that took long has a line of how fast it was."""
        self._bars.remove_task(task)
        if not self._live and rate and seconds >= LONG_SECONDS:
            self.line(f"{what}: {rate}")

    def line(self, text: str) -> None:
        """A line of progress."""
        self._console.print(f"[dim]{self._stage}[/] {plain(text)}", soft_wrap=True)

    def _is_said(self, what: str) -> bool:
        """True if the stage has a line of the same work on another label: `Graph: writing Customer`, `Graph: writing Order`.

        So what a person should read is not lost among forty lines.
        """
        found = OF_LABEL.fullmatch(what)
        if not found:  # `Neptune loads edges` is no label
            return False
        known = found[1] in self._said
        self._said.add(found[1])
        return known

    def _end_steps(self) -> None:
        for one in self._steps:
            one.end()
        del self._steps[1:]


class _Step:
    """The step of one piece of work. See `model.progress.Progress`."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._task: TaskID | None = None
        self._what, self._note = "", ""
        self._rows, self._since = 0, 0.0

    def stage(self, name: str) -> None:
        """All of it goes on to another stage."""
        self._bars.stage(name)

    def step(self, what: str, total: int | None = None) -> None:
        """It begins."""
        self.end()
        self._what, self._rows, self._since = what, 0, time.perf_counter()
        self._task = self._bars.begin(what, total)

    def advance(self, rows: int) -> None:
        """So many more rows are done."""
        self._rows += rows
        if self._task is not None:
            self._bars.draw(self._task, rows, self._rate())

    def note(self, text: str) -> None:
        """A word beside the rate."""
        self._note = text
        if self._task is not None:
            self._bars.draw(self._task, 0, self._rate())

    def say(self, text: str) -> None:
        """A line a person should read."""
        self._bars.say(text)

    def end(self) -> None:
        """It is over."""
        if self._task is not None:
            self._bars.end(self._task, self._what, time.perf_counter() - self._since, self._rate() if self._rows else "")
            self._task = None

    def _rate(self) -> str:
        rate = self._rows / max(time.perf_counter() - self._since, 1e-6)
        return ", ".join(filter(None, [f"{rate:,.0f}/s", self._note]))
