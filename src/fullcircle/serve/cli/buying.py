"""The questions about what customers buy: `related`, `habits`, `worth`, `bought-together`; --live: the graph server answers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from fullcircle.errors import ConfigError
from fullcircle.model.counting import counted
from fullcircle.serve.cli import asker
from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, say, table
from fullcircle.serve.cli.run import Quiet

Which = Annotated[str, typer.Argument(help="A customer: any id, an order's number, or words that fit one only.")]
Live = Annotated[bool, typer.Option("--live", help="Computed by the graph server now, not by the last run (Gremlin, Neptune).")]
All = Annotated[bool, typer.Option("--all", help="With --live: for everybody, written back into the graph.")]
Limit = Annotated[int, typer.Option("--limit", "-k", min=1, help="At most so many.")]


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    app.command()(related)
    app.command()(habits)
    app.command()(worth)
    app.command("bought-together")(bought_together)


def related(
    which: Annotated[str, typer.Argument(help="Any id, an order's number, or words that fit one customer only.")] = "",
    config: ConfigFile = None,
    limit: Limit = 10,
    live: Live = False,
    everybody: All = False,
    quiet: Quiet = False,
    json: AsJson = False,
) -> None:
    """The customers most related to this one, by household, interactions, account and what they bought, and why.

    \b
    Examples:
      fullcircle related customer:4q2m... --limit 5
      fullcircle related customer:4q2m... --live      (the graph server computes it now)
      fullcircle related --live --all                 (for everybody, written back into the graph)
    """
    _check(which, live, everybody, "fullcircle related customer:4q2m...")
    if everybody:
        _all(config, "related", limit, quiet, json)
        return
    with asker.reader(config) as reader:
        rows = reader.related(which, limit, live).to_pylist()
    if json:
        as_json(rows)
    else:
        table(_title("Related customers", live), rows, worth=("id", "name", "why"), empty="nobody bought enough of the same")


def habits(which: Which, config: ConfigFile = None, live: Live = False, json: AsJson = False) -> None:
    """How a customer buys: how often, how much, in what, and when next.

    With --live the graph server computes it from the orders that it has now; scores that compare all customers are left out.

    \b
    Examples:
      fullcircle habits customer:4q2m...
      fullcircle habits customer:4q2m... --live --json
    """
    with asker.reader(config) as reader:
        found = reader.habits(which, live).to_dict()
    if json:
        as_json(found)
        return
    shown = {name.replace("_", " "): _words(value) for name, value in found.items() if value not in (None, (), [])}
    table(_title("Buying habits", live), [{"what": name, "value": value} for name, value in shown.items()])


def worth(which: Which, config: ConfigFile = None, json: AsJson = False) -> None:
    """What is expected of a customer in the next year: orders, value, and how likely it is that no order comes.

    \b
    Examples:
      fullcircle worth customer:4q2m...
      fullcircle worth "Ada Lovelace" --json
    """
    with asker.reader(config) as reader:
        found = reader.worth(which).to_dict()
    if json:
        as_json(found)
        return
    shown = {name.replace("_", " "): _words(value) for name, value in found.items() if value is not None}
    table("What is expected", [{"what": name, "value": value} for name, value in shown.items()])


def bought_together(
    which: Annotated[str, typer.Argument(help="A product: its id, or words that fit one product only.")] = "",
    config: ConfigFile = None,
    limit: Limit = 10,
    live: Live = False,
    everything: All = False,
    quiet: Quiet = False,
    json: AsJson = False,
) -> None:
    """What goes into the same order as a product more often than by chance, and why it is said.

    \b
    Examples:
      fullcircle bought-together "green tea"
      fullcircle bought-together product:shop:products:17 --live
      fullcircle bought-together --live --all         (for all products, written back into the graph)
    """
    _check(which, live, everything, 'fullcircle bought-together "green tea"')
    if everything:
        _all(config, "bought_together", limit, quiet, json)
        return
    with asker.reader(config) as reader:
        rows = reader.bought_together(which, limit, live).to_pylist()
    if json:
        as_json(rows)
    else:
        empty = "nothing is in the same orders more often than by chance"
        table(_title("Bought together", live), rows, ("name", "lift", "why"), worth=("name", "why"), empty=empty)


def _check(which: str, live: bool, all_: bool, example: str) -> None:
    if all_ and not live:
        raise ConfigError("--all is for what the graph server computes.", "Add --live; a run has the answers for everybody too.")
    if bool(which) == all_:
        hint = "Leave out the name, or --all." if which else f"Name one, like `{example}`, or write --live --all."
        raise ConfigError("One is asked for, or all." if which else "Nobody and nothing was named.", hint)


def _all(file: Path | None, insight: str, limit: int, quiet: bool, json: bool) -> None:
    """For everybody: the counts, and the best of what was found."""
    from fullcircle import pipeline
    from fullcircle.config.read import load_config
    from fullcircle.desk import open_desk
    from fullcircle.serve.cli.progress import Bars

    settings = load_config(file)
    asker.enter(settings, "run", f"{insight} --live --all")
    with Bars(quiet) as bars, open_desk(settings, bars) as desk:
        counts = pipeline.live(desk, insight, limit)
        order = "score DESC" if insight == "related" else "lift DESC"
        best = desk.engine.arrow(f"SELECT * FROM insight_{insight} ORDER BY {order}, ALL LIMIT {limit}").to_pylist()
    if json:
        as_json({"counts": counts, "best": best})
        return
    table(f"The best {counted(len(best), 'pair')}", best, worth=("why",), empty="no pair was found")
    say(", ".join(f"{number:,} {name}" for name, number in counts.items()) + ".")


def _title(what: str, live: bool) -> str:
    return f"{what}, computed by the graph server" if live else what


def _words(value: Any) -> Any:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value
