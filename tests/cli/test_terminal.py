"""Text of other people on a terminal: nothing in it steers the terminal, hides, or is taken for markup."""

import json

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fullcircle.ask.customer import CustomerView
from fullcircle.errors import FullcircleError
from fullcircle.serve.cli.output import as_json, fail, say, table
from fullcircle.serve.cli.progress import Bars
from fullcircle.serve.cli.terminal import OBEYED, plain, visible
from fullcircle.serve.cli.view import draw
from tests.properties import examples

HOSTILE = (
    "\x1b[2J\x1b]0;gone\x07", "\x9b31m", "a\rb", "user\u202egpj.exe", "\u2066hidden\u2069", "[red]x[/red]", "[/]", "[link=http://x.example]y[/]",
    ":smile:", "ends with \\", "zero\u200bwidth", "\ufeff", "\udcff", "\U000e0041", "\x7f\x85",
)  # fmt: skip
TEXT = st.text(st.characters(), max_size=20) | st.sampled_from(HOSTILE)
HARD = settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])


def a_customer(text: str) -> CustomerView:
    """Somebody whose every value is that text."""
    rows = [{"id": text, "name": text, "status": text, "subject": text, "channel": text, "text": text, "why": text}]
    golden = {"id": text, "name": text, "full_name": text, "city": text, "provenance": {"city": {"from": text, "others": text}}}
    return CustomerView(
        golden,
        "customer:" + text,
        rows,
        rows,
        rows,
        rows,
        rows,
        rows,
        rows,
        {"segment": text, "channel": text},
        {"expected_orders": 1.0, "expected_value": 2.0, "currency": text, "lost": 0.5, "days": text},
        rows,
        rows,
        rows,
    )


@HARD
@given(TEXT)
@example("\x1b]8;;http://x.example\x07")
@example("\x00")
def test_nothing_that_a_terminal_obeys_is_drawn(capfd: pytest.CaptureFixture[str], text: str) -> None:
    table(f"1 {text}", [{"id": text, text: text, "list": [text]}], empty=text)
    draw(a_customer(text))
    say(plain(text))
    fail(FullcircleError(text, text), as_json=False)
    fail(FullcircleError(text, text), as_json=True)
    as_json({text: text})
    with Bars() as bars:
        bars.stage("pull")
        bars.step(text, 3)
        bars.say(text)
    drawn = "".join(capfd.readouterr())
    assert not OBEYED.findall(drawn)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_hostile_is_shown_as_it_is_written(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    table("Found", [{"id": text}])
    assert visible(text) in capsys.readouterr().out
    draw(a_customer(text))
    drawn = capsys.readouterr().out
    assert f" {visible(text)}  {visible(text)} " in drawn.splitlines()[1], "the title"
    fail(FullcircleError(f"The file {text} is empty."), as_json=False)
    assert f"error The file {visible(text)} is empty." in capsys.readouterr().err


def test_what_is_written_out_names_the_character() -> None:
    assert visible("\x1b[0m\r\u202e\U000e0041\udc80") == "\\x1b[0m\\r\\u202e\\U000e0041\\udc80"
    kept = "émigré ﬁ 山田太郎 مرحبا می\u200cخواهم 👩‍👩‍👧 a\tb\nc"
    assert visible(kept) == kept


@HARD
@given(TEXT)
def test_json_means_the_same(capfd: pytest.CaptureFixture[str], text: str) -> None:
    as_json({text: [text]})
    assert json.loads(capfd.readouterr().out) == {text: [text]}


def test_a_name_of_several_lines_takes_one(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    view = CustomerView({"id": "customer:x", "provenance": {}}, "", tickets=[{"id": "ticket:1", "subject": "a\nerror  b"}])
    draw(view)
    assert "a error b" in capsys.readouterr().out


def test_init_says_names_of_files_as_they_are_without_obeying_them(tmp_path, capsys):
    from fullcircle.serve.cli.init import init

    (tmp_path / "data").mkdir()
    for name in ("a\x1b[31m\u202e.csv", "b[red].csv"):
        (tmp_path / "data" / name).write_text("id,name\n1,Ada\n")
    init(tmp_path)
    out = capsys.readouterr().out
    assert not OBEYED.search(out)
    assert "b[red].csv" in out
    assert "a\\x1b[31m\\u202e.csv" in out


def test_a_log_has_one_line_for_the_labels_of_the_graph(capsys: pytest.CaptureFixture[str]) -> None:
    with Bars() as bars:
        bars.stage("graph")
        for what in (
            "Graph: Customer",
            "Graph: Order",
            "Graph: writing Customer",
            "Graph: writing Order",
            "Graph: comparing",
            "Graph: reading Customer from the store",
            "Graph: writing Product",
            "Graph: reading Order from the store",
            "lake",
        ):
            bars.step(what)
    lines = [line for line in capsys.readouterr().err.splitlines() if line.strip()]
    assert [line.removeprefix("graph ") for line in lines] == [
        "Graph: Customer", "Graph: writing Customer", "Graph: comparing", "Graph: reading Customer from the store", "lake",
    ]  # fmt: skip
