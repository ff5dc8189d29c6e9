"""Which customers a word finds depends only on what the asker sees: what they see beside it says nothing of what is hidden."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from fullcircle.ask.named_as_seen import StoreAsSeen
from fullcircle.graph.base import Vertex
from fullcircle.graph.words import BAR, tries
from fullcircle.model.field_classes import PLAIN, classes_of

SEEN = {"kind": "person", "sources": "crm, shop", "first_seen": "2025-06-26T02:08:32", "records": 3, "country": "CH"}
CLARA = Vertex("customer:1", "Customer", {**SEEN, "name": "Clara Personne", "email": "shopper@example.org", "postcode": "2025"})
BEA = Vertex("customer:2", "Customer", {**SEEN, "name": "Bea Quill", "email": "bea@example.org", "postcode": "7000"})


class Store:
    """Finds in the whole search text, as stores do."""

    def find(self, label: str, words: str, limit: int = 20) -> list[Vertex]:
        found = []
        for one in (CLARA, BEA):
            hidden = [str(one.properties[name]) for name in ("name", "email", "postcode")]
            text = BAR + BAR.join(" ".join(hidden).lower().replace("@", " ").split()) + BAR
            if any(all(piece in text for piece in pieces) for pieces in tries(words)):
                found.append(one)
        return found[:limit]

    def around(self, id: str, wanted: object) -> None:
        return None


def seen(*classes: str) -> StoreAsSeen:
    sight = SimpleNamespace(level=lambda how: "full" if how in classes else "absent")
    return StoreAsSeen(cast("Any", Store()), cast("Any", SimpleNamespace(sight=sight, may_name=bool)))


@pytest.mark.parametrize("words", ["c", "cr", "s", "shop", "p", "person", "2025", "20", "2", "c 2", "b", "7", "ch"])
def test_words_beside_a_hidden_value_find_nobody(words: str) -> None:
    assert seen(PLAIN).find("Customer", words) == []


@pytest.mark.parametrize(("words", "found"), [("clara", [CLARA]), ("c", [CLARA]), ("bea 7000", [BEA]), ("ch", [])])
def test_what_is_seen_finds(words: str, found: list[Vertex]) -> None:
    assert seen(PLAIN, classes_of("Customer")["name"]).find("Customer", words) == found
