"""Many ask one server at once, and it sees what runs did meanwhile."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from fullcircle.desk import open_desk
from fullcircle.errors import StoreError
from fullcircle.govern.principal import Principal
from fullcircle.pipeline import run
from fullcircle.serve.http.seats import Seats
from tests.serve.conftest import Served

STEWARD = Principal("os:tests", frozenset({"steward"}))


def test_many_at_once_get_each_their_own_answer(served: Served) -> None:
    asked = ["crm:contacts:17", "crm:contacts:18", "order 9", "nobody at all"] * 8
    roles = ["steward", "marketer", "analyst"] * 11
    alone = {(one, role): served.client(role).get(f"/v1/customers/{one}").text for one in set(asked) for role in set(roles)}
    with ThreadPoolExecutor(8) as pool:
        found = list(
            pool.map(
                lambda one: (one, served.client(one[1]).get(f"/v1/customers/{one[0]}").text), zip(asked, roles, strict=False)
            )
        )
    assert len(found) == 32
    assert [one for one, text in found if text != alone[one]] == []


def test_a_thread_has_one_seat_and_those_of_ended_threads_are_closed(served: Served) -> None:
    seats, used = Seats(served.settings), []

    def sit() -> None:
        with seats.reader(STEWARD) as reader:
            used.append(reader.store)

    for _ in range(3):
        one = threading.Thread(target=sit)
        one.start()
        one.join()
    sit()
    sit()
    assert used[3] is used[4]
    assert len({id(one) for one in used}) == 4
    assert [one.reader.store for one in seats._free] == [used[4]]
    with seats.reader(STEWARD) as first, seats.reader(STEWARD) as second:
        assert first.store is not second.store
    seats.close()


def test_who_sits_when_all_is_closed_can_finish(served: Served) -> None:
    seats = Seats(served.settings)
    with seats.reader(STEWARD) as reader:
        seats.close()
        assert reader.store.count()["Customer"] == 3
    with pytest.raises(StoreError):
        reader.store.count()


def test_a_finished_run_is_seen_without_a_restart(apart: Served) -> None:
    client = apart.client("steward")
    before = client.get("/v1/status").json()
    assert client.get("/v1/customers", params={"q": "nia"}).json()["hits"] == []
    _somebody_new(apart, 40)
    _run(apart)
    hits = client.get("/v1/customers", params={"q": "nia"}).json()["hits"]
    assert [one["name"] for one in hits] == ["Nia Walsh40"]
    after = client.get("/v1/status").json()
    assert after["graph"]["Customer"] == before["graph"]["Customer"] + 1
    assert after["runs"][0]["run"] == before["runs"][0]["run"] + 1
    for file in apart.settings.home.glob("graph.sqlite*"):  # the graph is lost, and made anew: it is another file
        file.unlink()
    assert client.get("/v1/customers/crm:contacts:17").status_code in (404, 500, 503)
    _somebody_new(apart, 41)
    _run(apart)
    assert len(client.get("/v1/customers", params={"q": "nia"}).json()["hits"]) == 2


def test_beside_a_run_an_answer_is_of_before_or_of_after(apart: Served) -> None:
    """A record and an order come for one customer, in tables and edges of their own: nobody sees the one without the other."""
    client, seen = apart.client("steward"), list[tuple[int, int]]()
    ended = threading.Event()

    def look() -> None:
        while not ended.is_set():
            found = client.get("/v1/customers/crm:contacts:17?fields=records,orders").json()
            seen.append((len(found["records"]), len(found["orders"])))

    ada, amount = "Ada Quillfeather,ada.quillfeather@example.org,+41443334455", 12
    with (apart.folder / "crm" / "contacts.csv").open("a") as file:
        file.write(f"41,{ada},1984-07-23,female,,Amselweg 77,Zurzach,50779,CH\n")
    with (apart.folder / "shop" / "orders.csv").open("a") as file:
        file.write(f"41,ada.quillfeather@example.org,2026-03-20,{amount}\n")
    one = threading.Thread(target=look)
    one.start()
    try:
        _run(apart)
    finally:
        ended.set()
        one.join()
    found = client.get("/v1/customers/crm:contacts:17?fields=records,orders").json()
    after = (len(found["records"]), len(found["orders"]))
    before = (after[0] - 1, after[1] - 1)
    assert before in seen
    assert set(seen) <= {before, after}
    assert seen == sorted(seen), "and nobody sees the state of before again"


def _run(apart: Served) -> None:
    with open_desk(apart.settings) as desk:
        run(desk)


def _somebody_new(apart: Served, number: int) -> None:
    with (apart.folder / "shop" / "people.csv").open("a") as file:
        file.write(f"{number},Nia Walsh{number},nia{number}@example.org,\n")
