"""Naming a customer by what one may see: a name, an address or a number that is masked finds nobody, as if nothing were there.

Else the answer to "is there a customer with this e-mail address?" would be in whether anything is found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fullcircle.govern.mask import Mask
from fullcircle.graph.base import GraphStore, ReadsSeveral, Vertex, Wanted
from fullcircle.graph.words import BAR, FOUND_BY, UMLAUTS, folded, tries
from fullcircle.model.entities import ENTITIES
from fullcircle.model.field_classes import KINDS, UNCLASSIFIED, classes_of

MANY = 1000
WIDER = 20  # so many times as many hits are looked at as are wanted, MANY at most
CODES = 3  # the most digits that a calling code has
AROUND = [
    Wanted("RESOLVES_TO", "in", limit=MANY), Wanted("HAS_IDENTIFIER", "out", limit=MANY),
    *(Wanted(entity.edge, "out", limit=MANY) for entity in ENTITIES.values()),
]  # fmt: skip


class StoreAsSeen:
    """A graph store for somebody who does not see all: it finds by what is seen in full, and reads the rest as the store does."""

    def __init__(self, store: GraphStore, mask: Mask) -> None:
        self._store = store
        self._mask = mask

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def find(self, label: str, words: str, limit: int = 20) -> list[Vertex]:
        """What the store finds, as far as everything that was typed is in values that are seen in full."""
        if label == "Product":
            return self._store.find(label, words, limit)
        wider = min(max(limit * WIDER, limit), max(limit, MANY))
        return [one for one in self._store.find(label, words, wider) if self._is_seen(one, words)][:limit]

    def vertex(self, id: str) -> Vertex | None:
        """The vertex with this id, unless the id has a key that may be personal and is not seen."""
        return self._store.vertex(id) if self._mask.may_name(id) else None

    def vertices(self, ids: Sequence[str]) -> Mapping[str, Vertex]:
        """Those of these vertices that there are, as `vertex` has them."""
        wanted = [id for id in ids if self._mask.may_name(id)]
        if isinstance(self._store, ReadsSeveral):
            return self._store.vertices(wanted)
        return {id: found for id in wanted if (found := self._store.vertex(id))}

    def _is_seen(self, vertex: Vertex, words: str) -> bool:
        """True if one reading of the words is in what is seen of this vertex alone, or with what is around it.

        Only values by which a customer is found count. If others did, the words of them, as a source's name or a day, would find
        just those customers who have them in something hidden, too.
        """
        own = self._seen_values(vertex)
        if _has(own, words):
            return True
        found = self._store.around(vertex.id, AROUND) if vertex.label == "Customer" else None
        if found is None:
            return False
        near = [one.vertex for rows in found.near.values() for one in rows]
        return _has([*own, *(value for one in near for value in self._seen_values(one))], words)

    def _seen_values(self, vertex: Vertex) -> list[str]:
        """The texts of a vertex that one is found by and that are seen in full."""
        classes = classes_of(vertex.label)
        shown = []
        for name, value in vertex.properties.items():
            if name not in FOUND_BY:
                continue
            how = classes.get(name, UNCLASSIFIED)
            if how == "of kind":
                how = KINDS.get(str(vertex.properties.get("kind")), UNCLASSIFIED)
            if self._mask.sight.level(how) == "full":
                shown.append(str(value))
        return shown


def _has(values: Iterable[str], words: str) -> bool:
    """True if a reading of the words, as the store tries them, is in the values."""
    text = "".join(map(_text, values))
    return any(all(piece in text for piece in pieces) for pieces in tries(words))


def _text(value: str) -> str:
    """A value as the search text of a customer has it, and more: what is seen in full may be found in every form."""
    digits = "".join(filter(str.isdigit, value))
    forms = [value, folded(value).replace(" ", ""), "".join(UMLAUTS.get(letter, letter) for letter in value)]
    if digits:
        local = [digits[size:] for size in range(CODES + 1)] if value.startswith("+") else [digits]
        forms += [first + one for one in local for first in ("", "8", "06")] if value.startswith("+") else local
    return "".join(_barred(one) for one in dict.fromkeys(forms))


def _barred(value: str) -> str:
    words = [word.lstrip("0") or word if word.isdigit() else word for word in folded(value).split()]
    return f"{BAR}{BAR.join(words)}{BAR}" if words else ""
