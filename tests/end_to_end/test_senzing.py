"""Three sources with an answer key: how well the records of one person are found, untrained."""

import shutil
from pathlib import Path

import pytest

from fullcircle.ask.suggest import to_suggest, write
from fullcircle.config.read import read_config
from fullcircle.config.sections import Config
from fullcircle.config.starter import starter
from fullcircle.desk import open_desk
from fullcircle.engine.base import literal
from fullcircle.identity.pair_scores import pair_scores
from fullcircle.pipeline import run
from fullcircle.stage import Choice

DATA = Path(__file__).parents[3] / "shared" / "data" / "senzing_truth_set"
SOURCES = ("customers", "reference", "watchlist")
MAPS = """
[[map]]
source = "{name}"
object = "{name}"
to = "records"
[map.fields]
kind = {{ field = "FEATURES[*].RECORD_TYPE", map = {{ PERSON = "person", ORGANIZATION = "organisation" }} }}
given_name = "FEATURES[*].NAME_FIRST"
middle_name = "FEATURES[*].NAME_MIDDLE"
family_name = "FEATURES[*].NAME_LAST"
full_name = "FEATURES[*].NAME_FULL"
organisation = "FEATURES[*].NAME_ORG"
birth_date = "FEATURES[*].DATE_OF_BIRTH"
gender = "FEATURES[*].GENDER"
email = "FEATURES[*].EMAIL_ADDRESS"
phone = "FEATURES[*].PHONE_NUMBER"

[[map]]
source = "{name}"
object = "{name}"
to = "addresses"
each = "FEATURES"
where = "_each LIKE '%ADDR_%'"
[map.fields]
record_id = {{ field = "$.RECORD_ID", ref = "{name}" }}
street = {{ fields = ["ADDR_LINE1", "ADDR_FULL"] }}
city = "ADDR_CITY"
region = "ADDR_STATE"
postcode = "ADDR_POSTAL_CODE"
country = "ADDR_COUNTRY"
"""
IDENTIFIER = """
[[map]]
source = "{name}"
object = "{name}"
to = "identifiers"
each = "FEATURES"
key = "{kind}"
where = "_each LIKE '%\\"{column}\\"%'"
[map.fields]
record_id = {{ field = "$.RECORD_ID", ref = "{name}" }}
kind = {{ value = "{kind}" }}
value = "{column}"
"""
TRUTH = f"""
SELECT 'record:' || lower(DATA_SOURCE) || ':' || lower(DATA_SOURCE) || ':' || RECORD_ID AS record_id, CLUSTER_ID AS entity_id
FROM read_csv({literal(DATA / "actual_truthset_key.csv")}, all_varchar = true)"""
KINDS = {
    "email": "EMAIL_ADDRESS", "phone": "PHONE_NUMBER", "passport": "PASSPORT_NUMBER", "licence": "DRIVERS_LICENSE_NUMBER",
    "tax": "SSN_NUMBER", "national": "NATIONAL_ID_NUMBER",
}  # fmt: skip


def by_hand(place: str = "") -> str:
    """The config as a person would write it, for files in a folder (with its `/`)."""
    text = "[engine]\nmemory = '1GB'\n"
    for name in SOURCES:
        text += f'[sources.{name}]\nconnector = "files"\npath = "{place}{name}.jsonl"\n'
        text += f'[sources.{name}.objects.{name}]\nfiles = "{name}.jsonl"\nkey = "RECORD_ID"\n'
        text += MAPS.format(name=name)
        text += "".join(IDENTIFIER.format(name=name, kind=kind, column=column) for kind, column in KINDS.items())
    return text


@pytest.fixture(scope="module")
def truth_set(tmp_path_factory: pytest.TempPathFactory) -> Config:
    if not DATA.exists():
        pytest.skip("shared/data/senzing_truth_set is not here (a fresh clone has no shared data)")
    folder = tmp_path_factory.mktemp("senzing")
    for name in SOURCES:
        shutil.copy(DATA / f"{name}.jsonl", folder)
    (folder / "fullcircle.toml").write_text(by_hand() + "[publish.targets.files]\ntarget = 'parquet'\n")
    return read_config(folder / "fullcircle.toml")


def test_a_proposal_finds_the_same_pairs(truth_set: Config, tmp_path: Path) -> None:
    """The files alone, nested as they are; nothing is mapped by hand."""
    (tmp_path / "data").mkdir()
    for name in SOURCES:
        shutil.copy(DATA / f"{name}.jsonl", tmp_path / "data")
    config = tmp_path / "fullcircle.toml"
    config.write_text(starter(tmp_path)[0], encoding="utf-8")
    write(read_config(config), to_suggest(read_config(config)), config)
    found = []
    for settings, source in ((truth_set, ""), (read_config(config), "files")):
        with open_desk(settings) as desk:
            run(desk, Choice(only=("pull", "conform", "check", "resolve")))
            truth = TRUTH.replace("'record:' || lower(DATA_SOURCE)", f"'record:{source}'") if source else TRUTH
            desk.engine.run(f"CREATE OR REPLACE TEMP TABLE truth AS {truth}")
            found.append(pair_scores(desk.engine, "members", "truth"))
    assert found[1]["records"] == 159
    assert found[1]["f1"] >= found[0]["f1"] - 0.01


def test_pairs_against_the_answer_key(truth_set: Config) -> None:
    with open_desk(truth_set) as desk:
        run(desk)
        desk.engine.run(f"CREATE OR REPLACE TEMP TABLE truth AS {TRUTH}")
        assert desk.engine.count("records") == 159
        scores = pair_scores(desk.engine, "members", "truth")
    print(scores)
    assert scores["precision"] >= 0.80
    assert scores["recall"] >= 0.80
