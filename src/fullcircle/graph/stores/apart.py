"""Runs a user's query on an embedded engine in a process of its own, with limits of time, memory and rows.

An engine in our process cannot be stopped from outside, may take all memory, and ends us if it crashes. In a process of its own
it can do none of that: whatever happens to it is a QueryError. The process opens the graph for reading only.

A module that runs queries has a function `answer(request)`: it gets the request as a dict and gives an Arrow table. It may raise
`TooMany`, or RuntimeError, SyntaxError, ValueError with what the engine says about the query.
"""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
from pydantic import Field

from fullcircle.config.sections import Settings
from fullcircle.errors import ConfigError, QueryError

UNITS = {"KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30}
LOOK = 0.1  # seconds between two looks at the memory of the process
ITSELF = 300 << 20  # bytes that such a process takes without any query
LAST_CALL = 2.0  # seconds that the engine has to stop by itself before its process is ended
NARROWER = "Ask for less: add conditions or a LIMIT. Or raise {} in [graph]."
# What the other process runs: it looks for libraries where this one does, and imports nothing before that.
START = (
    "import json, sys; request = json.loads(sys.stdin.buffer.readline()); sys.path[:] = request.pop('sys.path'); "
    "from fullcircle.graph.stores.apart import serve; serve(request, sys.stdout.buffer)"
)


class QueryLimits(Settings):
    """The keys of [graph] that limit what `query` may take, for every store."""

    query_seconds: float = Field(60.0, gt=0)  # how long a query may take
    query_memory: str = "1GB"  # how much memory, where the store is embedded
    query_rows: int = Field(1_000_000, ge=1)  # how many rows it may give


class TooMany(Exception):
    """A query gives more rows than it may."""


def bytes_of(size: str, key: str) -> int:
    """A size like "512MB" in bytes; ConfigError names the key of [graph]."""
    number, unit = size[:-2].strip(), size[-2:].upper()
    if unit not in UNITS or not number.replace(".", "", 1).isdigit():
        raise ConfigError(f'[graph] {key} = "{size}" is not a size.', 'Write it like "512MB" or "2GB".')
    return int(float(number) * UNITS[unit])


def not_too_many(rows: int, most: int) -> None:
    """Raise QueryError if a query gives more rows than it may. Nothing is cut off silently."""
    if rows > most:
        raise QueryError(f"The query gives more than {most:,} rows.", NARROWER.format("query_rows"))


def run_apart(module: str, request: dict[str, Any], limits: QueryLimits) -> pa.Table:
    """The answer of `module` to a request, from another process. QueryError, with the engine's words, if there is none."""
    memory = bytes_of(limits.query_memory, "query_memory")
    given = {**request, "sys.path": sys.path, "module": module, "memory": memory}
    given |= {"rows": limits.query_rows, "seconds": limits.query_seconds}
    child = subprocess.Popen(
        [sys.executable, "-I", "-X", "utf8", "-c", START],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        answer = _attended(child, json.dumps(given).encode() + b"\n", memory, limits)
    finally:
        if child.poll() is None:
            child.kill()
        child.wait()
    said, _, body = answer.partition(b"\n")
    if child.returncode or not said:
        raise QueryError(
            "The query ended the process that ran it: the engine could not bear it.", "Write it in a simpler way, or in parts."
        )
    reply = json.loads(said)
    if reply.get("too_many"):
        not_too_many(limits.query_rows + 1, limits.query_rows)
    if "error" in reply:
        raise EngineSaid(reply["error"])
    table: pa.Table = pa.ipc.open_stream(body).read_all()
    return table


class EngineSaid(Exception):
    """What the engine says about a query that it does not run; the store makes a QueryError of it."""


def _attended(child: subprocess.Popen[bytes], given: bytes, memory: int, limits: QueryLimits) -> bytes:
    """What the process writes; it is ended when it takes too long or too much."""
    until = time.monotonic() + limits.query_seconds + LAST_CALL
    first: bytes | None = given
    while True:
        try:
            return child.communicate(first, timeout=LOOK)[0]
        except subprocess.TimeoutExpired:
            first = None
        if time.monotonic() > until:
            child.kill()
            raise too_slow(limits)
        if _resident(child.pid) > memory + ITSELF:
            child.kill()
            raise too_large(limits)


def too_slow(limits: QueryLimits) -> QueryError:
    """The error for a query that takes longer than it may."""
    return QueryError(f"The query took longer than {limits.query_seconds:g} seconds.", NARROWER.format("query_seconds"))


def too_large(limits: QueryLimits) -> QueryError:
    """The error for a query that needs more memory than it may."""
    return QueryError(f"The query needs more memory than {limits.query_memory}.", NARROWER.format("query_memory"))


def _resident(pid: int) -> int:
    """The memory a process has now; 0 where the system does not tell (then only the engine's own limit holds)."""
    with suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096
    return 0


# -- in the other process ----------------------------------------------------------------------------------------------


def serve(request: dict[str, Any], out: BinaryIO) -> None:
    """Answer one request: a line of JSON, then the rows as an Arrow stream."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash leaves no copy of customers' data on the disk
    try:
        table = importlib.import_module(request["module"]).answer(request)
    except TooMany:
        out.write(b'{"too_many": true}\n')
        return
    except (RuntimeError, SyntaxError, ValueError, OSError) as error:
        out.write(json.dumps({"error": str(error)}).encode() + b"\n")
        return
    out.write(b"{}\n")
    with pa.ipc.new_stream(out, table.schema) as stream:
        stream.write_table(table)
