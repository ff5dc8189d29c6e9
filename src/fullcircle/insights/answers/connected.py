"""Customers who are connected by more than taste: by a household, an account, or what they took part in together.

The path is the reason: customer - household or account or interaction - customer, with its size, and for interactions how many
and when the last was. What connects very many (MOST) connects nobody in particular: a webinar with a thousand guests, an account
under which a whole company buys. The closest come first: a household, then the more interactions, then the smaller account.

Who brought whom (referrals) is in no source's data as the model has them, so nothing is said of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from fullcircle.config.read import parse
from fullcircle.config.sections import Settings
from fullcircle.engine.base import Engine
from fullcircle.engine.changes import bring_once
from fullcircle.insights.base import Finding, InsightContext
from fullcircle.insights.tables import fill_edges
from fullcircle.model.counting import counted
from fullcircle.model.entities import INTERACTION

TABLE = "insight_connected"
MOST = {"household": 12, "account": 50, "interaction": 12}
BELONGS = """
    SELECT source AS customer_id, target AS through, NULL::TIMESTAMP AS "at", NULL::VARCHAR AS sort,
        CASE WHEN starts_with(target, 'household:') THEN 'household' ELSE 'account' END AS kind
    FROM edges_member_of SEMI JOIN customers ON customer_id = source"""
TOOK_PART = f"""
    SELECT e.source, e.target, i."at", nullif(trim(i.kind), ''), 'interaction'
    FROM edges_{INTERACTION.edge.lower()} e JOIN {INTERACTION.table_name} i ON i.interaction_id = e.target
    SEMI JOIN customers ON customer_id = e.source WHERE coalesce(i."at" <= $as_of, true)"""
NOBODY = "SELECT NULL::VARCHAR AS customer_id, NULL::VARCHAR AS through, NULL::TIMESTAMP, NULL::VARCHAR, 'account' WHERE false"
ROWS = f"""
    WITH belongs(customer_id, through, "at", sort, kind) AS ({{parts}}),
    sized AS (
        SELECT through, kind, count(DISTINCT customer_id) AS size FROM belongs GROUP BY through, kind
        HAVING size BETWEEN 2 AND CASE kind {" ".join(f"WHEN '{kind}' THEN {most}" for kind, most in MOST.items())} END),
    met AS (
        SELECT a.customer_id, b.customer_id AS related_id, kind, count(DISTINCT through) AS shared, min(size) AS size,
            min_by(through, (size, through)) AS through, max(a."at") AS last, arg_max(a.sort, (a."at", through)) AS sort
        FROM belongs a JOIN sized USING (through, kind) JOIN belongs b USING (through, kind)
        WHERE a.customer_id <> b.customer_id GROUP BY a.customer_id, b.customer_id, kind),
    worded AS (
        SELECT *, CASE kind
            WHEN 'household' THEN concat('same household of ', size)
            WHEN 'account' THEN concat('same account of ', size)
            ELSE concat('took part in the same ', CASE WHEN shared > 1 THEN concat(shared, ' interactions')
                ELSE coalesce('interaction (' || sort || ')', 'interaction') END,
                CASE WHEN last IS NULL THEN '' WHEN shared > 1 THEN concat(', the last on ', CAST(last AS DATE))
                ELSE concat(', on ', CAST(last AS DATE)) END) END AS words,
            CASE kind WHEN 'household' THEN 0 WHEN 'interaction' THEN 1 ELSE 2 END AS place
        FROM met),
    pairs AS (
        SELECT customer_id, related_id, string_agg(kind, ', ' ORDER BY place) AS kinds, CAST(sum(shared) AS INTEGER) AS shared,
            arg_min(through, place) AS through, string_agg(words, '; ' ORDER BY place) AS words, min(place) AS place,
            min(size) AS size
        FROM worded GROUP BY customer_id, related_id)
    SELECT customer_id, related_id, CAST(row_number() OVER w AS INTEGER) AS rank, kinds, shared, through,
        concat(upper(words[1]), words[2:], '.') AS why
    FROM pairs
    WINDOW w AS (
        PARTITION BY customer_id ORDER BY place, CASE WHEN place = 1 THEN -shared ELSE size END, -shared, related_id)
    QUALIFY rank <= $k ORDER BY customer_id, rank"""
EDGES = f"SELECT customer_id AS source, related_id AS target, rank, kinds, shared, through, why FROM {TABLE}"


class ConnectedOptions(Settings):
    """[insights.connected]."""

    k: int = Field(20, ge=1)  # connected customers per customer


class Connected:
    """See the top of the file."""

    name = "connected"
    meaning = "Which customers share a household, an account or an interaction, and which."
    after = ()

    def check_options(self, options: Mapping[str, Any]) -> None:
        """See `insights.base.ChecksInsight`."""
        parse(ConnectedOptions, dict(options), "[insights.connected]")

    def compute(self, context: InsightContext) -> Finding:
        """Fill insight_connected and edges_connected_to: at most `k` others per customer, the closest first."""
        options = parse(ConnectedOptions, context.options, "[insights.connected]")
        engine = context.engine
        rows = ROWS.format(parts=_parts(engine))
        with engine.transaction():
            bring_once(engine, TABLE, rows, {"k": options.k, **({"as_of": context.as_of} if "$as_of" in rows else {})})
            tables = {TABLE: engine.count(TABLE), "edges_connected_to": fill_edges(engine, "CONNECTED_TO", EDGES)}
        many = engine.value(f"SELECT count(DISTINCT customer_id) FROM {TABLE}")
        said = f"{counted(many, 'customer shares', 'customers share')} a household, an account or an interaction with others."
        context.progress.say(f"connected: {said if many else 'nobody shares a household, an account or an interaction.'}")
        return Finding(self.name, tables, {"customers": float(many)})


def _parts(engine: Engine) -> str:
    """What is there of households, accounts and interactions, as one SELECT."""
    if not engine.has("customers"):
        return NOBODY
    found = [BELONGS] if engine.has("edges_member_of") else []
    if engine.has(f"edges_{INTERACTION.edge.lower()}") and engine.has(INTERACTION.table_name):
        found.append(TOOK_PART)
    return " UNION ALL ".join(found or [NOBODY])


PLUGIN = Connected()
