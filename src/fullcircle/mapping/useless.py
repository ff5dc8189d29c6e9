"""Stops before work that could only come out wrong: records that can never meet, references that point to hashes. See `stop`."""

from __future__ import annotations

from collections.abc import Sequence

from fullcircle.engine.base import Engine, literal
from fullcircle.errors import ConfigError
from fullcircle.mapping.fields import text_sql
from fullcircle.mapping.validate import CheckedMap, where

WHO = {
    "given_name",
    "family_name",
    "full_name",
    "organisation",
    "email",
    "phone",
    "street",
    "postcode",
    "account_id",
    "merged_into",
}
HASH = "[0-9a-f]{32}(-[0-9]+)?"  # the key of a row whose object has none: a hash of its content
SUGGEST = "`fullcircle map suggest --all` proposes one from the names and values of the fields."


def stop(engine: Engine, checked: Sequence[CheckedMap], pulled: Sequence[tuple[str, str]] = ()) -> None:
    """Raise ConfigError if nothing is mapped, nobody could be recognised, or references point to hashes of rows."""
    if pulled and not checked:
        names = ", ".join(f"{source}.{name}" for source, name in pulled[:20])
        raise ConfigError(
            f"Nothing is mapped: of what was pulled ({names}) no [[map]] makes customers or their activity.",
            "Run `fullcircle map suggest --all --write`, read what it wrote into the config, and run again.",
        )
    _could_meet(checked)
    for one in checked:
        for column in one.refs:
            if column in one.settings.fields and one.settings.fields[column].by:
                continue  # by its name, a row can be pointed to that has no key
            _points_to_keys(engine, one, column, checked)


def _could_meet(checked: Sequence[CheckedMap]) -> None:
    people = [one for one in checked if one.settings.to == "records"]
    others = any(one.settings.to in {"identifiers", "addresses"} for one in checked)
    if people and not others and not any(WHO & one.settings.fields.keys() for one in people):
        objects = ", ".join(dict.fromkeys(f"{one.settings.source}.{one.settings.object}" for one in people))
        raise ConfigError(
            f"No two records could ever meet: the maps of {objects} have no name, no address and no identifier.",
            f"Map at least an e-mail address, a phone number or a name of these people. {SUGGEST}",
        )


def _points_to_keys(engine: Engine, one: CheckedMap, column: str, checked: Sequence[CheckedMap]) -> None:
    """A reference must not point to an object whose rows have no key of their own."""
    table = next(each.ref for each in one.table.columns if each.name == column)
    prefix = one.refs[column]
    targets = [
        each
        for each in checked
        if each.table.name == table and f"{each.table.noun}:{each.settings.source}:{each.settings.object}:" == prefix
    ]
    if not targets or any("key" in each.settings.fields or each.settings.key or each.settings.each for each in targets):
        return
    target = targets[0]
    if one.landed.view == target.landed.view or not _has_hashes(engine, target):
        return
    rule = one.settings.fields[column]
    value = text_sql(rule, one.landed.columns, bool(one.settings.each))
    if one.settings.each:
        return
    values = f"SELECT DISTINCT ({value}) AS v FROM {one.landed.view}"
    pointing, real = engine.rows(
        f"SELECT count(v), count(v) FILTER (regexp_full_match(v, {literal(HASH)})) FROM ({values}) WHERE v IS NOT NULL"
    )[0]
    if pointing and not real:
        name = f"{target.settings.source}.{target.settings.object}"
        raise ConfigError(
            f"{where(one.settings)}: none of the {pointing:,} values of {column} can be found: the rows of {name} have no key.",
            f'Say which column is the key of {name}: add key = "..." to the fields of its map. {SUGGEST}',
        )


def _has_hashes(engine: Engine, target: CheckedMap) -> bool:
    found = engine.value(f"SELECT coalesce(bool_and(regexp_full_match(_key, {literal(HASH)})), false) FROM {target.landed.view}")
    return bool(found)
