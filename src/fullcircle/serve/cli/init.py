"""`fullcircle init`: writes a commented config, asks nothing it can guess."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

TEXT = """\
# fullcircle: one file says where customers come from and what is made of them.
# Every value can be overridden from the environment: FULLCIRCLE_GRAPH__STORE=memory overrides [graph] store.
# Secrets never stand here: write env:NAME or file:PATH.

[project]
name = "{name}"
home = ".fullcircle"        # where everything is kept: landed files, tables, the graph, the book of decisions
country = "US"              # how phone numbers and addresses without a country are read

[engine]
memory = "2GB"              # what the table engine may use before it spills to disk
threads = 0                 # 0: all cores
{sources}
# A database (anything SQLAlchemy speaks). `fullcircle map suggest crm` proposes the mapping.
# [sources.crm]
# connector = "sql"
# url = "env:CRM_URL"       # postgresql+psycopg://user:password@host/database
# [sources.crm.objects.contacts]
# table = "contacts"
# cursor = "updated_at"     # what tells changed rows; without one the table is read whole
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
connector = "files"         # CSV, JSON lines, Parquet, Excel; `fullcircle map suggest files` proposes the mapping
path = "{path}"
"""
READABLE = ("*.csv", "*.jsonl", "*.ndjson", "*.parquet", "*.xlsx")


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command()(init)


def init(
    folder: Annotated[Path, typer.Argument(help="Where to write fullcircle.toml.")] = Path("."),
    force: Annotated[bool, typer.Option("--force", help="Overwrite a config that is there.")] = False,
) -> None:
    """Write a commented fullcircle.toml; data files that lie in the folder (or in data/) become the first source.

    \b
    Examples:
      fullcircle init
      fullcircle init ~/customers
    """
    from fullcircle.config.read import FILE_NAME
    from fullcircle.errors import ConfigError

    path = folder / FILE_NAME
    if path.exists() and not force:
        raise ConfigError(f"{path} is there already.", "Edit it, or overwrite it with --force.")
    folder.mkdir(parents=True, exist_ok=True)
    data = next((place for place in (folder / "data", folder) if any(any(place.glob(kind)) for kind in READABLE)), None)
    sources = FILES.format(path="data" if data and data.name == "data" and data != folder else ".") if data else ""
    name = folder.resolve().name or "my-company"
    path.write_text(TEXT.format(name=name.replace('"', ""), sources=sources), encoding="utf-8")
    typer.echo(f"Wrote {path}.")
    then = "`fullcircle map suggest files >> fullcircle.toml`" if data else "fill in a source, then `fullcircle map suggest NAME`"
    typer.echo(f"Next: {then}, then `fullcircle doctor` and `fullcircle run`.")
