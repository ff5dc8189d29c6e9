"""Lists of companies: an account each, and with an e-mail, phone or number of its own a customer too. See `with_customers`."""

from __future__ import annotations

from typing import Protocol

from fullcircle.mapping.propose.guess import columns_of
from fullcircle.mapping.propose.planner import Proposed, ProposedMap, Role, Rule

THEIRS = ("email", "phone", "street", "city", "postcode", "region", "country", "updated_at")


class _Reader(Protocol):
    """What reads an object of no known vendor: general.py."""

    role: Role
    made: Proposed

    def further(self, key: Rule | None, taken: set[str]) -> None:
        """Add the maps of further identifiers, addresses and consents."""

    def _rules(self, table: str, columns: dict[str, str], quiet: bool = False) -> dict[str, Rule]:
        """The rules of plain columns."""

    def _add(self, one: ProposedMap) -> None:
        """Add a map."""


def with_customers(reader: _Reader) -> None:
    """Make organisations of the companies, so that their invoices can meet them: by tax number, e-mail or phone."""
    role, made = reader.role, reader.made
    key, sample = role.keys.get("accounts"), role.sample
    name = next((one.fields["name"] for one in made.maps if one.to == "accounts" and "name" in one.fields), None)
    if role.table != "accounts" or not key or "field" not in key or not name or not sample.rows:
        return
    where = role.columns.get("country", "")
    columns = columns_of(sample.found, "records", sample.facts, leave={key["field"], name.get("field", ""), where})
    columns |= {"country": where} if where else {}
    columns = {kind: columns[kind] for kind in THEIRS if kind in columns}
    before = len(made.maps)
    reader.further(key, {*columns.values()})
    more, made.maps = made.maps[before:], made.maps[:before]
    if not {"email", "phone"} & columns.keys() and not any(one.to == "identifiers" for one in more):
        return
    own: dict[str, Rule] = {} if list(sample.found.key) == [key["field"]] else {"key": key}
    own |= {"kind": {"value": "organisation"}, "organisation": name, "account_id": {**key, "ref": sample.name}}
    reader._add(ProposedMap("records", {**own, **reader._rules("records", columns, quiet=True)}))
    for one in more:
        reader._add(one)
    made.evidence.append("each company is a customer too, by what is its own: e-mail, phone, numbers, address")
