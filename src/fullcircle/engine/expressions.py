"""Decides whether an expression that a user wrote only computes, so that it can be part of our SQL. See `Engine.refusal`.

The engine itself may read and write files, so the text of others must not: an expression is taken apart by the engine's own
parser, and everything that is not known to be harmless is refused. Allowed are columns, constants, operators, CASE, casts,
the engine's built-in functions of values, and subqueries over lists. Tables, files, the functions that read them, settings
and statements are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any

LONGEST = 20_000  # characters
CLASSES = {
    "BETWEEN", "CASE", "CAST", "COLLATE", "COLUMN_REF", "COMPARISON", "CONJUNCTION", "CONSTANT", "FUNCTION", "LAMBDA",
    "LAMBDA_REF", "OPERATOR", "STAR", "SUBQUERY", "TYPE", "WINDOW",
}  # fmt: skip
NODES = {
    "SELECT_NODE", "SET_OPERATION_NODE", "EMPTY", "SUBQUERY", "JOIN", "EXPRESSION_LIST", "TABLE_FUNCTION", "ORDER_MODIFIER",
    "LIMIT_MODIFIER", "DISTINCT_MODIFIER", "ORDER_DEFAULT", "ASCENDING", "DESCENDING", "ORDER_ASCENDING", "ORDER_DESCENDING",
}  # fmt: skip
LISTS = {"unnest", "range", "generate_series", "json_each", "json_tree"}  # functions that may stand after FROM
WINDOWS = {
    "row_number", "rank", "dense_rank", "rank_dense", "percent_rank", "cume_dist", "ntile", "lead", "lag", "first_value",
    "last_value", "nth_value", "fill",
}  # fmt: skip
# Built-in functions of values that wait, write, or show what is no business of a mapping.
NEVER = {
    "current_query", "current_query_id", "current_connection_id", "current_transaction_id", "current_setting", "txid_current",
    "getvariable", "getenv", "currval", "nextval", "setval", "setseed", "sleep_ms", "pg_sleep", "write_log", "stats",
    "parse_duckdb_log_message", "json_execute_serialized_sql", "query", "query_table",
}  # fmt: skip
# Names without brackets by which SQL asks for the moment or the user; a column may have one, too.
MOMENTS = ("current_", "local", "user", "session_user")


def refusal(text: str, parsed: dict[str, Any], functions: Set[str]) -> str:
    """Why an expression is not allowed, given `SELECT (expression)` as the engine's parser returned it; empty if it is."""
    if parsed.get("error"):
        return str(parsed.get("error_message", "it is not an expression")).splitlines()[0]
    if not text.strip():
        return "it is empty"
    statements = parsed["statements"]
    node = statements[0]["node"] if len(statements) == 1 else {}
    if node.get("type") != "SELECT_NODE" or not _is_bare(node):
        return "it must be one expression, not a statement"
    return next(_faults(node, functions), "")


def is_of_row(parsed: dict[str, Any], steady: Set[str]) -> bool:
    """True if an expression depends on nothing but its row: no other rows, no clock, no chance, no order.

    `parsed` as for `refusal`; `steady` are the functions that always give the same for the same values.
    """
    waiting: list[Any] = [parsed["statements"][0]["node"]["select_list"]] if not parsed.get("error") else [{"class": "?"}]
    while waiting:
        here = waiting.pop()
        if isinstance(here, list):
            waiting += here
        if not isinstance(here, dict):
            continue
        kind, name = here.get("class"), str(here.get("function_name", "")).lower()
        names = [str(one).lower() for one in here.get("column_names") or ()]
        if kind in {"WINDOW", "SUBQUERY", "STAR", "?"} or (kind == "FUNCTION" and name not in steady):
            return False
        if any(one == "_seq" or one.startswith(MOMENTS) for one in names):
            return False
        if kind != "CONSTANT":
            waiting += here.values()
    return True


def query_refusal(parsed: dict[str, Any], functions: Set[str], tables: Set[str]) -> str:
    """Why a query is not allowed, given what the engine's parser returned; empty if it reads nothing but `tables`."""
    if parsed.get("error"):
        return str(parsed.get("error_message", "it is not a query")).splitlines()[0]
    statements = parsed["statements"]
    if len(statements) != 1:
        return "it must be one query"
    node, readable = statements[0]["node"], {name.casefold() for name in tables}
    named = (node.get("cte_map") or {}).get("map") or []
    for one in named:  # each may read those before it
        if fault := next(_faults(one["value"], functions, readable), ""):
            return fault
        readable.add(str(one["key"]).casefold())
    return next(_faults({**node, "cte_map": {}}, functions, readable), "")


def _is_bare(node: dict[str, Any]) -> bool:
    """True for a SELECT of one expression and nothing else."""
    rest = ("where_clause", "having", "qualify", "sample", "group_expressions", "group_sets", "modifiers")
    ctes = node.get("cte_map") or {}
    alone = len(node["select_list"]) == 1 and not node["select_list"][0].get("alias")
    return alone and node["from_table"]["type"] == "EMPTY" and not ctes.get("map") and not any(node.get(one) for one in rest)


def _faults(node: dict[str, Any], functions: Set[str], readable: Set[str] = frozenset()) -> Iterator[str]:
    waiting: list[Any] = [node]
    while waiting:
        here = waiting.pop()
        if isinstance(here, list):
            waiting += here
        if not isinstance(here, dict):
            continue
        if (here.get("cte_map") or {}).get("map"):
            yield "it has WITH inside, which may only be at its begin"
        if here.get("type") == "BASE_TABLE" and _is_readable(here, readable):
            continue
        if fault := _fault(here, functions):
            yield fault
        if here.get("class") != "CONSTANT":
            waiting += here.values()


def _is_readable(table: dict[str, Any], readable: Set[str]) -> bool:
    alone = not table.get("schema_name") and not table.get("catalog_name")
    return alone and str(table.get("table_name", "")).casefold() in readable and not table.get("at_clause")


def _fault(here: dict[str, Any], functions: Set[str]) -> str:
    kind, node = here.get("class"), here.get("type")
    name = str(here.get("function_name", "")).lower()
    if isinstance(kind, str):
        if kind not in CLASSES:
            return f"it contains {kind.lower().replace('_', ' ')}, which is not allowed"
        known = functions | LISTS | (WINDOWS if kind == "WINDOW" else set())
        if kind in ("FUNCTION", "WINDOW") and (name in NEVER or name not in known):
            return f'the function "{name}" is not one of the built-in functions of values'
    elif isinstance(node, str):
        if node == "BASE_TABLE":
            return "it reads a table or a file"
        if node not in NODES:
            return f"it contains {node.lower().replace('_', ' ')}, which is not allowed"
        if node == "TABLE_FUNCTION":
            function = here.get("function") or {}
            name = str(function.get("function_name", "")).lower()
            return "" if name in LISTS else f'the function "{name}" reads a table or a file'
    return ""
