"""The Zendesk connector against a fake account: exports by cursor and by time, permissions, and its maps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from fullcircle import registry
from fullcircle.config.sections import SourceSettings
from fullcircle.connectors.base import Cursor, SourceContext
from fullcircle.connectors.http import retries
from fullcircle.connectors.landing import Landing
from fullcircle.connectors.sources.zendesk.source import PLUGIN, Zendesk
from fullcircle.errors import ConfigError, ObjectRefused, SourceRefused
from tests.connectors.conformed import Conformed, record
from tests.fakes.zendesk import SECRET, FakeZendesk


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeZendesk]:
    monkeypatch.setattr(retries, "FIRST_WAIT", 0.001)
    monkeypatch.setattr(registry, "load", lambda *_: PLUGIN)
    monkeypatch.setenv("ZD_TOKEN", "zd-1")
    fake = FakeZendesk()
    yield fake
    fake.stop()


def opened(desk: FakeZendesk, folder: Path, **options: Any) -> Zendesk:
    return PLUGIN(SourceContext("help", folder, options={"url": desk.url, "token": "env:ZD_TOKEN", "tries": 3, **options}))


def pulled(connector: Zendesk, name: str, since: Cursor | None = None) -> tuple[dict[str, dict[str, Any]], Cursor, list[str]]:
    """The last row of each key, the cursor, and the notes."""
    batches = list(connector.pull(name, since))
    rows = {row["_key"]: row for batch in batches for row in batch.rows.to_pylist()}
    return rows, batches[-1].cursor, [note for batch in batches for note in batch.notes]


def exports(desk: FakeZendesk) -> list[dict[str, str]]:
    return [one.params for one in desk.asked if "/incremental/" in one.path]


def test_rows_that_share_a_second_are_all_there(desk: FakeZendesk, tmp_path: Path) -> None:
    desk.page_rows = 2
    keys = [desk.create("organizations", name=f"number {n}") for n in range(5)]  # all in one second
    desk.tick(61)
    first, cursor, _ = pulled(opened(desk, tmp_path), "organizations")
    assert sorted(first) == keys
    more = [desk.create("organizations", name="more") for _ in range(3)]
    desk.delete("organizations", keys[0])
    desk.tick(61)
    found, _, _ = pulled(opened(desk, tmp_path), "organizations", cursor)
    assert ({*more} <= {*found}, found[keys[0]]["_op"], found[keys[0]]["_raw"]) == (True, "delete", None)


def test_what_changed_within_a_minute_is_left_to_the_next_pull(desk: FakeZendesk, tmp_path: Path) -> None:
    old = desk.create("tickets", subject="Old", status="open")
    desk.tick(61)
    new = desk.create("tickets", subject="New", status="open")
    rows, cursor, _ = pulled(opened(desk, tmp_path), "tickets")
    assert sorted(rows) == [old]
    desk.tick(61)
    rows, _, _ = pulled(opened(desk, tmp_path), "tickets", cursor)
    assert sorted(rows) == [new]
    assert [*exports(desk)[0]] == ["start_time", "include", "per_page"]
    assert "cursor" in exports(desk)[-1]


def test_a_cursor_that_is_gone_is_said_and_all_is_read_again(desk: FakeZendesk, tmp_path: Path) -> None:
    key = desk.create("users", name="Ann")
    desk.tick(61)
    _, cursor, _ = pulled(opened(desk, tmp_path), "users")
    desk.forgotten = True
    rows, _, notes = pulled(opened(desk, tmp_path), "users", cursor)
    assert sorted(rows) == [key]
    assert len(notes) == 1
    assert "all rows are read again" in notes[0]
    assert SECRET not in notes[0]


def test_a_day_since_which_changes_are_read_again(desk: FakeZendesk, tmp_path: Path) -> None:
    desk.create("users", name="Ann")
    desk.tick(86_400)
    late = desk.create("users", name="Bo")
    desk.tick(61)
    connector = opened(desk, tmp_path)
    _, cursor, _ = pulled(connector, "users")
    assert [*pulled(connector, "users", connector.since(cursor, datetime(2026, 12, 1)))[0]] == [late]


def test_permissions_and_logins(desk: FakeZendesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.denied.add("tickets")
    with pytest.raises(ObjectRefused, match=r"may not export tickets \(Forbidden\)"):
        pulled(opened(desk, tmp_path), "tickets")
    assert opened(desk, tmp_path, user="admin@example.org").check()[1:] == [
        "organizations: 0 rows", "users: 0 rows", "tickets: skipped. The Zendesk user may not export tickets (Forbidden).",
    ]  # fmt: skip
    assert [one.name for one in opened(desk, tmp_path).discover()] == ["organizations", "users"]
    with pytest.raises(ConfigError, match='reads no "ticket"'):
        opened(desk, tmp_path, objects=["ticket"]).objects()
    monkeypatch.setenv("ZD_TOKEN", "zd-0")
    with pytest.raises(SourceRefused, match="does not accept the token"):
        pulled(opened(desk, tmp_path), "users")


def test_what_the_maps_make_of_it(desk: FakeZendesk, landing: Landing, tmp_path: Path) -> None:
    desk.add_field("user_fields", "tier", "text")
    acme = desk.create("organizations", name="Acme", domain_names=["acme.example.org"])
    who = {"name": "Ann Reed", "email": "ann@example.org", "phone": "+1 775 555 0101", "user_fields": {"tier": "gold"}}
    ann = desk.create("users", role="end-user", organization_id=int(acme), **who)
    desk.create("users", name="Agent Smith", role="agent", email="smith@example.org")
    desk.delete("users", desk.create("users", name="Gone", role="end-user"))
    hers = {"requester_id": int(ann), "via": {"channel": "email"}, "priority": "high"}
    solved = desk.create("tickets", subject="Broken", status="closed", solved_at="2026-11-29T08:00:00Z", **hers)
    desk.update("tickets", solved, satisfaction_rating={"score": "bad", "comment": "Too slow"})
    still = desk.create("tickets", subject="Question", status="open", satisfaction_rating={"score": "unoffered"}, **hers)
    desk.delete("tickets", desk.create("tickets", subject="Spam", status="new", **hers))
    desk.tick(61)
    found = Conformed(SourceSettings(connector="zendesk", url=desk.url, token="env:ZD_TOKEN"), PLUGIN, landing, tmp_path)
    assert found.of("accounts", "name, website") == [("Acme", "acme.example.org")]
    assert found.of("records", "record_id, full_name, email, account_id") == [
        (record("users", ann), "Ann Reed", "ann@example.org", f"account:crm:organizations:{acme}")
    ]
    assert found.of("tickets", "key, record_id, subject, status, priority, channel, CAST(closed_at AS VARCHAR)") == [
        (solved, record("users", ann), "Broken", "closed", "high", "email", "2026-11-29 08:00:00"),
        (still, record("users", ann), "Question", "open", "high", "email", None),
    ]
    assert found.of("interactions", "record_id, kind, sentiment, text") == [
        (record("users", ann), "rating", "negative", "Too slow")
    ]
    assert landing.engine.rows(f"SELECT field_tier FROM ({landing.current_sql('crm', 'users')}) WHERE _key = '{ann}'") == [
        ("gold",)
    ]
