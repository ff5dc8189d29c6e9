"""The numbers of a condition: calculations, functions over history, and the comparison itself.

`between` is without its ends, as AWS Glue has it.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import replace

from fullcircle.quality.dqdl import tree as t
from fullcircle.quality.evaluation.dataset import RuleError

Past = Callable[[int], Sequence[float]]  # the last so many values of the metric, newest first
Value = float | list[float]


class NoHistory(Exception):
    """A function asks for values of earlier checks, and there are none."""


def number(operand: t.Operand, past: Past) -> float:
    """The value of a number; NoHistory if it needs one, RuleError if it cannot be computed."""
    value = _value(operand, past)
    if isinstance(value, list):
        raise RuleError("last(...) gives several numbers.", "Put a function around it: avg(last(10)).")
    if not math.isfinite(value):
        raise RuleError("A number of the condition cannot be computed.", "Look for a division by zero.")
    return value


def _value(operand: t.Operand, past: Past) -> Value:
    if isinstance(operand, t.Number):
        return float(operand.text)
    if isinstance(operand, t.Negative):
        return -number(operand.of, past)
    if isinstance(operand, t.Arithmetic):
        return _calculated(number(operand.left, past), operand.sign, number(operand.right, past))
    if isinstance(operand, t.Call):
        return _called(operand, past)
    raise RuleError("A number is needed here.", "")


def _calculated(left: float, sign: str, right: float) -> float:
    if sign == "/":
        return left / right if right else math.nan
    return {"+": left + right, "-": left - right, "*": left * right}[sign]


def _called(call: t.Call, past: Past) -> Value:
    if call.name == "last":
        back = int(number(call.arguments[0], past)) if call.arguments else 1
        if back < 1:
            raise RuleError("last(...) needs a number of checks, 1 or more.", "Write last(10).")
        values = list(past(back))
        if not values:
            raise NoHistory
        return values
    if not call.arguments:
        raise RuleError(f"{call.name}() needs something to compute from.", f"Write {call.name}(last(10)).")
    first = _value(call.arguments[0], past)
    values = first if isinstance(first, list) else [first]
    rest = [number(one, past) for one in call.arguments[1:]]
    if call.name in ("percentile", "index"):
        if len(rest) != 1:
            raise RuleError(f"{call.name}() needs values and a number.", f"Write {call.name}(last(10), 1).")
        return _percentile(values, rest[0]) if call.name == "percentile" else _at(values, int(rest[0]))
    return SUMMARIES[call.name](values + rest)


def _percentile(values: Sequence[float], percent: float) -> float:
    """The value so far on the way from the least to the most: 0 to 100, or a share below 1."""
    if not 0 <= percent <= 100:
        raise RuleError("A percentile is between 0 and 100.", "")
    ordered = sorted(values)
    place = (len(ordered) - 1) * (percent * 100 if 0 < percent < 1 else percent) / 100
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def _at(values: Sequence[float], place: int) -> float:
    if not 0 <= place < len(values):
        raise NoHistory
    return values[place]


SUMMARIES: dict[str, Callable[[list[float]], float]] = {
    **dict.fromkeys(("avg", "average", "mean"), statistics.fmean),
    "min": min, "max": max, "sum": math.fsum, "median": statistics.median, "count": len, "abs": lambda values: abs(values[0]),
    **dict.fromkeys(("std", "stddev"), statistics.pstdev), "variance": statistics.pvariance,
}  # fmt: skip


def resolved(condition: t.RuleCondition, past: Past) -> t.RuleCondition:
    """The condition with its calculations done: what Glue calls the evaluated rule."""
    if all(isinstance(one, t.Number) or not _is_numeric(one) for one in condition.operands):
        return condition
    return replace(
        condition, operands=tuple(_as_number(number(one, past)) if _is_numeric(one) else one for one in condition.operands)
    )


def _is_numeric(operand: t.Operand) -> bool:
    return isinstance(operand, t.Number | t.Negative | t.Arithmetic | t.Call)


def _as_number(value: float) -> t.Numeric:
    text = f"{abs(value):.0f}" if value == int(value) and abs(value) < 1e15 else f"{abs(value):f}".rstrip("0")
    made = t.Number(text)
    return t.Negative(made) if value < 0 else made


def holds(value: float, condition: t.RuleCondition, past: Past) -> bool:
    """True if a number fulfils a condition."""
    operands = [number(one, past) for one in condition.operands]
    return _compared(value, condition.operator, operands) != condition.negated


def _compared(value: float, operator: str, operands: Sequence[float]) -> bool:
    if operator == "between":
        return operands[0] < value < operands[1]
    if operator in ("=", "in"):
        return any(_equal(value, one) for one in operands)
    right = operands[0]
    return {">": value > right, ">=": value >= right, "<": value < right, "<=": value <= right}[operator]


def _equal(one: float, other: float) -> bool:
    """Whole numbers are equal or not; of others the last digits do not count."""
    if one == int(one) and other == int(other):
        return one == other
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
