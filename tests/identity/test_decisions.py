"""Decisions: what one verb decides is undone together, contradictions are refused with names and dates, vetoes give way."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullcircle.book.book import Book
from fullcircle.config.sections import IdentitySettings
from fullcircle.errors import Contradiction, NotFound
from fullcircle.identity.decisions import Decisions
from fullcircle.identity.judgements import Judgements, together_groups
from fullcircle.identity.resolve import resolve
from tests.identity.test_resolve import customer, groups, run
from tests.identity.town import person
from tests.properties import examples


def test_a_decision_is_several_judgements_undone_together(tmp_path):
    book = Book(tmp_path / "book")
    decisions, judgements = Decisions(book), Judgements(book)
    one = decisions.take("merge", [("together", "b", "a"), ("together", "a", "c")], "ann", "one family")
    other = decisions.take("never", [("apart", "a", "d")], "ben")
    assert (one.verb, one.by, one.reason, one.records) == ("merge", "ann", "one family", ["a", "b", "c"])
    assert [judgement.id for judgement in judgements.list()] == [1, 2, 3]
    assert decisions.about(["c"]) == [one]
    undone = decisions.undo(one.id, "cleo", "wrong")
    assert (undone.undone_by, undone.undone_reason) == ("cleo", "wrong")
    assert [judgement.kind for judgement in judgements.list()] == ["apart"]
    assert decisions.all() == [undone, other]
    with pytest.raises(NotFound, match="withdrawn by cleo"):
        decisions.undo(one.id, "ann")
    with pytest.raises(NotFound, match="Decision 1 was withdrawn"):  # 2 is a judgement of it
        decisions.undo(2, "ann")
    with pytest.raises(NotFound, match="no decision 9"):
        decisions.undo(9, "ann")


def test_a_judgement_added_alone_is_a_decision_of_its_own(tmp_path):
    book = Book(tmp_path / "book")
    number = Judgements(book).add("apart", "a", "b", "ann", "father and son")
    decisions = Decisions(book)
    found = decisions.get(number)
    assert (found.verb, found.by, found.reason, found.pairs) == ("never", "ann", "father and son", (("apart", "a", "b"),))
    decisions.undo(number, "ben")
    assert Judgements(book).list() == []
    assert decisions.get(number).undone_by == "ben"


def test_undoing_one_of_two_equal_decisions_leaves_the_other(tmp_path):
    book = Book(tmp_path / "book")
    decisions = Decisions(book)
    first = decisions.take("never", [("apart", "a", "b")], "ann")
    decisions.take("never", [("apart", "a", "b")], "ben")
    decisions.undo(first.id, "ann")
    assert [judgement.by for judgement in Judgements(book).list()] == ["ben"]


def test_a_contradiction_names_who_and_when_and_stores_nothing(tmp_path):
    book = Book(tmp_path / "book")
    decisions = Decisions(book)
    decisions.take("always", [("together", "a", "b")], "ann")
    decisions.take("always", [("together", "b", "c")], "ben")
    with pytest.raises(Contradiction) as raised:
        decisions.take("never", [("apart", "c", "a")], "cleo")
    for word in ("judgement 1 (together: a, b; by ann, 20", "judgement 2 (together: b, c; by ben, 20", "the new judgement"):
        assert word in raised.value.message
    assert "fullcircle undo" in raised.value.hint
    assert len(Judgements(book).list()) == len(decisions.all()) == 2


def test_a_run_stops_at_judgements_that_contradict_each_other(tmp_path):
    engine, book, _ = run(tmp_path)
    judgements = Judgements(book)
    names = [f"record:town:people:{key}" for key in ("meg1", "meg2", "js1")]
    judgements.add("together", names[0], names[1], "ann")
    judgements.add("together", names[1], names[2], "ann")
    judgements.add("apart", names[0], names[2], "ben")
    before = groups(engine)
    with pytest.raises(Contradiction, match="by ben"):
        resolve(engine, book, IdentitySettings())
    assert groups(engine) == before


def test_judgements_over_a_third_record_override_a_veto(tmp_path):
    """Father and son, judged to be one with a third record each: the veto between the two gives way."""
    rows = [
        person("a", "Karl", "Ost", email="k.ost@example.org", birth_date="1950-02-03"),
        person("b", "Karl", "Ost", email="k.ost@example.org", birth_date="1981-07-09"),
        person("c", "Karla", "West"),
    ]
    engine, book, _ = run(tmp_path, rows, [])
    assert customer(engine, "a") != customer(engine, "b")
    of = {key: f"record:town:people:{key}" for key in "abc"}
    Decisions(book).take("merge", [("together", of["a"], of["c"]), ("together", of["b"], of["c"])], "ann")
    resolve(engine, book, IdentitySettings())
    assert len(groups(engine)) == 1


@settings(max_examples=examples(50))
@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh")), max_size=12))
def test_groups_of_pairs_are_their_connected_components(pairs):
    found = together_groups(pairs)
    assert set(found) == {record for pair in pairs for record in pair}
    assert all(found[a] == found[b] for a, b in pairs)
    for name in set(found.values()):  # each group holds together: from its name every member is reached
        reached, size = {name}, 0
        while len(reached) > size:
            size = len(reached)
            reached |= {end for pair in pairs if reached & set(pair) for end in pair}
        assert reached == {record for record, group in found.items() if group == name}
        assert name == min(reached)
