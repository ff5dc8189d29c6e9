"""Day one: the exports of many vendors, each through `init`, `map suggest --all --write` and a run with nothing by hand.

Each value that comes out is compared with the truth: right, wrong or missed. A field of a vendor is wrong if any of its values
is, and missed if any of them is missing. The goal: nothing wrong, at most 5 % missed. Exit code 1 if it is not reached.
"""

import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from bench.exports import VENDORS
from bench.exports.came_out import brought
from bench.exports.compare import MISSED, RIGHT, WRONG, Scores, compared

MEANING = "exports of many vendors with nothing by hand, field by field: right, wrong, missed"
SIZES = ("all", "known", "unknown", *VENDORS)
MOST_MISSED = 0.05
SIGNS = {RIGHT: "+", WRONG: "X", MISSED: "-"}


def run(size: str) -> dict[str, Any]:
    """Every export, or those of vendors with a profile, without, or one."""
    results, scores = {}, {}
    for name, write in VENDORS.items():
        export = write()
        if size not in {"all", name, "known" if export.known else "unknown"}:
            continue
        folder = Path(tempfile.mkdtemp(prefix="fullcircle-day-one-"))
        try:
            out = brought(export, folder)
        finally:
            shutil.rmtree(folder)
        scores[name] = compared(export, out)
        results[name] = _result(export.known, out.problem, out.quarantine, scores[name])
        print(f"{name:<24}{line(scores[name])}{'  STOPPED: ' + out.problem if out.problem else ''}", flush=True)
    _print(scores)
    return {**_totals(results, scores), "vendors": results}


def line(scores: Scores) -> str:
    """The fields of one vendor by outcome, those that are right as a number."""
    fields = {outcome: [name for name, one in scores.items() if one.outcome == outcome] for outcome in (RIGHT, WRONG, MISSED)}
    text = f"{len(fields[RIGHT]):>3} right"
    for outcome in (WRONG, MISSED):
        text += f"; {outcome}: {', '.join(fields[outcome])}" if fields[outcome] else ""
    return text


def _result(known: bool, problem: str, quarantine: list[str], scores: Scores) -> dict[str, Any]:
    fields = {
        name: one.outcome if one.outcome == RIGHT else {"is": one.outcome, **one.counts, "example": one.example}
        for name, one in scores.items()
    }
    return {
        "known": known, **({"stopped": problem} if problem else {}), "quarantine": dict(Counter(quarantine).most_common(3)),
        "fields": fields,
    }  # fmt: skip


def _totals(results: dict[str, Any], scores: dict[str, Scores]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for kind, known in (("known", True), ("unknown", False)):
        cells = Counter(one.outcome for name in scores if results[name]["known"] is known for one in scores[name].values())
        values = sum(
            (one.counts for name in scores if results[name]["known"] is known for one in scores[name].values()), Counter()
        )
        found[kind] = {
            "vendors": sum(results[name]["known"] is known for name in scores),
            "fields": dict(cells),
            "values": dict(values),
        }
    fields = Counter(found["known"]["fields"]) + Counter(found["unknown"]["fields"])
    share = round(fields[MISSED] / max(fields.total(), 1), 4)
    return {**found, "fields": dict(fields), "missed": share, "ok": not fields[WRONG] and share <= MOST_MISSED}


def _print(scores: dict[str, Scores]) -> None:
    """The table, field by field, and everything that is not right."""
    fields = list(dict.fromkeys(name for one in scores.values() for name in one))
    print("\n" + " " * 24 + " ".join(f"{number:>2}" for number in range(1, len(fields) + 1)))
    for vendor, ours in scores.items():
        print(f"{vendor:<24}" + " ".join(f" {SIGNS[ours[name].outcome] if name in ours else ' '}" for name in fields))
    print("\n" + ", ".join(f"{number} {name}" for number, name in enumerate(fields, 1)))
    for outcome in (WRONG, MISSED):
        print(f"\n{outcome.upper()}")
        for vendor, ours in scores.items():
            for name, one in ours.items():
                if one.outcome == outcome:
                    of = one.counts.total()
                    print(f"  {vendor}: {name}, {one.counts[outcome]} of {of}; {one.example}")
