"""The rules of the config, checked against the tables, and the built-in rules; each as SQL that is true for a bad row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from fullcircle.config.sections import QualitySettings, RuleSettings
from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.errors import ConfigError, FullcircleError, did_you_mean
from fullcircle.model.table import Table
from fullcircle.model.tables import CONFORMED

EMAIL_SHAPE = r"[^\s@]+@[^\s@]+\.[^\s@]{2,}"
SANE_AMOUNT, SANE_QUANTITY = 1e9, 1e6
RANGES: tuple[tuple[str, str, float | str, float | str], ...] = (
    ("order_lines", "quantity", -SANE_QUANTITY, SANE_QUANTITY),
    ("order_lines", "discount", 0, 1),
    ("order_lines", "amount", -SANE_AMOUNT, SANE_AMOUNT),
    ("orders", "amount", -SANE_AMOUNT, SANE_AMOUNT),
    ("orders", "ordered_at", "1970-01-01", "2100-01-01"),
    ("products", "price", 0, SANE_AMOUNT),
)


@dataclass(frozen=True, slots=True)
class QualityRule:
    """A rule that can be applied. `broken` is its SQL over one row; "" for unique and references, which need other rows too."""

    id: str
    table: Table
    settings: RuleSettings
    columns: tuple[str, ...]
    broken: str = ""

    @property
    def name(self) -> str:
        """Its columns, for messages."""
        return ", ".join(self.columns)

    @property
    def quarantines(self) -> bool:
        """True if rows that break it go to quarantine."""
        return self.settings.action == "quarantine"


def rules_for(engine: Engine, settings: QualitySettings) -> list[QualityRule]:
    """All rules in a fixed order with stable ids; raises ConfigError for a rule that cannot be applied."""
    wanted = [*(built_in() if settings.defaults else ()), *settings.rules]
    seen: dict[str, int] = {}
    return [_rule(engine, each, seen) for each in wanted]


def built_in_ids(settings: QualitySettings) -> set[str]:
    """The ids of the built-in rules that apply."""
    return {_stem(each, each.columns or (each.column,)) for each in (built_in() if settings.defaults else ())}


def _stem(settings: RuleSettings, columns: Sequence[str]) -> str:
    return f"{settings.table}.{'+'.join(columns)}.{settings.rule}"


def built_in() -> list[RuleSettings]:
    """The rules that apply unless `[quality] defaults = false`."""
    rules = []
    for table in CONFORMED.values():
        rules.append(RuleSettings(table=table.name, column=table.key, rule="unique"))
        for column in table.columns:
            if column.required:
                rules.append(RuleSettings(table=table.name, column=column.name, rule="complete"))
        for column in table.columns:
            if column.ref:
                rules.append(
                    RuleSettings(
                        table=table.name, column=column.name, rule="references", to=column.ref,
                        action="quarantine" if column.required else "warn",
                    )
                )  # fmt: skip
    for name, column_name, low, high in RANGES:
        rules.append(RuleSettings(table=name, column=column_name, rule="range", min=low, max=high, action="warn"))
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)  # it is tomorrow already in the east
    rules.append(RuleSettings(table="orders", column="ordered_at", rule="range", max=f"{tomorrow} 23:59:59", action="warn"))
    rules.append(RuleSettings(table="orders", column="record_id", rule="complete", action="warn"))  # guest orders
    rules.append(RuleSettings(table="records", column="email", rule="matches", pattern=EMAIL_SHAPE, action="warn"))
    return rules


def _rule(engine: Engine, settings: RuleSettings, seen: dict[str, int]) -> QualityRule:
    table = CONFORMED.get(settings.table)
    if table is None:
        raise ConfigError(
            f'[quality.rules]: there is no table "{settings.table}".', did_you_mean(settings.table, sorted(CONFORMED))
        )
    columns = settings.columns or ((settings.column,) if settings.column else ())
    if settings.column and settings.columns:
        raise ConfigError(f"{_where(settings)}: it has both column and columns.", "Remove one of them.")
    if not columns:
        raise ConfigError(f"{_where(settings)}: it names no column.", 'Add column = "...".')
    for name in columns:
        if table.column(name) is None:
            known = sorted(column.name for column in table.columns)
            raise ConfigError(f'{_where(settings)}: {table.name} has no column "{name}".', did_you_mean(name, known))
    stem = _stem(settings, columns)
    seen[stem] = seen.get(stem, 0) + 1
    id_ = stem if seen[stem] == 1 else f"{stem}.{seen[stem]}"
    return QualityRule(id_, table, settings, columns, _broken(engine, settings, table, columns))


def _where(settings: RuleSettings) -> str:
    return f"[quality.rules] {settings.rule} on {settings.table}"


def _broken(engine: Engine, settings: RuleSettings, table: Table, columns: Sequence[str]) -> str:
    """SQL over one row `r`, true if the row breaks the rule; "" for rules that need other rows too."""
    if settings.rule == "unique":
        return ""
    if settings.rule == "references":
        _check_reference(settings, table, columns)
        return ""
    if settings.rule == "complete":
        return " OR ".join(f"(r.{quoted(name)} IS NULL OR CAST(r.{quoted(name)} AS VARCHAR) = '')" for name in columns)
    tests = [_value_test(engine, settings, table, name) for name in columns]
    return " OR ".join(f"(r.{quoted(name)} IS NOT NULL AND NOT ({test}))" for name, test in zip(columns, tests, strict=True))


def _check_reference(settings: RuleSettings, table: Table, columns: Sequence[str]) -> None:
    if len(columns) > 1:
        raise ConfigError(f"{_where(settings)}: a reference is one column.", "Write one rule for each column.")
    column = table.column(columns[0])
    to = settings.to or (column.ref if column else "")
    if to not in CONFORMED:
        raise ConfigError(f'{_where(settings)}: to = "{to}" is not a table.', did_you_mean(to, sorted(CONFORMED)))


def _value_test(engine: Engine, settings: RuleSettings, table: Table, name: str) -> str:
    if settings.rule == "range":
        return _range(engine, settings, table, name)
    if settings.rule == "in_set" and not settings.values:
        raise ConfigError(f"{_where(settings)}: it has no values.", 'Add values = ["...", "..."].')
    test = (
        f"IN ({', '.join(map(literal, settings.values))})"
        if settings.rule == "in_set"
        else f"SIMILAR TO {_pattern(engine, settings)}"
    )
    # A status may be named by the source's word too.
    names = [name, *([f"{name}_raw"] if (table.name, name) == ("orders", "status") else [])]
    return " OR ".join(f"coalesce(CAST(r.{quoted(each)} AS VARCHAR) {test}, false)" for each in names)


def _pattern(engine: Engine, settings: RuleSettings) -> str:
    if not settings.pattern:
        raise ConfigError(f"{_where(settings)}: it has no pattern.", 'Add pattern = "...".')
    try:
        engine.value("SELECT regexp_full_match('', $pattern)", {"pattern": settings.pattern})
    except FullcircleError:
        raise
    except Exception as error:
        hint = "Write an RE2 regular expression that matches the whole value, in single quotes in TOML."
        raise ConfigError(f"{_where(settings)}: the pattern {settings.pattern!r} cannot be used.", hint) from error
    return literal(settings.pattern)


def _range(engine: Engine, settings: RuleSettings, table: Table, name: str) -> str:
    if settings.min is None and settings.max is None:
        raise ConfigError(f"{_where(settings)}: it has neither min nor max.", "Add one of them.")
    column = table.column(name)
    sql_type = column.sql_type if column else "VARCHAR"
    if sql_type == "VARCHAR" or sql_type.startswith("DECIMAL"):  # text is compared as a number
        sql_type = "DOUBLE"
    tests = []
    for sign, bound in ((">=", settings.min), ("<=", settings.max)):
        if bound is None:
            continue
        if engine.value(f"SELECT TRY_CAST({literal(bound)} AS {sql_type})") is None:
            raise ConfigError(f"{_where(settings)}: {bound!r} is not a {sql_type}, as {name} is.", "Write a value of that type.")
        tests.append(f"TRY_CAST(r.{quoted(name)} AS {sql_type}) {sign} CAST({literal(bound)} AS {sql_type})")
    return f"coalesce({' AND '.join(tests)}, false)"
