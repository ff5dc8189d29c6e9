"""Which rows of other objects a row is linked to (associations), for many rows at once. Start at `links_of`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fullcircle.connectors.http.answers import HttpAnswer
from fullcircle.connectors.sources.hubspot.described import IDS, PRIMARY, HubspotObject
from fullcircle.connectors.sources.hubspot.portal import Portal, not_a_list
from fullcircle.connectors.sources.hubspot.reading import check_errors
from fullcircle.errors import SourceBroken

AT_ONCE = 500  # rows whose links are asked for in one request
PRIMARY_TYPES = (1, 5, 26)  # the primary company of a contact, of a deal, of a ticket


def links_of(portal: Portal, object: HubspotObject, ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """Id -> column -> the ids that it is linked to, as a text with `;`; the primary company comes first."""
    found: dict[str, dict[str, str]] = {id: {} for id in ids}
    for to in object.linked:
        for start in range(0, len(ids), AT_ONCE):
            for id, links in _read(portal, object.name, to, ids[start : start + AT_ONCE]).items():
                ordered = sorted(links, key=lambda other: (not links[other], len(other), other))
                found.setdefault(id, {})[IDS[to]] = ";".join(ordered)
                if to == "companies" and PRIMARY in object.own and ordered and links[ordered[0]]:
                    found[id][PRIMARY] = ordered[0]
    return found


def _read(portal: Portal, object: str, to: str, ids: Sequence[str]) -> dict[str, dict[str, bool]]:
    """Id -> id of a row that it is linked to -> is that its primary company?"""
    found: dict[str, dict[str, bool]] = {}
    inputs = [{"id": id} for id in ids]
    while inputs:
        answer = portal.post(portal.links(object, to), {"inputs": inputs}, object, _not_links)
        check_errors(portal, answer, object)
        following = []
        for one in answer["results"]:
            id, links = str(one["from"]["id"]), found.setdefault(str(one["from"]["id"]), {})
            before = len(links)
            for link in one["to"]:
                other = str(link["toObjectId"])
                links[other] = links.get(other, False) or any(_is_primary(kind) for kind in link.get("associationTypes") or ())
            after = ((one.get("paging") or {}).get("next") or {}).get("after")
            if after and len(links) == before:
                raise SourceBroken(f"{portal.where} repeats the links of a row of {object}.", "Pull again.")
            following += [{"id": id, "after": str(after)}] if after else []
        inputs = following
    return found


def _is_primary(kind: Mapping[str, Any]) -> bool:
    return kind.get("category") == "HUBSPOT_DEFINED" and kind.get("typeId") in PRIMARY_TYPES


def _not_links(answer: HttpAnswer) -> str:
    flaw = not_a_list("from", "to")(answer)
    if flaw:
        return flaw
    whole = all(
        _has(one["from"], "id") and all(_has(link, "toObjectId") for link in one["to"]) for one in answer.json()["results"]
    )
    return "" if whole else "does not answer with links"


def _has(one: Any, name: str) -> bool:
    return isinstance(one, dict) and bool(one.get(name))
