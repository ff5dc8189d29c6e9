"""Runs the property tests again and again with new seeds: `make soak MINUTES=10`, or `python -m tests.soak 10 [paths]`.

Each seed is printed. The first failure ends the soak with the command that repeats it, and exit code 1.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable

Run = Callable[[list[str], dict[str, str]], int]
NOTHING_RAN = 5  # pytest's exit code
PROFILE = {"FULLCIRCLE_PROFILE": "soak"}


def arguments(seed: int, paths: list[str]) -> list[str]:
    """What pytest is called with."""
    return ["-m", "pytest", "-m", "property", "-x", f"--hypothesis-seed={seed}", *paths]


def repeat(seed: int, paths: list[str]) -> str:
    """The command that draws the same examples again."""
    quoted = [f"'{word}'" if " " in word else word for word in arguments(seed, paths)]
    return " ".join([*(f"{name}={value}" for name, value in PROFILE.items()), ".venv/bin/python", *quoted])


def soak(minutes: float, paths: list[str], run: Run, clock: Callable[[], float] = time.monotonic) -> int:
    """Rounds until the minutes are over, one at least; the exit code."""
    end, rounds = clock() + minutes * 60, 0
    while rounds == 0 or clock() < end:
        seed = secrets.randbelow(2**32)
        print(f"seed {seed}", flush=True)
        code = run(arguments(seed, paths), PROFILE)
        if code == NOTHING_RAN:
            print("There are no property tests in these paths.")
            return 1
        if code:
            print(f"\nThe property tests failed. This repeats it:\n  {repeat(seed, paths)}")
            return 1
        rounds += 1
    print(f"{rounds} rounds, no failure")
    return 0


def _pytest(given: list[str], environment: dict[str, str]) -> int:
    return subprocess.run([sys.executable, *given], env={**os.environ, **environment}, check=False).returncode


if __name__ == "__main__":
    sys.exit(soak(float(sys.argv[1]) if sys.argv[1:] else 10.0, sys.argv[2:], _pytest))
