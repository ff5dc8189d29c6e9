"""Rows of graph CSV files as typed tables, one per label, with every row checked before any is used.

Start at `stage`. A file is read as text into the table `raw`, in its order; the rows of each label are then converted into
`staged_<label>` with their place (file and row). A row that is not valid is a StoreError with file, line and column, and never
with the value, which may be personal data. `merge` combines rows with the same id into one, as Neptune does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fullcircle.engine.base import Engine, fingerprint, literal, located, quoted
from fullcircle.errors import FullcircleError, StoreError
from fullcircle.graph.exchange.headers import GraphFile, HeaderColumn
from fullcircle.graph.shape import label_named
from fullcircle.model.counting import counted
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.label import EDGE_COLUMNS, PROPERTY_TYPES, VERTEX_COLUMNS

PLACE = quoted("~place")  # no property can have this name
ROWS = 1 << 40  # more than a file has: place = number of the file * ROWS + row
SHOWN = {
    "double": "a number",
    "int": "a whole number of 64 bits",
    "bool": "true or false",
    "date": "a day such as 2026-01-31",
    "timestamp": "a time such as 2026-01-31T12:00:00Z",
}
CUT = "The file may be incomplete: export or copy it again."
LEAVE_OUT = "Let the import skip what is unknown (`fullcircle graph import --ignore-unknown`)."


@dataclass(frozen=True, slots=True)
class Check:
    """A check that no row may fail: SQL over `raw` for a bad row, and the message for the first one."""

    bad: str
    says: str
    hint: str


def table(label: str) -> str:
    """The table with the rows of a label."""
    return f"staged_{label.lower()}"


def define(engine: Engine) -> None:
    """Create the tables, empty."""
    engine.run("SET preserve_insertion_order = true")  # so that rowid is the row in the file
    for label in (*VERTICES, *EDGES):
        columns = {name: "BIGINT" if name == "hash" else "VARCHAR" for name in _first(label)}
        columns |= {name: PROPERTY_TYPES[type_] for name, type_ in label_named(label).properties.items()}
        columns["~place"] = "BIGINT"
        engine.run(f"CREATE TABLE {table(label)} ({', '.join(f'{quoted(name)} {type_}' for name, type_ in columns.items())})")


def rows_sql(label: str) -> str:
    """SQL for the merged rows of a label, columns as in the model; a hash that the files do not have is computed."""
    names = list(label_named(label).properties)
    ends = ["source", "target"] if label in EDGES else []
    print_ = fingerprint(*(quoted(name) for name in ([*ends, *names] or ["id"])))
    return f"SELECT {', '.join(['id', *ends, f'coalesce(hash, {print_}) AS hash', *map(quoted, names)])} FROM {table(label)}"


def _first(label: str) -> tuple[str, ...]:
    return EDGE_COLUMNS if label in EDGES else VERTEX_COLUMNS


# -- a file ------------------------------------------------------------------------------------------------------------
def stage(engine: Engine, file: GraphFile, ignore_unknown: bool) -> int:
    """Put the rows of a file into the tables of their labels; returns how many."""
    _read(engine, file)
    if not ignore_unknown:
        _refuse(engine, file, _label_checks(engine, file), "true")
    rows = 0
    for (label,) in engine.rows("SELECT DISTINCT labels[1] FROM raw WHERE len(labels) > 0 ORDER BY 1"):
        where = f"labels[1] = {literal(label)}"
        _refuse(engine, file, list(_checks(label, file, ignore_unknown)), where)
        before = engine.count(table(label))
        engine.run(f"INSERT INTO {table(label)} BY NAME SELECT {_typed(label, file)} FROM raw WHERE {where}")
        rows += engine.count(table(label)) - before
    return rows


def _read(engine: Engine, file: GraphFile) -> None:
    """Read the file as text into `raw`: c0, c1 ... and `labels`, the row's labels that the model has. A missing value is null."""
    columns = ", ".join(f"{literal(column.raw)}: 'VARCHAR'" for column in file.columns)
    known = ", ".join(map(literal, EDGES if file.has_edges else VERTICES))
    engine.run("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")
    try:
        engine.run(
            f"CREATE OR REPLACE TABLE raw AS SELECT *, list_filter({_labels(file)}, lambda l: l IN ({known})) AS labels "
            f"FROM read_csv({located(file.path)}, hive_partitioning = false, auto_detect = false, header = true, "
            f"""delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, store_rejects = true, """
            f"strict_mode = true, columns = {{{columns}}})"
        )
    except FullcircleError:
        raise
    except Exception as error:  # any error of the engine for a damaged file: its text quotes the line, so it is not repeated
        reason = type(error).__name__
        raise StoreError(f"{file.path} cannot be read: {reason}.", CUT) from None
    bad, first = engine.rows("SELECT count(DISTINCT line), min(line) FROM reject_errors")[0]
    if bad:  # its `line` counts rows, including the header
        line = _line(engine, file, int(first) - 2)
        raise StoreError(f"{file.path}: {counted(bad, 'row')} cannot be read, the first is in line {line}.", CUT)


def _labels(file: GraphFile) -> str:
    """SQL for the labels of a row; a row without any gets the label that Neptune gives it."""
    column = file.fixed("label")
    given = f"coalesce(nullif(trim({column.raw}), ''), '{_default(file)}')" if column else f"'{_default(file)}'"
    return f"[{given}]" if file.has_edges else f"list_transform(string_split({given}, ';'), lambda l: trim(l))"


def _default(file: GraphFile) -> str:
    return "edge" if file.has_edges else "vertex"


def _label_checks(engine: Engine, file: GraphFile) -> list[Check]:
    """The checks of labels. Labels are not personal data, so the messages may name them."""
    column = file.fixed("label")
    label = column.raw if column else f"'{_default(file)}'"
    none = engine.value(f"SELECT coalesce({label}, '{_default(file)}') FROM raw WHERE len(labels) = 0 ORDER BY rowid LIMIT 1")
    several = engine.value(
        "SELECT array_to_string(labels, ', ') FROM raw WHERE len(list_distinct(labels)) > 1 ORDER BY rowid LIMIT 1"
    )
    one = "A vertex has one label here: remove the others, or let the import take the first one (`--ignore-unknown`)."
    return [
        Check(
            "len(labels) = 0",
            f'the model has no label "{str(none)[:60]}"',
            LEAVE_OUT,
        ),
        Check("len(list_distinct(labels)) > 1", f"there are several labels of the model: {several}", one),
    ]


def _checks(label: str, file: GraphFile, ignore_unknown: bool) -> Iterator[Check]:
    properties = _types(label)
    for name in ("id", "source", "target"):
        column = file.fixed(name)
        if column:
            yield Check(f"coalesce({column.raw}, '') = ''", f"the row has no {column.header}", "Every row needs a value there.")
            yield _nul(column)
    for name, column in file.properties().items():
        if name not in properties:
            if not ignore_unknown:
                yield Check(f"coalesce({column.raw}, '') <> ''", f"{label} has no property {name[:60]}", LEAVE_OUT)
            continue
        yield _nul(column)
        if column.many:
            yield Check(
                rf"regexp_matches({column.raw}, '(^|[^\\]);')",
                f"there are several values in the column {name}",
                r"A property has one value here: keep only one in the file. Write a semicolon that belongs to the value as \;",
            )
        type_ = properties[name]
        if type_ != "string":
            bad = f"trim({column.raw}) <> '' AND {_value(column, type_)} IS NULL"
            yield Check(bad, f"the value in the column {name} is not {SHOWN[type_]}", "Correct it, or leave the field empty.")


def _nul(column: HeaderColumn) -> Check:
    hint = "Remove it from the text first: several graph stores cut a text there or cannot keep it."
    return Check(f"contains({column.raw}, chr(0))", f"there is a NUL character in the column {column.header}", hint)


def _refuse(engine: Engine, file: GraphFile, checks: list[Check], where: str) -> None:
    """StoreError for the first row of `raw` that fails a check, in one pass over it."""
    firsts = ", ".join(f"min(rowid) FILTER ({check.bad})" for check in checks)
    found = engine.rows(f"SELECT {firsts} FROM raw WHERE {where}")[0] if checks else ()
    bad = [(row, place) for place, row in enumerate(found) if row is not None]
    if bad:
        row, place = min(bad)
        raise StoreError(f"{file.path}, line {_line(engine, file, row)}: {checks[place].says}.", checks[place].hint)


def _line(engine: Engine, file: GraphFile, row: int) -> int:
    """The line on which a row of `raw` begins; the header is line 1, and a text with line breaks takes several lines."""
    breaks = " + ".join(f"coalesce(length({c.raw}) - length(replace({c.raw}, chr(10), '')), 0)" for c in file.columns)
    return int(engine.value(f"SELECT 2 + count(*) + coalesce(sum({breaks}), 0) FROM raw WHERE rowid < {row}"))


# -- values ------------------------------------------------------------------------------------------------------------
def _types(label: str) -> dict[str, str]:
    return {"hash": "int", **label_named(label).properties}


def _typed(label: str, file: GraphFile) -> str:
    """SQL for the columns of the label that the file has."""
    types, columns = _types(label), file.properties()
    fixed = [file.fixed(name) for name in _first(label)]
    selected = [f"{column.raw} AS {column.name}" for column in fixed if column]
    selected += [f"{_value(columns[name], type_)} AS {quoted(name)}" for name, type_ in types.items() if name in columns]
    return ", ".join([*selected, f"{file.number * ROWS} + rowid AS {PLACE}"])


def _value(column: HeaderColumn, type_: str) -> str:
    """SQL for a field in the type of the model; null if it is missing, blank (except a text) or not valid."""
    text = rf"replace({column.raw}, '\;', ';')" if column.many else column.raw
    if type_ == "string":
        return text
    text = f"nullif(trim({text}), '')"
    if type_ == "int":  # a cast alone would round
        return rf"CASE WHEN regexp_full_match({text}, '[+-]?[0-9]+(\.0*)?') THEN TRY_CAST({text} AS BIGINT) END"
    if type_ in ("date", "timestamp"):
        moment = f"(TRY_CAST({text} AS TIMESTAMPTZ) AT TIME ZONE 'UTC')"
        valid = f"{text} ~ '[0-9]{{4}}-.*' AND {moment} BETWEEN TIMESTAMP '0001-01-01' AND TIMESTAMP '9999-12-31 23:59:59.999999'"
        # a day is the one that is written, whatever offset follows it: a birthday does not move
        return f"CASE WHEN {valid} THEN {moment if type_ == 'timestamp' else f'TRY_CAST(left({text}, 10) AS DATE)'} END"
    return f"TRY_CAST({text} AS {PROPERTY_TYPES[type_]})"


# -- rows with one id --------------------------------------------------------------------------------------------------
def merge(engine: Engine, label: str, files: list[GraphFile]) -> int:
    """Combine rows with the same id into one: the last value wins, in the order of files and rows. Returns the number of rows.

    The hash is kept only if all of them have the same one: otherwise it would be that of another row.
    """
    name = table(label)
    engine.run(f"CREATE OR REPLACE TABLE repeated AS SELECT id FROM {name} GROUP BY id HAVING count(*) > 1")
    if engine.count("repeated"):
        if label in EDGES:
            _refuse_other_ends(engine, label, files)
        last = ", ".join(
            f"arg_max({quoted(column)}, {PLACE}) AS {quoted(column)}"
            for column in (*_first(label)[1:-1], *label_named(label).properties)
        )
        same = "CASE WHEN count(hash) = count(*) AND min(hash) = max(hash) THEN min(hash) END AS hash"
        columns = ", ".join(filter(None, ["id", last, same, f"max({PLACE}) AS {PLACE}"]))
        engine.run(f"CREATE OR REPLACE TABLE merged AS SELECT {columns} FROM {name} SEMI JOIN repeated USING (id) GROUP BY id")
        engine.run(f"DELETE FROM {name} WHERE id IN (FROM repeated); INSERT INTO {name} BY NAME FROM merged; DROP TABLE merged")
    return engine.count(name)


def _refuse_other_ends(engine: Engine, label: str, files: list[GraphFile]) -> None:
    first = f"first_value((source, target)) OVER (PARTITION BY id ORDER BY {PLACE})"
    place = engine.value(
        f"SELECT min({PLACE}) FROM (SELECT {PLACE}, (source, target) <> {first} AS other "
        f"FROM {table(label)} SEMI JOIN repeated USING (id)) WHERE other"
    )
    if place is not None:
        raise StoreError(
            f"{_where(engine, files, place)}: the id of this edge {label} is in an earlier row with other ends.",
            "Give every edge its own id.",
        )


def refuse_two_labels(engine: Engine, labels: list[str], files: list[GraphFile]) -> None:
    """StoreError if an id is in the rows of several of these labels."""
    if len(labels) < 2:
        return
    every = " UNION ALL ".join(f"SELECT id, {PLACE}, '{label}' AS label FROM {table(label)}" for label in labels)
    found = engine.rows(
        f"SELECT max({PLACE}) AS place, string_agg(label, ' and ' ORDER BY {PLACE}) FROM ({every}) "
        "GROUP BY id HAVING count(*) > 1 ORDER BY place LIMIT 1"
    )
    if found:
        raise StoreError(
            f"{_where(engine, files, found[0][0])}: this id has two labels: {found[0][1]}.",
            "An id has one label here: remove one of the rows.",
        )


def refuse_missing_end(engine: Engine, label: str, side: str, known: str, files: list[GraphFile]) -> None:
    """StoreError if an edge has an end whose id is not in `known`, which is SQL that gives ids."""
    place = engine.value(f"SELECT min({PLACE}) FROM {table(label)} e ANTI JOIN ({known}) v ON e.{side} = v.id")
    if place is not None:
        raise StoreError(
            f"{_where(engine, files, place)}: the {side} of this edge {label} is neither in the files nor in the store.",
            "Put the files with its vertices into the same folder, or import those first.",
        )


def _where(engine: Engine, files: list[GraphFile], place: int) -> str:
    """The file and line of a place; the file is read again for that."""
    number, row = divmod(place, ROWS)
    file = next(one for one in files if one.number == number)
    _read(engine, file)
    return f"{file.path}, line {_line(engine, file, row)}"
