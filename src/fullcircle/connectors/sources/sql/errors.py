"""Turns a database's error into ours, without passwords and without values of rows. See source.py."""

from __future__ import annotations

from fullcircle.errors import (
    ConfigError,
    FullcircleError,
    SourceBroken,
    SourceChanged,
    SourceError,
    SourceRefused,
    SourceUnreachable,
)

REFUSED = (
    "password", "authentication", "pg_hba", "access denied", "permission denied", "login failed", "not authorized", "role ",
    'database "', "unknown database",
)  # fmt: skip
BROKEN = ("file is not a database", "malformed")
CHANGED = ("no such table", "no such column", "does not exist", "unknown column", "doesn't exist", "invalid object name")
# The first two characters of SQLSTATE, or all five.
STATES: dict[str, type[SourceError]] = {
    "28": SourceRefused, "42501": SourceRefused, "3D": SourceRefused,
    "42P01": SourceChanged, "42703": SourceChanged, "3F": SourceChanged,
    "08": SourceUnreachable, "57P": SourceUnreachable, "53": SourceUnreachable,
}  # fmt: skip
# MySQL's and MariaDB's own numbers: their SQLSTATE is mostly 42000, and every syntax error speaks of the server.
NUMBERS: dict[int, type[SourceError]] = {
    **dict.fromkeys((1044, 1045, 1049, 1130, 1142, 1143, 1227, 1410, 1698, 1820, 1862), SourceRefused),
    **dict.fromkeys((1051, 1054, 1072, 1109, 1146, 1176, 1356), SourceChanged),
    **dict.fromkeys((145, 126, 127, 1033, 1034, 1194, 1195, 1712, 1932), SourceBroken),
    **dict.fromkeys((1040, 1053, 1129, 1152, 1158, 1159, 1160, 1161, 1203, 1205, 1213, 1226, 1317), SourceUnreachable),
    **dict.fromkeys((2002, 2003, 2005, 2006, 2013, 2055), SourceUnreachable),
}  # fmt: skip
TWICE = 1060  # a query inside ours that returns a column twice


def as_source_error(error: BaseException, what: str, place: str) -> FullcircleError:
    """The error to raise instead of a database's own. `what` names the failed action, `place` the database, no password."""
    cause = getattr(error, "orig", None) or error
    state = str(getattr(cause, "sqlstate", None) or "")
    text = str(cause).lower()
    number = _number(cause)
    if number == TWICE:
        return ConfigError(f"{place}: {what} returns a column twice ({number}).", "Rename one of them with AS.")
    of_state = STATES.get(state) or STATES.get(state[:3]) or STATES.get(state[:2])
    kind = NUMBERS.get(number) if number else of_state or _by_text(text)
    name = f"error {number}" if number else state or type(cause).__name__
    if kind is SourceRefused:
        return SourceRefused(f"{place} refuses {what} ({name}).", "Check user, password, database name and permissions.")
    if kind is SourceUnreachable:
        reason = "it is locked by a writer" if "locked" in text else "no answer"
        return SourceUnreachable(
            f"{place} cannot be reached for {what}: {reason} ({name}).",
            "Check host, port and network, then run the same command again: it continues where it stopped.",
        )
    if kind is SourceChanged:
        return SourceChanged(
            f"{place}: {what} failed because a table or column does not exist ({name}).",
            "Check the names and the schema in the config file.",
        )
    if kind is SourceBroken:
        return SourceBroken(
            f"{place} is damaged or not a database of this kind ({name}).",
            "Check the path, or restore the database from a backup.",
        )
    return SourceError(f"{place}: {what} failed ({name}).", "Try the same table or query in the database's own client.")


def _number(cause: BaseException) -> int:
    """The number of an error of MySQL or MariaDB; 0 for other databases."""
    first = cause.args[0] if type(cause).__module__.startswith(("pymysql", "MySQLdb")) and cause.args else 0
    return first if isinstance(first, int) else 0


def _by_text(text: str) -> type[SourceError] | None:
    if any(sign in text for sign in BROKEN):
        return SourceBroken
    if any(sign in text for sign in REFUSED):
        return SourceRefused
    if any(sign in text for sign in CHANGED):
        return SourceChanged
    signs = ("connect", "unable to open", "timeout", "timed out", "locked", "closed", "could not translate host", "server")
    return SourceUnreachable if any(sign in text for sign in signs) else None
