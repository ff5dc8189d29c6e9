"""A beginning that the columns of a whole file share and that says nothing: `ofirstname`, `oemail`. See `without_it`."""

from __future__ import annotations

from collections.abc import Collection
from itertools import takewhile

from fullcircle.mapping.propose.words import base

LONGEST, ENOUGH = 4, 4
OF_ALL = 6  # columns that all begin with the same letters: what is left is the name


def without_it(names: Collection[str], known: Collection[str]) -> dict[str, str]:
    """What is left of the names without the one beginning that at least four words of theirs share -> the name."""
    if every := _of_all(names, known):
        return every
    words = {word for word in known if len(word) > 2}
    found: dict[str, dict[str, str]] = {}
    for name in names:
        if name in known:
            continue
        for cut in range(1, min(LONGEST + 2, len(name) - 2)):
            rest = name[cut:]
            if rest in words and len(name[:cut].rstrip("_")) <= LONGEST and not rest.startswith("_"):
                found.setdefault(name[:cut].rstrip("_"), {}).setdefault(rest, name)
    whose = base()["says_whose"]["words"]
    shared = {start: theirs for start, theirs in found.items() if len(theirs) >= ENOUGH and start and start not in whose}
    return next(iter(shared.values())) if len(shared) == 1 else {}


def _of_all(names: Collection[str], known: Collection[str]) -> dict[str, str]:
    """What is left of the names without letters with which every one begins, as the known word that it is: `oxorderdate`."""
    alike = takewhile(lambda both: both[0] == both[1], zip(min(names), max(names), strict=False)) if len(names) >= OF_ALL else ()
    start = "".join(letter for letter, _ in alike)
    if not 2 <= len(start) <= LONGEST or not start.isalpha() or start in base()["says_whose"]["words"]:
        return {}
    written = {word.replace("_", ""): word for word in known if len(word) > 1}
    return {written.get(rest.replace("_", ""), rest): name for name in names if (rest := name.removeprefix(start))}
