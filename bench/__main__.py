"""Lists the benches, or runs one: `python -m bench pipeline --size 100k [--freeze]`."""

import argparse
import importlib
import json
import os
import platform
import sys
from contextlib import redirect_stdout
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
NOT_BENCHES = {"__init__", "__main__", "measure", "made_up"}
LIBRARIES = ("duckdb", "ladybug", "splink", "pyarrow", "scipy")


def names() -> list[str]:
    return sorted(path.stem for path in HERE.glob("*.py") if path.stem not in NOT_BENCHES)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("name", nargs="?", choices=names())
    parser.add_argument("--size", default="", help="how much data; each bench says which sizes it knows")
    parser.add_argument("--freeze", action="store_true", help="keep the result in bench/results/")
    parser.add_argument("--json", action="store_true", help="nothing but the result on standard output")
    chosen = parser.parse_args()
    if not chosen.name:
        for name in names():
            bench = importlib.import_module(f"bench.{name}")
            print(f"  make bench NAME={name:<12} {bench.MEANING} (SIZE={'|'.join(bench.SIZES)})")
        return
    bench = importlib.import_module(f"bench.{chosen.name}")
    size = chosen.size or bench.SIZES[0]
    if size not in bench.SIZES:
        parser.error(f"{chosen.name} knows the sizes {', '.join(bench.SIZES)}")
    with redirect_stdout(sys.stderr if chosen.json else sys.stdout):
        found = bench.run(size)
    result = {"bench": chosen.name, "size": size, **surroundings(), **found}
    if chosen.freeze:
        (HERE / "results").mkdir(exist_ok=True)
        (HERE / "results" / f"{chosen.name}-{size}.json").write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result))
    if not found.get("ok", True):  # a bench with a goal says whether it is reached
        sys.exit(1)


def surroundings() -> dict[str, Any]:
    return {
        "date": date.today().isoformat(),
        "python": platform.python_version(),
        "cores": len(os.sched_getaffinity(0)),
        "versions": {name: version(name) for name in LIBRARIES},
    }


if __name__ == "__main__":
    main()
