"""The whole pipeline on a made-up company: seconds, CPU seconds, rows a second and peak memory per stage.

The size is the number of source records (person rows over all channels); there are three to four order lines to each.
After the full run: a run with nothing new, then a run after 1 % of the source changed.
"""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from bench.measure import measured
from fullcircle import pipeline
from fullcircle.config.read import read_config
from fullcircle.demo.company import change, make, people_for
from fullcircle.demo.story import story
from fullcircle.desk import Desk, open_desk
from fullcircle.stage import Choice

MEANING = "every stage of the pipeline at growing size, then nothing new, then 1 % changed"
SIZES = ("10k", "100k", "1M")
RECORDS = {"10k": 10_000, "100k": 100_000, "1M": 1_000_000}


def run(size: str) -> dict[str, Any]:
    folder = Path(tempfile.mkdtemp(prefix="fullcircle-bench-"))
    try:
        return _run(folder, RECORDS[size])
    finally:
        shutil.rmtree(folder)


def _run(folder: Path, records: int) -> dict[str, Any]:
    with measured() as making:
        file = make(folder, people=people_for(records), lines_per_record=3.2)
    settings = read_config(file)
    with open_desk(settings) as desk:
        first = _stages(desk, records)
        summary = story(desk.engine, folder)
        sizes = {name: desk.engine.count(name) for name in ("records", "order_lines", "customers")}
    with open_desk(settings) as desk, measured() as nothing:
        done = pipeline.run(desk)
    nothing["skipped"] = sum(one.skipped for one in done)
    change(folder, 0.01, seed=1)
    with open_desk(settings) as desk, measured() as one_percent:
        done = pipeline.run(desk)
    one_percent["written"] = {one.stage: one.counts.get("written", 0) for one in done if "written" in one.counts}
    one_percent["stages"] = {one.stage: round(one.seconds, 2) for one in done}
    return {
        **sizes, "match": summary["match"], "making_the_company": making, "stages": first,
        "seconds": round(sum(one["seconds"] for one in first.values()), 1),
        "peak_gib": max(one["peak_gib"] for one in first.values()),
        "nothing_new": nothing, "one_percent_changed": one_percent,
    }  # fmt: skip


def _stages(desk: Desk, records: int) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for stage in pipeline.STAGES:
        with measured() as one:
            done = pipeline.run(desk, Choice(only=(stage.name,)))
        found[stage.name] = {**one, "rows_per_second": round(records / max(one["seconds"], 0.01)), "counts": done[0].counts}
        print(stage.name, found[stage.name], flush=True)
    return found
