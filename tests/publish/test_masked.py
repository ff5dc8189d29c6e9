"""Tables that are published for a role: masked in SQL, as answers are masked in Python."""

import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fullcircle.config.read import read_config
from fullcircle.config.sections import GovernSettings
from fullcircle.desk import open_desk
from fullcircle.engine.open import open_engine
from fullcircle.errors import ConfigError
from fullcircle.govern.hidden import Hidden
from fullcircle.govern.mask import Mask
from fullcircle.govern.policy import ROLES, Policy, Sight
from fullcircle.govern.principal import Principal
from fullcircle.model.field_classes import class_of
from fullcircle.pipeline import run
from fullcircle.publish.base import Outgoing
from fullcircle.publish.masked import masked
from tests.govern.conftest import CANARIES, made

KEY = bytes(range(32))
VALUES = (
    "Ada Keller", "ada.keller@example.org", "@", "a@b@c", "+41443334455", "+1 202 555 0123", "044 333 44 55", "1234567", "50779",
    "1984-07-23", "1984-07-23 later", "Ås 7", "ß", " x ", "", "O'Neill-Q", "TAX88991", "yes", "李小龍", "12 34", "line\nbreak",
)  # fmt: skip
IDS = (
    "customer:4q2mabcdefghjkmn", "record:crm:contacts:17", "record:crm:contacts:ada@example.org", "record:crm:contacts:a:b\nc",
    "record:crm:contacts:7:guest", "record:crm:contacts:1234567", "order:shop:orders:9", "identifier:email:ada@example.org",
    "identifier:tax:TAX1", "household:0123456789abcdef", "habits:customer:x", "product:shop:products:SKU-A", "record:x", "odd",
    "record:a:b:0b2f9a7e-0c1d-4e6f-8a9b-0c1d2e3f4a5b", "strange:a:b:1", "strange:a:b:c",
)  # fmt: skip


def sight(role: str) -> Sight:
    return Policy(GovernSettings(), Path()).sight(Principal("target:t", frozenset({role}), "publish"))


@pytest.mark.parametrize("role", ROLES)
def test_sql_masks_as_answers_do(role: str) -> None:
    rows = [(value, value, IDS[place % len(IDS)]) for place, value in enumerate(VALUES)] + [("x", "y", id) for id in IDS]
    names = ("email", "deceased", "record_id")
    table = pa.table({name: [row[place] for row in rows] for place, name in enumerate(names)})
    seen, mask = sight(role), Mask(sight(role), KEY)
    engine = open_engine(None, memory="100MB", threads=1)
    with engine.register("given", table):
        engine.run("CREATE TABLE records AS SELECT row_number() OVER () AS kind, * FROM given")
    with masked(engine, Outgoing("records", "records"), "records", seen, KEY) as what:
        assert what
        found = engine.arrow(f"SELECT * FROM {what.table} ORDER BY kind").to_pylist()
    for row, given in zip(found, rows, strict=True):
        for name, value in zip(names, given, strict=True):
            shown = mask.cover(class_of("records", name))(value, {})
            assert row.get(name) == (None if isinstance(shown, Hidden) else shown), (name, value)
    engine.close()


def test_a_target_with_a_role_has_nothing_that_the_role_does_not_see(tmp_path: Path) -> None:
    tables = (
        '["customers", "records", "identifiers", "orders", "tickets", "provenance", "members", "quarantine", "insight_habits"]'
    )
    targets = "".join(
        f'\n[publish.targets.{role}]\ntarget = "parquet"\npath = "{role}"\nrole = "{role}"\ntables = {tables}\n'
        for role in ("analyst", "marketer", "admin", "steward")
    )
    made(tmp_path, targets)
    for role in ("analyst", "marketer", "admin", "steward"):
        files = sorted((tmp_path / role).rglob("*.parquet"))
        assert files
        text = " ".join(str(pq.read_table(file).to_pylist()) for file in files).lower()
        text = re.sub("#[0-9a-f]+", "#", text)  # digits of a hash may be those of a planted value
        hidden = [canary for one, several in CANARIES.items() if sight(role).level(one) != "full" for canary in several]
        assert [canary for canary in hidden if canary in text] == []
        assert all(canary in text for canary in ("quillfeather", "zebrafish")) == (role == "steward")
    analyst = pq.read_table(next((tmp_path / "analyst").rglob("customers*")))
    assert "birth_date" not in analyst.column_names
    assert all(one is None or one.startswith("#") for one in analyst["email"].to_pylist())


def test_a_role_that_there_is_not_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="anlyst"):
        made(tmp_path, '\n[publish.targets.other]\ntarget = "parquet"\nrole = "anlyst"\n')


def test_another_policy_publishes_again(tmp_path: Path) -> None:
    (tmp_path / "policy").mkdir()
    file = made(tmp_path, '\n[govern]\npolicy = "policy"\n[publish.targets.out]\ntarget = "parquet"\nrole = "agent"\n')
    rule = 'forbid(principal in Role::"agent", action in Action::"look", resource == FieldClass::"contact");'
    (tmp_path / "policy" / "mine.cedar").write_text(rule)
    with open_desk(read_config(file)) as desk:
        done = {one.stage: one.skipped for one in run(desk)}
    assert (done["insights"], done["publish"]) == (True, False)
