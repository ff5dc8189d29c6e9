"""Natural groups: customers who buy alike, without anybody having said how. See insights/groups/.

traits.py says what customers are compared by, found.py whether there are groups and how many, means.py who is in which, words.py
what a group is like, and carried.py which of the last run it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import pyarrow as pa

from fullcircle.config.read import parse
from fullcircle.config.sections import Settings
from fullcircle.engine.changes import bring_once
from fullcircle.insights.base import Finding, InsightContext
from fullcircle.insights.groups.carried import TABLE, names_of, of_last_run
from fullcircle.insights.groups.found import Groups, find_groups
from fullcircle.insights.groups.means import nearest
from fullcircle.insights.groups.traits import Traits, read_traits
from fullcircle.insights.groups.words import Described, describe
from fullcircle.insights.history import Ints
from fullcircle.insights.tables import fill_edges, fill_vertices, know_the_dead
from fullcircle.model.counting import counted

SIZES = "insight_group_sizes"
NONE = "none"  # in place of a group, with a note, where there are none
SCHEMA = pa.schema(
    [("group", pa.string()), ("description", pa.string()), ("size", pa.int32()), ("share", pa.float64())]
    + [(name, pa.float64()) for name in ("orders", "basket", "spend")]
    + [("currency", pa.string()), ("ago", pa.float64()), ("silhouette", pa.float64()), ("made_up", pa.float64())]
    + [("note", pa.string())]
)
ROWS = f"""
    SELECT customer_id, "group", concat('Of ', many, ' natural groups this one is the nearest: ', description, '.') AS why
    FROM grouped_now JOIN {SIZES} USING ("group"), (SELECT count(*) AS many FROM {SIZES}) ORDER BY customer_id"""
VERTICES = f"""SELECT 'group:' || replace("group", 'group ', '') AS id, "group" AS name, description, size, share, orders,
    basket, spend, currency, ago FROM {SIZES} WHERE "group" <> '{NONE}'"""
EDGES = f"""SELECT customer_id AS source, 'group:' || replace("group", 'group ', '') AS target, why FROM {TABLE}"""


class GroupsOptions(Settings):
    """[insights.groups]."""


class NaturalGroups:
    """See the top of the file."""

    name = "groups"
    meaning = "Which customers buy alike: groups found in the data, each described in words."
    after = ()

    def check_options(self, options: Mapping[str, Any]) -> None:
        """See `insights.base.ChecksInsight`."""
        parse(GroupsOptions, dict(options), "[insights.groups]")

    def compute(self, context: InsightContext) -> Finding:
        """Fill insight_groups, insight_group_sizes, vertices_group and edges_in_group."""
        parse(GroupsOptions, context.options, "[insights.groups]")
        engine = context.engine
        know_the_dead(engine)
        traits = read_traits(engine, context.as_of)
        last, names = of_last_run(engine, traits.customers)
        found = find_groups(traits, last)
        if found.problem:
            context.progress.say(f"groups: there are no natural groups, as {found.problem}.")
            rows, sizes = _rows([], []), _sizes(found, [], [])
        else:
            group = nearest(traits.numbers(), found.means)
            described = describe(traits, group, len(found.means))
            called = names_of(group, len(found.means), last, names)
            rows, sizes = _members(traits, group, called), _sizes(found, called, described)
            context.progress.say(_outcome(found, called, described))
        with engine.transaction(), engine.register("grouped_now", rows), engine.register("sizes_now", sizes):
            bring_once(engine, SIZES, 'SELECT * FROM sizes_now ORDER BY "group"')
            bring_once(engine, TABLE, ROWS)
            tables = {
                TABLE: engine.count(TABLE), "vertices_group": fill_vertices(engine, "Group", VERTICES),
                "edges_in_group": fill_edges(engine, "IN_GROUP", EDGES),
            }  # fmt: skip
        return Finding(self.name, tables, {"groups": float(len(found.means)), "silhouette": round(found.silhouette, 3)})


def _members(traits: Traits, group: Ints, called: list[str]) -> pa.Table:
    names = pa.DictionaryArray.from_arrays(pa.array(group), pa.array(called, pa.string())).cast(pa.string())
    return _rows(traits.customers, names)


def _rows(customers: list[str], names: Any) -> pa.Table:
    return pa.table({"customer_id": pa.array(customers, pa.string()), "group": pa.array(names, pa.string())})


def _sizes(found: Groups, called: list[str], described: list[Described]) -> pa.Table:
    if found.problem:
        return pa.Table.from_pylist([{"group": NONE, "note": f"There are no natural groups, as {found.problem}."}], SCHEMA)
    total = sum(one.size for one in described)
    apart = {"silhouette": round(found.silhouette, 2), "made_up": round(found.made_up, 2)}
    rows = [
        {**asdict(one), "group": name, "description": one.words, "share": round(one.size / total, 3), **apart}
        for name, one in zip(called, described, strict=True)
    ]
    return pa.Table.from_pylist([{name: row.get(name) for name in SCHEMA.names} for row in rows], SCHEMA)


def _outcome(found: Groups, called: list[str], described: list[Described]) -> str:
    order = sorted(range(len(called)), key=lambda place: -described[place].size)
    said = "; ".join(f"{called[n]} ({counted(described[n].size, 'customer')}): {described[n].words}" for n in order)
    apart = f"silhouette {found.silhouette:.2f}, in data without groups {found.made_up:.2f}"
    return f"groups: {len(called)} natural groups ({apart}). {said}."


PLUGIN = NaturalGroups()
