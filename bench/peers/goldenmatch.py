"""GoldenMatch without any settings, in a Python of its own beside this one: its dependencies are many, and none of ours.

It is fetched once, into the folder of temporary files. A run that takes longer than LIMIT seconds has no result.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.csv

VERSION, LIMIT = "3.22.0", 600
HOME = Path(tempfile.gettempdir()) / f"fullcircle-bench-goldenmatch-{VERSION}"
SCRIPT = """
import json, sys
import goldenmatch
found = goldenmatch.dedupe(sys.argv[1]).clusters
json.dump([[row, name] for name, one in found.items() for row in one["members"]], open(sys.argv[2], "w"))
"""


def members(table: pa.Table) -> pa.Table | str:
    """(record_id, customer_id), or why there are none."""
    python = HOME / "bin" / "python"
    try:
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", str(HOME)], check=True)
            subprocess.run(
                [str(python), "-m", "pip", "install", "-q", f"goldenmatch=={VERSION}"], check=True, capture_output=True
            )
        with tempfile.TemporaryDirectory(prefix="fullcircle-bench-") as folder:
            given, answer = Path(folder) / "people.csv", Path(folder) / "clusters.json"
            pyarrow.csv.write_csv(table.drop_columns(["record_id"]), given)
            command = [str(python), "-c", SCRIPT, str(given), str(answer)]
            subprocess.run(command, check=True, capture_output=True, timeout=LIMIT, cwd=folder)
            rows = json.loads(answer.read_text(encoding="utf-8"))
    except subprocess.TimeoutExpired:
        return f"no result in {LIMIT} seconds"
    except subprocess.CalledProcessError as error:
        last = (error.stderr or b"").decode(errors="replace").strip().splitlines()[-1:]
        return f"failed: {' '.join(last)[:200]}"
    return pa.table(
        {"record_id": table["record_id"].take(pa.array([row for row, _ in rows])), "customer_id": [str(name) for _, name in rows]}
    )
