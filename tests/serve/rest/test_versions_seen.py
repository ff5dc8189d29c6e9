"""Only a star means any version: what a program sends by mistake must not."""

from __future__ import annotations

import pytest

from fullcircle.serve.rest.writing import seen_versions
from fullcircle.steward.versions import ANY


@pytest.mark.parametrize(
    ("header", "versions"),
    [
        ("*", {ANY}), (" * ", {ANY}), ('"a", "b"', {"a", "b"}), ('"a",W/"b"', {"a", "b"}), ('""', {""}), ('"", "a"', {"", "a"}),
        ('"*"', set()), ('"*", "a"', {"a"}), ("a*", set()), ('*, "a"', set()), ('"a", *', set()), ("a", set()),
        ('"a" "b"', set()), ('"a', set()), ("", set()), (None, set()), (",", set()),
    ],
)  # fmt: skip
def test_what_an_if_match_says(header: str | None, versions: set[str]) -> None:
    assert seen_versions(header) == versions
