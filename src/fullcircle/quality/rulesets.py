"""The rulesets of the config and those that come with the product: read, checked, and what is done where a rule fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from fullcircle.config.sections import OnFail, QualitySettings, RulesetSettings
from fullcircle.errors import ConfigError, did_you_mean
from fullcircle.model.tables import CONFORMED
from fullcircle.quality.dqdl.errors import RulesetError
from fullcircle.quality.dqdl.tree import Ruleset

BUILT_IN = Path(__file__).with_name("data")
BUILT_IN_NAME = "built-in"  # of tables without rows they say nothing: not every company has each of them
LARGEST = 1_000_000  # bytes of a file with rules


@dataclass(frozen=True, slots=True)
class TableRuleset:
    """A ruleset about one canonical table."""

    name: str
    table: str
    ruleset: Ruleset
    on_fail: OnFail = "warn"
    on_label: Mapping[str, OnFail] = field(default_factory=dict)
    composites: Literal["dataset", "row"] = "dataset"

    def action(self, labels: Mapping[str, str]) -> OnFail:
        """What is done where a rule with these labels fails: the first of `on_label` that it has, else `on_fail`."""
        return next((action for label, action in self.on_label.items() if _has(labels, label)), self.on_fail)


def _has(labels: Mapping[str, str], label: str) -> bool:
    key, _, value = label.partition("=")
    return labels.get(key.strip()) == value.strip()


def texts(settings: QualitySettings, folder: Path) -> list[str]:
    """The texts of all rulesets, for a fingerprint. Nothing is read as DQDL."""
    return [_text(one, folder) for one in settings.rulesets] + [text for _, text in _built_in(settings)]


def table_rulesets(settings: QualitySettings, folder: Path) -> list[TableRuleset]:
    """All rulesets, read; ConfigError for one that cannot be."""
    if not settings.rulesets and not settings.built_in_rulesets:
        return []
    from fullcircle.quality.dqdl.check import read_ruleset  # lark is loaded only where there are rulesets

    made, names = [], set()
    for one in settings.rulesets:
        if one.table not in CONFORMED:
            raise ConfigError(f'[quality.rulesets]: there is no table "{one.table}".', did_you_mean(one.table, sorted(CONFORMED)))
        name = one.name or (Path(one.file).stem if one.file else one.table)
        if (name, one.table) in names:
            raise ConfigError(f'[quality.rulesets]: two rulesets on {one.table} are called "{name}".', "Give one another name.")
        names.add((name, one.table))
        try:
            ruleset = read_ruleset(_text(one, folder))
        except RulesetError as error:
            raise RulesetError(f"[quality.rulesets] {name}: {error.message}", error.hint) from None
        made.append(TableRuleset(name, one.table, ruleset, one.on_fail, one.on_label, one.composites))
    return made + [TableRuleset(BUILT_IN_NAME, table, read_ruleset(text)) for table, text in _built_in(settings)]


def built_in_text(table: str) -> str:
    """The ruleset that comes with the product for a canonical table; "" if it has none."""
    path = BUILT_IN / f"{table}.dqdl"
    return path.read_text() if table in CONFORMED and path.exists() else ""


def _built_in(settings: QualitySettings) -> Iterator[tuple[str, str]]:
    if settings.built_in_rulesets:
        yield from ((table, text) for table in CONFORMED if (text := built_in_text(table)))


def _text(settings: RulesetSettings, folder: Path) -> str:
    return settings.text or ruleset_file(folder / settings.file)


def ruleset_file(path: Path) -> str:
    """The text of a file with rules; ConfigError if it cannot be read."""
    try:
        if path.stat().st_size > LARGEST:
            raise ConfigError(f"The file {path} is too large to hold rules.", "Name another file.")
        return path.read_text()
    except UnicodeDecodeError:
        raise ConfigError(f"The file {path} is not text in UTF-8.", "Save it as UTF-8.") from None
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise ConfigError(f"The file {path} cannot be read: {reason}.", "Correct the path.") from None
