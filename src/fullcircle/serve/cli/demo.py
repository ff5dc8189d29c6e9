"""`fullcircle demo`: a made-up company, the whole way, and one customer's view."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from fullcircle.serve.cli.output import AsJson, as_json, say
from fullcircle.serve.cli.run import Quiet
from fullcircle.serve.cli.terminal import plain


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command()(demo)


def demo(
    folder: Annotated[Path, typer.Argument(help="Where the company's files are written.")] = Path("demo-company"),
    people: Annotated[int, typer.Option(min=50, help="How many real people the company knows.")] = 1600,
    seed: Annotated[int, typer.Option(help="Another seed makes another company.")] = 7,
    quiet: Quiet = False,
    json: AsJson = False,
) -> None:
    """Make a made-up company with four channels, run everything on it, and show what was found.

    The people do not exist. The files stay in the folder: look at them, change them, `fullcircle run` again there.

    \b
    Example:
      fullcircle demo && cd demo-company && fullcircle search quenwick
    """
    from fullcircle import pipeline
    from fullcircle.ask.reader import open_reader
    from fullcircle.config.read import read_config
    from fullcircle.demo.company import make
    from fullcircle.demo.story import story
    from fullcircle.desk import open_desk
    from fullcircle.serve.cli.progress import Bars
    from fullcircle.serve.cli.run import show_done
    from fullcircle.serve.cli.view import draw

    file = make(folder, people=people, seed=seed)
    settings = read_config(file)
    with Bars(quiet) as bars, open_desk(settings, bars) as desk:
        done = pipeline.run(desk)
        summary = story(desk.engine, folder)
    with open_reader(settings) as reader:
        shown = reader.show(str(summary["customer"]))
    if json:
        as_json({"story": summary, "customer": shown.to_dict()})
        return
    show_done(done, json=False)
    _draw_summary(summary)
    draw(shown)
    say(f"\nThe company is in {folder}: [bold]cd {folder}[/], then try [bold]fullcircle search quenwick[/] or [bold]status[/].")
    address = f"http://{settings.serve.host}:{settings.serve.port}/"
    say(f"The web page of it: [bold]fullcircle serve[/] there, then open {plain(address)} (it prints the address with the key).")


def _draw_summary(summary: dict[str, Any]) -> None:
    match, related, customers = summary["match"], summary["related"], f"{summary['customers']:,} customers"
    say(f"\n[bold]{summary['records']:,} records[/] of {summary['sources']} sources are [bold]{customers}[/]")
    say(f"  the truth: {summary['people']:,} people; pairs: precision {match['precision']:.3f}, recall {match['recall']:.3f}")
    say(f"  {summary['quarantined']:,} rows and values that cannot be read wait in quarantine, each with its reason")
    if related:
        say(f"[bold]Most related[/]: {related['a']} and {related['b']} share {related['shared']} products: {related['why']}")
    for pair in summary["together"]:
        say(f"[bold]Go together[/]: {pair['product']} with {pair['other']}, {pair['together']} times, lift {pair['lift']:.1f}")
    say(f"[bold]Due to buy[/]: {summary['due_count']:,} customers, first among them")
    for one in summary["due"]:
        say(f"  {one['name']}: {one['orders']} orders, one every {one['cadence_days']:.0f} days, next about {one['next_order']}")
    say()
