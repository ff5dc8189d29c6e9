"""What `init` finds: data one or two folders down, in folders of any name, databases; and what it says it left."""

from __future__ import annotations

import sqlite3
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullcircle.config.found import look_around
from fullcircle.config.starter import starter
from tests.cli.test_cli import shell
from tests.properties import examples

CSV = "id,name\n1,Ada\n"


def put(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(CSV)
    return folder


def sources(folder: Path) -> dict[str, str]:
    found = tomllib.loads(starter(folder)[0]).get("sources", {})
    return {name: one.get("path", one.get("url")) for name, one in found.items()}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["a.csv", "x/b.csv"], {"files": "."}),
        (["data/a.csv", "x/b.csv"], {"files": "data"}),
        (["exports/a.csv"], {"files": "exports"}),
        (["from them/da ta#1/a.csv"], {"files": "from them/da ta#1"}),
        (["100% ?/größe \"x\"\\y/a.csv"], {"files": "100% ?/größe \"x\"\\y"}),
        (["crm/contacts.csv", "shop/contacts.csv"], {"crm": "crm", "shop": "shop"}),
        (["data/CRM 1/a.csv", "data/CRM-1/a.csv"], {"crm_1": "data/CRM 1", "crm_1_2": "data/CRM-1"}),
        (["exports/2024-01/a.csv", "exports/2024-02/a.csv"], {"files": "exports"}),
        (["客户/a.csv", "订单/b.csv"], {"files": "客户", "files_2": "订单"}),
        (["a/b/c/too-deep.csv"], {}),
        ([".hidden/a.csv", "node_modules/b.csv", "exports/.a.csv"], {}),
    ],
)  # fmt: skip
def test_where_data_is_found(tmp_path, names, expected):
    assert sources(put(tmp_path, *names)) == expected


def test_databases_become_sources_and_the_rest_is_named(tmp_path):
    put(tmp_path, "exports/a.csv", "exports/cards.vcf", "old/x/b.csv", "readme.md", "fake.db")
    (tmp_path / "old" / "x" / "b.csv").rename(tmp_path / "old" / "x" / "b.json")
    sqlite3.connect(tmp_path / "exports" / "my crm.sqlite").execute("CREATE TABLE t (id)").connection.close()
    data = look_around(tmp_path)
    assert sources(tmp_path) == {"files": "exports", "my_crm": "sqlite:///exports/my crm.sqlite"}
    assert data.left == ("fake.db", "exports/cards.vcf", "old/x/b.json")


def test_data_elsewhere_is_left_and_named(tmp_path):
    assert look_around(put(tmp_path, "data/a.csv", "other/b.csv")).left == ("other/b.csv",)


def test_a_folder_that_leads_to_itself_ends(tmp_path):
    put(tmp_path, "exports/a.csv")
    (tmp_path / "exports" / "again").symlink_to(tmp_path)
    (tmp_path / "loop").symlink_to(tmp_path)
    assert sources(tmp_path) == {"files": "exports"}


def test_a_table_in_utf_16_is_data(tmp_path):
    (tmp_path / "list.txt").write_text("id\tname\tcity\n1\tAda\tHull\n", encoding="utf-16")
    assert sources(tmp_path) == {"files": "."}


@settings(max_examples=examples(30))
@given(name=st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="/\0"), min_size=1, max_size=12))
def test_any_name_of_a_folder_is_read_back(tmp_path_factory, name):
    if name.startswith((".", "~")) or len(name.encode()) > 200:
        return
    folder = put(tmp_path_factory.mktemp("named"), f"{name}/a.csv")
    there = sources(folder)
    assert not there or there == {"files": name}
    assert tomllib.loads(starter(folder / name)[0])["project"]["name"] == name


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ('[\n {"id": 1}]', True),
        ('{"meta": {"page": 1, "total": 3}, "data": [{"id": 1}]}', True),
        ("\ufeff[{}]", True),
        ('{"a": [1, 2]}', False),
        ("[1, 2]", False),
        ("", False),
    ],
)
def test_a_list_of_objects_in_a_json_is_data_and_settings_are_not(tmp_path, text, data):
    (tmp_path / "export.json").write_text(text, encoding="utf-8")
    assert bool(sources(tmp_path)) is data


def test_init_says_what_it_found_and_what_it_left(tmp_path):
    put(tmp_path, "exports/contacts.csv", "exports/deals.csv", "exports/notes.pdf")
    said = shell("init", tmp_path).stdout
    assert "Found exports/: 2 files (contacts.csv, deals.csv). They are the source `files`." in said
    assert "Left: exports/notes.pdf." in said
    assert "No source reads .pdf: export what is in them as CSV" in said
