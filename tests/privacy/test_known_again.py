"""Erased people who come back in other spellings of what they are known by: nothing of them is kept."""

from pathlib import Path

import pytest

from fullcircle.config.read import read_config
from fullcircle.config.sections import Config
from fullcircle.desk import open_desk
from fullcircle.model.progress import Silent
from fullcircle.pipeline import run
from fullcircle.privacy.erase import erase
from fullcircle.stage import Choice
from fullcircle.steward.who import customer_named
from tests import small

SPELLINGS = {
    "email": (
        "ADA.KELLER@EXAMPLE.ORG", "ada.keller @example.org", "ada.keller@ example.org", "'ada.keller@example.org'",
        "\u200bada.keller@example.org", "ada.keller@example.org (private)", "e-mail: ada.keller@example.org",
        "x@other.example / ada.keller@example.org", "x@other.example ada.keller@example.org", "Ada <ada.keller@example.org>",
    ),
    "phone": (
        "044 333 44 55", "+41 (0)44 333 44 55", "(044) 333-44-55", "+41 44 333 44 55 ext. 3", "tel:+41443334455", "44 333 44 55",
        "0041 (0) 44 333 44 55", "+41-44-3334455 (home)", "٠٤٤ ٣٣٣ ٤٤ ٥٥", "044 333 44 55 / 079 111 22 33",
        "079 111 22 33 / 044 333 44 55", "Tel. 044 333 44 55", "0041443334455",
    ),
}  # fmt: skip
COUNTRY = '\n[project]\ncountry = "CH"\n'
OTHERS = ("900,Bo Other,ada.kellerx@example.org,044 333 44 56", "901,Nia Other,,+41 (0)44 333 44 50")


class Aloud(Silent):
    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, text: str) -> None:
        self.said.append(text)


@pytest.fixture
def settings(tmp_path: Path) -> Config:
    made = read_config(small.ran(tmp_path / "project", COUNTRY + small.PARQUET))
    erase(made, ["crm:contacts:17"], customer_named, "officer")
    return made


def _run(settings: Config) -> list[str]:
    aloud = Aloud()
    with open_desk(settings, aloud) as desk:
        run(desk, Choice())
    return aloud.said


def test_whoever_comes_back_in_another_spelling_is_left_out(settings: Config) -> None:
    mails = [f'{100 + n},Somebody Anew,"{cell}",' for n, cell in enumerate(SPELLINGS["email"])]
    phones = [f'{200 + n},Somebody Anew,,"{cell}"' for n, cell in enumerate(SPELLINGS["phone"])]
    _append(settings, "crm/contacts.csv", *mails, *phones, *OTHERS)
    _append(settings, "shop/people.csv", "90,Somebody Anew,e-mail: Ada.Keller@example.org")
    _append(settings, "shop/orders.csv", "777,90,2026-03-12,9.90", "778,5,2026-03-12,9.90")
    said = _run(settings)
    assert any("known again by their cleaned identifiers: left out" in text for text in said), said
    _assert_nothing_came(settings)
    _append(settings, "crm/contacts.csv", "902,Another One,,")
    said = _run(settings)
    assert not any("cleaned" in text for text in said), "what was left out once is known by its key"
    _assert_nothing_came(settings, "record:crm:contacts:902")


def _append(settings: Config, name: str, *lines: str) -> None:
    path = settings.folder / name
    path.write_text(path.read_text() + "".join(f"{line}\n" for line in lines))


def _assert_nothing_came(settings: Config, *more: str) -> None:
    with open_desk(settings) as desk:
        new = {row[0] for row in desk.engine.rows("SELECT record_id FROM conformed.records WHERE CAST(key AS INTEGER) >= 90")}
        assert new == {"record:crm:contacts:900", "record:crm:contacts:901", *more}
        assert desk.engine.rows("SELECT key FROM orders WHERE key LIKE '77_'") == [("778",)]
        landed = [str(row) for which in desk.landing.objects() for row in desk.engine.rows(desk.landing.every_sql(*which))]
        assert not any("Somebody Anew" in row for row in landed)
        assert not desk.engine.rows("SELECT 1 FROM clean_cache WHERE clean = '+41443334455'")


def test_a_dry_run_leaves_landed_files_and_list_as_they_are(settings: Config) -> None:
    contacts = settings.folder / "crm/contacts.csv"
    contacts.write_text(contacts.read_text() + "200,Somebody Anew,,044 333 44 55\n")
    before = (settings.home / "erased.json").read_bytes()
    files = {path: path.read_bytes() for path in (settings.home / "landing").rglob("*.parquet")}
    with open_desk(settings, dry_run=True) as desk:
        run(desk, Choice())
    assert (settings.home / "erased.json").read_bytes() == before
    assert {path: path.read_bytes() for path in (settings.home / "landing").rglob("*.parquet")} == files


def test_spellings_in_objects_that_no_map_reads_go_too(tmp_path: Path) -> None:
    web = '\n[sources.web]\nconnector = "files"\npath = "web"\n[sources.web.objects.calls]\nfiles = "calls.csv"\nkey = "id"\n'
    hers = (
        "044 333 44 55", "+41 (0)44 333 44 55", "0041 44 333 44 55", "41443334455", "+41 44 333 44 55 ext. 3",
        "Tel. 044 333 44 55",
        "+41 44 333 44 55 (home)", "ADA.KELLER@example.org", "'ada.keller@example.org'", "ada.keller @example.org",
        "ada.keller@example.org (work)", "\u200bada.keller@example.org", "e-mail: ada.keller@example.org",
        "<ada.keller@example.org>",
    )  # fmt: skip
    others = (
        "044 333 44 56",
        "ada.keller@example.org.example.com",
        "xada.keller@example.org",
        "call ada.keller@example.org first",
    )
    rows = [f'{n},"{cell}",Hers' for n, cell in enumerate(hers)] + [f'{n},"{cell}",Stays' for n, cell in enumerate(others, 100)]
    files = {**small.FILES, "web/calls.csv": "id,from,note\n" + "\n".join(rows) + "\n"}
    settings = read_config(small.ran(tmp_path / "project", COUNTRY + web + small.PARQUET, files))
    erase(settings, ["crm:contacts:17"], customer_named, "officer")
    with open_desk(settings) as desk:
        landed = str(desk.engine.rows(desk.landing.every_sql("web", "calls")))
    assert "Hers" not in landed
    assert all(cell in landed for cell in others)
