"""`fullcircle graph export | import | copy | sync | dms-mapping`: what they print, as JSON too, and their exit codes."""

from __future__ import annotations

import errno
import json
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fullcircle.ask.reader import Reader
from fullcircle.book.book import Book
from fullcircle.config.read import read_config
from fullcircle.errors import ExitCode, NotFound
from fullcircle.graph.digest import digest
from fullcircle.graph.open import open_named
from fullcircle.serve.cli.main import main
from tests.graph import town

CONFIG = """
[graph]
store = "ladybug"
[graph.others.second]
store = "ladybug"
[sources.shop]
connector = "sql"
url = "sqlite:///shop.sqlite"
objects.items = { key = "id" }
[[map]]
source = "shop"
object = "items"
to = "products"
fields = { name = "title" }
"""
ROWS = {
    "Customer": 3, "Household": 1, "Account": 1, "Product": 3, "Category": 1,
    "MEMBER_OF": 3, "PURCHASED": 3, "IN_CATEGORY": 1, "RELATED_TO": 1, "MAY_LIKE": 2,
}  # fmt: skip


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.err)["error"]
        return found


Call = Callable[..., Result]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose main graph is the town."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "fullcircle.toml").write_text(CONFIG)
    settings = read_config(folder / "fullcircle.toml")
    settings.home.mkdir(parents=True)
    with open_named(settings, "main") as store:
        store.prepare()
        town.settle_in(store)
    return folder


@pytest.fixture
def call(project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """`fullcircle graph ...` in the project's folder, as from a shell."""

    def run(*words: object) -> Result:
        monkeypatch.setattr(sys, "argv", ["fullcircle", "graph", *map(str, words)])
        monkeypatch.chdir(project)
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        result = capsys.readouterr()
        return Result(code, result.out, result.err)

    return run


def same(project: Path, one: str, other: str) -> bool:
    settings = read_config(project / "fullcircle.toml")
    with open_named(settings, one, read_only=True) as a, open_named(settings, other, read_only=True) as b:
        return digest(a) == digest(b)


# -- export ------------------------------------------------------------------------------------------------------------
def test_export_tells_files_and_rows(call: Call, tmp_path: Path) -> None:
    result = call("export", tmp_path / "out", "--json", "--quiet")
    assert (result.code, result.err) == (ExitCode.OK, "")
    assert result.json["rows"] == ROWS
    assert sorted(result.json["files"]) == sorted(path.name for path in (tmp_path / "out").iterdir())
    text = call("export", tmp_path / "packed", "--format", "nquads", "--gzip")
    assert text.code == ExitCode.OK
    files = list((tmp_path / "packed").iterdir())
    assert f"{len(files)} files in" in text.out
    assert all(path.name.endswith(".nq.gz") for path in files)


@pytest.mark.parametrize("json_", [True, False])
def test_export_does_not_write_over_anything(call: Call, tmp_path: Path, json_: bool) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter").write_text("mine")
    for place, code in (("file", ExitCode.USAGE), ("file/below", ExitCode.USAGE), ("full", ExitCode.FAILED)):
        result = call("export", tmp_path / place, *(["--json"] if json_ else []))
        assert (result.code, result.out) == (code, "")
        if json_:
            assert place in result.error["message"]
            assert result.error["hint"]
        else:
            assert "Traceback" not in result.err
            assert "->" in result.err
    assert (tmp_path / "file").read_text() == (tmp_path / "full" / "letter").read_text() == "mine"


def test_export_of_what_is_not_there(call: Call, tmp_path: Path) -> None:
    assert call("export", tmp_path / "out", "--store", "nowhere", "--json").error["code"] == "not-found"
    assert call("export", tmp_path / "out", "--format", "xml", "--json").error["code"] == "not-found"
    assert not (tmp_path / "out").exists()


# -- import ------------------------------------------------------------------------------------------------------------
def test_import_brings_it_back(call: Call, tmp_path: Path, project: Path) -> None:
    call("export", tmp_path / "out", "--gzip")
    result = call("import", tmp_path / "out", "--store", "second", "--json", "--quiet")
    assert (result.code, result.err) == (ExitCode.OK, "")
    assert result.json == {"folder": str(tmp_path / "out"), "rows": ROWS, "dry_run": False}
    assert same(project, "main", "second")
    assert "PURCHASED" in call("import", tmp_path / "out", "--store", "second").out
    assert same(project, "main", "second")


def test_import_can_only_count(call: Call, tmp_path: Path, project: Path) -> None:
    call("export", tmp_path / "out")
    result = call("import", tmp_path / "out", "--store", "second", "--dry-run", "--json")
    assert result.code == ExitCode.OK
    assert result.json == {"folder": str(tmp_path / "out"), "rows": ROWS, "dry_run": True}
    assert "Would be written" in call("import", tmp_path / "out", "--store", "second", "--dry-run").out
    assert not [path for path in project.rglob("*second*")], "not even the store is made"
    assert call("import", tmp_path / "out", "--store", "nowhere", "--dry-run", "--json").error["code"] == "not-found"


def test_import_names_the_bad_row(call: Call, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "bad.csv").write_text("~id,~label,price:Double\nproduct:1,Product,secret\n")
    result = call("import", tmp_path / "in", "--store", "second", "--json", "--quiet")
    assert (result.code, result.error["code"]) == (ExitCode.FAILED, "store")
    assert "bad.csv, line 2" in result.error["message"]
    assert "secret" not in result.err
    text = call("import", tmp_path / "in", "--store", "second", "--dry-run")
    assert text.code == ExitCode.FAILED
    assert "Traceback" not in text.err
    assert call("import", tmp_path / "nowhere", "--json").error["code"] == "not-found"


# -- copy --------------------------------------------------------------------------------------------------------------
def test_copy_tells_rows_and_digest(call: Call, project: Path) -> None:
    result = call("copy", "--from", "main", "--to", "second", "--json", "--quiet")
    assert result.code == ExitCode.OK
    assert result.json["rows"] == ROWS
    assert len(result.json["digest"]) == 64
    assert same(project, "main", "second")
    again = call("copy", "--from", "embedded", "--to", "second", "--json")
    assert (again.json["rows"], again.json["deleted"]) == ({}, {})
    assert "digest" in call("copy", "--from", "main", "--to", "second").out


def test_copy_deletes_only_when_asked(call: Call, project: Path) -> None:
    settings = read_config(project / "fullcircle.toml")
    with open_named(settings, "second") as store:
        store.prepare()
        store.write_vertices("Category", town.rows("Category", {"id": "category:other", "name": "Other"}))
    result = call("copy", "--from", "main", "--to", "second", "--json", "--quiet")
    assert (result.code, result.error["code"]) == (ExitCode.FAILED, "store")
    assert "--replace" in result.error["hint"]
    counted = call("copy", "--from", "main", "--to", "second", "--replace", "--dry-run", "--json")
    assert (counted.json["rows"], counted.json["deleted"], counted.json["dry_run"]) == (ROWS, {"Category": 1}, True)
    shown = call("copy", "--from", "main", "--to", "second", "--dry-run")
    assert (shown.code, "Would be written" in shown.out, "Only in target" in shown.out) == (ExitCode.OK, True, True)
    done = call("copy", "--from", "main", "--to", "second", "--replace")
    assert done.code == ExitCode.OK
    assert "Deleted" in done.out
    assert same(project, "main", "second")
    assert call("copy", "--from", "main", "--to", "nowhere", "--json").error["code"] == "not-found"
    assert call("copy", "--from", "main").code == ExitCode.USAGE


# -- dms-mapping -------------------------------------------------------------------------------------------------------
def test_mapping_as_json(call: Call, project: Path) -> None:
    result = call("dms-mapping", "shop", "--json")
    assert (result.code, result.err) == (ExitCode.OK, "")
    assert result.json["format"] == "gremlin"
    assert result.json["mapping"]["rules"]
    assert result.json["left_out"]
    turtle = call("dms-mapping", "shop", "--format", "r2rml", "--json").json["mapping"]
    assert turtle.startswith("@prefix rr:")
    out = project / "mapping.json"
    written = call("dms-mapping", "shop", "--out", out, "--json").json
    assert written["file"] == str(out)
    assert "mapping" not in written
    assert json.loads(out.read_text())["rules"]


def test_mapping_is_not_written_over_anything(call: Call, project: Path) -> None:
    out = project / "mapping.json"
    out.write_text("mine")
    result = call("dms-mapping", "shop", "--out", out, "--json")
    assert result.code == ExitCode.USAGE
    assert "mapping.json" in result.error["message"]
    assert result.error["hint"]
    assert out.read_text() == "mine"
    for place in ("nowhere/mapping.json", "mapping.json/below"):
        missing = call("dms-mapping", "shop", "--out", project / place)
        assert missing.code == ExitCode.USAGE
        assert place in missing.err.replace("\n", "")
        assert "Traceback" not in missing.err
    assert call("dms-mapping", "nowhere", "--json").error["code"] == "not-found"


def test_a_full_disk_leaves_no_half_mapping(call: Call, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.open

    def opened(self: Path, mode: str = "r", **options: Any) -> Any:
        file = real(self, mode, **options)
        return FullDisk(file) if mode == "x" else file

    monkeypatch.setattr(Path, "open", opened)
    result = call("dms-mapping", "shop", "--out", project / "mapping.json", "--json")
    assert (result.code, result.error["code"]) == (ExitCode.FAILED, "disk-full")
    assert "mapping.json" in result.error["message"]
    assert not (project / "mapping.json").exists()


class FullDisk:
    """A file that takes nothing."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def __enter__(self) -> FullDisk:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, _: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")


# -- help --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("verb", ["sync", "export", "import", "copy", "dms-mapping"])
def test_help_has_an_example(call: Call, verb: str) -> None:
    result = call(verb, "--help")
    assert result.code == ExitCode.OK
    examples = result.out.partition("Example")[2].partition("Options")[0]
    assert f"fullcircle graph {verb}" in examples


def test_sync_has_only_options_of_its_own(call: Call) -> None:
    result = call("sync", "--help")
    assert "--source" not in result.out
    assert "--verify" in result.out
    assert call("sync", "--source", "shop").code == ExitCode.USAGE


def test_a_copy_for_cypher_is_asked_by_its_name(call: Call, project: Path, tmp_path: Path) -> None:
    settings = read_config(project / "fullcircle.toml")
    with closing(Book(tmp_path / "book.sqlite")) as book, open_named(settings, "main", read_only=True) as store:
        reader = Reader(store, book, settings)
        with pytest.raises(NotFound, match="no graph yet") as caught:
            reader.query("MATCH (c:Customer) RETURN count(c) AS n", store="second")
        assert "graph copy --to second" in caught.value.hint
        assert call("copy", "--to", "second", "--quiet").code == ExitCode.OK
        assert reader.query("MATCH (c:Customer) RETURN count(c) AS n", store="second").to_pylist() == [{"n": 3}]
