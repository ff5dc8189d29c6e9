"""Rules about files: when they were changed, their sizes, whether two are the same. Only those of this machine are read."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from fullcircle.quality.dqdl import tree as t
from fullcircle.quality.dqdl.text import condition_text
from fullcircle.quality.evaluation.dataset import RuleError
from fullcircle.quality.evaluation.facts import Values
from fullcircle.quality.evaluation.numbers import Past, holds
from fullcircle.quality.evaluation.planner import RulePlanner
from fullcircle.quality.evaluation.rule_plan import Read, RulePlan, RuleVerdict, by_number
from fullcircle.quality.evaluation.values import moment_of, text_tag, zone_of

ALGORITHMS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256"}
UNITS = {"B": 1, "KB": 2**10, "MB": 2**20, "GB": 2**30, "TB": 2**40}


def plan(at: RulePlanner, rule: t.Rule) -> RulePlan:
    """The plan of a rule about files. They are looked at while planning."""
    if rule.type == "FileMatch":
        return _match(at, rule)
    files = _files(at, rule, rule.values[0] if rule.values else "")
    count: dict[str, Read] = {"Dataset.*.FileCount": lambda _: float(len(files))}
    if rule.type == "FileUniqueness":
        seen = Counter(_digest(path, "sha256") for path in files)
        share, metric = sum(number == 1 for number in seen.values()) / len(files), "Dataset.*.FileUniquenessRatio"
        return RulePlan(rule, {metric: lambda _: share, **count}, by_number(metric, rule.condition), metric, needs_rows=False)
    assert rule.condition
    if rule.type == "FileSize":
        sizes = [path.stat().st_size for path in files]
        good = [_sized(size, rule.condition) for size in sizes]
        count["Dataset.*.MinimumFileSize"] = lambda _: float(min(sizes))
        count["Dataset.*.MaximumFileSize"] = lambda _: float(max(sizes))
    else:
        changed = [datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(tzinfo=None) for path in files]
        good = [_fresh(moment, at, rule, rule.condition) for moment in changed]
    return _shared(rule, good, count)


def _shared(rule: t.Rule, good: list[bool], metrics: dict[str, Read]) -> RulePlan:
    share, metric, threshold = sum(good) / len(good), f"Dataset.*.{rule.type}.Compliance", rule.tag("threshold")

    def decide(_: Values, __: Mapping[str, float], past: Past) -> RuleVerdict:
        passed = holds(share, threshold, past) if threshold else all(good)
        wanted = f", which is not {condition_text(threshold)}" if threshold else ""
        return RuleVerdict(passed, "" if passed else f"{sum(good)} of {len(good)} files meet the rule{wanted}.")

    return RulePlan(rule, {metric: lambda _: share, **metrics}, decide, metric, needs_rows=False)


def _match(at: RulePlanner, rule: t.Rule) -> RulePlan:
    name = text_tag(rule, "hashAlgorithm") or "SHA-256"
    if name not in ALGORITHMS:
        raise RuleError(f'"{name}" is not a hash algorithm.', f"Valid: {', '.join(ALGORITHMS)}.")
    if text_tag(rule, "dataFrame").lower() == "true":
        raise RuleError("The checksum of a data frame is one of AWS Glue alone.", "Compare files, or tables with DatasetMatch.")
    ours = {_digest(path, ALGORITHMS[name]) for path in _files(at, rule, rule.values[0] if rule.values else "")}
    if len(rule.values) > 1:
        passed = ours == {_digest(path, ALGORITHMS[name]) for path in _files(at, rule, rule.values[1])}
    elif rule.condition and rule.condition.operator in ("=", "in"):
        known = {one.value.lower() for one in rule.condition.operands if isinstance(one, t.Quoted)}
        passed = (ours <= known) != rule.condition.negated
    else:
        raise RuleError("FileMatch compares two paths, or one with checksums.", 'Write: in ["checksum"].')
    done = RuleVerdict(passed, "" if passed else "The files are not the same.")
    return RulePlan(rule, {}, lambda *_: done, needs_rows=False)


def _files(at: RulePlanner, rule: t.Rule, path: str) -> list[Path]:
    """The files of a path, or those that the table was read from: the newest first, where only some are asked for."""
    if "://" in path and not path.startswith("file://"):
        raise RuleError(
            f"{path.partition('://')[0]}:// is not on this machine, and only AWS Glue reads it there.",
            "Name a file or a folder of this machine.",
        )
    named = [path.removeprefix("file://")] if path else list(at.table.files)
    if not named:
        raise RuleError(f"It is not known from which files {at.table.name} was read.", f'Name them: {rule.type} "path" ...')
    places = [Path(one) for one in named]
    if absent := [str(one) for one in places if not one.exists()]:
        raise RuleError(f"There is no file {absent[0]}.", "Correct the path; it begins at the current folder.")
    found = [file for place in places for file in (sorted(place.rglob("*")) if place.is_dir() else [place]) if file.is_file()]
    if pattern := text_tag(rule, "uriRegex"):
        found = [file for file in found if re.search(pattern, str(file))]
    if recent := text_tag(rule, "recentFiles"):
        found = sorted(found, key=lambda file: file.stat().st_mtime, reverse=True)[: int(recent)]
    if not found:
        raise RuleError("There is no file to look at.", "Correct the path, or the tags uriRegex and recentFiles.")
    return found


def _digest(path: Path, algorithm: str) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, algorithm).hexdigest()


def _sized(size: int, condition: t.RuleCondition) -> bool:
    operands = tuple(
        t.Number(str(one.number * UNITS[one.unit])) if isinstance(one, t.Size) else one for one in condition.operands
    )
    return holds(size, t.RuleCondition(condition.operator, operands, condition.negated), lambda _: ())


def _fresh(changed: datetime, at: RulePlanner, rule: t.Rule, condition: t.RuleCondition) -> bool:
    moments = [moment_of(one, at.tests.now, zone_of(rule)) for one in condition.operands]
    seconds = [(one - at.tests.now).total_seconds() for one in moments]
    operands = tuple(_signed(one) for one in seconds)
    return holds(
        (changed - at.tests.now).total_seconds(), t.RuleCondition(condition.operator, operands, condition.negated), _none
    )


def _signed(value: float) -> t.Numeric:
    made = t.Number(f"{abs(value):f}")
    return t.Negative(made) if value < 0 else made


def _none(_: int) -> list[float]:
    return []
