"""Runs the tests for what a change touches: `make quick`. Without a change: the rules and the fastest rooms.

After SECONDS no further test is started; the end of the run says how many were left out for that.
A change is what differs from the place where the branch left the main one, and files that are not yet in git.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ALWAYS = "tests/rules"
FASTEST = ("tests/test_config.py", "tests/test_registry.py", "tests/engine", "tests/book", "tests/quality")
LEFT_OUT = "slow or server"
SECONDS = 45  # begin no test after this; the last ones and the end take some more
# Rooms of src/fullcircle whose tests have another name.
ROOMS = {
    "serve": ["tests/cli"], "ask": ["tests/cli"], "pipeline": ["tests/end_to_end", "tests/cli"],
    "desk": ["tests/test_dry_run.py"], "stage": ["tests/test_dry_run.py"],
    "config": ["tests/test_config.py"], "registry": ["tests/test_registry.py"], "model": ["tests/mapping", "tests/outside"],
    "errors": ["tests/engine", "tests/cli"],
}  # fmt: skip


def tests_for(changed: Iterable[str], there: Iterable[str]) -> list[str]:
    """The test files and folders for changed paths; `there` is every path in the tree (tests among them)."""
    known = _with_folders(there)
    found = {ALWAYS}
    for path in changed:
        found.update(place for place in _places(path) if place in known)
    if found == {ALWAYS}:
        found.update(place for place in FASTEST if place in known)
    kept = [place for place in found if not any(place.startswith(f"{other}/") for other in found)]
    return sorted(kept, key=lambda place: (place != ALWAYS, not place.endswith(".py"), place))  # single files before rooms


def _places(path: str) -> list[str]:
    parts = path.split("/")
    if re.fullmatch(r"tests/(.+/)?test_[^/]+\.py", path):
        return [path]
    if parts[0] == "tests" and len(parts) > 2:  # what the tests of a folder share
        return [f"tests/{parts[1]}"]
    if parts[:2] == ["src", "fullcircle"] and len(parts) > 2:
        room = parts[2].removesuffix(".py")
        return [*ROOMS.get(room, []), f"tests/{room}", f"tests/test_{room}.py"]
    return ["tests/deploy"] if parts[0] == "deploy" else []


def _with_folders(there: Iterable[str]) -> set[str]:
    return {str(place) for path in there for place in (Path(path), *Path(path).parents)}


def _git(*words: str) -> list[str]:
    done = subprocess.run(["git", *words], capture_output=True, text=True, check=False)
    return done.stdout.splitlines() if done.returncode == 0 else []


def changed_paths() -> list[str]:
    """What differs from the main branch (from the last commit where there is none), and what is new."""
    base = next((found[0] for name in ("origin/main", "main") if (found := _git("merge-base", "HEAD", name))), "HEAD")
    return sorted({*_git("diff", "--name-only", base), *_git("ls-files", "--others", "--exclude-standard")})


def main() -> int:
    """Print what is run and what is not, and run it."""
    changed = changed_paths()
    chosen = tests_for(changed, [path.as_posix() for path in Path("tests").rglob("*.py")])
    print(f"{len(changed)} changed files. Tests: {' '.join(chosen)}")
    print(f"Left out: tests marked {LEFT_OUT}, and every other folder. `make test` runs them all.", flush=True)
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", "-m", f"not ({LEFT_OUT})", *chosen]
    return subprocess.run(command, env={"FULLCIRCLE_QUICK_SECONDS": str(SECONDS), **os.environ}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
