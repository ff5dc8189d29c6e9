"""Which order each payment names, as the table `payments_found`. Start at `find_payments`.

A number that is in several objects, whose keys have the same name, is that of the order of the same customer or of the same
amount, else of none. A payment that names several orders pays them all if it is just what is open of them.
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
    """Where the orders of each reference may be: in its own object, and in others of the source whose key has the same name."""
    keys = {
        (each.settings.source, each.settings.object): plain(each.settings.fields["key"].field or "")
        for each in maps
        if each.table.name == "orders" and "key" in each.settings.fields
    }
    asked = engine.rows(
        "SELECT DISTINCT regexp_extract(pays, '^(order:[^:]*:[^:]*:)', 1) FROM staged_interactions WHERE pays IS NOT NULL"
    )
    found = []
    for (prefix,) in asked:
        source, name = [*str(prefix).split(":"), "", ""][1:3]
        own = keys.get((source, name), "")
        found += [(prefix, source, name)]
        found += [(prefix, *each) for each, key in keys.items() if own and key == own and each[0] == source and each[1] != name]
    columns = ("prefix", "source", "object")
    return pa.table({name: pa.array([str(one[n]) for one in found], pa.string()) for n, name in enumerate(columns)})


def _match(engine: Engine) -> None:
    """`payments_named`: the payments, each with the id of the order that it names (`named`) and, without one, `why`."""
    bare = BARE.format("substr(p.pays, len(p.prefix) + 1)")
    engine.run(f"""CREATE OR REPLACE TEMP TABLE orders_there AS
        SELECT t.prefix, o.order_id, o.record_id, o.amount, {BARE.format("o.key")} AS bare
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
                coalesce(o.record_id = p.record_id, false) AS theirs, coalesce(abs(o.amount - p.amount) <= {CENT}, false) AS just
            FROM payments p LEFT JOIN zeros z ON z.prefix = p.prefix AND z.said = p.bare
            JOIN orders_there o ON o.prefix = p.prefix AND o.bare = coalesce(z.bare, p.bare)),
        chosen AS (SELECT interaction_id, any_value(zeros) AS zeros, CASE WHEN count(*) = 1 THEN min(order_id)
            WHEN count(*) FILTER (theirs) = 1 THEN min(order_id) FILTER (theirs)
            WHEN count(*) FILTER (just) = 1 THEN min(order_id) FILTER (just)
            WHEN count(DISTINCT split_part(order_id, ':', 3)) = 1 THEN min(order_id) FILTER (exact) END AS named
            FROM able GROUP BY 1)
        SELECT p.*, c.named, coalesce(c.zeros, false) AS zeros,
            CASE WHEN c.interaction_id IS NOT NULL AND c.named IS NULL THEN 'unclear' END AS why
        FROM payments p LEFT JOIN chosen c USING (interaction_id)""")


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
