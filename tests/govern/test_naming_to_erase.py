"""Who may erase, restrict or export, and does not see names, cannot try them out by that."""

import json
from pathlib import Path

import pytest

from fullcircle.ask.reader import open_reader
from fullcircle.config.read import read_config
from fullcircle.desk import open_desk
from fullcircle.errors import Ambiguous, FullcircleError, NotAllowed, NotFound
from fullcircle.privacy.listed import erasures
from fullcircle.steward.who import customer_named
from tests.govern.conftest import CANARIES
from tests.govern.test_command_line import key_of, nobody_else_asks, typed  # noqa: F401
from tests.govern.test_matrix import KEY, NAMES, customer

VERBS = (
    ("erase", "--dry-run", "--json"),
    ("erase", "--yes", "--quiet"),
    ("restrict", "--quiet"),
    ("restrict", "--lift", "--quiet"),
    ("person", "export", "--to", "exported"),
)
BLIND = ("viewer", "counter")  # they may erase, restrict and export, and see what is plain, or hashes of everything


def _refusal(governed: Path, verb: tuple[str, ...], words: str, token: str) -> str:
    """What is said, without the words that were typed."""
    begin = 2 if verb[0] == "person" else 1
    try:
        typed(governed, *verb[:begin], words, *verb[begin:], token=token)
    except FullcircleError as error:
        return json.dumps(error.as_json(), ensure_ascii=False).replace(json.dumps(words)[1:-1], "")
    return "done"


def _none_of(words: str) -> str:
    """Words of the same form that nobody has."""
    return words.translate(str.maketrans("aeu", "iio")).replace("44", "55").replace("88", "77")


@pytest.mark.parametrize("role", BLIND)
def test_a_name_that_there_is_gets_the_answer_of_one_that_there_is_not(governed: Path, role: str) -> None:
    token = key_of(governed, role)
    names = (*NAMES, KEY.removeprefix("record:"), "shop:people:cleo.unbelow@example.org") if role == "viewer" else NAMES[:1]
    for verb in VERBS:
        for words in names if verb[1] == "--dry-run" else names[:2]:
            said = _refusal(governed, verb, words, token)
            assert said != "done", (verb, words)
            assert said == _refusal(governed, verb, _none_of(words), token), (verb, words)
    assert erasures(read_config(governed)) == []


def test_they_erase_by_what_they_see(governed: Path) -> None:
    token = key_of(governed, "viewer")
    settings = read_config(governed)
    with open_reader(settings, None) as reader:
        ada = customer(reader)
    for words in (ada, "crm:contacts:17", "shop:orders:7", "order:shop:orders:7"):
        text = typed(governed, "erase", words, "--dry-run", "--json", token=token)
        assert json.loads(text)[0]["customer_id"] == ada
        assert [one for several in CANARIES.values() for one in several if one in text.lower()] == []
    assert "is kept, but not used" in typed(governed, "restrict", "crm:contacts:17", "--quiet", token=token)
    typed(governed, "erase", "crm:contacts:17", "--yes", "--quiet", token=token)
    with pytest.raises(NotFound):
        typed(governed, "restrict", ada, "--lift", "--quiet", token=token)
    assert len(erasures(settings)) == 1


def test_somebody_whose_records_are_gone_is_named_by_ids_that_are_seen(governed: Path) -> None:
    settings = read_config(governed)
    with open_desk(settings) as desk:
        cleo = customer_named(desk.engine, desk.book, KEY)
    for name in ("crm/contacts.csv", "shop/people.csv"):
        file = governed.parent / name
        file.write_text(file.read_text().splitlines()[0] + "\n")
    officer, viewer = key_of(governed, "privacy_officer"), key_of(governed, "viewer")
    typed(governed, "run", "--again", "--quiet", token=key_of(governed, "service"))
    for words, token in ((cleo, officer), (KEY, officer), (KEY.removeprefix("record:"), officer), (cleo, viewer)):
        assert json.loads(typed(governed, "erase", words, "--dry-run", "--json", token=token))[0]["customer_id"] == cleo
    with pytest.raises(NotFound):
        typed(governed, "erase", KEY, "--dry-run", token=viewer)


def test_choices_are_listed_without_names(governed: Path) -> None:
    """Words that are seen and fit several customers: their names stay hidden."""
    (governed.parent / "policy" / "city.cedar").write_text(
        'permit(principal in Role::"viewer", action in Action::"look", resource == FieldClass::"text");'
    )
    token = key_of(governed, "viewer")
    with pytest.raises(FullcircleError) as raised:
        typed(governed, "erase", "order 3", "--dry-run", token=token)
    text = json.dumps(raised.value.as_json()).lower()
    assert [one for several in CANARIES.values() for one in several if one in text] == []
    assert isinstance(raised.value, Ambiguous | NotFound)


@pytest.mark.parametrize("role", BLIND)
def test_a_persons_export_is_for_who_sees_all(governed: Path, role: str, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        typed(governed, "person", "export", "crm:contacts:17", "--to", str(tmp_path / "to"), token=key_of(governed, role))
    assert not (tmp_path / "to").exists()
