"""The language of policies, Cedar: reads and checks rules, and decides by them. Nothing else imports its library."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import cedarpy

from fullcircle.errors import ConfigError
from fullcircle.govern.principal import Principal
from fullcircle.govern.ruling import RuleQuestion, Ruling
from fullcircle.govern.statements import Statement

LANGUAGE = "The language is Cedar; docs/how-to/who-may-see-what.md has examples, and `fullcircle policy test` checks a folder."


class Rules:
    """All rules together, checked against the schema. A mistake in any of them is a ConfigError, and nothing is decided."""

    def __init__(self, schema: str, found: Iterable[Statement]) -> None:
        try:
            self._schema = cedarpy.Schema.from_str(schema)
        except ValueError as error:
            raise ConfigError(f"The schema of the policies cannot be read: {error}.", "Install the product again.") from error
        by_id: dict[str, dict[str, Any]] = {}
        places: dict[str, Statement] = {}
        for one in found:
            rule, read = _read(one)
            if rule in by_id:
                first = places[rule]
                raise ConfigError(
                    f'{one.file}, line {one.line}: the rule "{rule}" is there already: {first.file}, line {first.line}.',
                    "Give it another @id.",
                )
            by_id[rule], places[rule] = read, one
        self._policies = cedarpy.PolicySet.from_json_str(_document(by_id))
        _check(schema, list(places.values()))
        self.names = tuple(by_id)

    def decide(self, who: Principal, wishes: Sequence[RuleQuestion]) -> list[Ruling]:
        """One ruling for each wish. What cannot be decided, because a rule fails, is refused."""
        entities = cedarpy.Entities.from_json_str(json.dumps([_user(who)]), self._schema)  # without it groups of actions are lost
        requests = [
            {
                "principal": {"type": "User", "id": who.name},
                "action": {"type": "Action", "id": wish.action},
                "resource": {"type": wish.type, "id": wish.id},
                "context": {"door": who.door, "via": who.via},
            }
            for wish in wishes
        ]
        found = cedarpy.is_authorized_batch(requests, self._policies, entities, self._schema)
        return [_ruling(one) for one in found]


def _check(schema: str, found: Sequence[Statement]) -> None:
    """ConfigError for the first rule that names what there is not."""
    if cedarpy.validate_policies("\n".join(one.text for one in found), schema).validation_passed:
        return
    for one in found:
        if errors := cedarpy.validate_policies(one.text, schema).errors:
            what = str(errors[0].error).removeprefix("for policy `policy0`").lstrip(":, ")
            raise ConfigError(f"{one.file}, line {one.line}: {what}.", LANGUAGE)
    raise ConfigError("The policies do not fit the schema.", LANGUAGE)


def _ruling(found: cedarpy.AuthzResult) -> Ruling:
    if found.diagnostics.errors:
        return Ruling(False, ("a rule failed",))
    return Ruling(bool(found.allowed), tuple(sorted(found.diagnostics.reasons)))


def _read(one: Statement) -> tuple[str, dict[str, Any]]:
    """The rule's id and what it says."""
    try:
        whole = json.loads(cedarpy.policies_to_json_str(one.text))
    except ValueError as error:
        raise ConfigError(f"{one.file}, line {one.line}: {error}.", LANGUAGE) from error
    read = list(whole["staticPolicies"].values())
    if len(read) != 1 or whole["templates"]:
        raise ConfigError(f"{one.file}, line {one.line}: this is not a rule that can be applied: it has a gap.", LANGUAGE)
    named = read[0].get("annotations", {}).get("id")
    return str(named or f"{one.file}:{one.line}"), read[0]


def _document(by_id: dict[str, dict[str, Any]]) -> str:
    return json.dumps({"staticPolicies": by_id, "templates": {}, "templateLinks": []})


def _user(who: Principal) -> dict[str, Any]:
    parents = [{"type": "Role", "id": role} for role in sorted(who.roles)]
    return {"uid": {"type": "User", "id": who.name}, "attrs": {}, "parents": parents}
