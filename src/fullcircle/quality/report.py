"""The report of quality: one HTML page that needs nothing else, with plots as SVG. Values of persons are only in it as shapes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

from fullcircle.quality.evaluation.outcome import RulesetOutcome
from fullcircle.quality.history import KeptCheck
from fullcircle.quality.profile import ColumnProfile, TableProfile

WIDE, HIGH, EDGE = 640, 160, 30  # of a plot of history
COLOURS = {"PASS": "#1a7f4b", "FAIL": "#b3261e", "ERROR": "#8a5a00"}
STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8881; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1.5rem; } caption { text-align: left; font-weight: 600; }
th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; } code { font-size: .9em; overflow-wrap: anywhere; }
.PASS { color: #1a7f4b; } .FAIL { color: #b3261e; } .ERROR { color: #8a5a00; } .wide { overflow-x: auto; }
svg text { font: 11px system-ui, sans-serif; fill: currentColor; } nav a { margin-right: 1rem; }
"""


@dataclass(frozen=True, slots=True)
class ReportContent:
    """What the page shows."""

    project: str
    outcomes: Sequence[RulesetOutcome]
    history: Mapping[tuple[str, str], Sequence[KeptCheck]]  # ruleset, table -> checks, newest first
    profiles: Sequence[TableProfile]


def page(content: ReportContent) -> str:
    """The whole page."""
    at = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    links = "".join(f'<a href="#{escape(one.table)}">{escape(one.table)}</a>' for one in content.profiles)
    body = "".join(
        [
            f"<h1>Data quality of {escape(content.project)}</h1><p>{at}</p>", _summary(content.outcomes),
            *(_ruleset(one, content.history.get((one.ruleset, one.table), ())) for one in content.outcomes),
            f"<h2>Tables</h2><nav>{links}</nav>" if links else "", *map(_profile, content.profiles),
        ]
    )  # fmt: skip
    title = f"Data quality of {escape(content.project)}"
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}"><title>{title}</title><style>{STYLE}</style></head>'
        f"<body><main>{body}</main></body></html>\n"
    )


def _summary(outcomes: Sequence[RulesetOutcome]) -> str:
    rows = "".join(
        f"<tr><td>{escape(one.ruleset)}</td><td>{escape(one.table)}</td><td class=n>{one.rows:,}</td>"
        f"<td class=n>{_percent(one.score)}</td>"
        + "".join(f"<td class=n>{len(one.of(result)):,}</td>" for result in ("PASS", "FAIL", "ERROR"))
        + "</tr>"
        for one in outcomes
    )
    heads = "".join(f"<th class=n>{name}</th>" for name in ("rows", "score", "passed", "failed", "not evaluated"))
    return f"<table><caption>Rulesets</caption><tr><th>ruleset</th><th>table</th>{heads}</tr>{rows}</table>" if rows else ""


def _ruleset(one: RulesetOutcome, history: Sequence[KeptCheck]) -> str:
    rows = "".join(
        f'<tr><td class="{rule.result}">{rule.result}</td><td><code>{escape(rule.rule)}</code></td>'
        f"<td>{escape(rule.message)}</td><td class=n>{'' if rule.failed is None else f'{rule.failed:,}'}</td></tr>"
        for rule in one.rules
    )
    points = [(check.at[:10], check.score) for check in reversed(history) if check.score is not None]
    plot = _line(points, f"Score of {one.ruleset} on {one.table}") if len(points) > 1 else ""
    heads = "<tr><th>result</th><th>rule</th><th>message</th><th class=n>rows</th></tr>"
    return f"<h2>{escape(one.ruleset)} on {escape(one.table)}</h2>{plot}<div class=wide><table>{heads}{rows}</table></div>"


def _line(points: Sequence[tuple[str, float]], title: str) -> str:
    """Shares over time, from 0 to 1."""
    step = (WIDE - 2 * EDGE) / (len(points) - 1)
    places = [(EDGE + place * step, EDGE + (1 - share) * (HIGH - 2 * EDGE)) for place, (_, share) in enumerate(points)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{COLOURS["PASS"]}"><title>{escape(at)}: {share:.1%}</title></circle>'
        for (x, y), (at, share) in zip(places, points, strict=True)
    )
    return (
        f'<svg role="img" viewBox="0 0 {WIDE} {HIGH}" width="{WIDE}" height="{HIGH}"><title>{escape(title)}</title>'
        f'<line x1="{EDGE}" x2="{WIDE - EDGE}" y1="{HIGH - EDGE}" y2="{HIGH - EDGE}" stroke="currentColor" opacity=".3"/>'
        f'<text x="0" y="{EDGE + 4}">100%</text><text x="0" y="{HIGH - EDGE + 4}">0%</text>'
        f'<text x="{EDGE}" y="{HIGH - 8}">{escape(points[0][0])}</text>'
        f'<text x="{WIDE - EDGE}" y="{HIGH - 8}" text-anchor="end">{escape(points[-1][0])}</text>'
        f'<polyline points="{path}" fill="none" stroke="{COLOURS["PASS"]}" stroke-width="2"/>{dots}</svg>'
    )


def _profile(one: TableProfile) -> str:
    heads = "<tr><th>column</th><th>type</th><th>filled</th><th class=n>distinct</th><th>range</th><th>frequent</th></tr>"
    rows = "".join(map(_column, one.columns))
    return (
        f'<h3 id="{escape(one.table)}">{escape(one.table)}</h3><p>{one.rows:,} rows</p>'
        f"<div class=wide><table>{heads}{rows}</table></div>"
    )


def _column(one: ColumnProfile) -> str:
    bar = (
        f'<svg role="img" viewBox="0 0 100 12" width="100" height="12"><title>{one.completeness:.1%}</title>'
        f'<rect width="100" height="12" fill="currentColor" opacity=".12"/>'
        f'<rect width="{one.completeness * 100:.1f}" height="12" fill="{COLOURS["PASS"]}"/></svg> {one.completeness:.1%}'
    )
    bounds = ""
    if "least" in one.numbers and "most" in one.numbers:
        bounds = f"{one.numbers['least']:g} to {one.numbers['most']:g}"
    elif one.first:
        bounds = f"{one.first[:10]} to {one.last[:10]}"
    frequent = ", ".join(f"{escape(value)} ({number:,})" for value, number in one.top[:5])
    return (
        f"<tr><td>{escape(one.name)}</td><td>{escape(one.type)}</td><td>{bar}</td><td class=n>{one.distinct:,}</td>"
        f"<td>{escape(bounds)}</td><td>{frequent}</td></tr>"
    )


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"
