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

OF_LABEL = re.compile(r"(Graph: (?:[a-z]+ )*)[A-Z]\w*(?: from the store)?")


class Bars:
    """A `model.progress.Progress` that shows the stage, the step, counts and rates."""

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
        self._task: TaskID | None = None
        self._rows = 0
        self._since = 0.0

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._end_step()
        self._bars.stop()

    def stage(self, name: str) -> None:
        """A stage of the pipeline begins."""
        self._end_step()
        self._stage = name
        self._said.clear()

    def step(self, what: str, total: int | None = None) -> None:
        """A piece of work inside the stage begins."""
        self._end_step()
        self._rows, self._since = 0, time.perf_counter()
        self._task = self._bars.add_task(plain(what), total=total, stage=self._stage, rate="")
        if not self._live and not self._is_said(what):
            size = f" ({counted(total, 'row')})" if total else ""
            self._console.print(f"[dim]{self._stage}[/] {plain(what)}{size}", soft_wrap=True)

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

    def advance(self, rows: int) -> None:
        """So many more rows are done."""
        if self._task is None:
            return
        self._rows += rows
        rate = self._rows / max(time.perf_counter() - self._since, 1e-6)
        self._bars.update(self._task, advance=rows, rate=f"{rate:,.0f}/s")

    def say(self, text: str) -> None:
        """A line a person should read."""
        drawn = self._console if self._stage else console(stderr=True)  # a loss is reported even when quiet
        drawn.print(f"[yellow]![/] [dim]{self._stage}[/] {plain(text)}", soft_wrap=True)

    def _end_step(self) -> None:
        if self._task is not None:
            self._bars.remove_task(self._task)
            self._task = None
