"""The home: for its owner alone, and nothing is ever written into the home of another project."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing, nullcontext
from pathlib import Path

import pytest
from pyiceberg.catalog.sql import SqlCatalog

from fullcircle.ask.doctor import doctor
from fullcircle.ask.reader import open_reader
from fullcircle.book.book import Book
from fullcircle.config.read import read_config
from fullcircle.config.sections import Config
from fullcircle.desk import open_desk
from fullcircle.errors import ConfigError, HomeBroken, PublishError
from fullcircle.graph.base import StoreContext
from fullcircle.graph.claim import CLAIM
from fullcircle.graph.open import open_store
from fullcircle.graph.stores.memory import Memory
from fullcircle.home import examine, folder
from fullcircle.home.folder import too_open
from fullcircle.home.identity import Identities
from fullcircle.model.progress import Silent
from fullcircle.pipeline import run
from fullcircle.publish.base import TargetContext
from fullcircle.publish.targets.iceberg.target import Iceberg
from fullcircle.stage import Choice
from tests.small import LAKE, change, make

pytestmark = pytest.mark.xdist_group("home")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = make(tmp_path_factory.mktemp("home") / "original", LAKE)
    with open_desk(read_config(file)) as desk:
        run(desk)
    return file.parent


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def locations(settings: Config) -> list[str]:
    lake = settings.home / "lake"
    with closing(SqlCatalog("fullcircle", uri=f"sqlite:///{lake / 'catalog.sqlite'}", warehouse=f"file://{lake}")) as catalog:
        return [catalog.load_table(name).metadata_location for name in catalog.list_tables("fullcircle")]


def snapshots(settings: Config) -> dict[str, list[tuple[int, list[str]]]]:
    """Table -> its snapshots, with all rows that each of them holds."""
    lake = settings.home / "lake"
    with closing(SqlCatalog("fullcircle", uri=f"sqlite:///{lake / 'catalog.sqlite'}", warehouse=f"file://{lake}")) as catalog:
        tables = {name[-1]: catalog.load_table(name) for name in catalog.list_tables("fullcircle")}
    return {
        name: [
            (one.snapshot_id, sorted(map(str, table.scan(snapshot_id=one.snapshot_id).to_arrow().to_pylist())))
            for one in table.snapshots()
        ]
        for name, table in tables.items()
    }


def test_a_copy_never_writes_into_the_original(made: Path, tmp_path: Path) -> None:
    before = contents(made)
    shutil.copytree(made, tmp_path / "copy")
    settings = read_config(tmp_path / "copy" / "fullcircle.toml")
    change(settings.folder, day=1)
    with pytest.raises(HomeBroken, match="copy") as raised, open_desk(settings):
        pass
    assert str(made) in raised.value.message
    assert "--repair" in raised.value.hint
    with open_desk(settings, repair=True) as desk:
        done = {one.stage: one for one in run(desk)}
    assert done["publish"].counts["written"]
    assert all(str(settings.home) in location for location in locations(settings))
    assert contents(made) == before


def test_a_moved_project_is_healed(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made, tmp_path / "here")
    with open_desk(read_config(tmp_path / "here" / "fullcircle.toml"), repair=True) as desk:
        run(desk)
    change(tmp_path / "here", day=1)
    with open_desk(read_config(tmp_path / "here" / "fullcircle.toml")) as desk:
        run(desk)
    before = snapshots(read_config(tmp_path / "here" / "fullcircle.toml"))
    assert max(map(len, before.values())) > 1
    (tmp_path / "here").rename(tmp_path / "there and far away")
    settings = read_config(tmp_path / "there and far away" / "fullcircle.toml")
    with pytest.raises(HomeBroken, match="moved"), open_desk(settings):
        pass
    with open_desk(settings, repair=True) as desk:
        run(desk)
    assert snapshots(settings) == before, "older snapshots are still there, and hold the same rows"
    assert all(str(settings.home) in location for location in locations(settings))
    change(settings.folder, day=2)
    with open_desk(settings) as desk:
        run(desk)
    assert len(snapshots(settings)["customers"]) > len(before["customers"])
    assert not (tmp_path / "here").exists()


def test_a_folder_in_the_place_of_a_file_is_damage_like_any_other(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made, tmp_path / "here")
    settings = read_config(tmp_path / "here" / "fullcircle.toml")
    landed = next((settings.home / "landing").rglob("*.parquet"))
    for path in (settings.home / "tables.duckdb", landed):
        path.unlink()
        (path / "inside").mkdir(parents=True)
    with pytest.raises(HomeBroken, match="damaged"), open_desk(settings):
        pass
    with open_desk(settings, repair=True) as desk:
        run(desk, Choice(only=("pull", "conform")))
        assert desk.engine.count("conformed.records")
    assert not any(path.is_dir() for path in (settings.home / "landing").rglob("*.parquet"))


def test_a_lake_named_by_the_config_is_left_alone(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made / ".fullcircle" / "lake", tmp_path / "elsewhere")
    before = contents(tmp_path / "elsewhere")
    context = TargetContext("lake", tmp_path / "home", {"path": tmp_path / "elsewhere"})
    with pytest.raises(PublishError, match="copy"):
        Iceberg(context)
    file = make(tmp_path / "company")
    file.write_text(file.read_text() + f'\n[publish.targets.far]\ntarget = "iceberg"\npath = "{tmp_path}/elsewhere"\n')
    settings = read_config(file)
    for how in ({}, {"repair": True}):
        with pytest.raises(HomeBroken, match="elsewhere") as raised, open_desk(settings, **how):
            pass
        assert "another `path`" in raised.value.hint
    assert contents(tmp_path / "elsewhere") == before


@pytest.mark.parametrize("name", ["a b", "a#b", "a%20b", "a?b"])
def test_a_lake_in_a_folder_with_an_odd_name(tmp_path: Path, name: str) -> None:
    Iceberg(TargetContext("lake", tmp_path / name)).close()
    assert (tmp_path / name / "lake" / "catalog.sqlite").exists()
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert Iceberg.problem(TargetContext("lake", tmp_path / name)) == ""


def test_a_home_is_for_its_owner_alone(made: Path) -> None:
    assert too_open(made / ".fullcircle") == []
    assert {one.what: one.ok for one in doctor(made / "fullcircle.toml")}["home"]


def test_a_home_of_an_older_version_is_tightened(made: Path, tmp_path: Path) -> None:
    home = tmp_path / "copy" / ".fullcircle"
    shutil.copytree(made, tmp_path / "copy")
    shutil.rmtree(home / "lake")
    for path in (home, *home.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    file = tmp_path / "copy" / "fullcircle.toml"
    found = {one.what: one for one in doctor(file)}["home"]
    assert not found.ok
    assert "chmod" in found.do
    with open_desk(read_config(file)):
        pass
    assert too_open(home) == []
    assert not os.umask(os.umask(0o022)) & 0o077 & ~0o022, "the umask of the process is its own again"


def test_an_imported_graph_can_be_read_before_the_first_run(tmp_path: Path) -> None:
    (tmp_path / "fullcircle.toml").write_text("")
    settings = read_config(tmp_path / "fullcircle.toml")
    settings.home.mkdir()
    with open_store(settings) as store:
        store.prepare()
    with open_reader(settings) as reader:
        assert list(reader.status().runs) == []
        assert list(reader.search("nobody")) == []


@pytest.fixture
def frozen(tmp_path: Path) -> Iterator[Path]:
    file = make(tmp_path / "frozen")
    home = file.parent / ".fullcircle"
    home.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", str(home)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False).returncode:
        pytest.skip("needs the right to mount a read-only disk")
    yield file
    subprocess.run(["umount", "-l", home], check=True)


def test_a_read_only_home(frozen: Path) -> None:
    with pytest.raises(ConfigError, match="read-only"), open_desk(read_config(frozen)):
        pass


@pytest.mark.parametrize(
    ("stamp", "people", "other"),
    [("ours", 1, False), ("ours", 0, False), ("", 0, True), ("theirs", 1, True), ("", 1, False), (f"{CLAIM}x", 1, False)],
)
def test_a_server_that_was_emptied_or_restored_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stamp: str, people: int, other: bool
) -> None:
    store = Memory(StoreContext(tmp_path))
    store.put_stamp(stamp)
    monkeypatch.setattr(store, "count", lambda: {"Customer": people})
    monkeypatch.setattr(examine, "open_store", lambda *_, **__: nullcontext(store))
    with closing(Book(tmp_path / "book.sqlite")) as book:
        identities = Identities(book)
        examine.check_stamp(Config(), book, Silent())
        assert identities.of("graph") == [], "a book that never synced knows no graph"
        book.write("INSERT INTO graph_sync VALUES (1, 'ours')")
        examine.check_stamp(Config(), book, Silent())
        assert bool(identities.of("graph")) == other


@pytest.mark.parametrize("home", [".", "", "data"])
def test_a_folder_that_holds_other_things_is_no_home(tmp_path: Path, home: str) -> None:
    """A home is closed to other users with all that is in it: never the whole project, the data, the whole machine."""
    file = make(tmp_path / "project", LAKE)
    (tmp_path / "project" / "data").mkdir(exist_ok=True)
    (tmp_path / "project" / "data" / "notes.csv").write_text("a\n1\n")
    settings = read_config(file)
    there = Path(file.parent, home)
    before = {path: path.stat().st_mode for path in tmp_path.rglob("*")}
    with pytest.raises(ConfigError, match="holds other things"), open_desk(replaced_home(settings, there)):
        pass
    assert {path: path.stat().st_mode for path in tmp_path.rglob("*")} == before


def test_the_whole_disk_is_no_home() -> None:
    with pytest.raises(ConfigError, match="holds other things"):
        folder.made(Path(Path.cwd().anchor))  # looks only; what closes a home to others comes later


def replaced_home(settings: Config, home: Path) -> Config:
    return settings.model_copy(update={"project": settings.project.model_copy(update={"home": home})})


def test_hidden_files_and_an_empty_folder_may_become_a_home(tmp_path: Path) -> None:
    settings = read_config(make(tmp_path / "project", LAKE))
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / ".gitignore").write_text("*\n")
    for _ in range(2):  # it is a home from then on
        with open_desk(replaced_home(settings, tmp_path / "new")):
            pass
    assert (tmp_path / "new" / "book.sqlite").exists()


@pytest.mark.parametrize(
    ("graph", "said"),
    [
        ('store = "gremlin"', r'\[graph\]: the key "url" is missing\.$'),
        (
            'store = "gremlin"\nurl = "ws://127.0.0.1:1/gremlin"\nuser = "u"\npassword = "env:FULLCIRCLE_NOT_SET"',
            "FULLCIRCLE_NOT_SET",
        ),
        ('store = "ladybug"\nbufer_pool = 3', r'\[graph\]: unknown key "bufer_pool"\.$'),
        ('store = "rdf"\nendpiont = "http://127.0.0.1:1/"', 'unknown key "endpiont"'),
    ],
)
def test_wrong_options_of_the_graph_are_told_before_any_work(tmp_path: Path, graph: str, said: str) -> None:
    settings = read_config(make(tmp_path, f"\n[graph]\n{graph}\n"))
    with pytest.raises(ConfigError, match=said), open_desk(settings):
        pytest.fail("the desk was opened")
