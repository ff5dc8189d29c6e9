"""What encryption costs: pull, conform and reading of the same company with [security] encrypt off and on, in turns.

Each is run three times in a process of its own, off and on in turns; the least CPU seconds count. The goal is under 25 % more for
pull.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from fullcircle.demo.company import make, people_for
from fullcircle.govern.kek import new_key

MEANING = "what encrypting the book and the landed files costs in pull, conform and reading"
SIZES = ("10k", "100k")
RECORDS = {"10k": 10_000, "100k": 100_000}
TURNS = 3
WORK = """
import json, sys
from pathlib import Path
from bench.measure import measured
from fullcircle import pipeline
from fullcircle.config.read import read_config
from fullcircle.desk import open_desk
from fullcircle.stage import Choice
found = {}
with open_desk(read_config(Path(sys.argv[1]))) as desk:
    for stage in ("pull", "conform"):
        with measured() as found[stage]:
            pipeline.run(desk, Choice(only=(stage,)))
    with measured() as found["read"]:
        for source, name in desk.landing.objects():
            desk.engine.value(f"SELECT count(DISTINCT _raw) FROM ({desk.landing.current_sql(source, name)})")
found["mib"] = sum(path.stat().st_size for path in desk.landing.root.rglob("*.parquet")) / 2**20
print(json.dumps(found))
"""


def run(size: str) -> dict[str, Any]:
    folder = Path(tempfile.mkdtemp(prefix="fullcircle-bench-"))
    try:
        (folder / "key").write_text(new_key())
        file = make(folder / "company", people=people_for(RECORDS[size]), lines_per_record=3.2)
        text = file.read_text()
        configs = {"off": "", "on": f'\n[security]\nencrypt = true\nkey = "file:{folder / "key"}"\n'}
        found: dict[str, list[dict[str, Any]]] = {"off": [], "on": []}
        for _ in range(TURNS):
            for name, more in configs.items():
                file.write_text(text + more)
                shutil.rmtree(file.parent / ".fullcircle", ignore_errors=True)
                command = [sys.executable, "-c", WORK, str(file)]
                found[name].append(json.loads(subprocess.run(command, check=True, capture_output=True).stdout))
        return _compared(found)
    finally:
        shutil.rmtree(folder)


def _compared(found: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    stages = ("pull", "conform", "read")
    least = {
        name: {stage: min(turn[stage]["cpu_seconds"] for turn in turns) for stage in stages} for name, turns in found.items()
    }
    ratios = {stage: round(least["on"][stage] / least["off"][stage], 3) for stage in stages}
    sizes = {name: round(turns[-1]["mib"], 1) for name, turns in found.items()}
    return {"cpu_seconds": least, "ratio": ratios, "landed_mib": sizes}
