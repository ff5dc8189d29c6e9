"""The rule types of DQDL: what they are about, what their conditions compare, and what else a rule of the type may have.

After the table that AWS publishes with the language (awslabs/dqdl, Apache-2.0).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Compared = Literal["number", "share", "text", "values", "duration", "moment", "size", "hashes", ""]
MANY = 50  # parameters, where there may be any number


@dataclass(frozen=True, slots=True)
class RuleType:
    """One rule type. `compared`: what its condition is about; "" if it has none."""

    name: str
    meaning: str
    compared: Compared
    least: int = 0  # parameters
    most: int = 0
    columns: bool = False  # the parameters are columns of the table
    needs_condition: bool = True
    where: bool = False
    threshold: bool = False
    rows: bool = False  # it can say which rows break it
    in_rows_of_composites: bool = True  # ... also as a part of a composite rule
    dynamic: bool = False  # its numbers may be functions over history
    analyzer: bool = False  # it may be in Analyzers
    only_analyzer: bool = False
    file_level: bool = False
    tags: tuple[str, ...] = ()


FILE_TAGS = ("recentFiles", "uriRegex", "failFast")
_ALL = (
    RuleType("RowCount", "the number of rows", "number", where=True, dynamic=True, analyzer=True),
    RuleType("RowCountMatch", "rows as a share of those of a reference", "share", 1, 1, dynamic=True),
    RuleType("ColumnCount", "the number of columns", "number", dynamic=True, analyzer=True),
    RuleType("ColumnExists", "the column is there", "", 1, 1, needs_condition=False),
    RuleType("ColumnNamesMatchPattern", "all column names match", "", 1, 1, needs_condition=False),
    RuleType(
        "ColumnDataType", "the values are of the type", "text", 1, 1, columns=True, where=True, threshold=True, rows=True
    ),
    RuleType("IsComplete", "no value is missing", "", 1, 1, columns=True, needs_condition=False, where=True, rows=True),
    RuleType("IsUnique", "no value occurs twice", "", 1, MANY, columns=True, needs_condition=False, where=True, rows=True),
    RuleType(
        "IsPrimaryKey", "unique, and none missing", "", 1, MANY, columns=True, needs_condition=False, where=True, rows=True
    ),
    RuleType(
        "Completeness", "the share of values that are there", "share", 1, 1, columns=True, where=True, rows=True,
        in_rows_of_composites=False, dynamic=True, analyzer=True,
    ),
    RuleType(
        "Uniqueness", "the share of values that occur once", "share", 1, MANY, columns=True, where=True, rows=True,
        in_rows_of_composites=False, dynamic=True, analyzer=True,
    ),
    RuleType(
        "UniqueValueRatio", "values that occur once, of the distinct ones", "share", 1, MANY, columns=True, where=True, rows=True,
        in_rows_of_composites=False, dynamic=True, analyzer=True,
    ),
    *(
        RuleType(name, meaning, "number", 1, 1, columns=True, where=True, dynamic=True, analyzer=True)
        for name, meaning in (
            ("DistinctValuesCount", "the number of distinct values"),
            ("Entropy", "the entropy of the values"),
            ("Mean", "the mean"),
            ("Sum", "the sum"),
            ("StandardDeviation", "the standard deviation"),
            ("Variance", "the variance"),
        )
    ),
    RuleType(
        "ColumnLength", "the length of each value", "number", 1, 1, columns=True, where=True, threshold=True, rows=True,
        analyzer=True,
    ),
    RuleType(
        "ColumnCorrelation", "how two columns go together", "number", 2, 2, columns=True, where=True, dynamic=True, analyzer=True
    ),
    RuleType(
        "ColumnValues", "each value", "values", 1, 1, columns=True, where=True, threshold=True, rows=True, analyzer=True,
        tags=("ignoreCase", "timeZone"),
    ),
    RuleType("DataFreshness", "how old each value is", "duration", 1, 1, columns=True, where=True, threshold=True, rows=True),
    RuleType(
        "CustomSql", "what a query of your own returns", "number", 1, 1, needs_condition=False, threshold=True, dynamic=True
    ),
    RuleType(
        "ReferentialIntegrity", "the share of rows that point to a row of the reference", "share", 2, 2, rows=True,
        in_rows_of_composites=False, dynamic=True,
    ),
    RuleType("DatasetMatch", "the share of rows that the reference has too", "share", 2, 3, dynamic=True),
    RuleType("SchemaMatch", "the share of columns that the reference has too", "share", 1, 1, dynamic=True),
    RuleType("AggregateMatch", "one aggregate as a share of another", "share", 2, 2),
    RuleType("DetectAnomalies", "a metric is as it was before", "", 1, MANY, needs_condition=False),
    RuleType(
        "AllStatistics", "all statistics of a column", "", 1, 1, columns=True, needs_condition=False, analyzer=True,
        only_analyzer=True,
    ),
    RuleType(
        "FileFreshness", "when each file was changed", "moment", 0, 1, threshold=True, file_level=True,
        tags=(*FILE_TAGS, "timeZone", "matchFileName"),
    ),
    RuleType(
        "FileMatch", "the checksum of files", "hashes", 0, 2, needs_condition=False, file_level=True,
        tags=(*FILE_TAGS, "hashAlgorithm", "dataFrame"),
    ),
    RuleType("FileSize", "the size of each file", "size", 0, 1, threshold=True, file_level=True, tags=FILE_TAGS),
    RuleType("FileUniqueness", "the share of files whose content no other has", "share", 0, 1, file_level=True, tags=FILE_TAGS),
)  # fmt: skip
RULE_TYPES: dict[str, RuleType] = {one.name: one for one in _ALL}
METRICS = tuple(one.name for one in _ALL if one.analyzer and not one.only_analyzer)  # DetectAnomalies may be about these
