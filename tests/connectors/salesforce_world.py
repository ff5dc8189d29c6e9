"""The fake Salesforce as a world of the contract suite."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from fullcircle.connectors.sources.salesforce.source import PLUGIN
from tests.fakes.salesforce import FakeSalesforce


class SalesforceWorld:
    plugin = PLUGIN
    object, text = "Contact", "LastName"
    sampled = 1

    def __init__(self) -> None:
        self.server = FakeSalesforce(datetime(2024, 2, 28, 23, 30))  # by a clock that is years behind ours
        self.server.page_rows, self.server.repeat_header = 3, False

    def options(self) -> dict[str, Any]:
        login = {"url": self.server.url, "client_id": "3MVG", "client_secret": "env:SF_SECRET"}
        return {**login, "bulk_page_rows": 3, "bulk_from": 9}

    def make(self, text: str) -> str:
        self.server.tick(1)
        return self.server.create("Contact", LastName=text)

    def make_late(self, text: str) -> str:
        return self.server.create("Contact", self.server.clock - timedelta(seconds=400), LastName=text)

    def change(self, key: str, text: str) -> None:
        self.server.update("Contact", key, LastName=text)  # at the same time as what was before

    def delete(self, key: str) -> None:
        self.server.delete("Contact", key)

    def delete_hard(self, key: str) -> None:
        self.server.delete("Contact", key, silently=True)
        del self.server.rows["Contact"][key]

    def merge(self, loser: str, winner: str) -> None:
        self.server.merge("Contact", loser, winner)

    def wait(self) -> None:
        self.server.tick(1200)

    def wait_long(self) -> None:
        self.server.tick(20 * 86400)

    def deny(self) -> str:
        self.server.denied["Case"] = "INSUFFICIENT_ACCESS"
        return "Case"

    def hide_rows(self) -> None:
        rows = self.server.rows["Contact"]
        self.server.rows["Contact"] = dict(list(rows.items())[:2])

    def drop_field(self) -> str:
        self.server.drop_field("Contact", "Description")
        return "Description"

    def change_type(self, value: str) -> tuple[str, str]:
        self.server.add_field("Contact", "Points__c", "string")
        key = next(iter(self.truth()))
        self.server.update("Contact", key, Points__c=value)
        return "Points__c", key

    def slowly(self) -> int:
        return 8  # what is asked at the start, and a page or two

    def truth(self) -> dict[str, str | None]:
        return {id: row.get("LastName") for id, row in self.server.rows["Contact"].items() if not row["IsDeleted"]}

    def merged(self) -> dict[str, str]:
        return {id: row["MasterRecordId"] for id, row in self.server.rows["Contact"].items() if row.get("MasterRecordId")}
