"""Deciding over HTTP: only about what was seen, once for each key, whatever is killed; and shown as the decider may see it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest

from fullcircle.govern.home_keys import open_book
from fullcircle.identity.decisions import Decisions
from tests.serve.conftest import Served

# A process that the server starts reads this file, too, and takes the server with it.
KILLED = """
import os, signal, sys
from pathlib import Path
import {module} as module

def die(*_, **__):
    if __name__ != "__main__":
        os.kill(os.getppid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)

{place} = die
if __name__ == "__main__":
    from starlette.testclient import TestClient
    from fullcircle.config.read import read_config
    from fullcircle.serve.http.app import Start, make_app
    with TestClient(make_app(read_config(Path(sys.argv[1])), Start("http://testserver")), "http://testserver") as client:
        client.post("/v1/decisions", json={body}, headers={headers})
"""
POINTS = {
    "before it is noted": ("fullcircle.steward.carry_out", "module._note"),
    "before the key is written": ("fullcircle.steward.once", "module.Requests.note"),
    "noted, not applied": ("fullcircle.steward.carry_out", "module._apply"),
    "applied, not answered": ("fullcircle.steward.once", "module.Requests.answer"),
}


def decided(served: Served) -> list[tuple[str, bool]]:
    with closing(open_book(served.settings, read_only=True)) as book:
        return [(one.verb, one.undone_at is not None) for one in Decisions(book).all()]


def two(served: Served) -> list[str]:
    return [served.customer(), served.customer("crm:contacts:18")]


def seen(served: Served, names: list[str]) -> str:
    """If-Match for these customers, as they are now."""
    client = served.client("steward")
    return ", ".join(client.get(f"/v1/customers/{name}/version").headers["etag"] for name in names)


def view(served: Served) -> dict[str, Any]:
    with served.reader("steward") as reader:
        found = reader.show("crm:contacts:17").to_dict()
    for row in (found["customer"], *found["records"]):
        row.pop("hash", None)
    return found


def test_only_who_saw_the_customers_as_they_are_decides_and_undo_gives_them_back(apart: Served) -> None:
    client, names, before = apart.client("steward"), two(apart), view(apart)
    merge = {"verb": "merge", "names": names, "reason": "one household account"}
    tried = client.post("/v1/decisions", json={**merge, "dry_run": True})
    assert (tried.status_code, tried.json()["when"], len(tried.json()["after"])) == (200, "dry run", 1)
    versions = tried.headers["customer-versions"]
    assert sorted(versions.split(", ")) == sorted(seen(apart, names).split(", "))
    for role in ("agent", "analyst", "admin"):
        assert apart.client(role).post("/v1/decisions", json=merge, headers={"If-Match": "*"}).status_code == 403
    for header, status in (({}, 428), ({"If-Match": '"another"'}, 412), ({"If-Match": versions.split(", ")[0]}, 412)):
        refused = client.post("/v1/decisions", json=merge, headers=header)
        assert (refused.status_code, refused.headers["content-type"]) == (status, "application/problem+json")
    assert decided(apart) == []
    headers = {"If-Match": versions, "Idempotency-Key": "one"}
    first = client.post("/v1/decisions", json=merge, headers=headers)
    assert (first.status_code, len(first.json()["after"]), first.json()["unmet"]) == (200, 1, [])
    assert (
        client.post("/v1/decisions", json=merge, headers=headers).content == first.content
    )  # though the versions are others now
    assert client.post("/v1/decisions", json={**merge, "reason": "x"}, headers=headers).status_code == 422
    assert client.post("/v1/decisions", json=merge, headers={"If-Match": versions}).status_code in (400, 412)
    assert view(apart) != before
    undo = {"verb": "undo", "names": [str(first.json()["decision"])]}
    back = client.post("/v1/decisions", json=undo, headers={"If-Match": first.headers["customer-versions"]})
    assert (back.status_code, len(back.json()["after"])) == (200, 2)
    assert decided(apart) == [("merge", True)]
    assert view(apart) == before


def test_who_decides_without_seeing_sees_nothing_by_it(apart: Served) -> None:
    names = two(apart)
    wanted = {"verb": "merge", "names": names, "dry_run": True}
    shown = apart.client("viewer").post("/v1/decisions", json=wanted)
    assert shown.status_code == 200
    for value in ("quillfeather", "443334455", "1984-07-23"):
        assert value not in shown.text.lower()
    for role in ("blind", "counter"):  # they would not even see what is plain: nothing is done
        for done in (wanted, {**wanted, "dry_run": False, "later": True}):
            assert apart.client(role).post("/v1/decisions", json=done, headers={"If-Match": "*"}).status_code == 403
    assert decided(apart) == []
    hidden = "record:shop:people:ada.quillfeather@example.org"
    asked = {"verb": "split", "names": [names[0], hidden], "dry_run": True}
    assert apart.client("viewer").post("/v1/decisions", json=asked).status_code == 404
    assert apart.client("steward").post("/v1/decisions", json=asked).status_code == 200


def test_one_key_sent_by_many_at_once_has_one_effect_and_one_answer(apart: Served) -> None:
    names = two(apart)
    headers = {"If-Match": "*", "Idempotency-Key": "the same"}
    wanted = {"verb": "never", "names": names, "later": True}

    def send(_: int) -> bytes:
        client, until = apart.client("steward"), time.monotonic() + 120
        while (answer := client.post("/v1/decisions", json=wanted, headers=headers)).status_code in (409, 503):
            assert time.monotonic() < until
            time.sleep(0.1)
        assert answer.status_code == 200
        return answer.content

    with ThreadPoolExecutor(32) as pool:
        assert len(set(pool.map(send, range(32)))) == 1
    assert decided(apart) == [("never", False)]


@pytest.mark.parametrize("point", POINTS)
def test_a_server_that_is_killed_in_a_decision_decides_once(apart: Served, point: str) -> None:
    names = two(apart)
    body = {"verb": "merge", "names": names}
    headers = {"If-Match": seen(apart, names), "Idempotency-Key": "k", "authorization": f"Bearer {apart.keys['steward']}"}
    module, place = POINTS[point]
    script = apart.folder / "killed.py"
    script.write_text(KILLED.format(module=module, place=place, body=body, headers=headers))
    ended = subprocess.run([sys.executable, script, apart.config], env=os.environ, check=False)
    assert ended.returncode == -signal.SIGKILL
    answer = apart.client("steward").post("/v1/decisions", json=body, headers=headers)
    assert answer.status_code == 200
    assert (len(answer.json()["before"]), len(answer.json()["after"]), answer.json()["unmet"]) == (2, 1, [])
    assert decided(apart) == [("merge", False)]
    assert apart.client("steward").post("/v1/decisions", json=body, headers=headers).content == answer.content
