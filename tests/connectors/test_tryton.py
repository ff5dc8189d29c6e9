"""The Tryton connector against a real Tryton server (tests/servers/tryton.py); what a server seldom does, against a stand-in."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullcircle.config.sections import SourceSettings
from fullcircle.connectors.base import Batch, Connector, FetchesKeys, SourceContext, SweepsIds
from fullcircle.connectors.landing import Landing
from fullcircle.connectors.pull import pull
from fullcircle.connectors.sources.tryton.rows import described, tables
from fullcircle.connectors.sources.tryton.source import OBJECTS, PLUGIN, Tryton
from fullcircle.errors import ConfigError, SourceChanged, SourceError, SourceRefused, SourceUnreachable
from fullcircle.model.progress import Silent
from tests.servers.tryton import TrytonServer, free_port, running_tryton
from tests.servers.tryton_seed import DATABASE, ORDERED, Rpc, tagged

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("tryton")]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrytonServer]:
    """For tests that only read."""
    with running_tryton(tmp_path_factory.mktemp("tryton")) as running:
        yield running


@pytest.fixture(scope="module")
def changing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrytonServer]:
    with running_tryton(tmp_path_factory.mktemp("changing")) as running:
        yield running


@pytest.fixture
def own_server(changing: TrytonServer) -> TrytonServer:
    """For tests that change something: it has what earlier tests have changed, and runs again if they have stopped it."""
    if changing.process is None:
        changing.start()
    return changing


def opened(server: TrytonServer, folder: Path, batch_rows: int = 100_000, **options: Any) -> Tryton:
    (folder / "password").write_text(server.password)
    given = {"url": server.url, "user": server.user, "password": "file:password", "tries": 2, **options}
    return PLUGIN(SourceContext("crm", folder, batch_rows, given))


def all_rows(connector: Connector, name: str) -> pa.Table:
    batches = list(connector.pull(name, None))
    assert [batch.rejects for batch in batches if batch.rejects is not None] == []
    return pa.concat_tables([batch.rows for batch in batches])


# -- reading everything --------------------------------------------------------------------------------------------------
def test_it_keeps_the_contract(server: TrytonServer, tmp_path: Path) -> None:
    with closing(opened(server, tmp_path)) as crm:
        assert isinstance(crm, SweepsIds)
        assert isinstance(crm, FetchesKeys)
        assert crm.objects() == list(OBJECTS)


def test_a_full_pull_has_every_row_once(server: TrytonServer, tmp_path: Path) -> None:
    with closing(opened(server, tmp_path, page_rows=100)) as crm:
        for name in crm.objects():
            rows = all_rows(crm, name)
            assert rows.num_rows == server.truth.counts[name], name
            assert len(set(rows["_key"].to_pylist())) == rows.num_rows, name
            assert sorted(key for keys in crm.sweep(name) or () for key in keys.to_pylist()) == sorted(rows["_key"].to_pylist())


def test_amounts_prices_and_days_are_exact(server: TrytonServer, tmp_path: Path) -> None:
    with closing(opened(server, tmp_path)) as crm:
        sales = all_rows(crm, "sale.sale").select(["_key", "party", "sale_date", "state", "untaxed_amount", "currency.code"])
        products = all_rows(crm, "product.product").select(["_key", "name", "code", "list_price_used", "categories.name"])
    for row in sales.to_pylist():
        truth = server.truth.sales[row["_key"]]
        assert row["untaxed_amount"] == truth["amount"]
        assert row["sale_date"] == date.fromisoformat(truth["day"])
        assert (str(row["party"]), row["state"], row["currency.code"]) == (truth["party"], truth["state"], "EUR")
    for row in products.to_pylist():
        truth = server.truth.products[row["_key"]]
        assert Decimal(row["list_price_used"]) == Decimal(truth["price"])
        assert (row["name"], row["code"], json.loads(row["categories.name"])) == (
            truth["name"],
            truth["code"],
            [truth["category"]],
        )


def test_columns_have_types_and_the_raw_row_is_beside_them(server: TrytonServer, tmp_path: Path) -> None:
    with closing(opened(server, tmp_path)) as crm:
        parties = all_rows(crm, "party.party")
        addresses = all_rows(crm, "party.address")
    types = {name: parties.schema.field(name).type for name in ("active", "name", "create_date", "write_date", "replaced_by")}
    assert types == {
        "active": pa.bool_(), "name": pa.string(), "create_date": pa.timestamp("us"), "write_date": pa.timestamp("us"),
        "replaced_by": pa.int64(),
    }  # fmt: skip
    assert addresses["write_date"].null_count > 0  # never changed: the trap for naive cursors
    assert addresses["_at"].null_count == 0
    row = parties.slice(3, 1).to_pylist()[0]
    raw = json.loads(row["_raw"])
    assert raw["name"] == row["name"] == server.truth.people[row["_key"]]["name"]
    assert raw["create_date"]["__class__"] == "datetime"


def test_archived_rows_come_with_their_flag(server: TrytonServer, tmp_path: Path) -> None:
    with closing(opened(server, tmp_path)) as crm:
        parties = all_rows(crm, "party.party")
    archived = parties.filter(pc.invert(parties["active"]))
    assert set(archived["_key"].to_pylist()) == {key for key, truth in server.truth.people.items() if "archived" in truth}
    assert set(archived["_op"].to_pylist()) == {"upsert"}


def test_discover_and_check_tell_what_is_there(server: TrytonServer, tmp_path: Path) -> None:
    with closing(opened(server, tmp_path, objects=["party.party", "party.identifier", "country.country"])) as crm:
        found = {each.name: each for each in crm.discover()}
        lines = crm.check()
        countries = all_rows(crm, "country.country")
    assert set(found) == {*OBJECTS, "party.identifier", "country.country"}
    assert found["sale.sale"].rows == 150
    assert {"total_amount", "currency.code", "sale_date"} <= {field.name for field in found["sale.sale"].fields}
    assert lines[0] == f"Tryton 8.2 at {server.url}"
    assert lines[1:] == ["party.party: 253 rows", "party.identifier: 12 rows", "country.country: 4 rows"]
    assert sorted(countries["code"].to_pylist()) == ["BE", "DE", "FR", "IT"]


# -- what changed ---------------------------------------------------------------------------------------------------------
Run = Callable[..., dict[str, int]]


@pytest.fixture
def run(own_server: TrytonServer, landing: Landing, tmp_path: Path) -> Run:
    """Pull what changed of the named objects; what each landed, deletes counted in."""
    (tmp_path / "password").write_text(own_server.password)

    def once(*names: str) -> dict[str, int]:
        options = {"url": own_server.url, "user": own_server.user, "password": "file:password", "objects": names}
        landed = pull({"crm": SourceSettings(connector="tryton", **options)}, tmp_path, landing, Silent())
        assert not any(each.rejected for each in landed.objects)
        return {each.object: each.rows + each.deleted for each in landed.objects if each.rows or each.deleted}

    return once


def current(landing: Landing, name: str, key: object) -> dict[str, Any] | None:
    rows = landing.engine.arrow(f"SELECT * FROM ({landing.current_sql('crm', name)}) WHERE _key = '{key}'").to_pylist()
    return rows[0] if rows else None


def test_a_second_pull_lands_nothing(run: Run, landing: Landing) -> None:
    assert set(run()) == set(OBJECTS)
    print_ = landing.fingerprint()
    assert run() == {}
    assert run() == {}
    assert landing.fingerprint() == print_


def test_only_the_changed_row_is_landed(run: Run, landing: Landing, own_server: TrytonServer) -> None:
    run("party.party")
    own_server.rpc("model.party.party.write", [20], {"name": "Ada Renamed"})
    assert run("party.party") == {"party.party": 1}
    found = current(landing, "party.party", 20)
    assert found is not None
    assert found["name"] == "Ada Renamed"
    own_server.rpc("model.party.party.write", [20], {"active": False})
    new = own_server.rpc("model.party.party.create", [{"name": "Nora Newcomer", "addresses": []}])[0]
    assert run("party.party") == {"party.party": 2}
    assert (current(landing, "party.party", 20) or {})["active"] is False
    assert (current(landing, "party.party", new) or {})["name"] == "Nora Newcomer"


def test_a_change_elsewhere_brings_the_row_it_shows_in(run: Run, landing: Landing, own_server: TrytonServer) -> None:
    run("product.product")
    template = own_server.rpc("model.product.product.read", [3], ["template"])[0]["template"]
    own_server.rpc("model.product.template.write", [template], {"list_price": Decimal("99.9901")})
    assert run("product.product") == {"product.product": 1}
    assert (current(landing, "product.product", 3) or {})["list_price_used"] == "99.9901"

    run("party.party")
    found = own_server.rpc("model.party.identifier.search_read", [], 0, 1, [["id", "ASC"]], ["party"])[0]
    own_server.rpc("model.party.identifier.write", [found["id"]], {"active": False})
    assert run("party.party") == {"party.party": 1}
    assert (current(landing, "party.party", found["party"]) or {})["tax_identifier.code"] is None

    run("sale.line")
    quotation = next(int(key) for key, truth in own_server.truth.sales.items() if truth["state"] == "quotation")
    own_server.rpc("model.sale.sale.confirm", [quotation])
    assert run("sale.line")["sale.line"] in (1, 2, 3)  # those of the one sale
    states = landing.engine.rows(
        f"SELECT DISTINCT sale_state FROM ({landing.current_sql('crm', 'sale.line')}) WHERE sale = {quotation}"
    )
    assert states in [[(state,)] for state in ORDERED]


def test_a_hard_delete_is_found(run: Run, landing: Landing, own_server: TrytonServer) -> None:
    run("party.contact_mechanism")
    mechanism = own_server.rpc("model.party.contact_mechanism.search", [["type", "=", "email"]], 0, 1, [["id", "ASC"]])
    own_server.rpc("model.party.contact_mechanism.delete", mechanism)
    assert current(landing, "party.contact_mechanism", mechanism[0]) is not None
    assert run("party.contact_mechanism") == {"party.contact_mechanism": 1}
    assert current(landing, "party.contact_mechanism", mechanism[0]) is None
    assert run("party.contact_mechanism") == {}


def test_a_merge_is_told_as_a_merge(run: Run, landing: Landing, own_server: TrytonServer) -> None:
    run("party.party", "party.contact_mechanism")
    loser, winner = 10, 11
    mechanisms = own_server.rpc("model.party.contact_mechanism.search", [["party", "=", loser]], 0, None, None)
    assert mechanisms
    own_server.merge(loser, winner)  # the names differ, so Tryton warns first
    run("party.party", "party.contact_mechanism")
    row = current(landing, "party.party", loser)
    assert row is not None
    assert (row["_op"], row["_into"], row["active"]) == ("merge", str(winner), False)
    assert (current(landing, "party.party", winner) or {})["_op"] == "upsert"
    for mechanism in mechanisms:
        moved = current(landing, "party.contact_mechanism", mechanism)
        assert moved is not None
        assert (moved["party"], moved["active"]) == (winner, False)
    assert run("party.party", "party.contact_mechanism") == {}


def test_a_row_that_slipped_past_the_cursor_is_fetched(run: Run, landing: Landing, own_server: TrytonServer) -> None:
    run("party.party")
    new = own_server.rpc("model.party.party.create", [{"name": "Otto Outback", "addresses": []}])[0]
    own_server.stop()
    with closing(sqlite3.connect(own_server.folder / f"{DATABASE}.sqlite")) as db, db:  # as after an import with old dates
        db.execute("UPDATE party_party SET create_date = '2020-01-01 00:00:00' WHERE id = ?", (new,))
    own_server.start()
    assert run("party.party") == {"party.party": 1}
    assert (current(landing, "party.party", new) or {})["name"] == "Otto Outback"


def test_a_transaction_that_commits_late_is_seen(run: Run, landing: Landing, own_server: TrytonServer) -> None:
    """Its rows carry the time at which it began, which is before the last pull."""
    run("party.party")
    own_server.stop()
    began = datetime.now(UTC).replace(tzinfo=None) - timedelta(seconds=120)
    with closing(sqlite3.connect(own_server.folder / f"{DATABASE}.sqlite")) as db, db:
        db.execute("UPDATE party_party SET name = 'Ines Latecomer', write_date = ? WHERE id = 30", (str(began),))
    own_server.start()
    assert run("party.party") == {"party.party": 1}
    assert (current(landing, "party.party", 30) or {})["name"] == "Ines Latecomer"
    assert run("party.party") == {}


# -- when things go wrong -------------------------------------------------------------------------------------------------
def test_a_server_that_dies_midway_loses_nothing(tmp_path: Path) -> None:
    got: list[Batch] = []
    with running_tryton(tmp_path / "tryton") as server:
        with closing(opened(server, tmp_path, batch_rows=100, page_rows=40)) as crm:
            batches = crm.pull("party.party", None)
            got.append(next(batches))
            server.kill()
            with pytest.raises(SourceUnreachable, match="cannot be reached"):
                got.extend(batches)
        assert sum(batch.rows.num_rows for batch in got) == 120
        server.start()
        cursor = json.loads(json.dumps(got[-1].cursor))
        with closing(opened(server, tmp_path, page_rows=40)) as crm:
            got += crm.pull("party.party", cursor)
            assert sum(batch.rows.num_rows for batch in crm.pull("party.party", got[-1].cursor)) == 0
        keys = [key for batch in got for key in batch.rows["_key"].to_pylist()]
        assert len(keys) == len(set(keys)) == server.truth.counts["party.party"]


def test_what_was_read_before_a_failure_is_handed_over(own_server: TrytonServer, tmp_path: Path) -> None:
    with closing(opened(own_server, tmp_path, page_rows=40)) as crm:
        page = crm._page
        asked: list[int] = []

        def fails_at_the_third(*given: Any) -> Any:
            asked.append(1)
            if len(asked) == 3:
                own_server.kill()
            return page(*given)

        crm._page = fails_at_the_third  # type: ignore[method-assign]
        batches = crm.pull("party.party", None)
        first = next(batches)
        assert first.rows.num_rows == 80
        assert first.cursor["after"] == int(first.rows["_key"][-1].as_py())
        with pytest.raises(SourceUnreachable):
            next(batches)


def test_a_session_that_ran_out_is_renewed(own_server: TrytonServer, tmp_path: Path) -> None:
    with closing(opened(own_server, tmp_path, batch_rows=100, page_rows=100)) as crm:
        everybody = all_rows(crm, "party.party").num_rows
        batches = crm.pull("party.party", None)
        rows = next(batches).rows.num_rows
        with closing(sqlite3.connect(own_server.folder / f"{DATABASE}.sqlite", timeout=30)) as db, db:
            assert db.execute("DELETE FROM ir_session").rowcount > 0
        rows += sum(batch.rows.num_rows for batch in batches)
    assert rows == everybody


def test_a_wrong_password_is_told_without_it(server: TrytonServer, tmp_path: Path) -> None:
    with closing(opened(server, tmp_path)) as crm:
        (tmp_path / "password").write_text("wrong-and-secret")
    wrong = PLUGIN(SourceContext("crm", tmp_path, options={"url": server.url, "user": "admin", "password": "file:password"}))
    with closing(wrong), pytest.raises(SourceRefused, match='refuses the user "admin"') as raised:
        wrong.check()
    assert "secret" not in str(raised.value) + raised.value.hint
    with closing(crm):
        assert crm.objects()  # the right one still works


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"url": "http://127.0.0.1:{free}/company"}, SourceUnreachable, "cannot be reached"),
        ({"url": "http://127.0.0.1:{port}/nosuch"}, ConfigError, "Tryton database .* does not exist"),
        ({"url": "http://127.0.0.1:{port}"}, ConfigError, "http://host:port/database"),
        ({"url": "http://admin:pw@127.0.0.1:{port}/company"}, ConfigError, "contains a password in plain text"),
        ({"password": "in-clear"}, ConfigError, "is in plain text in the config file"),
        ({"pages": 3}, ConfigError, 'unknown key "pages"'),
        ({"objects": ["party.prty"]}, SourceChanged, 'no model "party.prty"'),
    ],
)
def test_wrong_settings_are_told(
    server: TrytonServer, tmp_path: Path, change: dict[str, Any], error: type[Exception], says: str
) -> None:
    ports = {"port": server.port, "free": free_port()}
    options = {key: value.format(**ports) if isinstance(value, str) else value for key, value in change.items()}
    with pytest.raises(error, match=says):
        opened(server, tmp_path, **options).check()


def test_a_user_who_may_not_read_sales_gets_the_rest(own_server: TrytonServer, tmp_path: Path) -> None:
    about = {"name": "Clerk", "login": "clerk", "password": own_server.password, "companies": [["add", [1]]], "company": 1}
    own_server.rpc("model.res.user.create", [about])
    with closing(opened(own_server, tmp_path)) as crm:
        everybody = all_rows(crm, "party.party").num_rows
    with closing(opened(own_server, tmp_path, user="clerk")) as crm:
        assert "party.party" in crm.objects()
        assert "sale.sale" not in crm.objects()
        assert all_rows(crm, "party.party").num_rows == everybody
        with pytest.raises(SourceRefused, match=r'"clerk" may not read sale\.sale'):
            next(crm.pull("sale.sale", None))


def test_losing_the_right_midway_is_a_refusal(own_server: TrytonServer, tmp_path: Path) -> None:
    """Tryton tells it as an error inside HTTP 200."""
    with closing(opened(own_server, tmp_path, batch_rows=100, page_rows=100)) as crm:
        crm.pull("sale.sale", None)
        crm._model("sale.sale")
        about = {"name": "Other", "login": "other", "password": own_server.password, "companies": [["add", [1]]], "company": 1}
        own_server.rpc("model.res.user.create", [about])
        crm._rpc._user = "other"
        crm._rpc._log_in()
        with pytest.raises(SourceRefused, match=r"may not read sale\.sale"):
            list(crm.pull("sale.sale", None))


# -- a stand-in server, for what a real one does seldom -------------------------------------------------------------------
@contextmanager
def stand_in(answer: Callable[[str, int], tuple[int, Any]]) -> Iterator[str]:
    """An HTTP server that answers each method with what `answer(method, how often it was asked)` says."""
    asked: dict[str, int] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            method = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["method"]
            asked[method] = asked.get(method, 0) + 1
            status, truth = answer(method, asked[method])
            body = truth.encode() if isinstance(truth, str) else json.dumps(truth).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    httpd = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{httpd.server_port}/company"
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join()


def of_stand_in(url: str, folder: Path) -> Tryton:
    (folder / "password").write_text("made-up")
    return PLUGIN(SourceContext("crm", folder, options={"url": url, "user": "u", "password": "file:password", "tries": 3}))


def usual(method: str, rows: list[dict[str, Any]]) -> Any:
    fields = {"id": "integer", "name": "char", "create_date": "timestamp", "write_date": "timestamp"}
    return {
        "common.db.login": [1, "token", None],
        "model.res.user.get_preferences": {"company": 1},
        "model.ir.model.access.get_access": {"party.party": {"read": True}},
        "model.party.party.fields_get": {name: {"type": kind, "sortable": True} for name, kind in fields.items()},
        "model.party.party.search_read": rows,
    }.get(method)


def test_an_error_inside_http_200_is_told_without_its_text(tmp_path: Path) -> None:
    def answer(method: str, _: int) -> tuple[int, Any]:
        if method.endswith("search_read"):
            return 200, {"id": 1, "error": ["UserError", ["Ada Almgren has a problem", "ada@example.org", None]]}
        return 200, {"id": 1, "result": usual(method, [])}

    says = r"could not answer model\.party\.party\.search_read: UserError"
    with stand_in(answer) as url, closing(of_stand_in(url, tmp_path)) as crm, pytest.raises(SourceError, match=says) as raised:
        list(crm.pull("party.party", None))
    assert "Almgren" not in str(raised.value) + raised.value.hint
    assert "example.org" not in str(raised.value) + raised.value.hint


@pytest.mark.parametrize(("failures", "works"), [(2, True), (3, False)])
def test_an_overloaded_server_is_asked_again_a_few_times(tmp_path: Path, failures: int, works: bool) -> None:
    def answer(method: str, times: int) -> tuple[int, Any]:
        if method.endswith("search_read") and times <= failures:
            return 503, "busy"
        return 200, {"id": 1, "result": usual(method, [{"id": 7, "name": "x"}])}

    with stand_in(answer) as url, closing(of_stand_in(url, tmp_path)) as crm:
        if works:
            assert all_rows(crm, "party.party")["_key"].to_pylist() == ["7"]
        else:
            with pytest.raises(SourceUnreachable, match="HTTP 503, also after 3 tries"):
                all_rows(crm, "party.party")


@pytest.mark.parametrize("body", ["<html>hello</html>", "[]", '{"id": 1}', '{"id": 1, "result": 5}'])
def test_something_else_at_the_address_is_told(tmp_path: Path, body: str) -> None:
    with stand_in(lambda *_: (200, body)) as url, closing(of_stand_in(url, tmp_path)) as crm, pytest.raises(SourceError):
        crm.check()


def test_an_unreadable_value_is_put_aside_with_its_reason(tmp_path: Path) -> None:
    rows = [{"id": 1, "name": "a"}, {"id": 2, "name": "b", "create_date": {"__class__": "datetime", "year": 0}}]

    def answer(method: str, _: int) -> tuple[int, Any]:
        return 200, {"id": 1, "result": usual(method, rows)}

    with stand_in(answer) as url, closing(of_stand_in(url, tmp_path)) as crm:
        batches = list(crm.pull("party.party", None))
    assert [key for batch in batches for key in batch.rows["_key"].to_pylist()] == ["1"]
    assert batches[0].rejects is not None
    (reject,) = batches[0].rejects.to_pylist()
    assert (reject["key"], json.loads(reject["raw"])) == ("2", rows[1])
    assert "cannot be read" in reject["reason"] or "is not a" in reject["reason"]


# -- values ---------------------------------------------------------------------------------------------------------------
KINDS = {"id": "integer", "amount": "numeric", "at": "timestamp", "day": "date", "done": "boolean", "share": "float"}
MODEL = described("some.model", {name: {"type": kind, "sortable": True} for name, kind in KINDS.items()})


@given(
    st.one_of(st.none(), st.decimals(allow_nan=False, allow_infinity=False)),
    st.one_of(st.none(), st.datetimes()),
    st.one_of(st.none(), st.dates()),
    st.one_of(st.none(), st.sampled_from([0, 1, True, False])),
    st.one_of(st.none(), st.floats(allow_nan=False)),
)
def test_every_value_survives(
    amount: Decimal | None, at: datetime | None, day: date | None, done: int | None, share: float | None
) -> None:
    moment = at and {"__class__": "datetime", **{part: getattr(at, part) for part in
                     ("year", "month", "day", "hour", "minute", "second", "microsecond")}}  # fmt: skip
    row = {"id": 1, "amount": None if amount is None else tagged(amount), "at": moment, "day": day and tagged(day)}
    landed, bad = tables(MODEL, [("{}", {**row, "done": done, "share": share})])
    assert bad is None
    (got,) = landed.to_pylist()
    assert (None if got["amount"] is None else Decimal(got["amount"])) == amount
    assert got["amount"] is None or "E" not in got["amount"]
    assert (got["at"], got["day"], got["share"]) == (at, day, share)
    assert got["done"] == (None if done is None else bool(done))


def test_the_seeding_client_sees_errors(server: TrytonServer) -> None:
    """The tests' own client must not swallow what it is told, or the tests above prove little."""
    with pytest.raises(Exception, match="HTTP 401"):
        Rpc(server.url, "admin", "wrong")
