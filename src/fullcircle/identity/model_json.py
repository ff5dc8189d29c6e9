"""Models as text: what an earlier version has stored in the book is read as the model that it was."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from fullcircle.identity.model import ORGANISATION, PERSON, Comparison, Level, MatchModel, default

# Old name -> new name in the JSON of a model; the columns in the SQL of a level end in _l and _r.
RENAMED = ((r'"tied":', '"name_dependence":'), (r"\bspots_(?=[lr]\b)", "street_keys_"))
# The bases of built-in comparisons that mean what today's mean: they differ in such a name, or in how the same SQL is written.
SAME_BASIS = {
    "a6d3ae1288ae13ae": PERSON,
    "c0b5856b81c9b479": PERSON,
    "1382e28d4473749b": PERSON,
    "c89caf3232a4f79a": ORGANISATION,
}


def from_json(text: str) -> MatchModel:
    """The model that was written by `MatchModel.as_json`, also by an earlier version."""
    for before, now in RENAMED:
        text = re.sub(before, now, text)
    data: dict[str, Any] = json.loads(text)
    comparisons = tuple(
        Comparison(c["name"], c["missing"], tuple(Level(**level) for level in c["levels"]), c["shows"])
        for c in data.pop("comparisons")
    )
    if data["basis"] in SAME_BASIS:
        built_in = default(SAME_BASIS[data["basis"]], 0)
        data["basis"] = built_in.basis
        comparisons = tuple(_as_written(one, today) for one, today in zip(comparisons, built_in.comparisons, strict=True))
    name_dependence = tuple(tuple(row) for row in data.pop("name_dependence", ()))
    return MatchModel(comparisons=comparisons, name_dependence=name_dependence, **data)


def _as_written(stored: Comparison, today: Comparison) -> Comparison:
    """The stored comparison with today's SQL."""
    levels = tuple(replace(one, when=level.when) for one, level in zip(stored.levels, today.levels, strict=True))
    return replace(stored, missing=today.missing, levels=levels)
