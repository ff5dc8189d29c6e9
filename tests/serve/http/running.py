"""A real server: `fullcircle serve` in a process of its own, on loopback, stopped by whoever started it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[3]
SECONDS = 120


@dataclass
class Running:
    """A server that answers."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)  # of its log
    port: int = 0
    key: str = ""  # without a policy: the one that it printed

    def stop(self) -> int:
        """Ask it to stop; how it ended."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(SECONDS)


@contextmanager
def running(config: Path, *options: str) -> Iterator[Running]:
    """Start it and wait until it answers."""
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "fullcircle.serve.cli.main", "serve", "--config", str(config), "--port", "0", *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env,
    )  # fmt: skip
    one = Running(process)
    threading.Thread(target=lambda: one.lines.extend(process.stderr or ()), daemon=True).start()
    try:
        printed = ""
        for line in process.stdout or ():
            printed += line
            if "Ctrl-C" in line:
                break
        found = re.search(r"served at https?://[^\s:]+:(\d+)/", printed)
        assert found, printed + "".join(one.lines)
        one.port = int(found[1])
        _wait_until_it_listens(one)
        key = re.search(r"key opens everything: (\S+)", printed)
        one.key = key[1] if key else ""
        yield one
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        for stream in (process.stdout, process.stderr):
            if stream:
                stream.close()


def _wait_until_it_listens(one: Running) -> None:
    """It prints its address a moment before."""
    until = time.monotonic() + SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", one.port), 5).close()
            return
        except OSError:
            if time.monotonic() > until or one.process.poll() is not None:
                raise
            time.sleep(0.05)
