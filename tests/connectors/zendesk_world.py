"""The fake Zendesk as a world of the contract suite: the customers are users."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from fullcircle.connectors.sources.zendesk.source import PLUGIN
from tests.connectors.token_file import TokenFile
from tests.fakes.zendesk import FakeZendesk


class Desk(TokenFile, FakeZendesk):
    """Its token may be exchanged while it is read."""


class ZendeskWorld:
    """See `contract.World`. Every delete is in the export, so that a hard one is one like any other."""

    plugin = PLUGIN
    object, text = "users", "name"
    sampled = 2

    def __init__(self) -> None:
        self.server = Desk(datetime(2024, 2, 28, 23, 30))  # by a clock that is years behind ours
        self.server.page_rows = 3
        self.server.add_field("user_fields", "points", "integer")
        for name in ("old", "one", "two"):
            self.server.add_field("user_fields", name, "text")

    def options(self) -> dict[str, Any]:
        self.server.tick(61)  # before a pull what happened is a minute old, else Zendesk does not show it yet
        return {"url": self.server.url, "token": f"file:{self.server.path}"}

    def make(self, text: str) -> str:
        return self.server.create("users", name=text, role="end-user", user_fields={"points": 2})

    def make_late(self, text: str) -> str:
        return self.server.create("users", self.server.clock - timedelta(seconds=400), name=text)

    def change(self, key: str, text: str) -> None:
        self.server.update("users", key, name=text)  # at the same time as what was before

    def delete(self, key: str) -> None:
        self.server.delete("users", key)

    def delete_hard(self, key: str) -> None:
        self.server.delete("users", key)

    def merge(self, loser: str, winner: str) -> None:
        self.server.delete("users", loser)
        self.server.update("users", winner)

    def wait(self) -> None:
        self.server.tick(1200)

    def wait_long(self) -> None:
        self.server.tick(100 * 86400)

    def deny(self) -> str:
        self.server.denied.add("tickets")
        return "tickets"

    def hide_rows(self) -> None:
        raise NotImplementedError("an admin sees all")

    def drop_field(self) -> str:
        self.server.fields["user_fields"] = [one for one in self.server.fields["user_fields"] if one["key"] != "old"]
        return "field_old"

    def change_type(self, value: str) -> tuple[str, str]:
        self.server.add_field("user_fields", "points", "text")
        key = next(iter(self.truth()))
        self.server.update("users", key, user_fields={"points": value})
        return "field_points", key

    def slowly(self) -> int:
        return 3  # two pages of fields, and one of users

    def truth(self) -> dict[str, str | None]:
        return {str(row["id"]): row.get("name") for row in self.server.alive("users")}

    def merged(self) -> dict[str, str]:
        return {}
