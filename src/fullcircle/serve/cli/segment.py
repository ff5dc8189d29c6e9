"""`fullcircle segment`: how many customers fulfil some conditions, and a few of them; `segments`: those of the config."""

from __future__ import annotations

from typing import Annotated

import typer

from fullcircle.serve.cli import asker
from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, say, table
from fullcircle.serve.cli.terminal import plain


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command()(segment)
    app.command()(segments)


def segment(
    conditions: Annotated[list[str], typer.Argument(help='What must be so: field, operator, value, as in "spent > 100".')],
    config: ConfigFile = None,
    limit: Annotated[int, typer.Option(min=0, max=200, help="Show at most so many of them.")] = 10,
    sql: Annotated[bool, typer.Option("--sql", help="Show the SQL that counted, too.")] = False,
    json: AsJson = False,
) -> None:
    """How many customers fulfil all of these conditions, and a few of them. It reads the tables: not beside a run.

    Operators: = != > >= < <= in contains, `is known`, `is unknown`. Fields: those of a customer (country, city, kind ...), of
    their habits (orders, spent, last_order, segment, category ...), source, bought, tickets, interactions, consent.email ...
    Whoever does not see a field in full may not count by it.

    \b
    Examples:
      fullcircle segment "spent > 100" "country = DE" --json
      fullcircle segment "segment in at risk, lapsed" "consent.email = yes"
      fullcircle segment "last_order < 90 days ago" "orders >= 3" --sql
    """
    with asker.reader(config) as reader:
        found = reader.segment(conditions, limit)
    if json:
        as_json(found.to_dict())
        return
    say(found.size_text)
    if sql:
        say(plain(found.sql))
    table("Some of them", found.sample.to_pylist(), worth=("id", "name", "spent"), empty="nobody is shown")


def segments(config: ConfigFile = None, json: AsJson = False) -> None:
    """The segments of the config as the last run filled them: size, who came and went, and some of them.

    [segments.<name>] has `rules`, conditions as of `fullcircle segment`. Who is in them is in the graph and at the targets.

    \b
    Examples:
      fullcircle segments
      fullcircle segments --json
    """
    with asker.reader(config) as reader:
        found = reader.segments().to_pylist()
    if json:
        as_json(found)
        return
    rows = [{**one, "rules": "; ".join(one["rules"]), "sample": ", ".join(one["sample"])} for one in found]
    table("Segments", rows, worth=("name", "size", "entered", "left"), empty="the config has no [segments]")
