"""Draws the 360 view and the answer to `why` for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.columns import Columns
from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from fullcircle.serve.cli.output import shown

if TYPE_CHECKING:
    from fullcircle.ask.customer import View
    from fullcircle.identity.explain import Explanation

GOLDEN = ("full_name", "organisation", "email", "phone", "birth_date", "gender", "street", "postcode", "city", "country")
FEW, GAP = 6, 2
SHORT = 25  # columns up to this width are never cut; the others share what is left


def draw(view: View) -> None:
    """Print the whole view of one customer."""
    console = Console(highlight=False)
    customer = view.customer
    if view.asked_id.startswith("customer:"):
        console.print(f"[dim]{escape(view.asked_id)} is now[/]")
    title = f"[bold]{escape(str(customer.get('name') or 'without a name'))}[/]  [dim]{escape(customer['id'])}[/]"
    console.print(Panel(Columns([_golden(customer), _facts(view)], padding=(0, 4)), title=title, title_align="left"))
    for drawn in (
        _list("Records", view.records, ("id", "full_name", "email", "phone", "weight")),
        _list("Orders", view.orders, ("ordered_at", "id", "amount", "currency", "status", "channel")),
        _list("Bought most", view.products, ("name", "times", "amount", "last")),
        _list("Tickets", view.tickets, ("opened_at", "subject", "status", "channel")),
        _list("Interactions", view.interactions, ("at", "kind", "channel", "text")),
        _list("Related customers", view.related, ("name", "score", "shared", "why")),
        _list("May like next", view.may_like, ("rank", "name", "score", "why")),
    ):
        if drawn:
            console.print(drawn)


def _golden(customer: Mapping[str, Any]) -> Table:
    drawn = _grid()
    for name in GOLDEN:
        if customer.get(name) is None:
            continue
        explanation = customer["provenance"].get(name, {})
        origin = str(explanation.get("from", "")).removeprefix("record:")
        others = f" (won over {explanation['others']})" if explanation.get("others") else ""
        drawn.add_row(f"[dim]{name.replace('_', ' ')}[/]", escape(shown(customer[name])), f"[dim]{escape(origin)}{others}[/]")
    return drawn


def _facts(view: View) -> Table:
    drawn = _grid()
    habits = view.habits
    facts: dict[str, object] = {
        "records": f"{len(view.records)} from {view.customer.get('sources') or '-'}",
        "identifiers": ", ".join(f"{one.get('kind')} {one.get('value')}" for one in view.identifiers[:FEW]),
        "member of": ", ".join(str(one.get("name")) for one in view.member_of),
        "segment": habits.get("segment"),
        "RFM": habits.get("rfm"),
        "orders": habits.get("orders"),
        "spent": habits.get("amount"),
        "every": f"{habits['cadence_days']:.0f} days" if habits.get("cadence_days") else None,
        "next order": habits.get("next_order"),
        "due": habits.get("due"),
        "channel": habits.get("channel"),
    }
    for name, value in facts.items():
        if value not in (None, ""):
            drawn.add_row(f"[dim]{name}[/]", escape(shown(value)))
    return drawn


def _grid() -> Table:
    return Table.grid(padding=(0, 2))


def _list(title: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> RenderableType | None:
    if not rows:
        return None
    shown_rows = rows[:FEW]
    widths = _widths({name: [_text(row, name) for row in shown_rows] for name in columns}, Console().width)
    drawn = Table(box=None, header_style="dim", pad_edge=False, padding=(0, GAP, 0, 0))
    for name, width in widths.items():
        numeric = all(isinstance(row.get(name), int | float | None) for row in shown_rows)
        drawn.add_column(
            name.replace("_", " "), justify="right" if numeric else "left", overflow="ellipsis", no_wrap=True, width=width
        )
    for row in shown_rows:
        drawn.add_row(*(escape(_text(row, name)) for name in widths))
    more = f" [dim]({len(rows):,}, the first {FEW})[/]" if len(rows) > FEW else f" [dim]({len(rows)})[/]"
    return Group(f"\n[bold]{title}[/]{more}", drawn)


def _widths(texts: Mapping[str, Sequence[str]], width: int) -> dict[str, int]:
    """A width for each column: short ones are never cut, the others share what is left of the terminal."""
    full = {name: max(len(name), *map(len, column)) for name, column in texts.items()}
    long = [name for name, size in full.items() if size > SHORT]
    left = width - GAP * len(full) - sum(size for size in full.values() if size <= SHORT)
    return {name: size if size <= SHORT else min(size, max(SHORT // 2, left // len(long))) for name, size in full.items()}


def _text(row: Mapping[str, Any], name: str) -> str:
    """A value for a table; ids of records and orders without the word that stands above them."""
    text = shown(row.get(name))
    return text.removeprefix("record:").removeprefix("order:") if name == "id" else text


def draw_why(found: Explanation, together: bool) -> None:
    """Print why two records are, or are not, one customer."""
    console = Console(highlight=False)
    drawn = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("field", "compared as", escape(found.record_a), escape(found.record_b)):
        drawn.add_column(name, overflow="fold")
    for name in ("against strangers", "against kin"):
        drawn.add_column(name, justify="right")
    drawn.add_row("before comparing", "", "", "", f"{found.prior:+.2f}", f"{found.kin_prior:+.2f}")
    for part in found.parts:
        texts = (part.name, part.level, part.value_a, part.value_b)
        drawn.add_row(*(escape(shown(text)) for text in texts), f"{part.against_strangers:+.2f}", f"{part.against_kin:+.2f}")
    drawn.add_row(
        "[bold]together[/]",
        "",
        "",
        "",
        f"[bold]{found.against_strangers:+.2f}[/]",
        f"[bold]{found.against_kin:+.2f}[/]",
    )
    console.print(drawn)
    weight = "not comparable" if found.weight is None else f"{found.weight:+.2f}"
    console.print(f"\nweight [bold]{weight}[/] (log2 of the odds), linked above {found.threshold:+.2f}")
    for reason in found.reasons:
        console.print(f"joined by {escape(reason)}")
    for veto in found.vetoes:
        console.print(f"kept apart by {escape(veto)}")
    console.print(f"by itself this pair is {'linked' if found.linked else 'not linked'}; ", end="")
    console.print("the two are [bold]one customer[/] now" if together else "the two are [bold]different customers[/] now")
