"""The questions: `show`, `search`, `path`, `query`, `status`. They read the graph beside a running writer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from fullcircle.model.counting import counted
from fullcircle.serve.cli import asker
from fullcircle.serve.cli.money import draw_money
from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, say, table
from fullcircle.serve.cli.terminal import plain

if TYPE_CHECKING:
    from fullcircle.ask.sources import GoldenSource
    from fullcircle.ask.tables import Answers

Which = Annotated[str, typer.Argument(help="Any id, an order's number, or words that fit one customer only.")]


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    for verb in (show, search, path, query, status):
        app.command()(verb)


def show(
    which: Which,
    config: ConfigFile = None,
    sources: Annotated[bool, typer.Option("--sources", help="Only where each golden value comes from, and what lost.")] = False,
    json: AsJson = False,
) -> None:
    """One customer, whole: golden values and where they came from, records, orders, tickets, habits, related, offers.

    \b
    Examples:
      fullcircle show customer:4q2m...
      fullcircle show crm:contacts:17
      fullcircle show maria.keller@example.org --json
      fullcircle show "0412 555 106"
      fullcircle show customer:4q2m... --sources
    """
    from fullcircle.serve.cli.view import draw

    with asker.reader(config) as reader:
        if sources:
            _show_sources(reader.sources(which), json)
            return
        found = reader.show(which)
    if json:
        as_json(found.to_dict())
    else:
        draw(found)


def _show_sources(found: Answers[GoldenSource], json: bool) -> None:
    if json:
        as_json(found.to_pylist())
        return
    rows = [
        {
            "field": one.field.replace("_", " "),
            "value": one.value,
            "from": (one.record or "").removeprefix("record:"),
            "rule": one.rule,
            "lost": "\n".join(f"{lost.value} ({', '.join(record.removeprefix('record:') for record in lost.records[:3])})"
                              for lost in one.losing),
        }
        for one in found
    ]  # fmt: skip
    table("Golden values and where they come from", rows, worth=("field", "value", "from", "lost"))


def search(
    words: Annotated[list[str], typer.Argument(help="Words of the name, e-mail, phone, city ..., or an order's number.")],
    config: ConfigFile = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 20,
    source: Annotated[str, typer.Option(help="Only who is known to this source.")] = "",
    kind: Annotated[str, typer.Option(help="Only persons, or organisations.")] = "",
    city: Annotated[str, typer.Option(help="Only who lives in this city, as it is shown.")] = "",
    counts: Annotated[bool, typer.Option("--counts", help="Also how many there are by source, kind and city.")] = False,
    json: AsJson = False,
) -> None:
    """Find customers by what is known of them in any source: names, e-mails, phones, cities; order and ticket numbers; ids.

    Every word must be the beginning of a word in one of the customer's records, as it is now or was. Case, accents and the way a
    phone number is written do not matter.

    \b
    Examples:
      fullcircle search keller zurich
      fullcircle search 0412 555 106
      fullcircle search "(089) 123 45"
      fullcircle search INV-2041
      fullcircle search keller --city Zurich --counts
    """
    from fullcircle.ask.search_page import SearchFilter

    wanted, text = SearchFilter(source, kind, city, counts), " ".join(words)
    with asker.reader(config) as reader:
        page = reader.search_page(text, wanted, limit=limit) if wanted.narrows or counts else None
        rows = (page.hits if page else reader.search(text, limit)).to_pylist()
        there = reader.of_nobody(text) if not rows and not wanted.narrows else []
    if json:
        as_json(page.to_dict() if page and counts else rows)
        return
    if there:
        say(f"0 customers: {plain(', '.join(there))} is in the graph, but its source does not say whose it is.")
        return
    columns = [name for name in rows[0] if name != "found_by" or any(row[name] for row in rows)] if rows else ()
    title = counted(len(rows), "customer") + (f", the first {limit}" if len(rows) == limit else "")
    table(title, rows, columns, worth=("id", "name", "found_by", "email", "phone"), empty="no customer has all of these words")
    for name, found in page.counts.items() if page else ():
        table(f"By {name}", [{name: value, "customers": number} for value, number in found.items()])


def path(
    a: Which,
    b: Which,
    config: ConfigFile = None,
    max_hops: Annotated[int, typer.Option(min=1, max=10, help="At most so many hops.")] = 6,
    json: AsJson = False,
) -> None:
    """How two customers are connected: a shortest path through the graph. A product, a household ... may be an end, too.

    \b
    Example:
      fullcircle path crm:contacts:17 shop:customers:4 --max-hops 4
    """
    with asker.reader(config) as reader:
        steps = reader.path(a, b, max_hops)
    if json:
        as_json(steps.to_pylist())
        return
    for step in steps:
        name = f" {plain(' '.join(step.name.split()))}" if step.name else ""
        say(f"   |  {step.kind}" if step.edge else f"{step.kind}{name}  [dim]{plain(step.id)}[/]")


def query(
    text: Annotated[str, typer.Argument(help="The query, in the store's language.")],
    config: ConfigFile = None,
    language: Annotated[str, typer.Option(help="The query language; otherwise the store's first.")] = "",
    store: Annotated[str, typer.Option(help="Another store of the config, [graph.others.<name>].")] = "",
    json: AsJson = False,
) -> None:
    """Ask the graph in its own language (reading only): SQL if it is embedded. For Cypher, see docs/how-to/the-graph.md.

    \b
    Example:
      fullcircle query "SELECT x.name, sum(p.times) AS n FROM PURCHASED p JOIN Product x ON x.id = p.target GROUP BY x.id
                        ORDER BY n DESC LIMIT 5"
    """
    with asker.reader(config) as reader:
        rows = reader.query(text, language, store).to_pylist()
    if json:
        as_json(rows)
    else:
        table(counted(len(rows), "row"), rows, empty="no rows")


def status(config: ConfigFile = None, json: AsJson = False) -> None:
    """What the graph holds, what became of the money, when each stage was last done, and how the last runs ended.

    \b
    Example:
      fullcircle status --json
    """
    with asker.reader(config) as reader:
        found = reader.status()
    if json:
        as_json(found.to_dict())
        return
    table("Graph", [{"kind": kind, "count": count} for kind, count in found.graph.items() if count])
    draw_money(found.money)
    table("Stages", [{"stage": one.stage, "finished_at": one.finished_at, "seconds": one.seconds} for one in found.stages])
    table("Runs", found.runs.to_pylist())
