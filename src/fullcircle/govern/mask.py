"""The one mask: values, rows and ids as somebody may see them. It also notes what is shown, for the audit log."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, lru_cache
from typing import Any

from fullcircle.errors import ConfigError
from fullcircle.govern.hidden import HIDDEN, Hidden
from fullcircle.govern.kek import LocalKey
from fullcircle.govern.partial import PARTS, hashed, partial
from fullcircle.govern.policy import ORDER, Level, Sight
from fullcircle.model.field_classes import (
    CONTACT,
    KINDS,
    READ_APART,
    UNCLASSIFIED,
    class_of_value,
    classes_of,
)  # fmt: skip
from fullcircle.model.graph import EDGES, VERTICES

# What cannot be a name, an address or a phone number: a small number, or a UUID.
OPEN_KEY = re.compile(r"\d{1,6}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
OPEN_NOUNS = ("customer", "product", "category", "totals")  # their ids are no person's words
OPEN_STARTS = (*(f"{noun}:" for noun in OPEN_NOUNS), "habits:customer:", "worth:customer:")
OPEN_ID = re.compile(
    rf"(?!identifier:|household:)[^:]*:[^:]*:[^:]*:(?:{OPEN_KEY.pattern})(?::(?:{OPEN_KEY.pattern}))*",
    re.ASCII | re.DOTALL,
)
OF_KEYS = ("id", "ids", "key", "provenance")  # nothing in them is hidden from who sees the keys of sources
LABEL_OF = {name.lower(): name for name in VERTICES}
EDGE_OF = {name.lower(): name for name in EDGES}
Cover = Callable[[Any, Mapping[str, Any]], Any]  # (value, its row) -> what is shown of it


MOST = 10_000  # texts that are remembered


class Shown(dict[str, Any]):
    """Text -> what is shown of it, made once: in one answer a name or an id is in many places."""

    def __init__(self, make: Callable[[str], Any]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, text: str) -> Any:
        if len(self) >= MOST:
            self.clear()
        made = self[text] = self._make(text)
        return made


# The fields of a row that something is done to, each with what is shown of its texts; and the names of all, for the audit log.
Plan = tuple[tuple[tuple[str, Shown | None, Cover], ...], frozenset[str]]


def is_open(id: str) -> bool:
    """True for an id that anybody may see and name: its key cannot be personal."""
    return id.startswith(OPEN_STARTS) or OPEN_ID.fullmatch(id) is not None


class Mask:
    """What one sight shows. Whatever went through it since `begin` is in `fields` (name -> level) and `customers`."""

    def __init__(self, sight: Sight, key: bytes) -> None:
        self.sight = sight
        self.whole = sight.whole
        self._key = key
        self._levels = tuple(sorted(sight.levels.items()))
        self._plans: dict[tuple[tuple[str, ...], tuple[str, ...]], Plan] = {}
        self._of_class: dict[str, Shown] = {}
        self._covers: dict[str, Cover] = {}
        self._ids = Shown(self._seen_id)
        self._shown = [self._ids]  # of the current answer
        self.begin()

    def begin(self) -> None:
        """Forget what was shown before."""
        self._noted: set[str] = set()
        self._rows_noted: set[frozenset[str]] = set()
        self.customers: set[str] = set()
        for shown in self._shown:
            shown.clear()

    @property
    def fields(self) -> set[str]:
        """The fields that were shown, each with its level."""
        return self._noted.union(*self._rows_noted)

    def value(self, value: Any, field_class: str) -> Any:
        """A value of a class as it is shown; lists and dicts element by element."""
        return self._at(self.sight.level(field_class), value, field_class)

    def named(self, name: str, value: Any, field_class: str) -> Any:
        """A value of a class, whose name is noted as shown."""
        if value is None:
            return None
        self.note(name, self.sight.level(field_class))
        return self.value(value, field_class)

    def note(self, name: str, level: Level) -> None:
        """Note that a field was shown at a level; what is absent was not."""
        if level != "absent":
            self._noted.add(name if level == "full" else f"{name}:{level}")

    def _at(self, level: Level, value: Any, field_class: str) -> Any:
        if level == "full" or value is None or value == "" or isinstance(value, Hidden):
            return value  # what is not there is not hidden, or it would look as if it were
        if isinstance(value, Mapping):
            return {name: self._at(level, one, field_class) for name, one in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(self._at(level, one, field_class) for one in value)
        if level == "absent":
            return HIDDEN
        return partial(value, field_class) if level == "partial" else hashed(value, self._key)

    # -- ids ---------------------------------------------------------------------------------------------------------------
    def id(self, id: Any) -> Any:
        """An id; a key in it that may be personal is a hash, unless contact is seen in full."""
        if not isinstance(id, str):
            return id
        return self._ids[id]

    def _seen_id(self, id: str) -> Any:
        if id.startswith("customer:"):
            self.customers.add(id)
        return id if self.whole or not id or is_open(id) else self._id(id)  # no id is not a hidden one

    @property
    def sees_keys(self) -> bool:
        """True for who sees the keys of sources: an e-mail address may be one."""
        return self.sight.level(CONTACT) == "full"

    def may_name(self, id: str) -> bool:
        """True for an id that may be asked for: whether there is such a one must not say what is hidden."""
        return self.whole or self.id(id) == id

    def _id(self, id: str) -> str:
        noun, _, rest = id.partition(":")
        if noun == "identifier":
            return self._identifier(rest)
        if noun in EDGE_OF and rest:
            ends = rest.split(">")
            if len(ends) == 2 and all(end.partition(":")[0] in LABEL_OF for end in ends):
                return f"{noun}:{'>'.join(map(self.id, ends))}"
        if self.sees_keys:
            return id
        parts = rest.split(":", 2)
        if noun in LABEL_OF and noun != "household" and len(parts) == 3:
            return f"{noun}:{parts[0]}:{parts[1]}:{self.key(parts[2])}"
        known = noun in LABEL_OF or noun in EDGE_OF
        return f"{noun}:{self._hash(rest)}" if known else str(self._hash(id))

    def _identifier(self, rest: str) -> str:
        kind, _, value = rest.partition(":")
        shown = self.sight.level(KINDS.get(kind, UNCLASSIFIED)) == "full"
        return f"identifier:{kind}:{value if shown else self._hash(value)}"

    def key(self, key: Any) -> Any:
        """The key of a row at its source, alone or at the end of an id."""
        if key is None or self.sees_keys or all(map(OPEN_KEY.fullmatch, str(key).split(":"))):
            return key
        return self._hash(str(key))

    def _hash(self, text: str) -> Any:
        return hashed(text, self._key)

    def closed(self, text: str) -> str:
        """A cursor as it may be given out: an id in it cannot be read by who may not see keys."""
        return text if self.sees_keys or not text else LocalKey(self._key).wrap("cursor", text.encode())

    def opened(self, text: str) -> str:
        """The cursor that `closed` gave out; what is none stays as it is."""
        if self.sees_keys or not text:
            return text
        try:
            return LocalKey(self._key).unwrap("cursor", text).decode()
        except ConfigError:
            return text

    # -- rows ----------------------------------------------------------------------------------------------------------------
    def row(self, row: Mapping[str, Any], owners: tuple[str, ...]) -> dict[str, Any]:
        """A row with the fields of these labels (or of a table); of several that have a field, the strictest counts."""
        names = tuple(row)
        plan = self._plans.get((owners, names))
        if plan is None:
            plan = self._plans[owners, names] = self._plan(owners, names)
        covered, fields = plan
        self._rows_noted.add(fields)
        id = row.get("id")
        if isinstance(id, str) and id.startswith("customer:"):
            self.customers.add(id)
        if not covered:
            return row if isinstance(row, dict) else dict(row)
        seen = dict(row)
        for name, shown, cover in covered:
            value = seen[name]
            if shown is not None and value.__class__ is str:
                seen[name] = shown[value]  # most values are texts
            elif value is not None:
                seen[name] = cover(value, row)
        return seen

    def _plan(self, owners: tuple[str, ...], names: tuple[str, ...]) -> Plan:
        """The fields that are not shown as they are, with what is done to them; and the names of all fields for the audit log."""
        covered, fields = _planned(self._levels, owners, names)
        return () if self.whole else tuple((name, self._texts(how), self.cover(how)) for name, how in covered), fields

    def _texts(self, how: str) -> Shown | None:
        """What is shown of texts of a class (or of ids), as far as it does not depend on the row."""
        self.cover(how)
        return self._ids if how == "id" else self._of_class.get(how)

    def cover(self, how: str) -> Cover:
        """What is done to a value of a class, or of one of READ_APART."""
        if how not in self._covers:
            self._covers[how] = self._special.get(how) or self._plain_cover(how)
        return self._covers[how]

    def _plain_cover(self, how: str) -> Cover:
        level, key = self.sight.level(how), self._key
        if level == "absent":
            return lambda value, _: None if value is None else HIDDEN
        if level in ("partial", "hashed"):
            make = PARTS.get(how) or (lambda text: partial(text, how))
            shown = Shown(make if level == "partial" else (lambda text: hashed(text, key)))
            self._shown.append(shown)
            self._of_class[how] = shown
            return lambda value, _: shown[value] if value.__class__ is str else None if value is None else self.value(value, how)
        return lambda value, _: self.value(value, how)

    @cached_property
    def _special(self) -> dict[str, Cover]:
        ids = self._ids
        return {
            "id": lambda value, _: ids[value] if value.__class__ is str else self.id(value),
            "ids": lambda value, _: self.ids(value),
            "key": lambda value, _: self.key(value),
            "of kind": lambda value, row: self.value(value, KINDS.get(str(row.get("kind")), UNCLASSIFIED)),
            "of field": lambda value, row: self.value(value, class_of_value(str(row.get("field")))),
            "identifiers": lambda value, _: self._json(value, lambda one: self.row(one, ("Identifier",))),
            "addresses": lambda value, _: self._json(value, lambda one: self.row(one, ("Record",))),
            "provenance": lambda value, _: self._origins(value),
        }

    def ids(self, ids: Iterable[Any]) -> Any:
        """Several ids."""
        return type(ids)(map(self.id, ids)) if isinstance(ids, list | tuple) else HIDDEN

    def golden(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Field -> value (or values), of golden fields."""
        return {name: self.named(name, value, class_of_value(name)) for name, value in values.items()}

    def _origins(self, origins: Any) -> Any:
        """Field -> the record it is from. As JSON text, which only neighbours of a customer have, it is not taken apart."""
        if not isinstance(origins, Mapping):
            return origins if self.sees_keys or origins is None else HIDDEN
        return {name: {**one, "from": self.id(one.get("from"))} for name, one in origins.items()}

    def _json(self, value: Any, inner: Callable[[Any], Any]) -> Any:
        """JSON in a text, or what was read from it; what cannot be read is hidden."""
        if self.whole or value is None:
            return value
        try:
            read = json.loads(value) if isinstance(value, str) else value
        except ValueError:
            return HIDDEN
        made = [without(inner(one)) for one in read] if isinstance(read, list) else without(inner(read))
        return json.dumps(made, ensure_ascii=False) if isinstance(value, str) else made


@lru_cache(4096)
def _planned(
    levels: tuple[tuple[str, Level], ...], owners: tuple[str, ...], names: tuple[str, ...]
) -> tuple[tuple[tuple[str, str], ...], frozenset[str]]:
    """For all masks with these levels: the fields that something is done to, each with its class (of several the strictest), or
    one of READ_APART; and the names of all fields that are shown.
    """
    sight = Sight(dict(levels))
    sees_keys = sight.level(CONTACT) == "full"
    covered, fields = [], set()
    for name in names:
        said = [classes_of(owner)[name] for owner in owners if name in classes_of(owner)]
        how = min(said or [UNCLASSIFIED], key=lambda one: len(ORDER) if one in READ_APART else ORDER.index(sight.level(one)))
        if how in READ_APART:
            fields.add(name)
            if not (sees_keys and how in OF_KEYS and "Identifier" not in owners):
                covered.append((name, how))
            continue
        level = sight.level(how)
        if level != "absent":
            fields.add(name if level == "full" else f"{name}:{level}")
        if level != "full":
            covered.append((name, how))
    return tuple(covered), frozenset(fields)


def without(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row without the fields that are hidden."""
    return {name: value for name, value in row.items() if not isinstance(value, Hidden)}
