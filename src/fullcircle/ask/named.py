"""Whom a person means: a customer by any id that an answer prints, a number as a source shows it, or words.

An id may be a customer's, a record's, an order's, or that of anything else in the graph; the word in front (`record:`) may be
left out, as tables do. What leads to several customers is asked back with their ids and names; the whole name of one
of them means that one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from fullcircle.book.book import Book
from fullcircle.config.sections import Config
from fullcircle.errors import Ambiguous, NotFound
from fullcircle.graph.base import GraphStore, ReadsSeveral, Vertex
from fullcircle.graph.shape import label_of
from fullcircle.graph.words import folded
from fullcircle.identity.ledger import Ledger
from fullcircle.model.entities import ENTITIES
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.tables import CONFORMED

SEARCH = "Search for the customer by words of the name, an e-mail address, a phone number or an order number."
FEW = 5  # choices that a message lists
SEVERAL = 6  # customers to look at where one is wanted
BARE = re.compile(r"[0-9a-hjkmnp-tv-z]{16}")  # a customer's id without the word in front
NOUNS = ("record", *(entity.noun for entity in ENTITIES.values()))  # what a source's key, or `source:object:key`, can stand for
KINDS = re.compile(r"^(order|invoice|ticket|case|customer|number|no|nr)\b[.:]?\s*(?=\S)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MappedObject:
    """An object of a source whose rows are in the graph: their ids are `<start><key><end>`."""

    start: str
    end: str = ""


@dataclass(frozen=True, slots=True)
class Lead:
    """A customer, and the vertex that led to it: the order of a number, the record of a key."""

    customer: Vertex
    by: str


def mapped_objects(settings: Config) -> tuple[MappedObject, ...]:
    """The objects of the config, and of connectors that bring their maps, whose rows have numbers that people know."""
    from fullcircle.mapping.defaults import maps_for

    mapped = {one.source for one in settings.map}
    maps = (*settings.map, *maps_for({name: one for name, one in settings.sources.items() if name not in mapped}))
    found = [
        MappedObject(f"{CONFORMED[one.to].noun}:{one.source}:{one.object}:", f":{one.key}" if one.key else "")
        for one in maps
        if one.to in CONFORMED and CONFORMED[one.to].noun in NOUNS
    ]
    # an invoice that counts as the order that it bills is kept as an interaction
    found += [
        MappedObject(f"interaction:{one.source}:{one.object}:") for one in maps if one.to == "orders" and "same_as" in one.fields
    ]
    return tuple(dict.fromkeys(found))


def find_customer(store: GraphStore, book: Book, which: str, objects: Sequence[MappedObject] = ()) -> Vertex:
    """The one customer that is meant; NotFound and Ambiguous say how to name it better."""
    found = store.vertex(customer_id(store, book, which, objects))
    if found is None:
        raise NotFound(f"The graph has no customer {which}.", SEARCH)
    return found


def customer_id(store: GraphStore, book: Book, which: str, objects: Sequence[MappedObject] = ()) -> str:
    """The id of the one customer that is meant, as it is now; the graph may not have it. See `find_customer`."""
    which = which.strip()
    if which.startswith("customer:") or BARE.fullmatch(which):
        now = Ledger(book).resolve(which if ":" in which else f"customer:{which}")
        if now is not None:
            return now
        if ":" in which:
            raise NotFound(f"The graph has no customer {which}.", SEARCH)
    if (vertices := by_id(store, which)) or _is_id(which):
        return _only(which, leads_of(store, vertices), vertices)
    leads = by_number(store, which, objects)
    if leads and "@" not in which:
        return _only(which, leads)
    fits = by_words(store, which, SEVERAL, objects)  # an e-mail address may be a key here and a value there
    if leads:
        return _only(which, [*leads, *(Lead(one, one.id) for one in fits)])
    if not fits and (there := of_nobody(store, which, objects)):
        raise _nobodys(there[0])
    if not fits:
        raise NotFound(
            "No customer has all of these words.", "Try fewer words, an e-mail address, a phone number or an order number."
        )
    return _only(which, [Lead(one, one.id) for one in fits])


def _is_id(which: str) -> bool:
    """True for what can only be an id: `record:...`, or `source:object:key`."""
    return label_of(which) is not None or (which.count(":") >= 2 and "://" not in which and " " not in which)


def _only(which: str, leads: Sequence[Lead], vertices: Sequence[Vertex] = ()) -> str:
    """The id of the only customer among them."""
    by = {one.customer.id: one.by for one in leads}
    if len(by) == 1:
        return next(iter(by))
    if by:
        words = "these words" if all(id == found for id, found in by.items()) else which
        names = {one.customer.id: str(one.customer.properties.get("name") or "") for one in leads}
        if "@" not in which and len(exact := [id for id, name in names.items() if _bare(name) == _bare(which)]) == 1:
            return exact[0]
        choices = ", ".join(_choice(id, names[id], found) for id, found in list(by.items())[:FEW])
        more = " ..." if len(by) > FEW else ""
        raise Ambiguous(f"More than one customer fits {words}.", f"Name one by its id: {choices}{more}")
    if vertices:
        raise _nobodys(vertices[0])
    what = VERTICES[label_of(which) or "Record"].name.lower()
    raise NotFound(f"The graph has no {what} {which}.", SEARCH)


def _nobodys(vertex: Vertex) -> NotFound:
    return NotFound(f"{vertex.id} exists, but no customer is known for it: its source does not say whose it is.", SEARCH)


def _bare(words: str) -> str:
    """A name as people type it: in small letters, with single blanks."""
    return " ".join(words.lower().split())


def _choice(id: str, name: str, found: str) -> str:
    said = [one for one in (name, found if found != id else "") if one]
    return f"{id} ({', '.join(said)})" if said else id


# -- from ids and numbers to vertices ----------------------------------------------------------------------------------------
def by_id(store: GraphStore, which: str) -> list[Vertex]:
    """The vertices that an id names: exactly that one, or those whose ids are `<noun>:<which>`."""
    if " " in which and ":" not in which:
        return []
    whole = [which] if label_of(which) else []
    short = [f"{noun}:{which}" for noun in NOUNS] if which.count(":") >= 2 else []
    return read(store, [*whole, *short]) if whole or short else []


def by_number(store: GraphStore, words: str, objects: Sequence[MappedObject]) -> list[Lead]:
    """The customers of the orders, tickets, records ... that have this number, or key, in one of the objects."""
    ids = _numbered(words, objects)
    return leads_of(store, read(store, ids)) if ids else []


def by_words(store: GraphStore, words: str, limit: int, objects: Sequence[MappedObject] = ()) -> list[Vertex]:
    """The customers that have every word in any of their records, or the number in `order 1001`, `case 1026`.

    Of a text without a letter or a digit (`%`) there are none: it would fit everybody.
    """
    if not folded(words):
        return []
    bare = KINDS.sub("", words.strip())
    fits = store.find("Customer", words, limit)
    if fits or bare == words.strip() or not any(map(str.isdigit, bare)) or of_nobody(store, words, objects):
        return fits
    return store.find("Customer", bare, limit)


def of_nobody(store: GraphStore, words: str, objects: Sequence[MappedObject]) -> list[Vertex]:
    """The orders, tickets, records ... that have this number or id, and no customer."""
    there = [*by_id(store, words.strip()), *read(store, _numbered(words, objects))]
    return [vertex for vertex in there if not next(_customers(store, vertex), None)]


def _numbered(words: str, objects: Sequence[MappedObject]) -> list[str]:
    """The ids that rows of these objects with this number as their key would have; none for words without a digit."""
    return [f"{one.start}{key}{one.end}" for key in _keys(words) for one in objects] if any(map(str.isdigit, words)) else []


def _keys(words: str) -> list[str]:
    """The ways in which a source can have written a number as the key of a row."""
    bare = KINDS.sub("", words.strip())
    forms = [words.strip(), bare, bare.lstrip("#"), f"#{bare.lstrip('#')}"]
    return list(dict.fromkeys(form for one in forms for form in (one, one.upper(), one.lower()) if form))


def read(store: GraphStore, ids: Iterable[str]) -> list[Vertex]:
    """Those of these vertices that there are, in their order."""
    wanted = list(dict.fromkeys(ids))
    if isinstance(store, ReadsSeveral):
        there = store.vertices(wanted)
        return [there[id] for id in wanted if id in there]
    return [vertex for id in wanted if (vertex := store.vertex(id))]


def leads_of(store: GraphStore, vertices: Iterable[Vertex]) -> list[Lead]:
    """The customers next to these vertices, each once."""
    found: dict[str, Lead] = {}
    for vertex in vertices:
        for customer in _customers(store, vertex):
            found.setdefault(customer.id, Lead(customer, vertex.id))
    return list(found.values())


def _customers(store: GraphStore, vertex: Vertex) -> Iterator[Vertex]:
    """The customer that a vertex is, or those it is joined to, SEVERAL at most."""
    if vertex.label == "Customer":
        yield vertex
        return
    for name, edge in EDGES.items():
        if ("Customer", vertex.label) in edge.joins and not edge.insight:
            yield from (one.vertex for one in store.neighbours(vertex.id, [name], "in", limit=SEVERAL))
        elif (vertex.label, "Customer") in edge.joins and not edge.insight:
            yield from (one.vertex for one in store.neighbours(vertex.id, [name], "out", limit=SEVERAL))
