"""Draws what is kept about a person as one HTML page that needs nothing else: no script, no font, no address elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1c1c1c; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; } caption { text-align: left; color: #555; padding: .2rem 0; }
th, td { border: 1px solid #ccc; padding: .25rem .5rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { background: #f3f3f3; }
"""


def as_html(found: Mapping[str, Any]) -> str:
    """The page for what `export.person` returns."""
    about, parts = found["about"], found["parts"]
    contents = "".join(f'<li><a href="#part{place}">{_text(name)}</a></li>' for place, name in enumerate(parts))
    sections = "".join(
        f'<h2 id="part{place}">{_text(name.capitalize())}</h2>{_table(rows)}' for place, (name, rows) in enumerate(parts.items())
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>What is kept about you</title><style>{STYLE}</style>'
        f"</head><body><h1>What is kept about you</h1><p>Customer {_text(about['customer_id'])}, as of "
        f"{_text(about['made_at'])}. Made by {_text(about['made_by'])}.</p><ul>{contents}</ul>{sections}</body></html>\n"
    )


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    if len(rows) == 1:
        lines = ((_text(_said(name)), _cell(value)) for name, value in rows[0].items())
        body = "".join(f'<tr><th scope="row">{name}</th><td>{cell}</td></tr>' for name, cell in lines)
        return f"<table>{body}</table>"
    names = list(dict.fromkeys(name for row in rows for name in row))
    head = "".join(f'<th scope="col">{_text(_said(name))}</th>' for name in names)
    body = "".join(f"<tr>{''.join(f'<td>{_cell(row.get(name))}</td>' for name in names)}</tr>" for row in rows)
    return f"<table><caption>{len(rows):,} rows</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _said(name: str) -> str:
    return name.replace("_", " ")


def _cell(value: Any) -> str:
    if isinstance(value, dict):
        return "<br>".join(f"{_text(name)}: {_cell(inner)}" for name, inner in value.items() if inner not in (None, ""))
    if isinstance(value, list | tuple):
        return "<br>".join(map(_cell, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else _text(value if isinstance(value, str) else json.dumps(value, default=str).strip('"'))


def _text(value: object) -> str:
    return escape(str(value))
