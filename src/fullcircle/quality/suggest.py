"""Writes a ruleset from what a table is like now: rules that are true today, with room for what changes from day to day."""

from __future__ import annotations

import math
from collections.abc import Iterator

from fullcircle.engine.base import quoted
from fullcircle.quality.dqdl import tree as t
from fullcircle.quality.dqdl.text import ruleset_text
from fullcircle.quality.profile import ColumnProfile, TableProfile

FEW = 8  # distinct values that are a list
ROOM = 0.02  # by which a share may become less
ENOUGH = 30  # rows, from which on a rule is worth its words


def suggest(profile: TableProfile) -> str:
    """The text of a ruleset. Values are only in it where the profile shows them."""
    if profile.rows < ENOUGH:
        rules: list[t.AnyRule] = [t.Rule("RowCount", condition=t.RuleCondition(">", (t.Number("0"),)))]
    else:
        median = t.Call("median", (t.Call("last", (t.Number("5"),)),))
        volume = t.RuleCondition(">=", (t.Arithmetic(t.Number("0.5"), "*", median),))
        rules = [t.Rule("RowCount", condition=volume)]
        rules += [rule for column in profile.columns for rule in _of(column)]
    about = f"# Rules for {profile.table}, as it is now with {profile.rows:,} rows. Read them before you rely on them.\n"
    return about + ruleset_text(t.Ruleset(tuple(rules)))


def _of(column: ColumnProfile) -> Iterator[t.Rule]:
    name = (t.Parameter(column.name),)
    filled = column.rows - column.missing
    if not filled:
        return
    if not column.missing:
        is_key = column.distinct == filled and column.kind in ("text", "whole")
        yield t.Rule("IsPrimaryKey" if is_key else "IsComplete", name)
    else:
        if column.distinct == filled and filled >= ENOUGH and column.kind in ("text", "whole"):
            yield t.Rule("IsUnique", name)
        if column.completeness > 0.05:
            yield t.Rule("Completeness", name, t.RuleCondition(">=", (_share(column.completeness - ROOM),)))
    yield from _values(column, name)


def _values(column: ColumnProfile, name: tuple[t.Parameter, ...]) -> Iterator[t.Rule]:
    if column.kind == "text" and column.plain and 1 <= column.distinct <= FEW and len(column.top) == column.distinct:
        words: list[t.Operand] = [t.Quoted(value) for value, _ in column.top]
        if all("\\" not in value for value, _ in column.top):
            operands = (*words, t.Keyword("NULL")) if column.missing else tuple(words)
            yield t.Rule("ColumnValues", name, t.RuleCondition("in", operands), tags=(_mostly(),))
    elif column.kind == "text" and column.longest and column.shortest == column.longest and column.distinct > 1:
        condition = t.RuleCondition("=", (t.Number(str(column.longest)),))
        yield t.Rule("ColumnLength", name, condition, _filled(column), tags=(_mostly(),))
    least = column.numbers.get("least")
    if least is not None and least >= 0 and column.distinct > 1:
        condition = t.RuleCondition(">=", (t.Number("0"),))
        yield t.Rule("ColumnValues", name, condition, _filled(column))


def _filled(column: ColumnProfile) -> str:
    """A where clause that leaves out what is missing, as every engine reads it."""
    name = column.name if column.name.isidentifier() and column.name.isascii() else quoted(column.name)
    return f"{name} IS NOT NULL" if column.missing else ""


def _mostly() -> t.Tag:
    return t.Tag("threshold", t.RuleCondition(">=", (t.Number("0.99"),)))


def _share(value: float) -> t.Number:
    return t.Number(f"{max(math.floor(value * 100) / 100, 0):.2f}")
