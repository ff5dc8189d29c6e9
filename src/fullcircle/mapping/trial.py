"""Tries SQL of the maps that can make values of any size, or count for hours, before it meets all rows. See `try_greedy`.

`repeat('a', 2000000000)` or a loop over `range(1000000000)` cannot be stopped inside our own process. So such SQL first runs over
the first rows in a process of its own, with limits of time and memory, and an error names the map and the column. What is
harmless there may not be so in a later row (`repeat('a', id)`): before a run uses it, it is tried over all rows in the same way.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from fullcircle.config.sections import MapSettings
from fullcircle.engine.base import Engine, located
from fullcircle.errors import ConfigError

# Functions whose result can be far larger than what they are given; and loops inside loops.
GREEDY = re.compile(
    r"\b(repeat|lpad|rpad|range|generate_series|format|printf|bar|(list_|array_)?reduce|(list|array)_resize)\s*\(|\bselect\b",
    re.I,
)
LOOP = re.compile(r"\blambda\b|->", re.I)
ROWS = 20_000  # that are tried
SECONDS, MEMORY, LONGEST = 20.0, 1 << 30, 1_000_000  # what they may take; the characters that a value may have
LONGEST_RUN = 600.0  # seconds for all rows of a map
LOOK = 0.05  # seconds between two looks at the process
SMALLER = "Write it so that its values stay small: a value of a customer has at most some thousand characters."
CHILD = """
import json, sys
request = json.loads(sys.stdin.readline())
sys.path[:] = request["path"]
import duckdb
connection = duckdb.connect(":memory:", config={"memory_limit": "512MB", "threads": 1, "autoinstall_known_extensions": False})
connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
try:
    found = connection.execute(request["sql"]).fetchone()[0]
    print(json.dumps({"longest": found or 0}))
except duckdb.OutOfMemoryException:
    print(json.dumps({"memory": True}))
except Exception:
    print(json.dumps({}))
"""


def is_greedy(sql: str) -> bool:
    """True for SQL that can take any time or memory, whatever the rows are."""
    return bool(GREEDY.search(sql)) or len(LOOP.findall(sql)) > 1


def greedy(settings: MapSettings) -> list[tuple[str, str]]:
    """What a map computes with such SQL: its name in messages, and the SQL."""
    fields = settings.fields.items()
    found = [("where", settings.where), ("each", settings.each[1:] if settings.each.startswith("=") else "")]
    found += [(f"the sql of {name}", rule.sql) for name, rule in fields]
    found += [(f"the otherwise of {name}", rule.otherwise) for name, rule in fields]
    return [(what, sql) for what, sql in found if sql and is_greedy(sql)]


def try_greedy(engine: Engine, texts: Sequence[tuple[str, str]], rows: str, where: str, most: int = 0) -> None:
    """Raise ConfigError for such SQL that takes too long, too much memory, or makes values that are too long.

    `rows` is a SELECT of what it reads, of which the first `most` are tried (0: the usual number); `where` names the map. The
    engine may compute it when it only looks at its types, so this comes before anything else.
    """
    if not texts:
        return
    most = most or ROWS
    seconds = min(SECONDS * max(1.0, most / ROWS), LONGEST_RUN)
    with tempfile.TemporaryDirectory(prefix="fullcircle-trial-") as folder:
        path = Path(folder) / "rows.parquet"
        engine.write_parquet(f"SELECT * FROM ({rows}) LIMIT {most}", path)
        for what, sql in texts:
            if why := _fault(f"SELECT max(length(CAST(({sql}) AS VARCHAR))) FROM read_parquet({located(path)})", seconds):
                raise ConfigError(f"{where}: {what} {why}.", SMALLER)


def try_all(engine: Engine, settings: MapSettings, landed: str, rows: str, where: str) -> None:
    """Try such SQL of a map over all rows: what makes its elements over the rows of the view `landed`, the rest over `rows`."""
    texts = greedy(settings)
    many = int(engine.count(landed)) if texts else 0
    if many > ROWS:
        try_greedy(engine, [one for one in texts if one[0] == "each"], f"SELECT * FROM {landed}", where, many)
    others = [one for one in texts if one[0] != "each"]
    if settings.each or many > ROWS:
        many = int(engine.value(f"SELECT count(*) FROM {rows}")) if others else 0
        try_greedy(engine, others, f"SELECT * FROM {rows}", where, max(many, ROWS))


def _fault(sql: str, seconds: float) -> str:
    """What is wrong with SQL that gives the length of the longest value; empty if nothing is, or if it fails as it is."""
    child = subprocess.Popen(
        [sys.executable, "-I", "-X", "utf8", "-c", CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    given: bytes | None = json.dumps({"sql": sql, "path": sys.path}).encode() + b"\n"
    until = time.monotonic() + seconds
    try:
        while True:
            try:
                said = child.communicate(given, timeout=LOOK)[0]
                break
            except subprocess.TimeoutExpired:
                given = None
            if time.monotonic() > until:
                return f"took longer than {seconds:g} seconds"
            if _resident(child.pid) > MEMORY:
                return "needs more memory than 1 GB"
    finally:
        if child.poll() is None:
            child.kill()
        child.wait()
    found = json.loads(said) if said.strip() else {"memory": True}
    if found.get("memory"):
        return "needs more memory than the table engine has"
    longest = int(found.get("longest", 0))
    return f"makes a value of {longest:,} characters; at most {LONGEST:,} are taken" if longest > LONGEST else ""


def _resident(pid: int) -> int:
    """The memory that a process has now; 0 where the system does not say."""
    with suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096
    return 0
