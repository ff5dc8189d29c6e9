"""A copy ends with equal digests, or says why not; broken off anywhere it goes on when it is asked again."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from fullcircle.errors import StoreError
from fullcircle.graph.base import GraphStore, StoreContext
from fullcircle.graph.copy import Copied, copy
from fullcircle.graph.digest import digest
from fullcircle.graph.stores.memory import Memory
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Silent
from tests.graph import town
from tests.graph.test_sync import Spy
from tests.graph.test_sync_bulk import Bulky
from tests.graph.test_verify import meddle
from tests.graph.town import ADA, BEN, CLEO, CUP, FIRM, HOME, TEA, edge, everything, ids, rows
from tests.properties import some_of

EVERY = [*VERTICES, *EDGES]
WRITES = len(town.VERTICES) + len(town.EDGES)


class Telling(Silent):
    """Notes the steps with their totals, and the rows told in each."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, int | None, int]] = []

    def step(self, what: str, total: int | None = None) -> None:
        self.steps.append((what, total, 0))

    def advance(self, rows: int) -> None:
        what, total, done = self.steps[-1]
        self.steps[-1] = (what, total, done + rows)


class Touchy(Spy):
    """Cannot be written at all, not even a mark."""

    def _note(self, verb: str, label: str, rows: int, insert_only: bool) -> None:
        raise AssertionError(f"{verb} {label} {rows} {insert_only}")

    def put_stamp(self, text: str) -> None:
        raise AssertionError(text)


def memory() -> Memory:
    return Memory(StoreContext(Path("nowhere")))


@pytest.fixture
def source() -> Memory:
    made = memory()
    town.settle_in(made)
    return made


@pytest.fixture
def stranger() -> Memory:
    """A graph with other rows and some of the town's, partly otherwise."""
    made = memory()
    made.write_vertices("Customer", rows("Customer", {"id": ADA, "name": "Another Ada"}, {"id": "customer:x"}))
    made.write_vertices("Product", rows("Product", *town.VERTICES["Product"], {"id": "product:x"}))
    made.write_edges("PURCHASED", rows("PURCHASED", edge("PURCHASED", "customer:x", TEA), edge("PURCHASED", ADA, "product:x")))
    return made


def total(store: GraphStore) -> int:
    return sum(store.count().values())


# -- the ordinary ways -------------------------------------------------------------------------------------------------
def test_a_copy_is_equal_to_its_source(source: Memory, store: GraphStore) -> None:
    done = copy(source, store, Silent())
    assert done.digest == digest(source) == digest(store)
    assert done.written == {label: len(given) for label, given in {**town.VERTICES, **town.EDGES}.items()}
    again = Spy(store)
    assert copy(source, again, Silent()) == Copied({}, {}, done.digest)  # type: ignore[arg-type]
    assert again.writes == []


def test_extras_are_refused_before_anything_is_written(source: Memory, stranger: Memory) -> None:
    before = digest(stranger)
    with pytest.raises(StoreError, match=r"1 Customer, 1 Product, 2 PURCHASED"):
        copy(source, Spy(stranger), Silent())  # type: ignore[arg-type]
    assert digest(stranger) == before


def test_extras_go_with_replace(source: Memory, stranger: Memory) -> None:
    done = copy(source, stranger, Silent(), replace=True)
    assert done.deleted == {"Customer": 1, "Product": 1, "PURCHASED": 2}
    assert done.digest == digest(source) == digest(stranger)


def test_everything_goes_where_the_source_is_empty(source: Memory) -> None:
    done = copy(memory(), source, Silent(), replace=True)
    assert sum(done.deleted.values()) == sum(len(given) for given in (*town.VERTICES.values(), *town.EDGES.values()))
    assert total(source) == 0


# -- dry runs ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("replace", [True, False])
def test_a_dry_run_lists_all_and_writes_nothing(source: Memory, stranger: Memory, replace: bool) -> None:
    before = digest(stranger)
    dry = copy(source, Touchy(stranger), Silent(), replace, dry_run=True)  # type: ignore[arg-type]
    assert dry.deleted == {"Customer": 1, "Product": 1, "PURCHASED": 2}
    assert dry.digest == ""
    assert digest(stranger) == before
    done = copy(source, stranger, Silent(), replace=True)
    assert done.written == dry.written
    assert done.deleted == dry.deleted


def test_a_dry_run_does_not_end_or_begin_a_bulk_load(source: Memory) -> None:
    store = Bulky(memory(), 1)
    copy(source, store, Silent(), dry_run=True)
    assert store.order == []


# -- broken off --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("at", range(1, WRITES + 1))
def test_broken_off_before_any_write_it_goes_on(source: Memory, at: int) -> None:
    store = memory()
    with pytest.raises(RuntimeError):
        copy(source, Spy(store, at), Silent())  # type: ignore[arg-type]
    there = total(store)
    done = copy(source, store, Silent())
    assert done.digest == digest(source) == digest(store)
    assert sum(done.written.values()) == total(source) - there, "what is there is not written again"


@pytest.mark.parametrize("at", some_of([1, 5, 2], usual=2))
def test_broken_off_in_every_store(source: Memory, store: GraphStore, at: int) -> None:
    with pytest.raises(RuntimeError):
        copy(source, Spy(store, at), Silent())  # type: ignore[arg-type]
    assert copy(source, store, Silent()).digest == digest(source) == digest(store)
    for label in EVERY:
        assert everything(store, label) == everything(source, label), "nothing is there twice"


def test_broken_off_while_it_replaces(source: Memory, stranger: Memory) -> None:
    at = 0
    while True:
        at += 1
        try:
            done = copy(source, Spy(stranger, at), Silent(), replace=True)  # type: ignore[arg-type]
        except RuntimeError:
            continue
        break
    assert at > 5
    assert done.digest == digest(source) == digest(stranger)


def test_in_pages_nothing_is_lost(source: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fullcircle.graph.copy.PAGE", 2)
    store = memory()
    assert copy(source, store, Silent()).digest == digest(store) == digest(source)


# -- what the hash does not tell ---------------------------------------------------------------------------------------
def test_rows_changed_behind_an_equal_hash_are_copied(source: Memory, store: GraphStore) -> None:
    copy(source, store, Silent())
    meddle(store, "Customer", BEN, name="Somebody else")
    meddle(store, "Product", TEA, price=None)
    meddle(store, "PURCHASED", f"purchased:{ADA}>{TEA}", source=CLEO)
    dry = copy(source, store, Silent(), dry_run=True)
    done = copy(source, store, Silent())
    assert done.written == dry.written == {"Customer": 1, "Product": 1, "PURCHASED": 1}
    assert done.digest == digest(source) == digest(store)


def test_an_edge_moved_to_what_goes_away_is_kept(source: Memory) -> None:
    store = memory()
    copy(source, store, Silent())
    store.write_vertices("Product", rows("Product", {"id": "product:x"}))
    meddle(store, "PURCHASED", f"purchased:{ADA}>{CUP}", target="product:x")
    assert copy(source, store, Silent(), replace=True).digest == digest(source) == digest(store)


def test_a_target_somebody_else_writes_meanwhile_is_told(source: Memory) -> None:
    store = memory()

    class Meanwhile(Spy):
        def checkpoint(self) -> None:
            store.forget_vertices("Customer", ids(CLEO))

    with pytest.raises(StoreError, match="not equal") as raised:
        copy(source, Meanwhile(store), Silent())  # type: ignore[arg-type]
    assert "Customer" in raised.value.message
    assert copy(source, store, Silent()).digest == digest(store)


# -- in bulk, and progress ---------------------------------------------------------------------------------------------
def test_what_is_missing_goes_in_bulk_and_the_rest_in_writes(source: Memory) -> None:
    store = Bulky(memory(), 1)
    store.write_vertices("Household", rows("Household", {"id": HOME, "name": "Another"}))
    store.write_vertices("Account", rows("Account", {"id": FIRM, "name": "Firm"}))
    store.writes.clear()
    done = copy(source, store, Silent())
    assert store.order == ["finish", "choose", "load"]
    assert ("write", "Household", 1, False) in store.writes
    assert not any(insert_only for *_, insert_only in store.writes)
    assert "Household" not in dict(store.loaded)
    assert done.digest == digest(source)


def test_progress_is_told_in_rows(source: Memory) -> None:
    progress, store = Telling(), memory()
    copy(source, store, progress)
    both = {what: (of, done) for what, of, done in progress.steps}
    there = total(source)
    assert both["comparing"] == (there, there)
    assert both["copying Customer"] == (3, 3)
    assert both["comparing digests"] == (2 * there, 2 * there)
    more = Telling()
    store.write_vertices("Product", pa.concat_tables([rows("Product", {"id": "product:x"})]))
    copy(source, store, more, replace=True)
    assert ("deleting Product", 1, 1) in more.steps
