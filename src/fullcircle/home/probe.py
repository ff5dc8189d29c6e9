"""Reads a whole embedded graph in a process of its own: a damaged file may end the process that reads it.

Its exit code is 0 if all of the graph can be read, BUSY if another process is writing it, else anything.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from fullcircle.errors import Busy, FullcircleError

BUSY, UNREADABLE = 10, 11


def readable(plugin: str, path: Path, options: dict[str, object], whole: bool) -> bool:
    """True if the graph can be opened and read, or is being written right now; `whole`: every vertex and edge, else a count."""
    given = json.dumps({"plugin": plugin, "path": str(path), "options": options, "whole": whole})
    done = subprocess.run([sys.executable, "-m", __name__], input=given, text=True, capture_output=True, check=False)
    return done.returncode in (0, BUSY)


def main() -> int:
    """Read the graph named on stdin."""
    from fullcircle import registry
    from fullcircle.graph.base import ExaminesItself, StoreContext
    from fullcircle.model.graph import EDGES, VERTICES

    given = json.loads(sys.stdin.read())
    try:
        store = registry.load("graph.stores", given["plugin"])(StoreContext(Path(given["path"]), given["options"], True))
        store.count()
        if given["whole"] and isinstance(store, ExaminesItself):
            store.examine()
        for label in (*VERTICES, *EDGES) if given["whole"] else ():
            for _ in store.scan(label):
                pass
        store.close()
    except Busy:
        return BUSY
    except FullcircleError:
        return UNREADABLE
    return 0


if __name__ == "__main__":
    sys.exit(main())
