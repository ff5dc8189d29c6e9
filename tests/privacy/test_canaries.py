"""Fifty people with words of their own in every field are erased: no byte of them is left, nor comes back; all others stay."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from fullcircle.book.book import Book
from fullcircle.config.read import read_config
from fullcircle.config.sections import Config
from fullcircle.desk import open_desk
from fullcircle.identity.labels import Labels
from fullcircle.pipeline import run
from fullcircle.privacy.erase import erase, plan
from fullcircle.privacy.listed import apply, erasures, keep
from fullcircle.steward.carry_out import carry_out
from fullcircle.steward.who import customer_named
from fullcircle.steward.wish import Wish
from tests.privacy.canaries import Canary, make, scan

pytestmark = pytest.mark.xdist_group("canaries")  # they share a world, which each leaves as the next one needs it
CANARIES = [Canary(number) for number in range(54)]
ERASED, STAY = CANARIES[:50], CANARIES[50:]
OTHERS = 30
COMPARED = ("members", "customers", "orders", "order_lines", "interactions", "participants", "tickets", "consents", "identifiers")


@dataclass(frozen=True)
class World:
    folder: Path
    backup: Path

    @property
    def settings(self) -> Config:
        return read_config(self.folder / "fullcircle.toml")

    @property
    def home(self) -> Path:
        return self.folder / ".fullcircle"

    def run(self) -> None:
        with open_desk(self.settings) as desk:
            run(desk)

    def scan(self, canaries: list[Canary]) -> dict[str, set[int]]:
        return scan(canaries, self.home, self.folder / "out")

    def append(self, name: str, line: str) -> None:
        with (self.folder / name).open("a") as file:
            file.write(line + "\n")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Everybody is there, some pinned, parted or labelled by people; then fifty are erased."""
    folder = tmp_path_factory.mktemp("canaries")
    made = World(make(folder / "project", CANARIES, OTHERS).parent, folder / "backup")
    made.run()
    _decide(made)
    found = made.scan(CANARIES)
    for part in ("landing", "tables.duckdb", "book.sqlite", "graph.sqlite", "lake", "customers.parquet"):
        there = [numbers for name, numbers in found.items() if name.startswith(part)]
        assert set().union(*there) == {one.number for one in CANARIES}, f"the scan does not see all in {part}"
    shutil.copytree(made.home, made.backup)
    certificates = erase(made.settings, [f"crm:contacts:c-{one.word}" for one in ERASED], customer_named, "officer", "DSR-1")
    assert len(certificates) == len(ERASED)
    return made


def _decide(made: World) -> None:
    """Judgements of people about canaries, with free texts, and records that programs asked about."""
    one, two, three = ERASED[:3]
    carry_out(
        made.settings,
        Wish("always", (f"crm:contacts:c-{one.word}", f"shop:gifts:g{one.number}:receiver")),
        "me",
        f"{one.word} rang",
    )
    carry_out(
        made.settings, Wish("split", (f"crm:contacts:c-{two.word}", f"mail:list:{two.word}@{two.word}.example")), "me", two.word
    )
    carry_out(made.settings, Wish("undo", ("2",)), "me", f"{two.word} is one")
    with open_desk(made.settings) as desk:
        Labels(desk.book).put(f"record:crm:contacts:c-{three.word}", "record:crm:contacts:o1", "different", "me")


def test_no_byte_is_left(world: World) -> None:
    assert world.scan(ERASED) == {}
    assert {number for numbers in world.scan(STAY).values() for number in numbers} == {one.number for one in STAY}


def test_all_others_are_as_if_the_erased_had_never_been(world: World, tmp_path: Path) -> None:
    clean = World(make(tmp_path / "clean", CANARIES, OTHERS, without=ERASED).parent, tmp_path)
    clean.run()
    assert _rows(world) == _rows(clean)


def _rows(world: World) -> dict[str, list[tuple[object, ...]]]:
    with open_desk(world.settings) as desk:
        columns = {name: [one for one in desk.engine.columns(name) if one not in ("weight", "rule")] for name in COMPARED}
        return {
            name: desk.engine.rows(f"SELECT {', '.join(map(_quoted, columns[name]))} FROM {name} ORDER BY ALL")
            for name in COMPARED
        }


def _quoted(name: str) -> str:
    return f'"{name}"'


def test_nobody_comes_back_with_new_rows_or_under_new_keys(world: World) -> None:
    one, two, three, four = ERASED[3:7]
    world.append("shop/orders.csv", f"new-1,s-{one.word},2026-06-01,5.00,{one.word} again")
    world.append("shop/lines.csv", "new-2,new-1,s1,2")
    world.append("shop/people.csv", f"n-77,{two.word} Newname,{two.word}@{two.word}.example")
    world.append("shop/orders.csv", f"new-3,n-77,2026-06-01,5.00,{two.word} again")
    world.append("crm/contacts.csv", f"n-78,{three.word} X,,+49 30 {three.digits},,,")
    world.append("web/visits.csv", f"new-4,<{four.word}@{four.word}.example>,/{four.word}")
    world.append("crm/guests.csv", f"new-5,od1,c-{four.word}")
    world.append("shop/orders.csv", "new-6,p1,2026-06-01,5.00,of somebody else")
    world.run()
    world.run()
    assert world.scan(ERASED) == {}
    with open_desk(world.settings) as desk:
        assert desk.engine.rows("SELECT order_id FROM orders WHERE key LIKE 'new-%'") == [("order:shop:orders:new-6",)]


def test_a_restored_backup_is_erased_again(world: World, tmp_path: Path) -> None:
    kept = tmp_path / "erased.json"
    assert keep(world.settings, kept) == len(ERASED)
    shutil.rmtree(world.home)
    shutil.copytree(world.backup, world.home)
    assert world.scan(ERASED)
    assert len(apply(world.settings, kept)) == len(ERASED)
    assert world.scan(ERASED) == {}
    world.run()
    assert world.scan(ERASED) == {}


def test_a_lost_book_does_not_lose_the_list(world: World) -> None:
    for name in ("book.sqlite", "book.sqlite-wal", "book.sqlite-shm"):
        (world.home / name).unlink(missing_ok=True)
    with open_desk(world.settings, new_book=True, repair=True) as desk:
        run(desk)
    assert {one.state for one in erasures(world.settings)} == {"open"}
    found = world.scan(ERASED)
    assert not any(name.startswith(("landing", "graph", "book", "tables")) for name in found), found


def test_the_certificate_and_the_list_have_no_values(world: World) -> None:
    texts = [path.read_text().lower() for path in (world.home / "erased.json", *(world.home / "certificates").glob("*"))]
    assert not any(one.word in text or one.digits in text for one in ERASED for text in texts)
    book = Book(world.home / "book.sqlite", read_only=True)
    assert not book.read("SELECT 1 FROM erased_entry WHERE detail LIKE '%zqx%' OR digest LIKE '%zqx%'")
    book.close()


def test_a_dry_run_changes_nothing(world: World) -> None:
    before = {path: path.stat().st_mtime_ns for path in (world.home / "landing").rglob("*.parquet")}
    (found,) = plan(world.settings, [f"crm:contacts:c-{STAY[0].word}"], customer_named)
    assert found.counts["records"] == 4
    assert found.counts["landed rows that are also about others"] == 1
    assert set(found.sources) == {"crm", "shop", "mail"}
    assert {path: path.stat().st_mtime_ns for path in (world.home / "landing").rglob("*.parquet")} == before
