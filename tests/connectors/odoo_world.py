"""The fake Odoo as a world of the contract suite: the customers are partners."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from fullcircle.connectors.sources.odoo.source import PLUGIN
from tests.connectors.token_file import TokenFile
from tests.fakes.odoo import DATABASE, FakeOdoo


class Database(TokenFile, FakeOdoo):
    """Its token may be exchanged while it is read."""


class OdooWorld:
    """See `contract.World`. The API says of no delete and no merge: the ids are compared."""

    plugin = PLUGIN
    object, text = "res.partner", "name"
    sampled = 2

    def __init__(self) -> None:
        self.server = Database(datetime(2024, 2, 28, 23, 30))  # by a clock that is years behind ours
        self.server.fields["res.partner"]["x_points"] = "integer"

    def options(self) -> dict[str, Any]:
        login = {"url": self.server.url, "database": DATABASE, "key": f"file:{self.server.path}"}
        return {**login, "page_rows": 4, "sweep_hours": 0}

    def make(self, text: str) -> str:
        self.server.tick(1)
        return str(self.server.create("res.partner", name=text, x_points=2))

    def make_late(self, text: str) -> str:
        return str(self.server.create("res.partner", self.server.clock - timedelta(seconds=400), name=text, x_points=2))

    def change(self, key: str, text: str) -> None:
        self.server.write("res.partner", int(key), name=text, active=len(text) % 2 == 0)  # some are archived, and stay

    def delete(self, key: str) -> None:
        self.server.unlink("res.partner", int(key))

    def delete_hard(self, key: str) -> None:
        self.server.unlink("res.partner", int(key))

    def merge(self, loser: str, winner: str) -> None:
        self.server.unlink("res.partner", int(loser))
        self.server.write("res.partner", int(winner))

    def wait(self) -> None:
        self.server.tick(1200)

    def wait_long(self) -> None:
        self.server.tick(100 * 86400)

    def deny(self) -> str:
        self.server.denied.add("sale.order")
        return "sale.order"

    def hide_rows(self) -> None:
        rows = self.server.rows["res.partner"]
        self.server.rows["res.partner"] = dict(list(rows.items())[:2])

    def drop_field(self) -> str:
        del self.server.fields["res.partner"]["comment"]
        return "comment"

    def change_type(self, value: str) -> tuple[str, str]:
        self.server.fields["res.partner"]["x_points"] = "char"
        key = next(iter(self.truth()))
        self.server.write("res.partner", int(key), x_points=value)
        return "x_points", key

    def slowly(self) -> int:
        return 3  # the fields, and two pages

    def truth(self) -> dict[str, str | None]:
        return {str(id): row["name"] or None for id, row in self.server.rows["res.partner"].items()}

    def merged(self) -> dict[str, str]:
        return {}
