"""The questions: `show`, `search`, `related`, `path`, `why`, `query`, `status`. They read the graph beside a running writer."""

from __future__ import annotations

from typing import Annotated

import typer

import fullcircle
from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, say, table
from fullcircle.serve.cli.terminal import plain

Which = Annotated[str, typer.Argument(help="A customer id, a record id, or words that fit one customer only.")]


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    for verb in (show, search, related, path, why, query, status):
        app.command()(verb)


def show(which: Which, config: ConfigFile = None, json: AsJson = False) -> None:
    """One customer, whole: golden values and where they came from, records, orders, tickets, habits, related, offers.

    \b
    Examples:
      fullcircle show customer:4q2m...
      fullcircle show maria.keller@example.org --json
    """
    from fullcircle.serve.cli.view import draw

    with fullcircle.open(config) as reader:
        found = reader.show(which)
    if json:
        as_json(found.to_dict())
    else:
        draw(found)


def search(
    words: Annotated[list[str], typer.Argument(help="Words of the name, e-mail, phone, city ...")],
    config: ConfigFile = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 20,
    json: AsJson = False,
) -> None:
    """Find customers by words: every word must be somewhere in their values.

    \b
    Example:
      fullcircle search keller zurich
    """
    with fullcircle.open(config) as reader:
        rows = reader.search(" ".join(words), limit).to_pylist()
    if json:
        as_json(rows)
    else:
        table("1 customer" if len(rows) == 1 else f"{len(rows)} customers", rows, empty="no customer has all of these words")


def related(
    which: Which,
    config: ConfigFile = None,
    limit: Annotated[int, typer.Option("--limit", "-k", min=1, help="At most so many.")] = 10,
    json: AsJson = False,
) -> None:
    """The customers most like this one, by what they bought, and why."""
    with fullcircle.open(config) as reader:
        rows = reader.related(which, limit).to_pylist()
    if json:
        as_json(rows)
    else:
        table("Related customers", rows, worth=("id", "name", "why"), empty="nobody bought enough of the same")


def path(
    a: Which,
    b: Which,
    config: ConfigFile = None,
    max_hops: Annotated[int, typer.Option(min=1, max=10, help="At most so many hops.")] = 6,
    json: AsJson = False,
) -> None:
    """How two customers are connected: a shortest path through the graph."""
    with fullcircle.open(config) as reader:
        steps = reader.path(a, b, max_hops)
    if json:
        as_json(steps.to_pylist())
        return
    for step in steps:
        name = f" {plain(' '.join(step.name.split()))}" if step.name else ""
        say(f"   |  {step.kind}" if step.edge else f"{step.kind}{name}  [dim]{plain(step.id)}[/]")


def why(
    record_a: Annotated[str, typer.Argument(help="A record id, as `show` lists them: crm:contacts:17")],
    record_b: Annotated[str, typer.Argument(help="Another record id.")],
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """Why two records are, or are not, one customer: the match weights field by field."""
    from fullcircle.serve.cli.view import draw_why

    with fullcircle.open(config) as reader:
        found = reader.why(record_a, record_b)
    if json:
        as_json(found.to_dict())
    else:
        draw_why(found)


def query(
    text: Annotated[str, typer.Argument(help="The query, in the store's language.")],
    config: ConfigFile = None,
    language: Annotated[str, typer.Option(help="The query language; otherwise the store's first.")] = "",
    json: AsJson = False,
) -> None:
    """Ask the graph in its own language (reading only).

    \b
    Example:
      fullcircle query "MATCH (c:Customer)-[p:PURCHASED]->(x:Product) RETURN x.name, sum(p.times) AS n ORDER BY n DESC LIMIT 5"
    """
    with fullcircle.open(config) as reader:
        rows = reader.query(text, language).to_pylist()
    if json:
        as_json(rows)
    else:
        table("1 row" if len(rows) == 1 else f"{len(rows)} rows", rows, empty="no rows")


def status(config: ConfigFile = None, json: AsJson = False) -> None:
    """What the graph holds, when each stage was last done, and how the last runs ended."""
    with fullcircle.open(config) as reader:
        found = reader.status()
    if json:
        as_json(found.to_dict())
        return
    table("Graph", [{"kind": kind, "count": count} for kind, count in found.graph.items() if count])
    table("Stages", [{"stage": one.stage, "finished_at": one.finished_at, "seconds": one.seconds} for one in found.stages])
    table("Runs", found.runs.to_pylist())
