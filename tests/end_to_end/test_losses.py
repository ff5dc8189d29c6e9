"""Every file of the home lost, cut or overwritten: noticed before work, named, and healed by the one command that is named."""

import hashlib
import random
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pytest
from pyiceberg.catalog.sql import SqlCatalog

from fullcircle.config.read import read_config
from fullcircle.config.sections import Config
from fullcircle.desk import open_desk
from fullcircle.errors import ConfigError, HomeBroken
from fullcircle.graph.digest import digest
from fullcircle.graph.open import open_store
from fullcircle.pipeline import run
from fullcircle.stage import Choice
from tests import small
from tests.properties import some_of, spread

pytestmark = pytest.mark.xdist_group("losses")
PLACES = 10


@dataclass
class Heard:
    """Progress that keeps what a person would read."""

    lines: list[str] = field(default_factory=list)

    def stage(self, name: str) -> None: ...

    def step(self, what: str, total: int | None = None) -> None: ...

    def advance(self, rows: int) -> None: ...

    def say(self, text: str) -> None:
        self.lines.append(text)


@dataclass
class Company:
    """A project that was run, and a backup of its home."""

    settings: Config
    backup: Path
    state: dict[str, str]

    def restore(self) -> None:
        shutil.rmtree(self.settings.home, ignore_errors=True)
        shutil.copytree(self.backup, self.settings.home)

    def run(self, **how: bool) -> tuple[dict[str, bool], list[str]]:
        """Stage -> whether it was done, and what was said."""
        heard = Heard()
        with open_desk(self.settings, heard, **how) as desk:
            return {done.stage: not done.skipped for done in run(desk)}, heard.lines


def state(settings: Config) -> dict[str, str]:
    """Digests of the tables, the graph and the lake."""
    with open_desk(settings) as desk:
        tables = {
            name: _print(desk.engine.arrow(f"SELECT * FROM {name} ORDER BY ALL"))
            for name in ("members", "customers", "quarantine")
        }
    with open_store(settings, read_only=True) as store:
        graph = digest(store)
    lake = settings.home / "lake"
    catalog = SqlCatalog("fullcircle", uri=f"sqlite:///{lake / 'catalog.sqlite'}", warehouse=f"file://{lake / 'warehouse'}")
    with closing(catalog):
        for name in catalog.list_tables("fullcircle"):
            rows = catalog.load_table(name).scan().to_arrow()
            tables[f"lake {name[-1]}"] = _print(rows.sort_by([(rows.column_names[0], "ascending")]).select([0]))
    return {**tables, "graph": graph}


def _print(table: pa.Table) -> str:
    return hashlib.sha256(repr(table.to_pylist()).encode()).hexdigest()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Company:
    folder = tmp_path_factory.mktemp("losses")
    files = small.FILES | {"shop/orders.csv": small.FILES["shop/orders.csv"] + small.BAD}
    settings = read_config(small.make(folder / "company", small.LAKE, files))
    with open_desk(settings) as desk:
        run(desk)
    before = state(settings)
    shutil.copytree(settings.home, folder / "backup")
    return Company(settings, folder / "backup", before)


@pytest.fixture
def company(made: Company) -> Company:
    made.restore()
    return made


def first(pattern: str) -> Callable[[Path], Path]:
    return lambda home: max(home.glob(pattern), key=lambda path: (path.stat().st_size, path.name))


FILES = {
    "tables": lambda home: home / "tables.duckdb",
    "graph": lambda home: home / "graph.sqlite",
    "landing": first("landing/crm/contacts/*.parquet"),
    "catalog": lambda home: home / "lake" / "catalog.sqlite",
    "table": first("lake/warehouse/**/*.metadata.json"),
    "manifest": first("lake/warehouse/**/*.avro"),
    "published": first("lake/warehouse/**/*.parquet"),
}


def gone(path: Path) -> None:
    path.unlink()


def cut(share: float) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * share)])

    return change


def garbage(path: Path) -> None:
    path.write_bytes(random.Random(1).randbytes(path.stat().st_size))


def garbage_inside(path: Path) -> None:
    content = bytearray(path.read_bytes())
    start, end = len(content) // 3, 2 * len(content) // 3
    content[start:end] = random.Random(2).randbytes(end - start)
    path.write_bytes(content)


HARM = {"gone": gone, "half": cut(0.5), "garbage inside": garbage_inside}
MORE = {"empty": cut(0), "garbage": garbage} | {f"at {tenth}0 %": cut(tenth / PLACES + 0.007) for tenth in range(PLACES)}


@pytest.mark.parametrize(("file", "harm"), some_of([(file, harm) for harm in HARM for file in FILES], usual=11))
def test_a_lost_file_is_noticed_and_healed(company: Company, file: str, harm: str) -> None:
    HARM[harm](FILES[file](company.settings.home))
    if harm == "gone" and file in ("tables", "graph"):
        done, said = company.run()
    else:
        with pytest.raises(HomeBroken, match=str(company.settings.home)) as raised:
            company.run()
        assert "--repair" in raised.value.hint
        done, said = company.run(repair=True)
    assert said, "what is healed is reported"
    assert any(done.values())
    assert state(company.settings) == company.state
    done, said = company.run()
    assert [stage for stage, was_done in done.items() if was_done] == ["pull"]
    assert not said


@pytest.mark.parametrize("file", FILES)
def test_a_file_cut_or_overwritten_anywhere_is_noticed(company: Company, file: str) -> None:
    path = FILES[file](company.settings.home)
    kept = company.backup / path.relative_to(company.settings.home)
    for name in spread(list(MORE), usual=5):
        MORE[name](path)
        with pytest.raises(HomeBroken, match=str(company.settings.home)) as raised:
            company.run()
        assert "--repair" in raised.value.hint, name
        path.unlink()
        shutil.copy2(kept, path)
    assert [stage for stage, was_done in company.run()[0].items() if was_done] == ["pull"]


def test_a_lost_book_stops_everything_until_it_is_restored(company: Company) -> None:
    book = company.settings.home / "book.sqlite"
    harms = {**HARM, **MORE}
    for name in spread(list(harms), usual=8):
        harms[name](book)
        for how in ({}, {"repair": True}, {"dry_run": True}):
            with pytest.raises(HomeBroken, match=r"book\.sqlite") as raised:
                company.run(**how)
            assert "backup" in raised.value.hint, name
            assert "--new-book" in raised.value.hint, name
        shutil.copy2(company.backup / "book.sqlite", book)
    assert [stage for stage, was_done in company.run()[0].items() if was_done] == ["pull"]


@pytest.mark.parametrize("harm", ["gone", "half"])
def test_a_new_book_is_begun_only_on_purpose(company: Company, harm: str) -> None:
    with pytest.raises(ConfigError, match="not lost"):
        company.run(new_book=True)
    HARM[harm](company.settings.home / "book.sqlite")
    done, _ = company.run(new_book=True)
    assert all(done.values())
    assert bool(list(company.settings.home.glob("damaged-*-book.sqlite"))) == (harm != "gone")
    assert state(company.settings)["quarantine"] == company.state["quarantine"]
    assert [stage for stage, was_done in company.run()[0].items() if was_done] == ["pull"]


def test_a_deleted_graph_has_its_insights_again(company: Company) -> None:
    (company.settings.home / "graph.sqlite").unlink()
    done, said = company.run()
    assert done["insights"]
    assert any("graph.sqlite" in line for line in said)
    assert state(company.settings) == company.state


def test_a_damaged_graph_is_built_again_by_its_old_command_too(company: Company) -> None:
    garbage_inside(company.settings.home / "graph.sqlite")
    with open_desk(company.settings, without_graph=True) as desk:
        run(desk, Choice(rebuild_graph=True))
    assert state(company.settings) == company.state


def test_an_older_graph_put_back_is_brought_up_to_date(company: Company) -> None:
    older = (company.settings.home / "graph.sqlite").read_bytes()
    with open_desk(company.settings) as desk:
        run(desk, Choice(rebuild_graph=True))
    (company.settings.home / "graph.sqlite").write_bytes(older)
    done, said = company.run()
    assert done["graph"]
    assert said
    assert state(company.settings) == company.state


def test_an_older_book_put_back_is_noticed(company: Company) -> None:
    with open_desk(company.settings) as desk:
        run(desk)
    shutil.copy2(company.backup / "book.sqlite", company.settings.home / "book.sqlite")
    done, said = company.run()
    assert done["conform"]
    assert any("same moment" in line for line in said)
    assert state(company.settings) == company.state


@pytest.mark.parametrize("folder", ["landing", "lake"])
def test_a_deleted_folder_is_made_again(company: Company, folder: str) -> None:
    shutil.rmtree(company.settings.home / folder)
    _, said = company.run()
    assert said
    assert state(company.settings) == company.state


def test_a_home_of_an_older_version_goes_on_without_doing_all_again(company: Company) -> None:
    (company.settings.home / "seen.json").unlink()
    with open_desk(company.settings) as desk:
        desk.book.write("DROP TABLE home_identity")
        desk.engine.run("DROP SCHEMA home CASCADE")
    (company.settings.home / "seen.json").unlink()
    done, said = company.run()
    assert [stage for stage, was_done in done.items() if was_done] == ["pull"]
    assert not said
    (company.settings.home / "seen.json").unlink()
    shutil.rmtree(company.settings.home / "lake")
    done, said = company.run()
    assert done["publish"], "a lost lake is noticed there too"
    assert said


def test_a_dry_run_reports_damage_and_repairs_nothing(company: Company) -> None:
    garbage(company.settings.home / "tables.duckdb")
    with pytest.raises(HomeBroken, match=r"tables\.duckdb"):
        company.run(dry_run=True)
    with pytest.raises(ConfigError, match="dry run"):
        company.run(dry_run=True, repair=True)
