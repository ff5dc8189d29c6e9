"""The outcome of deals: words of sources in many languages; what is not known stays and is reported; a lost deal is never won."""

import tomllib
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullcircle.config.read import parse
from fullcircle.config.sections import Config, StatusSettings
from fullcircle.errors import ConfigError
from fullcircle.mapping.conform import conform
from fullcircle.mapping.deal_status import outcome_of
from fullcircle.mapping.status import plain
from fullcircle.model.statuses import DEAL_STATUSES
from tests.mapping.test_conform import map_of

DATA = tomllib.loads(resources.files("fullcircle.mapping").joinpath("data/deals.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("Closed Won", "won"), ("closedwon", "won"), ("ClosedLost", "lost"), ("4. Closed Won (100%)", "won"), ("WON", "won"),
        ("Verloren - Preis", "lost"), ("Lost - in negotiation", "lost"), ("Closed-Lost to Competition", "lost"),
        ("Not won", "lost"),
        ("nicht gewonnen", "lost"), ("Won - Renewal", "won"), ("appointmentscheduled", "open"), ("Pending approval", "open"),
        ("Angebot (50%)", "open"), ("Gagnée", "won"), ("Fermée perdue", "lost"), ("Cerrada ganada", "won"), ("Perdida", "lost"),
        ("Vinto", "won"), ("Ganho", "won"), ("Gewonnen", "won"), ("Vunnet", "won"), ("Tabt", "lost"), ("Wygrana", "won"),
        ("Успешно реализовано", "won"), ("Закрыто и не реализовано", "lost"), ("赢单(100%)", "won"), ("输单", "lost"),
        ("受注", "won"),
        ("失注", "lost"), ("수주", "won"), ("Kazanıldı", "won"), ("Κερδισμένη", "won"),
        ("Cancelled", "cancelled"), ("Storniert", "cancelled"),
        # What may be either is neither
        ("Won or lost", None), ("to be won", None), ("Almost won", None), ("Won, not invoiced", None), ("Closed", None),
        ("Live customer", None), ("1234567", None), ("", None),
    ],
)  # fmt: skip
def test_words(word, meaning):
    assert outcome_of(word) == meaning


def test_no_word_has_two_meanings():
    seen: dict[str, str] = {}
    for meaning in DEAL_STATUSES:
        for word in DATA[meaning]:
            assert seen.setdefault(plain(word), meaning) == meaning, word


WORDS = [(word, meaning) for meaning in DEAL_STATUSES for word in DATA[meaning]]


@pytest.mark.property
@given(st.sampled_from(WORDS), st.sampled_from([str.upper, str.title]), st.integers(0, 9))
def test_case_separators_and_a_number_before_it_do_not_matter(entry, case, number):
    word, meaning = entry
    assert outcome_of(case(word)) == outcome_of(f" {word.replace(' ', '_')}.") == outcome_of(word) == meaning
    assert outcome_of(f"{number}. {word}") in {meaning, None}


@pytest.mark.property
@given(st.sampled_from(WORDS), st.sampled_from(WORDS))
def test_what_names_won_and_lost_is_never_one_of_them(one, other):
    found = outcome_of(f"{one[0]} / {other[0]}")
    assert found is None or found in {one[1], other[1]} or found == "open"
    if {one[1], other[1]} == {"won", "lost"}:
        assert found is None


def test_deals_have_their_outcome_and_unknown_stages_are_reported(engine, landing, progress):
    rows = [("1", "Gewonnen", "9"), ("2", "Verloren", "9"), ("3", "Zauber", "9"), ("4", None, "9"), ("5", "Vertrag", None)]
    landing.put("crm", "deals", [{"id": key, "stage": stage, "v": value} for key, stage, value in rows])
    landing.put("crm", "calls", [{"id": "7", "s": "Won over"}])
    maps = [
        map_of("crm", "deals", "interactions", {"status": "stage", "amount": "v"}),
        map_of("crm", "calls", "interactions", {"status": "s"}),
    ]
    conform(engine, landing, maps, "DE", progress, StatusSettings(deals={"VERTRAG": "won"}))
    found = engine.rows("SELECT key, status, status_raw FROM conformed.interactions ORDER BY 1")
    assert found == [
        ("1", "won", "Gewonnen"), ("2", "lost", "Verloren"), ("3", "Zauber", "Zauber"), ("4", None, None),
        ("5", "won", "Vertrag"), ("7", "Won over", "Won over"),
    ]  # fmt: skip
    (said,) = [text for text in progress.said if "interactions.status" in text]
    assert "1 deal has" in said and "Zauber (1)" in said and "[status] deals" in said


def test_deals_without_any_outcome_are_reported(engine, landing, progress):
    landing.put("crm", "deals", [{"id": "1", "v": "9"}, {"id": "2", "v": None}])
    conform(engine, landing, [map_of("crm", "deals", "interactions", {"amount": "v"})], "DE", progress)
    (said,) = [text for text in progress.said if "interactions.status" in text]
    assert "1 deal of crm.deals with an amount and no status" in said


def test_payments_beside_orders_are_no_deals(engine, landing, progress):
    landing.put("till", "payments", [{"id": "1", "s": "Paid", "v": "9"}])
    fields = {"status": "s", "amount": "v", "kind": {"value": "payment"}}
    conform(engine, landing, [map_of("till", "payments", "interactions", fields)], "DE", progress)
    assert engine.rows("SELECT status FROM conformed.interactions") == [("Paid",)]


def test_a_wrong_outcome_in_the_config_is_refused():
    with pytest.raises(ConfigError, match="status"):
        parse(Config, {"status": {"deals": {"Vertrag": "signed"}}}, "fullcircle.toml")
