"""Which order each payment names, as the table `payments_found`. Start at `find_payments`.

A number that several orders have, as it begins again each year or in each object, is that of the order of the same
customer, of the same amount or of the nearest day, else of none. A payment that names several orders pays them all if it
is just what is open of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from fullcircle.engine.base import Engine
from fullcircle.mapping.payment_words import money_came
from fullcircle.mapping.status import is_written_off, plain
from fullcircle.mapping.validate import CheckedMap
from fullcircle.mapping.worth import CENT

BARE = "regexp_replace(lower(trim({})), '^[#№ ]+', '')"
LOOSE = "regexp_replace({}, '^0+([0-9])', '\\1')"
SEVERAL = r"[;,+&/|\s]+"  # between the numbers of several orders
BEFORE = 31  # days that a payment may be before its order, where another order has the same number
NEARER, MORE_DAYS = 3, 90  # so many times, and by so many days, an order must be nearer to its payment than others of its number


def find_payments(engine: Engine, own: Mapping[str, str], maps: Sequence[CheckedMap]) -> None:
    """Make `payments_found`: each payment with the one order that it names, whether its money came, and why it names none.

    `own`: the words of the sources for a status, beside the built-in ones.
    """
    mine = {plain(word): meaning for word, meaning in own.items()}
    said = "FROM staged_interactions WHERE pays IS NOT NULL AND status IS NOT NULL"
    words = [str(word) for (word,) in engine.rows(f"SELECT DISTINCT status {said}")]
    known = pa.table(
        {
            "word": pa.array(words, pa.string()),
            "came": pa.array([money_came(word, mine) for word in words], pa.bool_()),
            "off": pa.array([is_written_off(word, mine) for word in words], pa.bool_()),
        }
    )
    with engine.register("payment_words", known), engine.register("payment_targets", _targets(engine, maps)):
        _match(engine)
        engine.run("""CREATE OR REPLACE TEMP TABLE payments_found AS
            SELECT p.interaction_id, p.source, p.object, p.amount, p.currency, p.why, p.zeros, o.order_id, o.record_id AS owner,
                o.currency AS of_currency, o.source AS of_source, o.object AS of_object, coalesce(o.status, '') AS of_status,
                coalesce(k.came OR p.amount < 0 OR o.order_id IS NULL, true) AS came,
                coalesce(k.off AND o.order_id IS NOT NULL, false) AS off,
                CASE WHEN k.came IS NULL AND p.amount > 0 THEN k.word END AS unknown,
                coalesce(upper(p.currency) = upper(o.currency), true) AS same
            FROM payments_named p LEFT JOIN staged_orders o ON o.order_id = p.named
            LEFT JOIN payment_words k ON k.word = p.status""")
        _of_several(engine)
    engine.run("DROP TABLE payments_named; DROP TABLE orders_there")


def _targets(engine: Engine, maps: Sequence[CheckedMap]) -> pa.Table:
    """Where the orders of each reference may be: in its own object, and in others whose number has the same name."""
    keys = {
        (each.settings.source, each.settings.object): number
        for each in maps
        if each.table.name == "orders" and (number := _number_of(each))[0]
    }
    asked = engine.rows(
        "SELECT DISTINCT regexp_extract(pays, '^(order:[^:]*:[^:]*:)', 1) FROM staged_interactions WHERE pays IS NOT NULL"
    )
    found = []
    for (prefix,) in asked:
        source, name = [*str(prefix).split(":"), "", ""][1:3]
        own, beside = keys.get((source, name), ("", False))
        found += [(prefix, source, name, beside)]
        found += [
            (prefix, *place, other)
            for place, (number, other) in keys.items()
            if own and number == own and place[0] == source and place[1] != name
        ]
    columns = ("prefix", "source", "object")
    places = {name: pa.array([str(one[n]) for one in found], pa.string()) for n, name in enumerate(columns)}
    return pa.table({**places, "beside": pa.array([bool(one[-1]) for one in found], pa.bool_())})


def _number_of(orders: CheckedMap) -> tuple[str, bool]:
    """The column by which payments name these orders, and whether that is a number beside a key of several columns."""
    fields = orders.settings.fields
    key = plain(fields["key"].field or "") if "key" in fields else ""
    if key or "number" not in fields or not ("key" in fields and fields["key"].fields):
        return key, False
    return plain(fields["number"].field or ""), True


def _match(engine: Engine) -> None:
    """`payments_named`: the payments, each with the id of the order that it names (`named`) and, without one, `why`."""
    bare = BARE.format("substr(p.pays, len(p.prefix) + 1)")
    engine.run(f"""CREATE OR REPLACE TEMP TABLE orders_there AS
        SELECT t.prefix, o.order_id, o.record_id, o.amount, o.ordered_at,
            {BARE.format("CASE WHEN t.beside THEN o.number ELSE o.key END")} AS bare
        FROM staged_orders o JOIN payment_targets t ON t.source = o.source AND t.object = o.object""")
    engine.run(f"""CREATE OR REPLACE TEMP TABLE payments_named AS
        WITH payments AS (SELECT *, {bare} AS bare FROM (SELECT *, regexp_extract(pays, '^(order:[^:]*:[^:]*:)', 1) AS prefix
                FROM staged_interactions WHERE pays IS NOT NULL) p),
        asked AS (SELECT DISTINCT prefix, bare, {LOOSE.format("bare")} AS loose FROM payments),
        loose AS (SELECT prefix, {LOOSE.format("bare")} AS loose, any_value(bare) AS bare FROM orders_there GROUP BY 1, 2
            HAVING count(*) = 1),
        zeros AS (SELECT a.prefix, a.loose, any_value(a.bare) AS said, any_value(l.bare) AS bare FROM asked a
            JOIN loose l USING (prefix, loose) GROUP BY 1, 2 HAVING count(DISTINCT a.bare) = 1 AND any_value(l.bare <> a.bare)),
        able AS (SELECT p.interaction_id, o.order_id, o.order_id = p.pays AS exact, z.bare IS NOT NULL AS zeros,
                coalesce(o.record_id = p.record_id, false) AS theirs, coalesce(abs(o.amount - p.amount) <= {CENT}, false) AS just,
                date_diff('day', o.ordered_at, p.at) AS days
            FROM payments p LEFT JOIN zeros z ON z.prefix = p.prefix AND z.said = p.bare
            JOIN orders_there o ON o.prefix = p.prefix AND o.bare = coalesce(z.bare, p.bare)),
        {_chosen()}
        SELECT p.*, c.named, coalesce(c.zeros, false) AS zeros,
            CASE WHEN c.interaction_id IS NOT NULL AND c.named IS NULL THEN 'unclear' END AS why
        FROM payments p LEFT JOIN chosen c USING (interaction_id)""")


def _chosen() -> str:
    """SQL: of the orders that payments are `able` to pay, the one that each is for: `chosen`; null where nothing says which."""
    kept = "able"
    steps = []
    for name, better in (
        ("same_key", "exact AND count(DISTINCT split_part(order_id, ':', 3)) OVER one = 1"),
        ("in_time", f"coalesce(days, 0) >= -{BEFORE}"),
        ("of_customer", "theirs"),
        ("of_amount", "just"),
    ):
        steps.append(
            f"{name} AS (SELECT * EXCLUDE better FROM (SELECT *, {better} AS better FROM {kept} WINDOW one AS (PARTITION BY "
            "interaction_id)) QUALIFY better OR NOT bool_or(better) OVER (PARTITION BY interaction_id))"
        )
        kept = name
    near, next_ = "min(abs(days))", "list_sort(list(abs(days)))[2]"
    clear = f"({near} = 0 AND {next_} > 0 OR {next_} >= {NEARER} * {near} AND {next_} - {near} >= {MORE_DAYS})"
    return ", ".join(steps) + (
        ", chosen AS (SELECT interaction_id, any_value(zeros) AS zeros, CASE WHEN count(*) = 1 THEN min(order_id) "
        f"WHEN count(*) = count(days) AND {clear} THEN arg_min(order_id, abs(days)) END AS named FROM {kept} GROUP BY 1)"
    )


def _of_several(engine: Engine) -> None:
    """A payment that is just what is open of all orders that it names pays each of them; any other names several."""
    engine.run(f"""CREATE OR REPLACE TEMP TABLE orders_named AS
        WITH parts AS (SELECT interaction_id, prefix, unnest(list_filter(list_distinct(string_split_regex(bare, '{SEVERAL}')),
                lambda part: regexp_matches(part, '[0-9]'))) AS bare FROM payments_named WHERE named IS NULL AND why IS NULL),
        paid AS (SELECT order_id, sum(amount) AS paid FROM payments_found WHERE came AND same AND order_id IS NOT NULL GROUP BY 1)
        SELECT interaction_id, o.order_id,
            greatest(coalesce(s.unpaid, s.amount - coalesce(s.paid, 0)) - coalesce(d.paid, 0), 0) AS open,
            count(o.order_id) OVER one AS found, count(DISTINCT p.bare) OVER one AS asked
        FROM parts p LEFT JOIN orders_there o USING (prefix, bare) LEFT JOIN staged_orders s ON s.order_id = o.order_id
        LEFT JOIN paid d ON d.order_id = o.order_id WINDOW one AS (PARTITION BY interaction_id)""")
    engine.run(f"""CREATE OR REPLACE TEMP TABLE several_paid AS
        SELECT f.* REPLACE (n.open AS amount, o.order_id AS order_id, o.record_id AS owner, o.currency AS of_currency,
            o.source AS of_source, o.object AS of_object, coalesce(o.status, '') AS of_status,
            coalesce(upper(f.currency) = upper(o.currency), true) AS same, coalesce(k.came, true) AS came,
            coalesce(k.off, false) AS off)
        FROM payments_found f JOIN orders_named n USING (interaction_id) JOIN staged_orders o ON o.order_id = n.order_id
        JOIN payments_named p USING (interaction_id) LEFT JOIN payment_words k ON k.word = p.status
        WHERE n.found = n.asked AND n.asked > 1 AND interaction_id IN (SELECT n.interaction_id FROM orders_named n
            JOIN payments_found f USING (interaction_id) GROUP BY n.interaction_id, f.amount
            HAVING abs(sum(n.open) - f.amount) <= {CENT})""")
    engine.run(
        "UPDATE payments_found SET why = 'several' WHERE order_id IS NULL AND interaction_id IN "
        "(SELECT interaction_id FROM orders_named WHERE found > 1); "
        "DELETE FROM payments_found WHERE interaction_id IN (SELECT interaction_id FROM several_paid); "
        "INSERT INTO payments_found SELECT * FROM several_paid; DROP TABLE several_paid; DROP TABLE orders_named"
    )
