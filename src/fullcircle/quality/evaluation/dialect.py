"""The few things that engines write differently. The plan of a ruleset is the same for all of them; here DuckDB runs it."""

from __future__ import annotations

from dataclasses import dataclass

from fullcircle.errors import ConfigError, did_you_mean


@dataclass(frozen=True, slots=True)
class EngineDialect:
    """How one engine writes what a plan needs."""

    name: str
    quote: str = '"'
    text_type: str = "VARCHAR"
    full_match: str = "regexp_full_match({value}, {pattern})"
    whole_pattern: bool = True  # the function matches the whole value by itself
    backslash_escapes: bool = False  # in text in quotes

    def quoted(self, name: str) -> str:
        """The name of a column or a table."""
        return self.quote + name.replace(self.quote, self.quote * 2) + self.quote

    def literal(self, value: str) -> str:
        """Text in quotes."""
        escaped = value.replace("\\", "\\\\").replace("'", "\\'") if self.backslash_escapes else value.replace("'", "''")
        return f"'{escaped}'"

    def as_text(self, value: str) -> str:
        """A value as text."""
        return f"CAST({value} AS {self.text_type})"

    def as_number(self, value: str) -> str:
        """Text as a number, null if it is not one."""
        return f"TRY_CAST({value} AS DOUBLE)"

    def as_moment(self, value: str) -> str:
        """Text as a point in time, null if it is not one."""
        return f"TRY_CAST({value} AS TIMESTAMP)"

    def matches(self, value: str, pattern: str) -> str:
        """True if the pattern matches the whole value."""
        whole = pattern if self.whole_pattern else f"^(?:{pattern})$"
        return self.full_match.format(value=value, pattern=self.literal(whole))


DUCKDB = EngineDialect("duckdb")
ATHENA = EngineDialect("athena", full_match="regexp_like({value}, {pattern})", whole_pattern=False)
SPARK = EngineDialect(
    "spark", "`", "STRING", "{value} RLIKE {pattern}", whole_pattern=False, backslash_escapes=True
)  # fmt: skip
DIALECTS = {one.name: one for one in (DUCKDB, ATHENA, SPARK)}


def dialect_of(name: str) -> EngineDialect:
    """The dialect of that name; ConfigError for one that is not known."""
    if name not in DIALECTS:
        raise ConfigError(f'"{name}" is not a dialect.', did_you_mean(name, DIALECTS))
    return DIALECTS[name]
