"""Turns a database's error into ours, without passwords and without values of rows. See source.py."""

from __future__ import annotations

from fullcircle.errors import FullcircleError, SourceBroken, SourceChanged, SourceError, SourceRefused, SourceUnreachable

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


def as_source_error(error: BaseException, what: str, place: str) -> FullcircleError:
    """The error to raise instead of a database's own. `what` names the failed action, `place` the database, no password."""
    cause = getattr(error, "orig", None) or error
    state = str(getattr(cause, "sqlstate", None) or "")
    text = str(cause).lower()
    kind = STATES.get(state) or STATES.get(state[:3]) or STATES.get(state[:2]) or _by_text(text)
    name = state or type(cause).__name__
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


def _by_text(text: str) -> type[SourceError] | None:
    if any(sign in text for sign in BROKEN):
        return SourceBroken
    if any(sign in text for sign in REFUSED):
        return SourceRefused
    if any(sign in text for sign in CHANGED):
        return SourceChanged
    signs = ("connect", "unable to open", "timeout", "timed out", "locked", "closed", "could not translate host", "server")
    return SourceUnreachable if any(sign in text for sign in signs) else None
