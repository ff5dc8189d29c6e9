"""A small project as files: two sources, and people who are easily mistaken for one another. A whole run of it takes seconds.

`make` writes it, `ran` has been run once, `change` is what a day brings. Tests that need many people, all connectors or known
truth take the made-up company of the demo instead.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from fullcircle.config.read import read_config
from fullcircle.desk import open_desk
from fullcircle.pipeline import run

CONFIG = """
[sources.crm]
connector = "files"
path = "crm"
[sources.crm.objects.contacts]
files = "contacts.csv"
key = "id"
[sources.shop]
connector = "files"
path = "shop"
[sources.shop.objects.people]
files = "people.csv"
key = "id"
[sources.shop.objects.orders]
files = "orders.csv"
key = "id"

[[map]]
source = "crm"
object = "contacts"
to = "records"
[map.fields]
full_name = "name"
email = "email"
phone = "phone"
[[map]]
source = "shop"
object = "people"
to = "records"
[map.fields]
full_name = "name"
email = "email"
[[map]]
source = "shop"
object = "orders"
to = "orders"
[map.fields]
record_id = { field = "person", ref = "people" }
ordered_at = "day"
amount = "amount"
"""
LAKE = '\n[publish.targets.lake]\ntarget = "iceberg"\ntables = ["customers", "orders", "quarantine"]\n'
PARQUET = '\n[publish.targets.files]\ntarget = "parquet"\n'  # its home can be copied to another place; one with a lake cannot
FILES = {
    "crm/contacts.csv": (
        "id,name,email,phone\n17,Ada Keller,ada.keller@example.org,+41443334455\n18,Ben Keller,ben@example.org,\n"
        "19,Adelheid Brunner,heidi@example.net,\n20,Cleo Ito,c.ito@example.com,\n"
    ),
    "shop/people.csv": (
        "id,name,email\n4,Ada Keller,ada.keller@example.org\n5,Cleo Ito,cleo@example.org\n"
        "6,Ada Brunner-Keller,ada.b@example.net\n7,Ada Keller,ada.keller@example.org\n"
    ),
    "shop/orders.csv": "id,person,day,amount\n7,4,2026-03-02,19.90\n8,4,2026-03-09,5\n9,5,2026-03-10,7\n10,6,2026-03-11,8\n",
}
_kept = tempfile.TemporaryDirectory(prefix="small-")  # projects that were run: `ran`
_ran: dict[str, Path] = {}
BAD = "11,6,2026-03-12,a lot\n"  # a line for shop/orders.csv that belongs in quarantine


def make(folder: Path, more: str = "", files: Mapping[str, str] = FILES) -> Path:
    """Write the files and the config, which ends with `more`; returns the config file."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "fullcircle.toml").write_text(CONFIG + more)
    return folder / "fullcircle.toml"


def ran(folder: Path, more: str = PARQUET, files: Mapping[str, str] = FILES) -> Path:
    """As `make`, and run once: the run is made once for all tests of a process, and what it left is copied. Not with a lake."""
    made = str((more, sorted(files.items())))
    if made not in _ran:
        place = Path(tempfile.mkdtemp(dir=_kept.name))
        with open_desk(read_config(make(place, more, files))) as desk:
            run(desk)
        _ran[made] = place
    shutil.copytree(_ran[made], folder)
    return folder / "fullcircle.toml"


def change(folder: Path, day: int) -> None:
    """Another day: somebody new, who orders at once."""
    for name, row in (
        ("people", f"{day}00,Nia Walsh{day},nia{day}@example.org\n"),
        ("orders", f"{day}000,{day}00,2026-04-01,3\n"),
    ):
        with (folder / "shop" / f"{name}.csv").open("a") as file:
            file.write(row)
