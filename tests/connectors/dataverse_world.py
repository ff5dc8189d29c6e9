"""A made-up Dataverse environment for the contract suite: the customers are contacts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fullcircle.connectors.sources.dataverse.source import PLUGIN
from tests.fakes.dataverse import TENANT, FakeDataverse


class DataverseWorld:
    """See `contract.World`. Every delete is in the list of changes, so that a hard one is one like any other."""

    object, text = "contact", "lastname"
    sampled = 1
    plugin = PLUGIN

    def __init__(self) -> None:
        self.server = self.org = FakeDataverse()

    def options(self) -> dict[str, Any]:
        app = {"client_id": "app", "client_secret": "env:DV_SECRET", "tenant": TENANT}
        return {"url": self.org.url, "authority": self.org.url, "page_rows": 2, "tries": 2, **app}

    def make(self, text: str) -> str:
        return self.org.create("contact", lastname=text, numberofchildren=2)

    def make_late(self, text: str) -> str:
        begun = self.org.clock - timedelta(minutes=5)
        return self.org.create("contact", lastname=text, numberofchildren=2, modifiedon=f"{begun.isoformat()}Z")

    def change(self, key: str, text: str) -> None:
        self.org.update("contact", key, lastname=text)

    def delete(self, key: str) -> None:
        self.org.delete("contact", key)

    def delete_hard(self, key: str) -> None:
        self.org.delete("contact", key)

    def merge(self, loser: str, winner: str) -> None:
        self.org.merge("contact", loser, winner)

    def wait(self) -> None:
        self.org.tick(3600)

    def wait_long(self) -> None:
        self.org.tick(8 * 86400)

    def deny(self) -> str:
        self.org.denied.add("incident")
        return "incident"

    def hide_rows(self) -> None:
        self.org.partly["contact"] = {*list(self.org.rows["contact"])[:2]}

    def drop_field(self) -> str:
        self.org.drop_column("contact", "numberofchildren")
        return "numberofchildren"

    def change_type(self, value: str) -> tuple[str, str]:
        self.org.add_column("contact", "numberofchildren", "String")
        key = next(iter(self.truth()))
        self.org.update("contact", key, numberofchildren=value)
        for id, row in self.org.rows["contact"].items():
            row["numberofchildren"] = value if id == key else "2"
        return "numberofchildren", key

    def slowly(self) -> int:
        return 8  # what is asked at the start, and a page or two

    def truth(self) -> dict[str, str | None]:
        seen = self.org.partly.get("contact", {*self.org.rows["contact"]})
        return {id: row.get("lastname") for id, row in self.org.rows["contact"].items() if id in seen and not row.get("merged")}

    def merged(self) -> dict[str, str]:
        rows = self.org.rows["contact"].items()
        return {id: row["_masterid_value"] for id, row in rows if row.get("merged")}


class UntrackedWorld(DataverseWorld):
    """The same, without change tracking: changes are found by time stamp, deletes by comparing the ids."""

    def __init__(self) -> None:
        super().__init__()
        self.org.untracked.add("contact")
