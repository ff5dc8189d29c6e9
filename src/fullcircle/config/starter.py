"""The config file that a new project starts with: commented, with the data files that are already there as a source."""

from __future__ import annotations

import re
from pathlib import Path

TEXT = """\
# fullcircle: one file says where customers come from and what is made of them.
# Every value can be overridden from the environment: FULLCIRCLE_GRAPH__STORE=memory overrides [graph] store.
# Secrets never belong in this file: write env:NAME or file:PATH.

[project]
name = "{name}"
home = ".fullcircle"        # where everything is kept: landed files, tables, the graph, the book of decisions
country = "US"              # how phone numbers and addresses without a country are read

[engine]
memory = "2GB"              # what the table engine may use before it spills to disk
threads = 0                 # 0: all cores
{sources}
# A database (anything SQLAlchemy speaks). `fullcircle map suggest --all --write` proposes the mapping.
# [sources.crm]
# connector = "sql"
# url = "env:CRM_URL"       # postgresql+psycopg://user:password@host/database
# [sources.crm.objects.contacts]
# table = "contacts"
# cursor = "updated_at"     # says which rows changed; without one the table is read whole
# deleted = "is_deleted"    # a soft-delete flag, if there is one

# A Tryton server. Its fields are mapped already.
# [sources.tryton]
# connector = "tryton"
# url = "http://localhost:8000/mydatabase"
# user = "reader"
# password = "env:TRYTON_PASSWORD"

# One [[map]] for each source object: which canonical table its rows become, and which field is which.
# [[map]]
# source = "crm"
# object = "contacts"
# to = "records"
# [map.fields]
# given_name = "first_name"
# family_name = "last_name"
# email = "email"
# phone = "phone"
# updated_at = "updated_at"

# [[quality.rules]]         # rows that break a rule go to quarantine, with the reason
# table = "records"
# column = "email"
# rule = "matches"
# pattern = ".+@.+"

[identity]
train = "auto"              # learn match weights when there are records enough, else use the built-in ones

[graph]
store = "ladybug"           # embedded, in one file

[insights]
as_of = "newest"            # "now" for the insights: the newest order, today, or a date

[publish.targets.lake]
target = "iceberg"          # or parquet
"""

FILES = """
[sources.files]
connector = "files"         # CSV, JSON lines, Parquet, Excel; `fullcircle map suggest --all --write` maps them
path = "{path}"
"""
READABLE = (
    ".csv", ".tsv", ".jsonl", ".ndjson", ".parquet", ".pq", ".xlsx", ".xlsm", ".xls", ".ods", ".zip",
)  # fmt: skip  # not .txt and .json: these may be notes and settings
LIST = re.compile(r'\s*(\{(\s*"[^"]*"\s*:\s*("[^"]*"|[\w.+-]+)\s*,)*\s*"[^"]*"\s*:\s*(\{\s*"[^"]*"\s*:\s*)?)?\[\s*\{')


def starter(folder: Path) -> tuple[str, bool]:
    """The text for a fullcircle.toml in this folder, and whether data files in it (or in data/) became the first source."""
    data = next((place for place in (folder / "data", folder) if _has_data(place)), None)
    sources = FILES.format(path="data" if data and data != folder else ".") if data else ""
    name = folder.resolve().name or "my-company"
    return TEXT.format(name=name.replace('"', ""), sources=sources), data is not None


def _has_data(folder: Path) -> bool:
    """True if a file in the folder has an ending of data, in any case (`EXPORT.CSV`), packed or not; or is a table in a .txt."""
    files = [each for each in folder.iterdir() if each.is_file()] if folder.is_dir() else []
    return any(each.name.lower().removesuffix(".gz").endswith(READABLE) or _is_table(each) for each in files)


def _is_table(path: Path) -> bool:
    """True for a .txt whose first two lines have the same delimiter equally often, as reports of marketplaces come, and for a
    .json that is a list of objects, or has one in it, as answers of APIs do."""
    if path.suffix.lower() not in {".txt", ".json"}:
        return False
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            if path.suffix.lower() == ".json":
                return LIST.match(file.read(20_000)) is not None
            first, second = file.readline(20_000), file.readline(20_000)
    except OSError:
        return False
    return any(first.count(one) == second.count(one) >= 2 for one in "\t|;")
