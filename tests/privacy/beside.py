"""What goes on in other processes while people are erased: runs with ever new rows, and erasures that are killed."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from fullcircle.config.read import read_config
from fullcircle.desk import open_desk
from fullcircle.errors import Busy
from fullcircle.pipeline import run
from fullcircle.privacy.erase import erase
from fullcircle.steward.who import customer_named
from tests.privacy.canaries import Canary
from tests.privacy.doomed import doomed

Found = TypeVar("Found")
PATIENCE = 900.0  # seconds


def patiently(work: Callable[[], Found]) -> Found:
    """Do it as soon as the home is free."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return work()
        except Busy:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)


def runs(config: str, stop: str, canaries: str) -> None:
    """Run again and again until there is a file `stop`; before each run a day brings rows of others and of some canary."""
    numbers = json.loads(canaries)
    day = 0
    while not Path(stop).exists():
        _another_day(Path(config).parent, day, Canary(numbers[day % len(numbers)]))
        patiently(lambda: _run(config))
        day += 1
        time.sleep(0.1)  # whoever waits gets a turn
    print(day)


def _run(config: str) -> None:
    with open_desk(read_config(Path(config))) as desk:
        run(desk)


def _another_day(folder: Path, day: int, one: Canary) -> None:
    """New rows: of somebody new, of an old customer, and of a canary: an order, and a second account with its address."""
    rows = {
        "shop/people.csv": [f"np{day},Nia Walsh{day},nia{day}@example.org", f"ns{day},{one.word},{one.word}@{one.word}.example"],
        "shop/orders.csv": [f"no{day},np{day},2026-06-01,3,plain", f"nx{day},s-{one.word},2026-06-02,4,{one.word} again"],
        "crm/deals.csv": [f"nd{day},c-{one.word},2026-06-03,{one.word} asks again"],
    }
    for name, lines in rows.items():
        with (folder / name).open("a") as file:
            file.write("\n".join(lines) + "\n")


def erase_killed(config: str, canaries: str, fatal: str) -> None:
    """Erase these canaries as soon as the home is free, and die at a point of it."""
    names = [f"crm:contacts:c-{Canary(number).word}" for number in json.loads(canaries)]
    settings = read_config(Path(config))
    with doomed(int(fatal)):
        patiently(lambda: erase(settings, names, customer_named, "officer"))
