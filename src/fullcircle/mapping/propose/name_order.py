"""Whether whole names begin with the family name, learned from the lists that have the parts apart. Start at `learned_order`.

`Le Goff Maëlle` on an invoice may be read either way; a list with `Nom` Le Goff and `Prénom` Maëlle shows which one it is.
"""

from __future__ import annotations

from fullcircle.engine.base import quoted
from fullcircle.mapping.by_name import same_name
from fullcircle.mapping.propose.planner import Planner, Role
from fullcircle.mapping.propose.words import LOOK

MOST = 0.9  # of the names that show an order must show the same
FEW = 2  # one name may be a coincidence: Thomas Martin and Martin Thomas


def learned_order(planner: Planner, role: Role, column: str) -> tuple[bool, str]:
    """Whether the names of a column begin with the family name, and a sentence that says what shows it ("": nothing does)."""
    engine = planner.engine
    if engine is None or not role.sample.table or column not in role.sample.facts:
        return False, ""
    parts = []
    for each in planner.roles:
        given, family = each.columns.get("given_name", ""), each.columns.get("family_name", "")
        if each is not role and each.table == "records" and each.sample.table and {given, family} <= each.sample.facts.keys():
            parts.append(f"SELECT {quoted(given)} AS g, {quoted(family)} AS f FROM {each.sample.table}")
    if not parts:
        return False, ""
    here = f"SELECT DISTINCT {same_name(quoted(column))} AS n FROM {role.sample.table} WHERE {quoted(column)} IS NOT NULL"
    lists = " UNION ALL ".join(parts)
    turned, straight = same_name("f || ' ' || g"), same_name("g || ' ' || f")
    forms = f"SELECT {turned} AS n, 1 AS family_first FROM ({lists}) UNION SELECT {straight}, 0 FROM ({lists})"
    first, last = engine.rows(
        "SELECT count(*) FILTER (first = 1 AND last = 1), count(*) FILTER (first = 0 AND last = 0) FROM (SELECT n, "
        f"min(family_first) AS first, max(family_first) AS last FROM ({here}) JOIN ({forms}) USING (n) GROUP BY n)"
    )[0]
    if first >= FEW and first >= MOST * (first + last):
        return True, f"{first:,} names of {column} are in the lists with their parts: the family name comes first"
    if first and last:
        return False, (
            f"{LOOK}{first:,} names of {column} begin with the family name and {last:,} with the given name, as lists with their "
            "parts show: they are read with the given name first"
        )
    return False, ""
