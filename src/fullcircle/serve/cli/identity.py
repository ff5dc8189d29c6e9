"""`fullcircle identity ...`: how well who is who is known, and how to make it better."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from fullcircle.serve.cli import asker
from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, say, table
from fullcircle.serve.cli.run import Quiet
from fullcircle.serve.cli.steward import Actor
from fullcircle.serve.cli.terminal import plain

if TYPE_CHECKING:
    from fullcircle.identity.labels import Answer

FEW = 50  # labels


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    room = typer.Typer(
        no_args_is_help=True, rich_markup_mode=None, help="Who is who: its health, labels, threshold and match weights."
    )
    room.command("health")(health)
    room.command("label")(label)
    room.command("threshold")(threshold)
    room.command("model")(model)
    app.add_typer(room, name="identity")


def health(
    config: ConfigFile = None,
    limit: Annotated[int, typer.Option(min=1, max=50, help="So many runs, the newest first.")] = 5,
    json: AsJson = False,
) -> None:
    """The figures of the last runs of `resolve`: sizes, given names, single records, changes.

    The exit code is 1 if the last run was stopped.
    A run that breaks a limit of [identity.limits] is stopped before the graph; `fullcircle run --accept` goes on.
    """
    with asker.reader(config) as reader:
        found = reader.health(limit)
    if json:
        as_json(found.to_pylist())
    else:
        rows = [
            {
                "at": one.at[:16].replace("T", " "),
                "": "good" if not one.problems else "accepted" if one.accepted else "STOPPED",
                "records": one.measures.records,
                "customers": one.measures.customers,
                "one record": f"{one.measures.singles:.1%}",
                "biggest": one.measures.biggest,
                "mixed names": f"{one.measures.mixed:.2%}",
                "changed": "-" if one.measures.changed is None else f"{one.measures.changed:.2%}",
            }
            for one in found
        ]
        table("Health of the last runs", rows, empty="nothing was measured yet; `fullcircle run` does")
        for problem in found[0].problems if found else ():
            say(f"[bold]{plain(problem)}[/]")
    if found and not found[0].accepted:
        raise typer.Exit(1)


def label(
    config: ConfigFile = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many questions.")] = 20,
    actor: Actor = "",
    decide: Annotated[bool, typer.Option("--decide", help="Answers are decisions, too: the next run applies them.")] = False,
    json: AsJson = False,
) -> None:
    """Ask about the most telling pairs of records: y (one customer), n (two), u (unsure), q (quit). Run it again to continue.

    The answers are kept as labels; `fullcircle identity threshold` measures with them. With --json it only lists the pairs.
    """
    from fullcircle.steward.label import labelling

    with asker.reader(config) as reader:
        found, settings = reader.questions(limit), reader.settings
    if json:
        as_json(found.to_pylist())
        return
    if not found:
        say("There is nothing left to ask.")
        return
    asked = asker.enter(settings, "decide" if decide else "label", "identity label")
    kept = 0
    with labelling(settings, asker.decides(asked, actor), decide) as answers:
        for place, one in enumerate(found, 1):
            rows = [{"field": name.replace("_", " "), "a": a, "b": b} for name, (a, b) in one.fields.items()]
            table(f"{place} of {len(found)}: {_bare(one.record_a)} and {_bare(one.record_b)}", rows)
            if not (answer := _answer()):
                break
            answers.keep(one.record_a, one.record_b, answer)
            kept += 1
    say(f"{kept} kept. [bold]fullcircle identity threshold[/] measures with them; run this again for more.")


def _answer() -> Answer | None:
    """What the person types; None to quit, also at the end of the input."""
    known: dict[str, Answer | None] = {"y": "same", "n": "different", "u": "unsure", "q": None}
    while True:
        say("[bold]One customer?[/] y / n / u (unsure) / q (quit)")
        try:
            word = input().strip().lower()[:1]
        except EOFError:
            return None
        if word in known:
            return known[word]


def threshold(config: ConfigFile = None, json: AsJson = False) -> None:
    """Precision and recall for each threshold, from your labels; without labels from what the weights say themselves."""
    with asker.reader(config) as reader:
        found = reader.threshold()
    if json:
        as_json(found.to_dict())
        return
    basis = f"from {found.labels} labels" if found.labels else "without labels, from the weights themselves"
    rows = [
        {
            "threshold": f"{row.threshold:+.0f}", "precision": f"{row.precision:.3f}", "recall": f"{row.recall:.3f}",
            "f1": f"{row.f1:.3f}", "pairs": row.pairs, "": "best" if row == found.best else "",
        }
        for row in found.rows
    ]  # fmt: skip
    table(f"By threshold, {basis}", rows, empty="no pairs were compared")
    if 0 < found.labels < FEW:
        say(f"With fewer than {FEW} labels these figures are rough: `fullcircle identity label` asks for more.")
    if found.never_compared:
        say(f"{found.never_compared} pairs labelled as one customer were never compared, or vetoed: no threshold finds them.")
    if found.best:
        say(f"now {found.now:+.1f}; the best is [bold]threshold = {found.best.threshold:.1f}[/] in \\[identity]")


class WhatToDo(StrEnum):
    """What to do about the match weights."""

    show = "show"
    apply = "apply"
    keep = "keep"


def model(
    what: Annotated[WhatToDo, typer.Argument(help="show; apply: use the new weights; keep: the old ones stay, or come back.")] = (
        WhatToDo.show
    ),
    config: ConfigFile = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change; nothing is changed.")] = False,
    actor: Actor = "",
    quiet: Quiet = False,
    json: AsJson = False,
) -> None:
    """The match weights in use, and new ones that wait: show them and what they would change, apply them, or keep the old.

    New weights that would regroup more customers than `weights` in [identity.limits] wait until somebody decides.

    \b
    Examples:
      fullcircle identity model
      fullcircle identity model apply --dry-run
    """
    from fullcircle.serve.cli.identity_model import draw_decision, draw_model

    if what is WhatToDo.show:
        with asker.reader(config) as reader:
            found = reader.model()
        if json:
            as_json(found.to_dict())
        else:
            draw_model(found)
        return
    from fullcircle.config.read import load_config
    from fullcircle.serve.cli.progress import Bars
    from fullcircle.steward.model import decide_model

    settings = load_config(config)
    asked = asker.enter(settings, "decide", f"identity model {what.value}", whole=True)
    with Bars(quiet or json) as bars:
        made = decide_model(settings, "apply" if what is WhatToDo.apply else "keep", asker.decides(asked, actor), dry_run, bars)
    if json:
        as_json(asdict(made))
    else:
        draw_decision(made)


def _bare(record: str) -> str:
    return record.removeprefix("record:")
