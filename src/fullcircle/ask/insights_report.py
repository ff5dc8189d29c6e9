"""One page about what the insights were judged by: no script, no font, no address elsewhere; the plots are drawn in it.

What was judged, how, against what, on how many, with which uncertainty: from the tables of the trials, nothing is computed anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

from fullcircle import __version__
from fullcircle.engine.base import Engine
from fullcircle.errors import NotFound

STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 62rem; padding: 0 1rem; color: #1c1c1c; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; } h3 { font-size: 1rem; }
table { border-collapse: collapse; } th, td { border: 1px solid #ccc; padding: .2rem .5rem; text-align: left; }
th { background: #f3f3f3; } td.n { text-align: right; font-variant-numeric: tabular-nums; } tr.used { font-weight: 600; }
figure { margin: .6rem 0; display: inline-block; } figcaption { color: #555; } svg { max-width: 100%; height: auto; }
"""
INK, PALE, USED = "#1c1c1c", "#bbb", "#0b6e4f"
WIDE, ROW, LEFT, SIDE = 560, 24, 150, 230
OFFERS = {"next_product": "Something new", "next_basket": "The next basket", "repurchase": "When something is bought again"}
QUESTIONS = {"orders": "How many orders come", "lost": "Whether none comes", "value": "What they bring"}
Row = dict[str, Any]


def insights_report(tables: Engine, money: bool) -> str:
    """The page. `money`: whether sums may be on it. NotFound before insights were computed."""
    parts = [*_of_offers(tables), *_of_worth(tables, money), *_of_groups(tables, money), *(_of_segments(tables) if money else [])]
    if not parts:
        raise NotFound("No insight was judged yet.", "`fullcircle run` computes the insights and tries their methods.")
    made = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    note = "" if money else "<p>Sums are left out: you do not see them in full.</p>"
    head = f'<meta charset="utf-8"><title>What the insights are worth</title><style>{STYLE}</style>'
    return (
        f'<!doctype html><html lang="en"><head>{head}</head><body><h1>What the insights are worth</h1>'
        f"<p>Made {made} by fullcircle {escape(__version__)}. Every method was tried on what came after a day, with nothing "
        f"known but what came before it. Lines are intervals of 95 %; bold is used.</p>{note}{''.join(parts)}</body></html>\n"
    )


def _of_offers(tables: Engine) -> list[str]:
    if not tables.has("insight_trials"):
        return []
    rows = tables.arrow("SELECT * FROM insight_trials ORDER BY insight, ndcg DESC NULLS LAST, method").to_pylist()
    found = []
    for insight in dict.fromkeys(row["insight"] for row in rows):
        own = [row for row in rows if row["insight"] == insight]
        name = escape(OFFERS.get(insight, insight))
        metric, said = ("ndcg", "NDCG@10") if own[0]["ndcg"] is not None else ("gain", "better than the yardstick by")
        tried = [row for row in own if row[metric] is not None]
        notes = dict.fromkeys(row["note"] for row in own if row["note"])
        text = "".join(f"<p>Not tried: {escape(note)}.</p>" for note in notes)
        if tried:
            first = tried[0]
            text += f"<p>{first['customers']:,} customers, from {first['known_until']:%Y-%m-%d} on.</p>"
            text += _figure(_intervals(tried, metric), said)
        columns = ("method", "meaning", "recall", "ndcg", "gain", "gain_low", "gain_high")
        found.append(f"<h2>{name}</h2>{text}{_table(own, columns)}")
    return found


def _of_worth(tables: Engine, money: bool) -> list[str]:
    if not tables.has("insight_worth_trials"):
        return []
    rows = tables.arrow("SELECT * FROM insight_worth_trials").to_pylist()
    head = "<h2>What customers are worth</h2>"
    if rows and rows[0]["note"]:
        return [f"{head}<p>Nothing is foreseen: {escape(rows[0]['note'])}.</p>"]
    asked = dict.fromkeys((row["question"], row["currency"]) for row in rows)
    deciles = tables.arrow("SELECT * FROM insight_worth_deciles ORDER BY decile").to_pylist()
    found = []
    for question, currency in asked:
        if question == "value" and not money:
            continue
        own = [row for row in rows if (row["question"], row["currency"]) == (question, currency)]
        first = own[0]
        chosen = next((row["method"] for row in own if row["chosen"]), "")
        points = [
            (row["expected"], row["came"])
            for row in deciles
            if (row["method"], row["question"], row["currency"]) == (chosen, question, currency)
        ]
        title = f"{QUESTIONS[question]}{f', in {escape(currency)}' if currency else ''}"
        columns = ("method", "meaning", "expected", "came", "off", "rank_correlation", "squared_error", "gain_low", "gain_high")
        found.append(
            f"<h3>{title}</h3><p>{first['customers']:,} customers, {first['days']:,} days from {first['known_until']} on.</p>"
            f"{_figure(_intervals(own, 'gain'), 'squared error, less than that of the yardstick by')}"
            f"{_figure(_calibration(points), f'tenths of the customers, by {chosen}: what was expected, and what came')}"
            f"{_table(own, columns)}"
        )
    return [head, *found] if found else []


def _of_groups(tables: Engine, money: bool) -> list[str]:
    if not tables.has("insight_group_sizes"):
        return []
    rows = tables.arrow('SELECT * FROM insight_group_sizes ORDER BY size DESC, "group"').to_pylist()
    if not rows or rows[0]["size"] is None:
        return [f"<h2>Natural groups</h2><p>{escape(str(row['note']))}</p>" for row in rows]
    apart = f"Silhouette {rows[0]['silhouette']:.2f}, in data without groups {rows[0]['made_up']:.2f}."
    columns = ("group", "description", "size", "share", "orders", "basket", *(("spend", "currency") if money else ()), "ago")
    return [f"<h2>Natural groups</h2><p>{apart}</p>{_table(rows, columns)}"]


def _of_segments(tables: Engine) -> list[str]:
    if not tables.has("insight_segment_sizes"):
        return []
    rows = tables.arrow("SELECT * FROM insight_segment_sizes ORDER BY segment").to_pylist()
    return [f"<h2>Segments</h2>{_table(rows, ('segment', 'rules', 'size', 'refused', 'entered', 'gone', 'note'))}"]


def _intervals(rows: Sequence[Row], metric: str) -> str:
    """A line for each method, from the low to the high end of its interval, with a dot for the value; 0 is drawn."""
    ends = [(_or(row.get(f"{metric}_low"), row[metric]), _or(row.get(f"{metric}_high"), row[metric])) for row in rows]
    x = _scale(min(0.0, *(low for low, _ in ends)), max(0.0, *(high for _, high in ends)), LEFT, WIDE - 20)
    lines = [f'<line x1="{x(0)}" x2="{x(0)}" y1="4" y2="{ROW * len(rows) + 6}" stroke="{PALE}"/>']
    for place, (row, (low, high)) in enumerate(zip(rows, ends, strict=True)):
        y, ink = ROW * place + 18, USED if row["chosen"] else INK
        lines.append(
            f'<text x="4" y="{y + 4}" font-size="12" fill="{ink}">{escape(str(row["method"]))}</text>'
            f'<line x1="{x(low)}" x2="{x(high)}" y1="{y}" y2="{y}" stroke="{ink}" stroke-width="2"/>'
            f'<circle cx="{x(row[metric])}" cy="{y}" r="4" fill="{ink}"/>'
        )
    return _svg(WIDE, ROW * len(rows) + 12, "".join(lines))


def _calibration(points: Sequence[tuple[float, float]]) -> str:
    """A dot for each tenth of the customers; on the line what was expected came."""
    most = max([1e-9, *(value for point in points for value in point)])
    low = min([0.0, *(value for point in points for value in point)])
    x, y = _scale(low, most, 34, SIDE - 10), _scale(low, most, SIDE - 24, 10)
    dots = "".join(f'<circle cx="{x(expected)}" cy="{y(came)}" r="4" fill="{USED}"/>' for expected, came in points)
    frame = f'<line x1="{x(low)}" y1="{y(low)}" x2="{x(most)}" y2="{y(most)}" stroke="{PALE}"/>'
    words = (
        f'<text x="{SIDE / 2}" y="{SIDE - 4}" font-size="11">expected, to {most:.3g}</text>'
        f'<text x="11" y="{SIDE / 2}" font-size="11" transform="rotate(-90 11 {SIDE / 2})">came</text>'
    )
    return _svg(SIDE, SIDE, frame + dots + words)


def _scale(low: float, high: float, start: float, stop: float) -> Callable[[float], float]:
    wide = (high - low) or 1.0
    return lambda value: round(start + (value - low) / wide * (stop - start), 1)


def _svg(width: float, height: float, inside: str) -> str:
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size}>{inside}</svg>'


def _figure(drawn: str, caption: str) -> str:
    return f"<figure>{drawn}<figcaption>{escape(caption)}</figcaption></figure>"


def _table(rows: Sequence[Row], columns: Sequence[str]) -> str:
    there = [name for name in columns if any(row.get(name) is not None for row in rows)]
    head = "".join(f'<th scope="col">{escape(name.replace("_", " "))}</th>' for name in there)
    body = "".join(
        f"<tr{' class=used' if row.get('chosen') else ''}>{''.join(_cell(row.get(name)) for name in there)}</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f'<td class="n">{value:,.0f}</td>' if abs(value) >= 1000 else f'<td class="n">{value:.3g}</td>'
    if isinstance(value, int):
        return f'<td class="n">{value:,}</td>'
    return f"<td>{'' if value is None else escape(str(value))}</td>"


def _or(value: float | None, other: float) -> float:
    return other if value is None else value
