"""Turns landed rows into the canonical tables: stage and type, clean, complete, write. Start at `conform`.

A row that cannot be used (a value of the wrong type, a missing required value) goes to `conformed.quarantine` with the
reason, which names the column and never the value. Of several rows with the same id, the newest is kept. The content of the
tables is the same on every run; the order of their rows has no meaning.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fullcircle.config.sections import MapSettings, StatusSettings
from fullcircle.connectors.landing import Landing
from fullcircle.engine.base import Engine, literal
from fullcircle.errors import ConfigError
from fullcircle.mapping.adding_up import report_sums
from fullcircle.mapping.billed import bill_once
from fullcircle.mapping.by_name import link_by_name
from fullcircle.mapping.clean import clean, temporary
from fullcircle.mapping.company_buyers import company_buyers
from fullcircle.mapping.complete import write
from fullcircle.mapping.corrections import apply_corrections, correct
from fullcircle.mapping.currency_names import name_currencies
from fullcircle.mapping.deal_status import read_deals
from fullcircle.mapping.denials import deny_first
from fullcircle.mapping.disagreeing import report_states, report_twice
from fullcircle.mapping.discount import read_discounts
from fullcircle.mapping.failing import named_where_it_fails
from fullcircle.mapping.filled import give_filled, keep_filled
from fullcircle.mapping.given import GivenConsent, add_given
from fullcircle.mapping.left_out import report_left_out
from fullcircle.mapping.line_currency import currency_of_lines
from fullcircle.mapping.line_status import read_line_statuses
from fullcircle.mapping.near_keys import mend_references
from fullcircle.mapping.odd_payments import report_odd_payments
from fullcircle.mapping.order_owner import of_their_orders
from fullcircle.mapping.paid_back import refund_money_back
from fullcircle.mapping.paid_by import read_payments
from fullcircle.mapping.reading.date_order import Neighbours
from fullcircle.mapping.reading.places import country_names
from fullcircle.mapping.same_goods import same_goods
from fullcircle.mapping.shared_keys import report_shared
from fullcircle.mapping.staff import staff_apart
from fullcircle.mapping.staging import rows_of, stage
from fullcircle.mapping.status import read_statuses, report_part_paid
from fullcircle.mapping.trial import try_all
from fullcircle.mapping.unread import set_aside
from fullcircle.mapping.useless import stop
from fullcircle.mapping.validate import CheckedMap, validate, where
from fullcircle.mapping.written_off import keep_what_was_paid
from fullcircle.model.counting import counted
from fullcircle.model.progress import Progress
from fullcircle.model.table import Table
from fullcircle.model.tables import CONFORMED, QUARANTINE


@dataclass(frozen=True, slots=True)
class Onlookers:
    """Who else looks at the rows: `report` at those that are landed, to say more of them.

    `leave_out` deletes staged rows that may not be looked at at all. `again` looks at the cleaned tables before they are written:
    true if it changed what is landed, so that all is read again.
    """

    report: Callable[[Engine, Sequence[CheckedMap], Progress], None] | None = None
    leave_out: Callable[[Engine, str, Sequence[CheckedMap]], None] | None = None
    again: Callable[[Engine], bool] | None = None
    made: Callable[[Engine], None] | None = None  # adds records that were made at a door of ours
    given: Sequence[GivenConsent] = ()  # consents from a door of ours, beside those of the sources


def conform(
    engine: Engine,
    landing: Landing,
    maps: Sequence[MapSettings],
    country: str,
    progress: Progress,
    words: StatusSettings | None = None,
    onlookers: Onlookers | None = None,
) -> dict[str, int]:
    """Write `conformed.<table>` for every canonical table, and `conformed.quarantine`; return the row counts.

    `country` (ISO code) decides how phones, dates and numbers are read in rows without a country of their own. A map that
    names something that does not exist raises ConfigError before anything is written. "duplicates" in the result counts
    the rows that were dropped because a newer row has the same id. `words` are those of the sources for the status of
    orders and the outcome of deals, beside the built-in ones.
    """
    _check_country(country)
    checked = validate(engine, landing, maps, progress)
    stop(engine, checked, landing.objects())
    for each in checked:
        try_all(engine, each.settings, each.landed.view, rows_of(each), where(each.settings))
    report_left_out(engine, checked, progress)
    onlookers = onlookers or Onlookers()
    if onlookers.report:
        onlookers.report(engine, checked, progress)
    engine.run(f"CREATE SCHEMA IF NOT EXISTS conformed; {QUARANTINE.ddl('found_bad', temporary=True)}")
    _quarantine_rejects(engine, landing)
    neighbours = Neighbours(engine, [each.landed for each in checked])
    duplicates = 0
    for table in CONFORMED.values():
        ours = [each for each in checked if each.table is table]
        progress.step(table.name)
        with named_where_it_fails(engine, ours):
            staged = stage(engine, table, ours, country, progress, neighbours)
        if onlookers.leave_out:
            onlookers.leave_out(engine, staged, ours)
        _quarantine(engine, staged)
        duplicates += _keep_newest(engine, staged, table, checked, progress)
        progress.advance(engine.count(staged))
    if onlookers.made:
        onlookers.made(engine)
    name_currencies(engine, country, progress)
    staff_apart(engine, landing, checked, progress)
    add_given(engine, onlookers.given)
    _read_together(engine, checked, words or StatusSettings(), progress)
    progress.step("cleaning")
    clean(engine, country, progress)
    if onlookers.again and onlookers.again(engine):
        _drop_temporary(engine)
        return conform(engine, landing, maps, country, progress, words, onlookers)
    company_buyers(engine, progress)
    _quarantine_identifiers(engine)
    set_aside(engine, progress)
    counts = write(engine)
    report_sums(engine, progress)
    with engine.transaction():
        engine.run("CREATE OR REPLACE TABLE conformed.quarantine AS SELECT * FROM found_bad")
    _drop_temporary(engine)
    return {**counts, "quarantine": engine.count("conformed.quarantine"), "duplicates": duplicates}


def _read_together(engine: Engine, checked: Sequence[CheckedMap], words: StatusSettings, progress: Progress) -> None:
    """What rows say of each other: links by name, orders and their invoices, credit notes, payments, lines."""
    link_by_name(engine, checked, progress)
    mend_references(engine, checked, progress)
    same_goods(engine)
    read_statuses(engine, words.map, progress)
    read_line_statuses(engine, words.map)
    read_deals(engine, words.deals, progress)
    of_their_orders(engine, progress)
    read_payments(engine, words.map, checked, progress)
    keep_what_was_paid(engine, progress)
    correct(engine, progress)
    refund_money_back(engine, progress)
    report_part_paid(engine, progress)
    bill_once(engine, progress)
    apply_corrections(engine, progress)
    report_twice(engine, progress)
    report_odd_payments(engine, progress)
    read_discounts(engine, progress)
    currency_of_lines(engine, checked, progress)
    deny_first(engine, progress)


def _check_country(country: str) -> None:
    """Under a code that is none, no phone, date or number would be read as it is meant."""
    known = country_names()
    if country not in known.values():
        code = known.get(country.strip().lower().replace(".", ""))
        raise ConfigError(
            f'[project] country: "{country}" is not the ISO code of a country.',
            f'Write country = "{code}".' if code else 'Write two capitals, such as "US" or "DE".',
        )


def _quarantine_rejects(engine: Engine, landing: Landing) -> None:
    for source, name in landing.objects():
        for path in landing.rejects(source, name):
            engine.run(
                f"INSERT INTO found_bad SELECT {literal(source)}, {literal(name)}, key, 'landing', 'readable', reason, raw "
                f"FROM {landing.reader(source, [path])}"
            )


def _quarantine(engine: Engine, staged: str) -> None:
    bad = f"FROM {staged} WHERE _reason IS NOT NULL"
    if engine.value(f"SELECT count(*) {bad}"):
        engine.run(f"INSERT INTO found_bad SELECT source, object, key, 'mapping', _rule, _reason, _bad_raw {bad}; DELETE {bad}")


def _quarantine_identifiers(engine: Engine) -> None:
    """Quarantine the identifiers that cleaning found to be unusable; the reason names only the kind."""
    bad = "FROM clean_identifiers WHERE value IS NULL"
    reason = "'identifiers.value is not a usable ' || kind"
    raw = "to_json({'record_id': record_id, 'kind': kind, 'value': value_raw})"
    engine.run(f"INSERT INTO found_bad SELECT source, object, key, 'mapping', 'clean', {reason}, {raw} {bad}; DELETE {bad}")


def _keep_newest(engine: Engine, staged: str, table: Table, checked: Sequence[CheckedMap], progress: Progress) -> int:
    """Keep one row for each id: the newest, then what landed later, then that of the earlier map, then by content."""
    twice = f"SELECT {table.key} FROM {staged} GROUP BY {table.key} HAVING count(*) > 1"
    order = "updated_at DESC NULLS LAST, _seq DESC NULLS LAST, _place, CAST(to_json(s) AS VARCHAR)"
    ranked = f"SELECT rowid AS r, row_number() OVER (PARTITION BY {table.key} ORDER BY {order}) AS n FROM {staged} s"
    ranked += f" WHERE {table.key} IN ({twice})"
    before = engine.count(staged)
    if not before or before == engine.value(f"SELECT count(DISTINCT {table.key}) FROM {staged}"):
        return 0
    if table.name == "records":
        report_shared(engine, staged, progress)
    if table.name == "orders":
        report_states(engine, staged, progress)
    keep_filled(engine, staged, table, order, checked)
    engine.run(f"DELETE FROM {staged} WHERE rowid IN (SELECT r FROM ({ranked}) WHERE n > 1)")
    give_filled(engine, staged, table)
    gone = before - engine.count(staged)
    if not any(
        "key" in each.settings.fields for each in checked if each.table is table
    ):  # with a mapped key, several rows for one id are expected
        progress.say(
            f"{table.name}: {counted(gone, 'row has', 'rows have')} the id of another row. Only the newest row of "
            "each id was kept."
        )
    return gone


def _drop_temporary(engine: Engine) -> None:
    staged = [f"staged_{name}" for name in CONFORMED]
    for name in (*staged, *temporary(), "filled_lines", "found_bad"):
        engine.run(f"DROP TABLE IF EXISTS temp.{name}")
