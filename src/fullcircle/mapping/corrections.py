"""Credit notes, reversals and refunds: orders of a negative amount that take another order (an invoice) back. See `correct`.

`corrects` names that order, by its key or in a text ("Reversal of RE-1005"). What is given back of an order that does not count
as a sale was not spent, so it is not taken off again: the graph's tables (trade.py) leave such a credit note out of what was
spent. Here it is found which order is meant, and said what does not count and why.
"""

from __future__ import annotations

from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.worth import worth
from fullcircle.model.counting import counted
from fullcircle.model.progress import Progress
from fullcircle.model.statuses import GIVEN_BACK, NO_SALE

BACK = ", ".join(map(literal, GIVEN_BACK))
LOST = ", ".join(map(literal, NO_SALE))
ID = r"^order:[^:]*:[^:]*:(?s:(.*))$"  # the text behind the source and the object
# A row that takes something back: its amount is negative (or that of its lines may be), and it counts.
REVERSAL = f"""coalesce(amount, CASE WHEN corrects IS NOT NULL THEN -1 END, 0) < 0
    AND (status IS NULL OR status IN ({BACK}) OR status NOT IN ({LOST}))"""
SPLIT = r"""[\s,;:()\[\]"'„“”«»]+"""
SHAPE = r"regexp_replace(regexp_replace(lower({}), '\p{{L}}+', 'a', 'g'), '[0-9]+', '9', 'g')"  # RE-1005 and ST-7 are both `a-9`
# The word of a row of a negative amount that says that the row itself takes back: a `Reversed` of -80. A `Cancelled` may mean the
# credit note. Plain, as `status.plain` writes.
REVERSES = (
    "revers|charge ?back|charged back|storno|ruckbuchung|ruckgebucht|rucklastschrift|contrepass|extourn|revertid|retrocedid"
    "|extorn|contracargo|estorn|stornat|riaccredit|teruggeboekt|teruggedraaid|gestorneerd|tilbagefort|tilbakefort|aterford"
    "|bokat tillbaka|hyvitetty|stornovan|sztorn|ters kayit"
    "|сторно|обратна|αντιλογισμ|赤伝|冲销|沖銷|红冲|취소전표"
)
CLEAR = r"[\p{L}]"  # a key with letters: a mere number in a text may be anything


def correct(engine: Engine, progress: Progress) -> None:
    """Find the order that each staged reversal takes back; `apply_corrections` says what that means for the money."""
    _reversing_rows(engine, progress)
    if not engine.value(f"SELECT count(*) FROM staged_orders WHERE {REVERSAL}"):
        engine.run("UPDATE staged_orders SET corrects = NULL WHERE corrects IS NOT NULL")
        return
    engine.run(
        "UPDATE staged_orders SET corrects = NULL WHERE corrects IS NOT NULL "
        f"AND (corrects = order_id OR NOT coalesce({REVERSAL}, false))"
    )
    _by_key(engine)
    _by_number(engine)
    _by_text(engine)
    _by_customer_and_amount(engine, progress)


def _reversing_rows(engine: Engine, progress: Progress) -> None:
    """A cancelled row of a negative amount whose word says that it takes back does so, if it can be of an order that counts."""
    if not engine.value("SELECT count(*) FROM staged_orders WHERE amount < 0 AND status = 'cancelled'"):
        return
    word = "regexp_replace(lower(strip_accents(coalesce(r.status_raw, ''))), '[^\\p{L}]+', ' ', 'g')"
    engine.run(f"""CREATE OR REPLACE TEMP TABLE reversing AS
        SELECT r.order_id, r.amount, r.currency, regexp_matches({word}, {literal(REVERSES)}) AS says,
            max(o.amount) >= -r.amount AS fits, bool_or(o.amount = -r.amount) AS same
        FROM staged_orders r LEFT JOIN staged_orders o ON o.source = r.source AND o.record_id = r.record_id AND o.amount > 0
            AND coalesce(o.status, '') NOT IN ({LOST}) AND coalesce(o.currency = r.currency, true)
        WHERE r.amount < 0 AND r.status = 'cancelled'
        GROUP BY r.order_id, r.amount, r.currency, r.status_raw""")
    engine.run(
        f"UPDATE staged_orders SET status = {literal(GIVEN_BACK[0])} FROM reversing v WHERE v.order_id = staged_orders.order_id "
        "AND v.says AND (v.fits OR staged_orders.corrects IS NOT NULL)"
    )
    doubt = "FROM reversing v WHERE NOT says AND same OR says AND NOT coalesce(fits, false) AND order_id NOT IN "
    doubt += f"(SELECT order_id FROM staged_orders WHERE amount < 0 AND status = {literal(GIVEN_BACK[0])})"
    found = engine.value(f"SELECT count(*) {doubt}")
    if found:
        progress.say(
            f"orders.status: {counted(found, 'row')} of a negative amount {'is' if found == 1 else 'are'} cancelled "
            f"({worth(engine, '-amount', doubt)} together): {'it takes' if found == 1 else 'they take'} nothing back. If a "
            'word there means that the row itself takes back what was sold, say so in [status] map = { "<word>" = "returned" }.'
        )
    engine.run("DROP TABLE reversing")


def apply_corrections(engine: Engine, progress: Progress) -> None:
    """What the corrections that were found mean for the orders: whose they are, what was kept in part, what does not count."""
    if not engine.value("SELECT count(corrects) FROM staged_orders"):
        return
    engine.run(
        "UPDATE staged_orders SET record_id = o.record_id FROM staged_orders o WHERE o.order_id = staged_orders.corrects "
        "AND o.record_id IS NOT NULL AND coalesce(staged_orders.record_id, '') NOT IN (SELECT record_id FROM staged_records)"
    )
    _kept_in_part(engine, progress)
    _report(engine, progress)
    _report_too_much(engine, progress)


def _by_key(engine: Engine) -> None:
    """A key that belongs to an order of another object of the source, or is written in other letters."""
    engine.run(f"""CREATE OR REPLACE TEMP TABLE reversals_found AS
        SELECT r.order_id, min(o.order_id) AS meant FROM staged_orders r
        JOIN staged_orders o ON o.source = r.source AND lower(trim(o.key)) = lower(trim(regexp_extract(r.corrects, '{ID}', 1)))
        WHERE r.corrects IS NOT NULL AND r.corrects NOT IN (SELECT order_id FROM staged_orders) AND o.order_id <> r.order_id
        GROUP BY 1 HAVING count(*) = 1""")
    _take_over(engine)


def _by_number(engine: Engine) -> None:
    """A number beside the key, as where numbers begin again each year: of several that have it, the customer's latest before."""
    number = f"lower(trim(regexp_extract(r.corrects, '{ID}', 1)))"
    theirs = "o.record_id = r.record_id AND coalesce(o.ordered_at <= r.ordered_at, true)"
    engine.run(f"""CREATE OR REPLACE TEMP TABLE reversals_found AS
        SELECT order_id, CASE WHEN several THEN of_customer ELSE one END AS meant FROM (
            SELECT r.order_id, count(DISTINCT o.order_id) > 1 AS several, min(o.order_id) AS one,
                arg_max(o.order_id, coalesce(o.ordered_at, TIMESTAMP '0001-01-01')) FILTER ({theirs}) AS of_customer
            FROM staged_orders r JOIN staged_orders o ON o.source = r.source AND lower(trim(o.number)) = {number}
            WHERE r.corrects IS NOT NULL AND r.corrects NOT IN (SELECT order_id FROM staged_orders) AND o.order_id <> r.order_id
                AND coalesce(o.amount, 1) >= 0
            GROUP BY 1)
        WHERE NOT several OR of_customer IS NOT NULL""")
    _take_over(engine)


def _by_text(engine: Engine) -> None:
    """The key of an order is in a text. A text with a key of that form that is not there names an order that is not there."""
    engine.run(f"""CREATE OR REPLACE TEMP TABLE reversals_said AS
        SELECT order_id, source, object, unnest(list_distinct(list_transform(
            string_split_regex(lower(regexp_extract(corrects, '{ID}', 1)), {literal(SPLIT)}),
            lambda x: trim(x, '.#№-')))) AS said
        FROM staged_orders WHERE corrects IS NOT NULL AND corrects NOT IN (SELECT order_id FROM staged_orders)""")
    engine.run("""CREATE OR REPLACE TEMP TABLE reversals_found AS
        SELECT r.order_id, arg_max(o.order_id, (o.object = r.object, o.amount)) AS meant FROM reversals_said r
        JOIN staged_orders o ON o.source = r.source AND trim(lower(o.key), '#№ ') = r.said AND o.order_id <> r.order_id
        WHERE r.said <> '' AND coalesce(o.amount, 1) >= 0 GROUP BY 1""")
    _take_over(engine)
    engine.run(f"""CREATE OR REPLACE TEMP TABLE reversals_found AS
        WITH shapes AS (SELECT DISTINCT source, {SHAPE.format("trim(key, '#№ ')")} AS shape FROM staged_orders
            WHERE regexp_matches(key, '{CLEAR}') AND regexp_matches(key, '[0-9]'))
        SELECT r.order_id, 'order:' || r.source || ':' || r.object || ':' || min(r.said) AS meant FROM reversals_said r
        JOIN shapes s ON s.source = r.source AND s.shape = {SHAPE.format("r.said")} GROUP BY r.order_id, r.source, r.object""")
    lost = "corrects IS NOT NULL AND corrects NOT IN (SELECT order_id FROM staged_orders)"
    one_word = f"NOT regexp_matches(trim(regexp_extract(corrects, '{ID}', 1)), '\\s')"
    engine.run(
        f"UPDATE staged_orders SET corrects = f.meant FROM reversals_found f WHERE f.order_id = staged_orders.order_id AND {lost}"
    )
    engine.run(
        f"UPDATE staged_orders SET corrects = NULL WHERE {lost} AND NOT ({one_word}) "
        "AND order_id NOT IN (SELECT order_id FROM reversals_found)"
    )
    engine.run("DROP TABLE reversals_said")


def _take_over(engine: Engine) -> None:
    engine.run(
        "UPDATE staged_orders SET corrects = f.meant FROM reversals_found f WHERE f.order_id = staged_orders.order_id "
        "AND staged_orders.corrects NOT IN (SELECT order_id FROM staged_orders)"
    )


def _by_customer_and_amount(engine: Engine, progress: Progress) -> None:
    """A reversal that names nothing is that of the cancelled or refunded order of the same customer and amount."""
    engine.run(f"""CREATE OR REPLACE TEMP TABLE reversals_found AS
        WITH open AS (
            SELECT *, -amount AS worth, row_number() OVER (PARTITION BY source, record_id, amount, currency
                ORDER BY ordered_at, order_id) AS n
            FROM staged_orders WHERE {REVERSAL} AND corrects IS NULL AND record_id IS NOT NULL),
        taken AS (SELECT corrects FROM staged_orders WHERE corrects IS NOT NULL),
        gone AS (
            SELECT *, amount AS worth, row_number() OVER (PARTITION BY source, record_id, amount, currency
                ORDER BY ordered_at, order_id) AS n
            FROM staged_orders WHERE amount > 0 AND status IN ('cancelled', {BACK}) AND record_id IS NOT NULL
            AND order_id NOT IN (SELECT corrects FROM taken))
        SELECT r.order_id, o.order_id AS meant FROM open r JOIN gone o
        ON o.source = r.source AND o.record_id = r.record_id AND o.worth = r.worth AND o.n = r.n
            AND o.currency IS NOT DISTINCT FROM r.currency
        WHERE coalesce(o.ordered_at <= r.ordered_at, true)""")
    engine.run("UPDATE staged_orders SET corrects = f.meant FROM reversals_found f WHERE f.order_id = staged_orders.order_id")
    if found := engine.count("reversals_found"):
        progress.say(
            f"orders.corrects: {counted(found, 'credit note or refund names', 'credit notes or refunds name')} no order. "
            f"{'It is' if found == 1 else 'They are'} taken for the reversal of the cancelled or refunded order of the same "
            "customer and the same amount, and not taken off again."
        )
    engine.run("DROP TABLE reversals_found")


def _kept_in_part(engine: Engine, progress: Progress) -> None:
    """An order that is marked as given back, of which the credit notes take back less than its amount: the rest was kept."""
    engine.run(f"""CREATE OR REPLACE TEMP TABLE kept_in_part AS
        SELECT o.order_id FROM staged_orders o JOIN staged_orders r ON r.corrects = o.order_id
        WHERE o.status IN ({BACK}) AND o.amount > 0 GROUP BY o.order_id, o.amount
        HAVING sum(abs(r.amount)) > 0.005 AND sum(abs(r.amount)) < o.amount - 0.005""")
    if found := engine.count("kept_in_part"):
        engine.run("UPDATE staged_orders SET status = 'paid' WHERE order_id IN (SELECT order_id FROM kept_in_part)")
        progress.say(
            f"orders.status: {counted(found, 'order is', 'orders are')} marked as given back, but only a part was, by the credit "
            f"notes that name {'it: it counts' if found == 1 else 'them: they count'} with what was kept."
        )
    engine.run("DROP TABLE kept_in_part")


def _report(engine: Engine, progress: Progress) -> None:
    reversal = "FROM staged_orders r LEFT JOIN staged_orders o ON o.order_id = r.corrects WHERE r.corrects IS NOT NULL"
    cancelled, absent = f"{reversal} AND o.status IN ({LOST})", f"{reversal} AND o.order_id IS NULL"
    once, lost = (int(engine.value(f"SELECT count(*) {rows}")) for rows in (cancelled, absent))
    sums = [
        worth(engine, "-r.amount", rows, "r.currency") if found else "" for rows, found in ((cancelled, once), (absent, lost))
    ]
    if once:
        progress.say(
            f"orders.corrects: {counted(once, 'credit note or refund is', 'credit notes or refunds are')} of "
            f"{'an order that was' if once == 1 else 'orders that were'} cancelled or refunded whole ({sums[0]} together). "
            "Such an order counts as no sale already, so nothing more is taken off what was spent."
        )
    if lost:
        progress.say(
            f"orders.corrects: {counted(lost, 'credit note or refund names', 'credit notes or refunds name')} "
            f"{'an order' if lost == 1 else 'orders'} that "
            f"{'is' if lost == 1 else 'are'} not there ({sums[1]} together). What was never counted is not taken off: bring "
            "the orders (invoices) too, or take corrects out of the map to have it taken off."
        )


def _report_too_much(engine: Engine, progress: Progress) -> None:
    """Say of which orders more was taken back than they came to: a credit note may be there twice."""
    taken = f"""FROM (SELECT o.order_id, o.amount, o.currency, sum(abs(r.amount)) - o.amount AS more
        FROM staged_orders r JOIN staged_orders o ON o.order_id = r.corrects
        WHERE o.amount > 0 AND coalesce(o.status, '') NOT IN ({LOST}) GROUP BY o.order_id, o.amount, o.currency)
        WHERE more > 0.005"""
    found = engine.value(f"SELECT count(*) {taken}")
    if found:
        progress.say(
            f"orders.corrects: the credit notes or refunds of {counted(found, 'order')} take back more than "
            f"{'it' if found == 1 else 'they'} came to ({worth(engine, 'more', taken)} too much). What names an order that was "
            "taken back whole already is not taken off again; look whether a credit note is there twice."
        )
