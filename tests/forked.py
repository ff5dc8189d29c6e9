"""Processes of their own that begin quickly: forked from one that has imported what is heavy, and does nothing else.

For tests that kill a process at many moments: `python -m ...` would import for a second each time.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.graph.doomed_sync"])


class Forked:
    """A started process, with what `subprocess.Popen` has: all that it prints comes by `stdout`."""

    def __init__(self, work: Callable[..., None], *given: str) -> None:
        ours, theirs = _FORKS.Pipe(duplex=False)
        self._process = _FORKS.Process(target=_speak, args=(theirs, dict(os.environ), work, given))
        self._process.start()
        theirs.close()
        self.stdout = os.fdopen(os.dup(ours.fileno()), encoding="utf-8")
        ours.close()

    @property
    def returncode(self) -> int | None:
        """As a shell's; -9 if it was killed, None while it works."""
        return self._process.exitcode

    def kill(self) -> None:
        """kill -9."""
        self._process.kill()

    def communicate(self, timeout: float) -> tuple[str, str]:
        """Wait for its end; what else it has printed, and nothing beside."""
        with self.stdout:
            said = self.stdout.read()
        self._process.join(timeout)
        return said, ""


def _speak(pipe: Connection, environment: dict[str, str], work: Callable[..., None], given: tuple[str, ...]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    for number in (1, 2):
        os.dup2(pipe.fileno(), number)
    sys.stdout, sys.stderr = (os.fdopen(number, "w", buffering=1, encoding="utf-8") for number in (1, 2))
    pipe.close()
    work(*given)
