"""To whom no offers are made: who refused, and with `[consent] without = "deny"` who never agreed.

What counts is what `show` says of a customer's consents (ask/consents.py): a refusal counts, also of another record or of
somebody with the same address, unless a consent is known to be newer. Why any refusal counts:
docs/decisions/0020-offers-and-refusals.md.
"""

from __future__ import annotations

from dataclasses import replace

from fullcircle.config.sections import ConsentSettings
from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.insights.base import Finding, owned_labels
from fullcircle.mapping.denials import channel_of
from fullcircle.model.counting import counted
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Progress
from fullcircle.model.tables import CUSTOMER_CONSENTS

ANSWERS, NO_OFFERS = CUSTOMER_CONSENTS.name, "no_offers_to"
# One row per customer and channel (or purpose without one), as `agreed` of ask/consents.py, with since when and by which source.
ANSWERED = """
    WITH said AS (
        SELECT e.source AS customer_id, lower(coalesce(nullif(c.channel, ''), c.purpose)) AS purpose, c.granted, c."at", c.source,
            (coalesce(c."at", TIMESTAMP '0001-01-01'), c.id) AS newest
        FROM {edges} e JOIN {consents} c ON c.id = e.target),
    answers AS (
        SELECT customer_id, purpose, CASE
            WHEN count(*) FILTER (granted = false) = 0 THEN CASE WHEN bool_or(granted) THEN true END
            ELSE coalesce(
                max("at") FILTER (granted) > max(coalesce("at", TIMESTAMP '9999-12-31')) FILTER (granted = false), false)
            END AS agreed
        FROM said GROUP BY ALL)
    SELECT customer_id, purpose, agreed, max("at") AS "at", arg_max(source, newest) AS source
    FROM answers JOIN said USING (customer_id, purpose) WHERE granted IS NOT DISTINCT FROM agreed
    GROUP BY ALL ORDER BY customer_id, purpose"""


def answer_consents(engine: Engine) -> None:
    """Make the table of what counts for every customer."""
    edges, consents = EDGES["HAS_CONSENT"].table, VERTICES["Consent"].table
    if not engine.has(edges) or not engine.has(consents):
        engine.run(f"DROP TABLE IF EXISTS {ANSWERS}")
        engine.run(CUSTOMER_CONSENTS.ddl())
        return
    engine.run(f"CREATE OR REPLACE TABLE {ANSWERS} AS {ANSWERED.format(edges=edges, consents=consents)}")


def without_refused(engine: Engine, made: Finding, consent: ConsentSettings, progress: Progress) -> Finding:
    """Take the offers of an insight to those customers out of its tables."""
    know_the_refusing(engine, consent, progress)
    table = f"insight_{made.insight}"
    edges = [EDGES[name].table for name in owned_labels(made.insight) if name in EDGES]
    many = 0
    with engine.transaction():
        if engine.has(table) and "customer_id" in engine.columns(table):
            many = engine.value(
                f"SELECT count(DISTINCT customer_id) FROM {quoted(table)} SEMI JOIN {NO_OFFERS} USING (customer_id)"
            )
            engine.run(f"DELETE FROM {quoted(table)} WHERE customer_id IN (SELECT customer_id FROM {NO_OFFERS})")
        for name in edges:
            engine.run(f"DELETE FROM {name} WHERE source IN (SELECT customer_id FROM {NO_OFFERS})")
    if many:
        why = "refused" if consent.without == "allow" else "refused, or never agreed"
        progress.say(f"{made.insight}: {counted(many, 'customer gets', 'customers get')} no offers, as they {why}.")
    return replace(made, tables={name: engine.count(name) for name in made.tables})


def know_the_refusing(engine: Engine, consent: ConsentSettings, progress: Progress) -> None:
    """Make the temporary table NO_OFFERS of customer ids."""
    names = _named(engine, consent)
    _report_unknown(engine, names, progress)
    counts = f"purpose IN ({', '.join(map(literal, names.values()))})" if names else "true"
    never = f"""UNION SELECT customer_id FROM customers WHERE customer_id NOT IN (
        SELECT customer_id FROM {ANSWERS} WHERE agreed AND {counts})"""
    engine.run(f"""
        CREATE OR REPLACE TEMP TABLE {NO_OFFERS} AS
        SELECT customer_id FROM {ANSWERS} WHERE agreed = false AND {counts} {never if consent.without == "deny" else ""}""")


def _named(engine: Engine, consent: ConsentSettings) -> dict[str, str]:
    """What the config names, and as what it counts: a purpose that goes by a channel counts as the channel."""
    found = {}
    for name in consent.purposes:
        purpose = literal(name.strip().lower())
        found[name] = engine.value(f"SELECT coalesce({channel_of(purpose)}, {purpose})")
    return found


def _report_unknown(engine: Engine, names: dict[str, str], progress: Progress) -> None:
    """A name of the config that no consent has may be a mistake, and a refusal that does not count for it."""
    there = {row[0] for row in engine.rows(f"SELECT DISTINCT purpose FROM {ANSWERS}")}
    odd = [name for name, counts_as in names.items() if counts_as not in there]
    if odd:
        known = ", ".join(sorted(there)) or "none"
        progress.say(f"[consent] purposes: nobody says anything of {', '.join(odd)}. What consents are about: {known}.")
