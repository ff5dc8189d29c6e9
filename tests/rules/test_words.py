"""One word per thing, and plain English: the glossary and the style of messages, as tests over the source."""

import ast
import io
import re
import tokenize
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "fullcircle"
FILES = sorted(PACKAGE.rglob("*.py"))
NAMES = [str(path.relative_to(PACKAGE)) for path in FILES]

# A word that was struck -> the words to use. Neither a name in the code nor a part of one (`_tell_members`) may have it.
STRUCK = {
    "told": "the thing itself: row, error, answer ...",
    "tell": "progress, report, write",
    "mark": "fingerprint, store_stamp, file_state, flag ...",
    "marks": "fingerprints, flags ...",
    "neighbourhood": "SourceContext",
    "workshop": "scratch",
    "subjects": "features",
    "firm": "accepted_links",
    "forbidden": "cannot_links",
    "tied": "name_dependence",
    "spot": "street_key",
    "spots": "street_keys",
    "settle": "checkpoint",
    "lend": "register",
    "news": "only_changed",
    "patience": "retry_budget",
    "judge": "classify_error, evaluate",
}
KEPT = {"patience_seconds"}  # keys of the config file and of stored data keep their names
# What a person reads: what happened, to which thing, what to do. A phrase that does not belong there -> what to write.
UNPLAIN = {
    r"\b(?:told|tells)\b": "is reported, says",
    r"\bmend(?:s|ed|ing)?\b": "repair, correct",
    r"(?<!here )\bis no (?!longer\b|more\b)": "is not a",
    r"(?<!here )\bare no (?!longer\b|more\b)": "are not",
    r"\bstands? (?:in|on|at|here|there|behind|beside|between|for itself)\b": "is in, occurs in, follows",
    r"\bThere (?:is|are): ": "Valid: ",
    r"\bBehind this\b": "After this",
    r"\bof anybody\b": "by any process",
}


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_no_name_has_a_struck_word(path: Path) -> None:
    for token in tokenize.generate_tokens(io.StringIO(path.read_text()).readline):
        if token.type == tokenize.NAME and token.string not in KEPT:
            for part in re.split(r"_|(?<=[a-z])(?=[A-Z])", token.string):
                assert part.lower() not in STRUCK, (
                    f"{path.name} line {token.start[0]}: {token.string}; instead of {part} use {STRUCK[part.lower()]}"
                )


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_texts_are_plain_english(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for phrase, instead in UNPLAIN.items():
                found = re.search(phrase, node.value)
                assert not found, f'{path.name} line {node.lineno}: "{found.group()}"; write: {instead}' if found else ""


COUNTED = re.compile(r" (rows|values|records|orders|deals|refunds|files|objects|customers|numbers|lines|vertices|edges|groups)\b")
NOT_YET = "identity"  # a room whose messages follow


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_what_messages_count_may_be_one(path: Path) -> None:
    """`1 rows` is not English: `counted` of model/counting.py knows both. After `of`, the number is of all."""
    for call in ast.walk(ast.parse(path.read_text())) if NOT_YET not in path.parts else ():
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "say"):
            continue
        for text in ast.walk(call):
            parts = text.values if isinstance(text, ast.JoinedStr) else []
            for before, number, after in zip([None, *parts], parts, parts[1:], strict=False):
                is_count = isinstance(number, ast.FormattedValue) and isinstance(after, ast.Constant)
                of_all = isinstance(before, ast.Constant) and str(before.value).endswith("of ")
                wrong = is_count and not of_all and COUNTED.match(str(after.value))
                assert not wrong, f"{path.name} line {number.lineno}: use counted() for what there may be one of"


def test_no_public_class_has_the_name_of_another() -> None:
    where = defaultdict(list)
    for path, name in zip(FILES, NAMES, strict=True):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                where[node.name].append(name)
    assert {name: files for name, files in where.items() if len(files) > 1} == {}
