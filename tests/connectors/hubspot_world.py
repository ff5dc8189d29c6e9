"""The fake HubSpot as a world of the contract suite."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from fullcircle.connectors.sources.hubspot.source import PLUGIN
from tests.connectors.token_file import TokenFile
from tests.fakes.hubspot import FakeHubSpot


class Portal(TokenFile, FakeHubSpot):
    """Its token may be exchanged while it is read."""


class HubSpotWorld:
    plugin = PLUGIN
    object, text = "contacts", "lastname"
    sampled = 1

    def __init__(self) -> None:
        self.server = Portal(datetime(2024, 2, 28, 23, 30))  # by a clock that is years behind ours
        self.server.page_rows, self.server.window, self.server.links_page = 3, 5, 1

    def options(self) -> dict[str, Any]:
        return {"url": self.server.url, "token": f"file:{self.server.path}", "sweep_hours": 0, "searches_per_second": 10_000}

    def make(self, text: str) -> str:
        self.server.tick(1)
        id = self.server.create("contacts", lastname=text)
        for _ in range(2):
            self.server.link("contacts", id, "companies", self.server.create("companies", name="Acme"))
        return id

    def make_late(self, text: str) -> str:
        return self.server.create("contacts", self.server.clock - timedelta(seconds=400), lastname=text)

    def change(self, key: str, text: str) -> None:
        self.server.update("contacts", key, lastname=text)  # at the same time as what was before

    def delete(self, key: str) -> None:
        self.server.archive("contacts", key)

    def delete_hard(self, key: str) -> None:
        self.server.delete_for_good("contacts", key)

    def merge(self, loser: str, winner: str) -> None:
        self.server.merge("contacts", loser, winner, new_id=False)

    def wait(self) -> None:
        self.server.tick(1200)

    def wait_long(self) -> None:
        self.server.tick(100 * 86400)

    def deny(self) -> str:
        self.server.denied.add("tickets")
        return "tickets"

    def hide_rows(self) -> None:
        rows = self.server.rows["contacts"]
        self.server.rows["contacts"] = dict(list(rows.items())[:2])

    def drop_field(self) -> str:
        self.server.drop_property("contacts", "jobtitle")
        return "jobtitle"

    def change_type(self, value: str) -> tuple[str, str]:
        self.server.add_property("contacts", "points", "string")
        key = next(iter(self.truth()))
        self.server.update("contacts", key, points=value)
        return "points", key

    def _alive(self) -> list[dict[str, Any]]:
        return [row for row in self.server.rows["contacts"].values() if "archived" not in row]

    def slowly(self) -> int:
        return 8  # what is asked at the start, and a page or two

    def truth(self) -> dict[str, str | None]:
        return {row["id"]: row["values"].get("lastname") for row in self._alive()}

    def merged(self) -> dict[str, str]:
        pairs = [(id, row["id"]) for row in self._alive() for id in (row["values"].get("hs_merged_object_ids") or "").split(";")]
        return {loser: winner for loser, winner in pairs if loser}
