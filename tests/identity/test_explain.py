"""Explanations agree with the run, and say what decided."""

from __future__ import annotations

import json
from math import log2

import pytest

from fullcircle.book.book import Book
from fullcircle.config.sections import IdentitySettings
from fullcircle.engine.duckdb import DuckDB
from fullcircle.errors import FullcircleError, NotFound
from fullcircle.identity.explain import BOTH_NAMES, explain
from fullcircle.identity.judgements import Judgements
from fullcircle.identity.model import NAME_DEPENDENCE, ORGANISATION, PERSON, default
from fullcircle.identity.model_json import SAME_BASIS, from_json
from fullcircle.identity.resolve import resolve
from tests.identity.town import build, town


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("explain")
    rows, identifiers, _ = town()
    engine, book = DuckDB(threads=1), Book(folder / "book")
    build(engine, rows, identifiers)
    resolve(engine, book, IdentitySettings())
    records = {row["record_id"]: dict(row) for row in rows}
    for record, kind, value in identifiers:
        records[record].setdefault("identifiers", []).append({"kind": kind, "value": value})
    return engine, book, records


def named(records, key):
    return next(record for id, record in records.items() if id.endswith(f":{key}"))


def test_totals_equal_the_stored_weights(world):
    engine, book, records = world
    scored = engine.rows("SELECT record_a, record_b, weight, linked FROM pairs WHERE weight IS NOT NULL ORDER BY ALL LIMIT 5")
    assert len(scored) == 5
    for a, b, weight, linked in scored:
        found = explain(book, records[b], records[a])
        assert found.weight == pytest.approx(weight, abs=1e-9)
        assert found.linked == linked


def test_parts_add_up_to_the_total(world):
    _, book, records = world
    found = explain(book, named(records, "meg1"), named(records, "meg2"))
    assert found.prior + sum(part.against_strangers for part in found.parts) == pytest.approx(found.against_strangers, abs=1e-6)
    assert found.kin_prior + sum(part.against_kin for part in found.parts) == pytest.approx(found.against_kin, abs=1e-6)
    assert found.weight == pytest.approx(-log2(2**-found.against_strangers + 2**-found.against_kin))
    levels = {part.name: part.level for part in found.parts}
    assert levels["given"] == "same name, short or long form"
    assert levels["email"] == "same"
    assert levels["birth"] == "missing"


def test_names_that_go_together_are_not_counted_twice(world):
    _, book, records = world
    a = {**named(records, "meg1"), "record_id": "record:x:y:1"}
    found = explain(book, a, {**a, "record_id": "record:x:y:2"})
    off = [part for part in found.parts if part.name == BOTH_NAMES]
    assert [(part.against_strangers, part.against_kin) for part in off] == [(-NAME_DEPENDENCE, 0.0)]
    assert off[0].value_a == off[0].value_b != ""
    assert found.prior + sum(part.against_strangers for part in found.parts) == pytest.approx(found.against_strangers, abs=1e-6)
    found = explain(book, a, {**a, "record_id": "record:x:y:2", "family_name": "Quite Other", "full_name": None})
    assert BOTH_NAMES not in [part.name for part in found.parts]


def test_a_family_email_speaks_for_kin(world):
    _, book, records = world
    found = explain(book, named(records, "ines1"), named(records, "hugo1"))
    email = next(part for part in found.parts if part.name == "email")
    assert email.level == "same, used under several names"
    assert email.against_strangers > 10
    assert email.against_kin < 0
    assert not found.linked


def test_strong_identifiers_and_vetoes_are_named(world):
    _, book, records = world
    found = explain(book, named(records, "zed1"), named(records, "zed2"))
    assert found.reasons == ("identifier:loyalty",)
    assert found.linked
    found = explain(book, named(records, "sr1"), named(records, "jr1"))
    assert found.vetoes == ("generation suffixes differ",)
    assert not found.linked


def test_a_person_is_no_organisation(world):
    _, book, records = world
    found = explain(book, named(records, "sr1"), named(records, "f1"))
    assert found.weight is None
    assert found.vetoes == ("one is a person, the other an organisation",)


def test_judgements_are_told(world, tmp_path):
    _, _, records = world
    book = Book(tmp_path / "book")
    judgements = Judgements(book)
    a, b = named(records, "meg1"), named(records, "meg2")
    judgements.add("apart", b["record_id"], a["record_id"], "me")
    found = explain(book, a, b)
    assert "judged to be apart" in found.vetoes
    assert not found.linked
    judgements.add("together", a["record_id"], b["record_id"], "me")
    assert explain(book, a, b).reasons == ("judgement",)
    assert [judgement.kind for judgement in judgements.list()] == ["together"]


def test_judgements_refuse_nonsense(tmp_path):
    judgements = Judgements(Book(tmp_path / "book"))
    with pytest.raises(FullcircleError, match="two different records"):
        judgements.add("apart", "a", "a", "me")
    with pytest.raises(NotFound):
        judgements.withdraw(7, "me")


@pytest.mark.parametrize("kind", [PERSON, ORGANISATION])
def test_models_are_whole_and_survive_the_book(kind):
    model = default(kind, 1000)
    assert from_json(model.as_json()) == model
    assert json.loads(model.as_json())["trained_on"] == 0
    for comparison in model.comparisons:
        for side in ("m", "u", "k"):
            assert sum(getattr(level, side) for level in comparison.levels) == pytest.approx(1), (comparison.name, side)


@pytest.mark.parametrize(("basis", "kind"), SAME_BASIS.items())
def test_a_model_stored_under_the_old_names_equals_the_new_one(basis, kind):
    """Before the rename, `name_dependence` was stored as `tied`, and the SQL of the levels compared the column `spots`."""
    model = default(kind, 1000)
    text = model.as_json().replace(f'"basis": "{model.basis}"', f'"basis": "{basis}"')
    old = text.replace('"name_dependence":', '"tied":').replace("street_keys_", "spots_")
    assert "list_has_any(spots_l, spots_r)" in old
    assert '"tied":' in old
    assert from_json(old) == model
