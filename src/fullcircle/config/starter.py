"""The config file that a new project starts with: commented, with the data files that are already there as a source."""

from __future__ import annotations

import json
from pathlib import Path

from fullcircle.config.first_country import Country
from fullcircle.config.found import Around, look_around
from fullcircle.config.read import SQLITE

TEXT = """\
# fullcircle: one file says where customers come from and what is made of them.
# Every value can be overridden from the environment: FULLCIRCLE_GRAPH__STORE=memory overrides [graph] store.
# Secrets never belong in this file: write env:NAME, file:PATH or aws:NAME (AWS Secrets Manager).

[project]
name = {name}
home = ".fullcircle"        # where everything is kept: landed files, tables, the graph, the book of decisions
country = {country}              # how phone numbers, dates and addresses without a country are read
                            # {why}

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
store = "sqlite"            # embedded, in one file

{money}[insights]
as_of = "newest"            # "now" for the insights: the newest order, today, or a date

[publish.targets.lake]
target = "iceberg"          # or parquet
"""

MONEY = """\
[money]
base = {base}                # the currency of amounts that name none: no file names another than that of {country}

"""
FILES = """
[sources.{name}]
connector = "files"         # CSV, JSON lines, Parquet, Excel; `fullcircle map suggest --all --write` maps them
path = {path}
"""
DATABASE = """
[sources.{name}]
connector = "sql"
url = {url}
"""


def starter(folder: Path) -> tuple[str, bool]:
    """The text for a fullcircle.toml in this folder, and whether data that is there became a source."""
    data = look_around(folder)
    return text_with(folder, data), data.any


def text_with(folder: Path, data: Around, country: Country | None = None) -> str:
    """The text for a fullcircle.toml in this folder with this data as sources, of this country if the files show one."""
    sources = [FILES.format(name=name, path=_quoted(path.as_posix())) for name, path in data.folders.items()]
    urls = {name: f"{SQLITE}{path.as_posix()}" for name, path in data.databases.items()}
    sources += [DATABASE.format(name=name, url=_quoted(url)) for name, url in urls.items()]
    code = country.code if country and country.code else "US"
    why = country.why if country else "change it if most of your customers are of another country"
    why = why if country is None or country.code else f"{why}: set the one of most of your customers"
    base = country.currency if country and not data.databases else ""
    return TEXT.format(
        name=_quoted(folder.resolve().name or "my-company"),
        sources="".join(sources),
        country=_quoted(code),
        why=why,
        money=MONEY.format(base=_quoted(base), country=code) if base else "",
    )


def _quoted(text: str) -> str:
    """A TOML basic string; the escapes are those of JSON, except for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
