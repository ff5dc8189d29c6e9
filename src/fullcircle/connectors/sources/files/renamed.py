"""The columns of the files of one object: a later file may have more of them, fewer, in another order, or spell them differently.

Columns belong together by name, never by place. `Order ID` and `order_id` are the same name, if a file has only one of them.
Any other new name is a new column; what changed is reported, because a column may have got another name.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

import pyarrow as pa

from fullcircle.connectors.base import Cursor
from fullcircle.connectors.columns import unique

SHOWN = 10  # names in a note


class Headers:
    """What the headers of the files read so far were; kept in the cursor."""

    def __init__(self, rename: Mapping[str, str], cursor: Cursor | None = None, same: bool = False) -> None:
        """`same`: the options of the object are those of the pull before."""
        self._rename = rename
        self._all: list[str] = list((cursor or {}).get("columns", ()))  # of all files
        self._last: list[str] = list((cursor or {}).get("header", ()))  # of the last one
        self._before = tuple(self._all) if same else ()  # of the pulls before this one

    @property
    def cursor(self) -> Cursor:
        """What the next pull has to know."""
        return {"columns": self._all, "header": self._last} if self._all else {}

    def named(self, rows: pa.Table) -> pa.Table:
        """The rows under the names that the columns have in earlier files."""
        names = rows.schema.names
        given = [self._rename.get(name, name) for name in names]
        there = set(given)
        free: dict[str, list[str]] = {}
        for name in self._all:
            if name not in there:
                free.setdefault(plain(name), []).append(name)
        new: dict[str, list[str]] = {}
        for name in given:
            if name not in self._all:
                new.setdefault(plain(name), []).append(name)
        same = {names[0]: free[form][0] for form, names in new.items() if form and len(names) == len(free.get(form, ())) == 1}
        return rows.rename_columns(unique([same.get(name, name) for name in given]))

    def strange(self, names: Sequence[str]) -> str:
        """Some of the columns that the object had before, if a header has none of them: a damaged or another file; else ""."""
        return _listed(self._before[:3]) if self._before and not {*names} & {*self._before} else ""

    def read(self, before: Sequence[str], after: Sequence[str]) -> list[str]:
        """Remember the header of a file, as the file writes it and as it is named here; returns what changed, for a person."""
        notes = [f'the column "{one}" is read as "{other}"' for one, other in zip(before, after, strict=True) if one != other]
        missing = [name for name in self._last if name not in after]
        added = [name for name in after if name not in self._all] if self._all else []
        if missing:
            notes.append(f"columns of the file before are missing, and empty in its rows: {_listed(missing)}")
        if added:
            notes.append(f"columns are new: {_listed(added)}")
        if missing and added:
            notes.append(
                f'if a column got another name, say so for the object: rename = {{ "{added[0]}" = "{missing[0]}" }} (new = old)'
            )
        self._all += [name for name in after if name not in self._all]
        self._last = list(after)
        return notes


def plain(name: str) -> str:
    """A name without what spellings of it differ in."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", name).casefold() if sign.isalnum())


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else "")
