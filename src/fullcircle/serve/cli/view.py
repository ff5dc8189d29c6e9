"""Draws the 360 view and the answer to `why` for a terminal."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.columns import Columns
from rich.panel import Panel
from rich.table import Table

from fullcircle.govern.hidden import Hidden
from fullcircle.model.entities import ADDED, ENTITIES, INTERACTION, ORDER, TICKET
from fullcircle.model.golden import GOLDEN
from fullcircle.serve.cli.layout import GAP, Layout, draw_table, lay_out, not_shown
from fullcircle.serve.cli.output import shown
from fullcircle.serve.cli.terminal import cell, marked, plain, visible
from fullcircle.serve.cli.terminal import console as terminal

if TYPE_CHECKING:
    from fullcircle.ask.customer import CustomerView
    from fullcircle.ask.why import WhyAnswer
    from fullcircle.identity.explain import Explanation

SHOWN = [field.name for field in GOLDEN if field.shown]
NOUNS = {"record", *(entity.noun for entity in ENTITIES.values())}
FEW = 6
WORTH = ("won", "open")  # outcomes of deals whose amounts are shown as a sum
FRAME = 4  # columns that the panel's border takes
OF_DEALS = ("status", "amount", "unpaid", "currency")  # calls and visits have none: the columns are left out where all are empty
ANSWERS = {True: "granted", False: "refused", None: "not said"}  # of a consent
STRANGERS, KIN = "against strangers", "against kin"


def draw(view: CustomerView) -> None:
    """Print the whole view of one customer."""
    console = terminal()
    customer = view.customer
    if view.asked_id.startswith("customer:"):
        console.print(f"[dim]{plain(view.asked_id)} is now[/]", soft_wrap=True)
    title = f"[bold]{plain(str(customer.get('name') or 'without a name'))}[/]  [dim]{plain(customer['id'])}[/]"
    golden, facts = _golden(customer), _facts(view)
    grids = [lay_out(cells, console.width - FRAME, worth=("value", "")) for cells in (golden, facts)]
    beside = [_grid(cells, layout) for cells, layout in zip((golden, facts), grids, strict=True)]
    panel = Panel(Columns(beside, padding=(0, 4)), title=marked(title), title_align="left")
    needed = max(layout.total for layout in grids) + FRAME
    terminal(width=max(console.width, needed)).print(panel)
    if view.restricted:
        console.print(f"[bold]Restricted[/] since {view.restricted[:10]}: kept, but not used.", soft_wrap=True)
    hidden = ["where the values come from"] if "from" in grids[0].hidden else []
    for title, name, rows, columns in (
        ("Records", "records", view.records, ("id", "full_name", "email", "phone", "weight")),
        (ORDER.title, ORDER.table_name, _owed(view.orders), ORDER.shown),
        ("Bought most", "products", view.products, ("name", "times", "amount", "currency", "last")),
        (TICKET.title, TICKET.table_name, view.tickets, TICKET.shown),
        (INTERACTION.title, INTERACTION.table_name, view.interactions, INTERACTION.shown),
        ("Consents", "consents", _said(view), ("purpose", "channel", "said", "since", "source", "record")),
        *((entity.title, entity.title, view.others.get(entity.title, []), entity.shown) for entity in ADDED),
        ("Related customers", "related", view.related, ("name", "score", "shared", "why")),
        ("May like, new to them", "may_like", view.may_like, ("rank", "name", "score", "why")),
        ("May buy next", "may_buy", view.may_buy, ("rank", "name", "score", "why")),
    ):
        hidden += _list(title, rows, columns, view.total(name, rows))
    if hidden:
        console.print(f"\n[dim]{plain(not_shown(hidden))}[/]", soft_wrap=True)


def _owed(orders: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The orders; of a credit note that takes nothing off, no negative sum is shown as owed: nobody owes it."""
    return [{**each, "unpaid": None} if _is_negative(each.get("unpaid")) else each for each in orders]


def _is_negative(amount: Any) -> bool:
    """True for a sum below zero; what is hidden has none."""
    return isinstance(amount, int | float) and amount < 0


def _golden(customer: Mapping[str, Any]) -> dict[str, list[str]]:
    """The golden values and where they came from, as columns of text."""
    rows = []
    for name in SHOWN:
        if customer.get(name) is None:
            continue
        explanation = customer["provenance"].get(name, {})
        origin = str(explanation.get("from", "")).removeprefix("record:")
        others = f" (won over {explanation['others']})" if explanation.get("others") else ""
        rows.append((name.replace("_", " "), shown(customer[name]), visible(f"{origin}{others}")))
    return {name: [row[place] for row in rows] for place, name in enumerate(("", "value", "from"))}


def _facts(view: CustomerView) -> dict[str, list[str]]:
    """The facts about the customer, as columns of text."""
    habits = view.habits
    facts: dict[str, object] = {
        "records": f"{view.total('records', view.records):,} from {view.customer.get('sources') or '-'}",
        "identifiers": ", ".join(f"{one.get('kind')} {one.get('value')}" for one in view.identifiers[:FEW]),
        "member of": ", ".join(str(one.get("name")) for one in view.member_of),
        "segment": habits.get("segment"),
        "RFM": habits.get("rfm"),
        "orders": habits.get("orders"),
        "spent": _spent(habits),
        "unpaid": f"{shown(habits['unpaid'])} {habits.get('currency') or ''}".rstrip() if habits.get("unpaid") else None,
        "every": f"{habits['cadence_days']:.0f} days" if habits.get("cadence_days") else None,
        "next order": habits.get("next_order"),
        "due": habits.get("due"),
        **_expected(view.worth),
        "in segments": ", ".join(shown(one.get("name")) for one in view.segments),
        "channel": habits.get("channel"),
        "deals": _deals(view),
        "consents": ", ".join(f"{name} {ANSWERS[said]}" for name, said in view.agreed.items()),
    }
    known = {name: shown(value) for name, value in facts.items() if value not in (None, "")}
    return {"": list(known), "value": list(known.values())}


def _expected(worth: Mapping[str, Any]) -> dict[str, object]:
    """What is foreseen, in words."""
    if not worth:
        return {}
    days, lost, value = worth.get("days"), worth.get("lost"), worth.get("expected_value")
    orders = f"{shown(worth.get('expected_orders'))} orders"
    worth_of = f", {shown(value)} {worth.get('currency') or ''}".rstrip() if value is not None else ""
    chance = f"{lost:.0%}" if isinstance(lost, float) else shown(lost)
    return {f"next {shown(days)} days": orders + worth_of, "no order in these": chance}


def _spent(habits: Mapping[str, Any]) -> str | None:
    """What was spent, with its currency; amounts of several currencies side by side, because they are not added."""
    if isinstance(habits.get("amounts"), Hidden):
        return str(habits["amounts"])
    if habits.get("amounts"):
        return " + ".join(
            f"{shown(amount)} {currency if currency != '?' else 'without a currency'}"
            for currency, amount in json.loads(habits["amounts"]).items()
        )
    amount = habits.get("amount")
    return None if amount is None else f"{shown(amount)} {habits.get('currency') or ''}".rstrip()


def _deals(view: CustomerView) -> str:
    """How many deals were won, are open or were lost; what they are worth, except of those that came to nothing."""
    texts = []
    for one in view.deals:
        worth = " + ".join(f"{shown(amount)} {'' if name == '?' else name}".rstrip() for name, amount in one["amounts"].items())
        outcome = "of unknown outcome" if one["status"] == "unknown" else one["status"]
        texts.append(f"{one['deals']:,} {outcome}" + (f" {worth}" if worth and one["status"] in WORTH else ""))
    newest = f" (of the newest {len(view.interactions):,})" if "interactions" in view.totals and texts else ""
    return ", ".join(texts) + newest


def _said(view: CustomerView) -> list[dict[str, Any]]:
    """The consents in words."""
    return [
        {
            **one,
            "said": ANSWERS[one["granted"]],
            "since": one["at"] or "not known",
            "record": str(one["record"] or "").removeprefix("record:"),
        }
        for one in view.consents
    ]


def _grid(cells: Mapping[str, Sequence[str]], layout: Layout) -> Table:
    """Columns of text without a header; all but the values are dim."""
    grid = Table.grid(padding=(0, GAP, 0, 0))
    for name, width in layout.widths.items():
        grid.add_column(overflow="fold", width=width, style="" if name == "value" else "dim")
    for place in range(len(cells["value"])):
        grid.add_row(*(cell(cells[name][place]) for name in layout.widths))
    return grid


def _list(title: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[str], total: int) -> tuple[str, ...]:
    """Print the first rows of `total` in the graph, one line each; the names of the columns that had no room."""
    if not rows:
        return ()
    console = terminal()
    few = rows[:FEW]
    columns = [name for name in columns if name not in OF_DEALS or any(row.get(name) is not None for row in few)]
    heads = {name.replace("_", " "): name for name in columns}
    cells = {head: [_text(row, name) for row in few] for head, name in heads.items()}
    numeric = {head for head, name in heads.items() if all(isinstance(row.get(name), int | float | None) for row in few)}
    layout = lay_out(cells, console.width)
    more = f"({total:,}, the first {FEW})" if total > FEW else f"({total})"
    console.print(f"\n[bold]{title}[/] [dim]{more}[/]")
    wide = terminal(width=max(console.width, layout.total))
    wide.print(draw_table(cells, layout, numeric, one_line=True))
    return tuple(f"{heads[head]} of {title.lower()}" for head in layout.hidden)


def _text(row: Mapping[str, Any], name: str) -> str:
    """A value for one line of a table; ids of records and entities without the word that the title says."""
    text = " ".join(shown(row.get(name)).split())
    noun, _, short = text.partition(":")
    return short if name == "id" and short and noun in NOUNS else text


def draw_why(found: WhyAnswer) -> None:
    """Print why two records are, or are not, one customer."""
    console = terminal()
    pair = found.explanation
    cells = _weights(pair, stacked=False)
    layout = lay_out(cells, console.width)
    if layout.hidden:  # too narrow for the two values beside each other
        cells = _weights(pair, stacked=True)
        layout = lay_out(cells, console.width, worth=("field", STRANGERS, KIN))
        console.print(f"a: {plain(pair.record_a)}\nb: {plain(pair.record_b)}\n", soft_wrap=True)
    terminal(width=max(console.width, layout.total)).print(draw_table(cells, layout, (STRANGERS, KIN)))
    if layout.note:
        console.print(f"[dim]{plain(layout.note)}[/]", soft_wrap=True)
    weight = "not comparable" if pair.weight is None else f"{pair.weight:+.2f}"
    console.print(f"\nweight [bold]{weight}[/] (log2 of the odds), linked above {pair.threshold:+.2f}")
    for reason in pair.reasons:
        console.print(f"joined by {plain(reason)}")
    for veto in pair.vetoes:
        console.print(f"kept apart by {plain(veto)}")
    console.print(f"by itself this pair is {'linked' if pair.linked else 'not linked'}; ", end="")
    console.print(
        "the two are [bold]one customer[/] now" if found.one_customer else "the two are [bold]different customers[/] now"
    )
    for reason in found.apart_because:
        console.print(plain(reason), soft_wrap=True)


def _weights(pair: Explanation, stacked: bool) -> dict[str, list[str]]:
    """The weights as columns of text; `stacked`: the two values of a field one below the other, once if they are equal."""
    parts = pair.parts
    a, b = [shown(part.value_a) for part in parts], [shown(part.value_b) for part in parts]
    if stacked:
        both = [one if one == other else f"{one or '-'}\n{other or '-'}" for one, other in zip(a, b, strict=True)]
        values = {"a, b": ["", *both, ""]}
    else:
        values = {visible(pair.record_a): ["", *a, ""], visible(pair.record_b): ["", *b, ""]}
    strangers = (pair.prior, *(part.against_strangers for part in parts), pair.against_strangers)
    kin = (pair.kin_prior, *(part.against_kin for part in parts), pair.against_kin)
    return {
        "field": ["before comparing", *(part.name for part in parts), "together"],
        "compared as": ["", *(part.level for part in parts), ""],
        **values,
        STRANGERS: [f"{number:+.2f}" for number in strangers],
        KIN: [f"{number:+.2f}" for number in kin],
    }
