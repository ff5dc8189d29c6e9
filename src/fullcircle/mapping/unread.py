"""Contact details of records that cleaning could not use: each is set aside or counted aloud, and stays in its raw column.

The record itself stays. Start at `set_aside`.
"""

from __future__ import annotations

from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.reading import deceased
from fullcircle.mapping.reading.contacts import EMAIL_FORM, JUNK_LOCAL
from fullcircle.mapping.reading.phones import BARE, JUNK, SCIENTIFIC
from fullcircle.mapping.reading.steps import chain
from fullcircle.mapping.reading.values import filled
from fullcircle.model.counting import counted
from fullcircle.model.progress import Progress

NAMES = {"email": "e-mail address", "phone": "phone number"}
_FORMS = {"email": EMAIL_FORM, "phone": (*BARE, f"CASE WHEN {JUNK} THEN x END")}  # not null: a placeholder
_WORDS = ", ".join(map(literal, JUNK_LOCAL))  # `noemail`, `unknown`
_DEATH = "records.deceased cannot be read as yes, no or a day: the record stays, without it"
_LOST = "records.phone is in scientific notation, so its last digits are lost: format the column as text and export it again"


def set_aside(engine: Engine, progress: Progress) -> None:
    """Put e-mails and phones that cannot be read into `found_bad`, and say how many are placeholders (`noreply@...`)."""
    for column, name in NAMES.items():
        if not engine.value(f"SELECT count(*) FROM clean_records WHERE {_unused(column)}"):
            continue
        raw = f"{column}_raw"
        unused = f"SELECT DISTINCT {raw} AS raw, {filled(f'trim({raw})')} AS x FROM clean_records WHERE {_unused(column)}"
        engine.run(
            "CREATE OR REPLACE TEMP TABLE unused_contacts AS SELECT u.raw, "
            "CASE WHEN u.x IS NULL THEN 'empty' "
            f"WHEN f.x IS NOT NULL OR lower(trim(u.raw)) IN ({_WORDS}) THEN 'placeholder' ELSE 'unread' END "
            f"AS reading FROM ({unused}) u LEFT JOIN ({chain(f'({unused})', _FORMS[column])}) f USING (raw)"
        )
        _quarantine(engine, column)
        _say(engine, column, name, progress)
        engine.run("DROP TABLE temp.unused_contacts")
    if engine.value("SELECT count(deceased) FROM prepared_records"):
        engine.run(
            f"INSERT INTO found_bad SELECT source, object, key, 'mapping', 'clean', {literal(_DEATH)}, "
            f"to_json({{'record_id': record_id, 'deceased': deceased}}) FROM prepared_records "
            f"WHERE {deceased.is_unread('deceased')}"
        )


def _unused(column: str) -> str:
    return f"{column} IS NULL AND {column}_raw IS NOT NULL"


def _quarantine(engine: Engine, column: str) -> None:
    reason = literal(f"records.{column} cannot be read: the record stays, without it")
    if column == "phone":
        reason = f"CASE WHEN regexp_full_match(phone_raw, '{SCIENTIFIC}') THEN {literal(_LOST)} ELSE {reason} END"
    engine.run(
        f"INSERT INTO found_bad SELECT source, object, key, 'mapping', 'clean', {reason}, "
        f"to_json({{'record_id': record_id, '{column}': {column}_raw}}) FROM clean_records "
        f"WHERE {_unused(column)} AND {column}_raw IN (SELECT raw FROM unused_contacts WHERE reading = 'unread')"
    )


def _say(engine: Engine, column: str, name: str, progress: Progress) -> None:
    found = engine.value(
        f"SELECT count(*) FROM clean_records WHERE {_unused(column)} AND {column}_raw IN "
        "(SELECT raw FROM unused_contacts WHERE reading = 'placeholder')"
    )
    if found:
        like = "noreply@..., test@test.com" if column == "email" else "0000000000, 1234567890"
        end = "es" if column == "email" else "s"
        said = counted(found, f"{name} is a placeholder", f"{name}{end} are placeholders")
        progress.say(f"{said} (such as {like}): read as empty, and kept in {column}_raw.")
