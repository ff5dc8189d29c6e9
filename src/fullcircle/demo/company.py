"""Makes a made-up company: four channels in different technologies, a small warehouse, the config, and the truth.

`make` writes everything; `change` then edits about one row in a hundred, as a few days of business would. Both give the same
files for the same seed. Who is who is in `truth.csv` (record_id, person, household); the pipeline never reads it.
"""

from __future__ import annotations

import tempfile
from importlib.resources import files
from pathlib import Path

import numpy as np
import pyarrow as pa

from fullcircle.config.read import FILE_NAME
from fullcircle.demo import channels, databases, exports, orders, people, products
from fullcircle.demo.changes import Changed, change
from fullcircle.engine.base import Engine
from fullcircle.engine.open import open_engine
from fullcircle.errors import ConfigError, disk_full, is_disk_full

__all__ = ["RECORDS_PER_PERSON", "Changed", "change", "make", "people_for"]

RECORDS_PER_PERSON = channels.RECORDS_PER_PERSON
FIRST_ORDER, ORDER_YEARS = np.datetime64("2024-01-01"), range(2024, 2027)
OURS = ("crm.sqlite", "warehouse.sqlite", "truth.csv", "shop/*", "support/*", "social/*")

TRUTH_SQL = """
SELECT CASE channel WHEN 'crm' THEN 'record:crm:contacts:' || seq WHEN 'shop' THEN printf('record:shop:customers:S-%07d', seq)
                    WHEN 'support' THEN printf('record:support:tickets:T-%07d', seq)
                    ELSE printf('record:social:mentions:M-%07d', seq) END AS record_id,
       'person-' || person AS person, 'home-' || household AS household
FROM (SELECT *, count(*) OVER (PARTITION BY channel, person) AS times FROM seen)
WHERE NOT (channel = 'crm' AND nth = 0 AND times = 1 AND d % 100 < 2)  -- deleted in the CRM
ORDER BY channel, seq
"""


def people_for(records: int) -> int:
    """How many people it takes to have about so many source records."""
    return max(1, round(records / RECORDS_PER_PERSON))


def make(folder: Path, people: int = 1600, seed: int = 7, lines_per_record: float = 3.2) -> Path:
    """Write the company into `folder` (made if needed) and return the path of its config file, which is written last.

    1,600 people give about 5,000 source records; `people_for` counts the other way. `lines_per_record` is the number of order
    lines for each source record. Raises ConfigError if the folder holds another project, DiskFull if the disk is full.
    """
    text = files("fullcircle.demo").joinpath("company.toml").read_text(encoding="utf-8")
    config = folder / FILE_NAME
    _clear(folder, text.partition("\n")[0])
    try:
        with tempfile.TemporaryDirectory(prefix=".making-", dir=folder) as work:
            engine = open_engine(Path(work) / "company.duckdb", memory="1500MB")
            try:
                _make(engine, folder, people, np.random.default_rng(seed), lines_per_record)
            finally:
                engine.close()
        config.write_text(text, encoding="utf-8")
    except OSError as error:
        if is_disk_full(error):
            raise disk_full(folder) from error
        raise
    return config


def _clear(folder: Path, first_line: str) -> None:
    config = folder / FILE_NAME
    if config.exists() and not config.read_text(encoding="utf-8").startswith(first_line):
        raise ConfigError(f"The folder {folder} holds another project.", "Name an empty folder for the made-up company.")
    config.unlink(missing_ok=True)
    for pattern in OURS:
        for path in folder.glob(pattern):
            path.unlink()
    for name in ("shop", "support", "social"):
        (folder / name).mkdir(parents=True, exist_ok=True)


def _make(engine: Engine, folder: Path, count: int, dice: np.random.Generator, lines_per_record: float) -> None:
    people.make_people(engine, count, dice)
    channels.sight(engine, count, dice)
    _sell(engine, count, lines_per_record, dice)
    databases.write_crm(engine, folder / "crm.sqlite", count, dice)
    databases.write_warehouse(engine, folder / "warehouse.sqlite", count)
    exports.write_shop(engine, folder / "shop", ORDER_YEARS)
    exports.write_support(engine, folder / "support")
    exports.write_social(engine, folder / "social")
    exports.write_csv(engine, TRUTH_SQL, folder / "truth.csv")


def _sell(engine: Engine, count: int, lines_per_record: float, dice: np.random.Generator) -> None:
    """Make the tables `products`, `orders` and `lines`."""
    goods = products.catalogue(int(np.clip(count // 100, 10, 250)), dice)
    buyers = engine.arrow("SELECT seq, person FROM seen WHERE channel = 'shop' ORDER BY seq")
    account, person = buyers["seq"].to_numpy(), buyers["person"].to_numpy()
    lines = round(engine.count("seen") * lines_per_record)
    span = (FIRST_ORDER, int((channels.END - FIRST_ORDER).astype(int)) + 1)
    bought = orders.buy(account, person, lines, goods, span, dice)
    made: dict[str, pa.Table] = {"products": goods.table, "orders": bought.orders, "lines": bought.lines}
    for name, table in made.items():
        with engine.register("drawn", table):
            engine.run(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM drawn")
