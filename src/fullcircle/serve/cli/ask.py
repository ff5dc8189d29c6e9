"""The questions: `show`, `search`, `related`, `path`, `why`, `query`, `status`. They read the graph beside a running writer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, say, table

if TYPE_CHECKING:
    from pathlib import Path

    from fullcircle.book.book import Book
    from fullcircle.config.sections import Config
    from fullcircle.graph.base import GraphStore

Which = Annotated[str, typer.Argument(help="A customer id, a record id, or words that fit one customer only.")]


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    for verb in (show, search, related, path, why, query, status):
        app.command()(verb)


@contextmanager
def opened(file: Path | None) -> Iterator[tuple[GraphStore, Book, Config]]:
    """The graph and the book of a config file, for reading, and its settings."""
    from fullcircle.book.book import Book
    from fullcircle.config.read import load_config
    from fullcircle.graph.open import open_store

    settings = load_config(file)
    with open_store(settings, read_only=True) as store:
        book = Book(settings.home / "book.sqlite", read_only=True)
        try:
            yield store, book, settings
        finally:
            book.close()


def show(which: Which, config: ConfigFile = None, json: AsJson = False) -> None:
    """One customer, whole: golden values and where they came from, records, orders, tickets, habits, related, offers.

    \b
    Examples:
      fullcircle show customer:4q2m...
      fullcircle show maria.keller@example.org --json
    """
    from fullcircle.ask.customer import view
    from fullcircle.serve.cli.view import draw

    with opened(config) as (store, book, _):
        found = view(store, book, which)
    if json:
        as_json(asdict(found))
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
    from fullcircle.ask.search import search as ask

    with opened(config) as (store, _, _):
        rows = ask(store, " ".join(words), limit)
    if json:
        as_json(rows)
    else:
        table(f"{len(rows)} customers", rows, empty="no customer has all of these words")


def related(
    which: Which,
    config: ConfigFile = None,
    limit: Annotated[int, typer.Option("--limit", "-k", min=1, help="At most so many.")] = 10,
    json: AsJson = False,
) -> None:
    """The customers most like this one, by what they bought, and why."""
    from fullcircle.ask.related import related as ask

    with opened(config) as (store, book, _):
        rows = ask(store, book, which, limit)
    if json:
        as_json(rows)
    else:
        table("Related customers", rows, empty="nobody bought enough of the same")


def path(
    a: Which,
    b: Which,
    config: ConfigFile = None,
    max_hops: Annotated[int, typer.Option(min=1, max=10, help="At most so many steps.")] = 6,
    json: AsJson = False,
) -> None:
    """How two customers hang together: a shortest way through the graph."""
    from fullcircle.ask.path import path as ask

    with opened(config) as (store, book, _):
        steps = ask(store, book, a, b, max_hops)
    if json:
        as_json(steps)
        return
    for step in steps:
        name = f" {step['name']}" if step["name"] else ""
        say(f"   |  {step['kind']}" if step["edge"] else f"{step['kind']}{name}  [dim]{step['id']}[/]")


def why(
    record_a: Annotated[str, typer.Argument(help="A record id, as `show` lists them: crm:contacts:17")],
    record_b: Annotated[str, typer.Argument(help="Another record id.")],
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """Why two records are, or are not, one customer: the match weights field by field."""
    from fullcircle.ask.why import why as ask
    from fullcircle.serve.cli.view import draw_why

    with opened(config) as (store, book, settings):
        explanation, together = ask(store, book, record_a, record_b, settings.identity)
    if json:
        as_json({**asdict(explanation), "one_customer": together})
    else:
        draw_why(explanation, together)


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
    with opened(config) as (store, _, _):
        rows = store.query(text, language).to_pylist()
    if json:
        as_json(rows)
    else:
        table(f"{len(rows)} rows", rows, empty="no rows")


def status(config: ConfigFile = None, json: AsJson = False) -> None:
    """What the graph holds, when each stage was last done, and how the last runs ended."""
    from fullcircle.ask import status as ask

    with opened(config) as (store, book, _):
        graph, stages, runs = ask.graph(store), ask.stages(book), ask.runs(book)
    if json:
        as_json({"graph": graph, "stages": stages, "runs": runs})
        return
    table("Graph", [{"kind": kind, "count": count} for kind, count in graph.items() if count])
    table("Stages", [{name: one[name] for name in ("stage", "finished_at", "seconds")} for one in stages])
    table("Runs", runs)
