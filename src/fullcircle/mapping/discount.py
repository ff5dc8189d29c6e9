"""Finds out what the discount of order lines is: a share, a percent, or money. Start at `read_discounts`.

Sources write `0.1`, `10`, `10%` or `5.00` in a column of one name; money may be off the line or off each piece. A sign in the
cell (`10%`, `5.00 EUR`) or the map's `discount_kind` says it; else the source's own amounts do: for each object, that reading is
taken with which the lines give the amount of the line or of the whole order. Where they disagree, each order is read as its own
amount says. What nothing explains is reported, without an amount; an impossible amount (below zero, above the price)
goes to quarantine.
"""

from __future__ import annotations

from collections.abc import Mapping

from fullcircle.engine.base import Engine, literal
from fullcircle.model.counting import counted
from fullcircle.model.progress import Progress
from fullcircle.model.table import MONEY

# Reading -> the amount after a discount `e` on the price `cost` of all pieces. All are decimals: no cent is lost, none overflows.
READINGS = {
    name: f"TRY_CAST({amount} AS DECIMAL(34,12))"
    for name, amount in {
        "share": "cost * (1 - TRY_CAST(e AS DECIMAL(8,4)))",
        "percent": "cost * (1 - TRY_CAST(e AS DECIMAL(8,4)) * 0.01)",
        "money": "cost - CASE WHEN cost < 0 THEN -abs(e) ELSE e END",
        "money_each": "cost - TRY_CAST(if(cost < 0, abs(e), e) * CAST(quantity AS DECIMAL(20,4)) AS DECIMAL(24,8))",
    }.items()
}
WORDS = {
    "share": "a share of the price (0.1 is 10 %)",
    "percent": "a percent",
    "money": "money off the whole line",
    "money_each": "money off each piece",
}
SAID = {  # what sources write in a column of their own that says what the discount is
    "share": ("share", "ratio", "fraction", "factor"),
    "percent": ("percent", "percentage", "pct", "%", "percent_off", "prozent", "pourcentage", "porcentaje"),
    "money": ("money", "fixed", "fixed_amount", "amount", "absolute", "value", "amount_off", "betrag", "montant", "importe"),
    "money_each": ("money_each", "each", "per_unit", "unit"),
}
# The price of all pieces. The engine keeps a product of two small decimals small and fails if it does not fit: hence a wide one.
COST = "TRY_CAST(CAST(quantity AS DECIMAL(20,4)) * unit_price AS DECIMAL(24,8))"
UNKNOWN = "unknown"
ENOUGH = 0.95  # of the sums that tell the readings apart, for one reading to be that of the whole object
SUPPORT = 0.05  # of all sums that could be compared: fewer may fit by chance
OPEN = "(given IS NULL AND open AND said IS NULL)"  # a line whose discount has to be read
NO_CENTS = ("JPY", "KRW", "VND", "CLP", "ISK", "HUF", "IDR", "PYG", "UGX", "XAF", "XOF", "XPF")


def discount_texts(texts: Mapping[str, str]) -> dict[str, str]:
    """SQL for the discount without its percent sign, and for its kind if the cell or the map says it. `texts`: column -> SQL."""
    text, mapped = texts["discount"], texts["discount_kind"]
    money = r"'\p{Sc}|(^|[^A-Za-z])[A-Z]{3}($|[^A-Za-z])'"
    percent = f"regexp_matches({text}, '[%％]')"
    signed = f"CASE WHEN {percent} THEN 'percent' WHEN regexp_matches({text}, {money}) THEN 'money' END"
    said = " ".join(f"WHEN {word} THEN {literal(kind)}" for kind, words in SAID.items() for word in map(literal, words))
    given = f"CASE lower(trim({mapped})) {said} ELSE {mapped} END"
    return {
        "discount": f"regexp_replace({text}, '^[%％]\\s*|\\s*[%％]$', '')",
        "discount_kind": f"coalesce({signed}, {given})",
    }


def read_discounts(engine: Engine, progress: Progress) -> None:
    """Turn the discount of the staged order lines into a share, and give those lines their amount if the source has none."""
    engine.run("UPDATE staged_order_lines SET discount_kind = NULL WHERE discount_kind IS NOT NULL AND coalesce(discount, 0) = 0")
    if not engine.value("SELECT count(*) FROM staged_order_lines WHERE discount <> 0"):
        return
    _refuse(engine, f"discount_kind NOT IN ({_listed()})", f"order_lines.discount_kind is none of {', '.join(READINGS)}")
    engine.run(f"CREATE OR REPLACE TEMP TABLE priced_lines AS {PRICED}")
    engine.run(f"CREATE OR REPLACE TEMP TABLE discount_sums AS {_sums()}")
    engine.run(f"CREATE OR REPLACE TEMP TABLE discount_objects AS {_objects()}")
    _report(engine, progress)
    engine.run(f"CREATE OR REPLACE TEMP TABLE read_lines AS {_read()}")
    engine.run("""
        UPDATE staged_order_lines l SET discount_kind = r.kind,
            discount = CASE WHEN r.kind IN ('money', 'money_each') THEN r.share ELSE coalesce(r.share, l.discount) END,
            amount = coalesce(l.amount, r.amount)
        FROM read_lines r WHERE r.line_id = l.line_id""")
    impossible = "line_id IN (SELECT line_id FROM read_lines WHERE impossible)"
    _refuse(engine, impossible, "order_lines.discount makes an amount below zero or above the price")
    for name in ("priced_lines", "discount_sums", "discount_objects", "read_lines"):
        engine.run(f"DROP TABLE temp.{name}")


# Every line with its price, and the discount `e` as a positive number where an object writes all of them with a minus.
PRICED = f"""
    SELECT line_id, source, object, order_id, quantity, amount AS given, discount_kind AS said,
        coalesce(discount, 0) <> 0 AS open,
        {COST} AS cost, discount AS d,
        CASE WHEN coalesce(max(discount) OVER (PARTITION BY source, object), 0) <= 0 THEN abs(discount) ELSE discount END AS e
    FROM staged_order_lines"""


def _listed() -> str:
    return ", ".join(map(literal, READINGS))


def _by(kind: str) -> str:
    """SQL: the amount of a line if its discount is of the kind that `kind` (SQL) names."""
    return f"CASE {kind} {' '.join(f'WHEN {literal(name)} THEN {sql}' for name, sql in READINGS.items())} END"


def _sums() -> str:
    """SQL: for each line with an amount, and each order with one: which readings give it. One row for each line it speaks of."""
    one = ", ".join(f"abs({sql} - given) <= 0.011 AS {name}" for name, sql in READINGS.items())
    whole = ", ".join(
        f"CAST(sum(CASE WHEN {OPEN} THEN {sql} ELSE fixed END) AS DOUBLE) AS {name}" for name, sql in READINGS.items()
    )
    alike = ", ".join(
        f"""(len(list_filter(adds, lambda x: abs({name} + x - total) <= tolerance)) > 0
            OR len(list_filter(times, lambda x: abs({name} * x - total) <= tolerance + 0.00005 * abs(total))) > 0) AS {name}"""
        for name in READINGS
    )
    names = ", ".join(READINGS)
    return f"""
        WITH orders AS ({_totals()}),
        plain AS (
            SELECT any_value(source) AS source, any_value(object) AS object, CAST(any_value(total) AS DOUBLE) AS total,
                CAST(sum(fixed) AS DOUBLE) AS lines
            FROM orders GROUP BY order_id HAVING NOT bool_or({OPEN}) AND count(fixed) = count(*)),
        usual AS (
            SELECT source, object, list(more) FILTER (what = 'adds') AS adds, list(more) FILTER (what = 'times') AS times FROM (
                SELECT source, object, what, more, count(*) AS n, sum(n) OVER (PARTITION BY source, object, what) AS plain
                FROM (
                    SELECT source, object, 'adds' AS what, round(total - lines, 2) AS more FROM plain
                    UNION ALL SELECT source, object, 'times', round(total / lines, 4) FROM plain WHERE lines > 0)
                GROUP BY source, object, what, more QUALIFY n >= greatest(3, 0.05 * plain))
            GROUP BY source, object),
        summed AS (
            SELECT order_id, any_value(o.source) AS source, any_value(o.object) AS object, {whole},
                CAST(any_value(total) AS DOUBLE) AS total, count(*) * any_value(tolerance) AS tolerance
            FROM orders o GROUP BY order_id HAVING bool_or({OPEN}) AND bool_and(given IS NOT NULL OR cost IS NOT NULL)),
        fitting AS (
            SELECT order_id, {alike} FROM (
                SELECT s.*, list_append(coalesce(adds, []), 0) AS adds, coalesce(times, []) AS times
                FROM summed s LEFT JOIN usual u ON u.source = s.source AND u.object = s.object)),
        found AS (
            SELECT line_id, line_id AS sum_of, source, object, {one} FROM priced_lines
            WHERE open AND said IS NULL AND given IS NOT NULL AND cost IS NOT NULL
            UNION ALL
            SELECT line_id, order_id AS sum_of, source, object, {names} FROM priced_lines JOIN fitting USING (order_id)
            WHERE {OPEN})
        SELECT *, {" + ".join(f"CAST({name} AS INTEGER)" for name in READINGS)} AS fits FROM found"""


def _totals() -> str:
    """SQL: the lines of all orders that have an amount, with what is known of each line: `fixed`.

    The amount of an order may have freight or tax in it. What orders without a discount usually have on top of their lines (a
    sum, or a rate, found in at least three and 5 % of them) is allowed for in those with one.
    """
    return f"""
        SELECT l.*, coalesce(given, CASE WHEN NOT open THEN cost ELSE {_by("said")} END) AS fixed, o.amount AS total,
            CASE WHEN upper(o.currency) IN ({", ".join(map(literal, NO_CENTS))}) THEN 1 ELSE 0.011 END AS tolerance
        FROM priced_lines l JOIN staged_orders o USING (order_id) WHERE o.amount IS NOT NULL"""


def _objects() -> str:
    """SQL: for each object with discounts that nothing else explains: the reading of the whole object, or null, and why."""
    counts = ", ".join(f"count(*) FILTER ({name} AND fits < 4) AS n_{name}" for name in READINGS)
    best = f"greatest({', '.join(f'n_{name}' for name in READINGS)})"
    kind = " ".join(f"WHEN n_{name} = {best} THEN {literal(name)}" for name in READINGS)
    possible = ", ".join(f"bool_and({_sane(sql)}) FILTER (cost IS NOT NULL) AS p_{name}" for name, sql in READINGS.items())
    return f"""
        WITH sums AS (SELECT DISTINCT ON (sum_of, source, object) * FROM discount_sums),
        known AS (SELECT source, object, count(*) AS compared, count(*) FILTER (fits BETWEEN 1 AND 3) AS telling, {counts}
            FROM sums GROUP BY source, object),
        open AS (
            SELECT source, object, count(*) AS lines, min(d) AS low, max(d) AS high,
                coalesce(bool_and(abs(quantity) = 1), false) AS single, {possible}
            FROM priced_lines WHERE open AND said IS NULL GROUP BY source, object)
        SELECT o.*, coalesce(telling, 0) AS telling, coalesce({best}, 0) AS fitting,
            CASE WHEN telling > 0 AND {best} >= {ENOUGH} * telling AND {best} >= {SUPPORT} * compared THEN CASE {kind} END
                WHEN telling > 0 AND {best} >= {SUPPORT} * compared THEN NULL
                WHEN low >= 0 AND high <= 1 THEN 'share'
                WHEN NOT p_share AND NOT p_percent AND p_money AND (single OR NOT p_money_each) THEN 'money' END AS kind
        FROM open o LEFT JOIN known USING (source, object)"""


def _sane(amount: str) -> str:
    """SQL: true if the amount is between zero and the price."""
    return f"coalesce({amount} BETWEEN least(cost, 0) - 0.011 AND greatest(cost, 0) + 0.011, false)"


def _read() -> str:
    """SQL: the lines with a discount: its kind, the discount as a share, the amount, and whether that cannot be."""
    own = " ".join(f"WHEN u.{name} THEN {literal(name)}" for name in READINGS)
    agrees = " OR ".join(f"(o.kind = {literal(name)} AND u.{name})" for name in READINGS)
    proved = f"CASE WHEN {agrees} THEN o.kind {own} END"
    made = f"CASE WHEN kind <> '{UNKNOWN}' THEN {_by('kind')} END"
    share = f"""CASE kind WHEN 'share' THEN e WHEN 'percent' THEN e / 100
        WHEN '{UNKNOWN}' THEN NULL ELSE 1 - TRY_CAST({made} AS DOUBLE) / nullif(TRY_CAST(cost AS DOUBLE), 0) END"""
    return f"""
        WITH kinds AS (
            SELECT p.*, coalesce(p.said, {proved}, o.kind, '{UNKNOWN}') AS kind FROM priced_lines p
            LEFT JOIN discount_sums u ON u.line_id = p.line_id
            LEFT JOIN discount_objects o ON o.source = p.source AND o.object = p.object WHERE p.open)
        SELECT line_id, kind, TRY_CAST({share} AS {MONEY}) AS share, TRY_CAST({made} AS {MONEY}) AS amount,
            given IS NULL AND kind <> '{UNKNOWN}' AND cost IS NOT NULL AND NOT {_sane(made)} AS impossible
        FROM kinds"""


def _refuse(engine: Engine, condition: str, reason: str) -> None:
    """Lines to quarantine. An order without an amount of its own goes with them, as their sum is not known any more."""
    bad = f"FROM staged_order_lines l WHERE {condition}"
    if not engine.value(f"SELECT count(*) {bad}"):
        return
    row = "CAST(to_json(l) AS VARCHAR)"
    without = f"FROM staged_orders l WHERE amount IS NULL AND order_id IN (SELECT order_id {bad})"
    why = literal("orders.amount is the sum of its lines, and one of these is in quarantine")
    engine.run(f"""
        INSERT INTO found_bad SELECT source, object, key, 'mapping', 'discount', {why}, {row} {without}; DELETE {without};
        INSERT INTO found_bad SELECT source, object, key, 'mapping', 'discount', {literal(reason)}, {row} {bad}; DELETE {bad}""")


def _report(engine: Engine, progress: Progress) -> None:
    """Say how the discounts of each object were read, with the evidence, and ask where nothing explains it."""
    mixed = """SELECT o.source || '.' || o.object, o.kind, o.telling, o.fitting, o.lines,
        count(*) FILTER (o.kind IS NULL AND coalesce(u.fits, 0) = 0) FROM discount_objects o
        JOIN priced_lines p ON p.source = o.source AND p.object = o.object AND p.open AND p.said IS NULL
        LEFT JOIN discount_sums u ON u.line_id = p.line_id GROUP BY ALL ORDER BY 1"""
    for name, kind, telling, fitting, lines, silent in engine.rows(mixed):
        if kind and telling:
            progress.say(
                f"order_lines of {name}: the discount is {WORDS[kind]}: with this, {fitting:,} of {telling:,} sums of lines that "
                "can tell are the source's own amounts."
            )
        elif kind:
            progress.say(
                f"order_lines of {name}: the discount was taken as {WORDS[kind]}, because of its values alone "
                f"({counted(lines, 'line')}); "
                "no amount of the source can tell. If it is something else, say it in the map, e.g. "
                'discount_kind = { value = "percent" }.'
            )
        else:
            each = "Each order with an amount was read as this amount says. " if telling else ""
            ask = (
                f"{counted(silent, 'line has', 'lines have')} no amount because of this. Say it in the map: "
                'discount_kind = { value = "percent" } (or share, money, money_each).'
                if silent
                else "No line is left that nothing explains."
            )
            progress.say(
                f"order_lines of {name}: the discounts are not all of one sort (share, percent, money), or the source's amounts "
                f"do not say which. {each}{ask}"
            )
