"""A real Tryton 8.2 server for the tests, on SQLite, with made-up customers in it.

Tryton gets an environment of its own in a cache outside the project. There an initialised, seeded database is made once
(about a minute); each server starts on a copy of it. Start at `running_tryton`.
"""

from __future__ import annotations

import fcntl
import hashlib
import inspect
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.servers import tryton_seed
from tests.servers.tryton_seed import DATABASE, PASSWORD, USER, Rpc, Truth

PINS = (
    "trytond==8.2.1", "trytond-account==8.2.1", "trytond-account-invoice==8.2.0", "trytond-account-invoice-stock==8.2.0",
    "trytond-account-product==8.2.0", "trytond-company==8.2.0", "trytond-country==8.2.0", "trytond-currency==8.2.0",
    "trytond-party==8.2.0", "trytond-party-relationship==8.2.0", "trytond-product==8.2.0", "trytond-sale==8.2.0",
    "trytond-sale-opportunity==8.2.0", "trytond-stock==8.2.1", "argon2-cffi==25.1.0", "defusedxml==0.7.1", "genshi==0.7.12",
    "lxml==6.1.3", "markupsafe==3.0.4", "polib==1.2.0", "puremagic==1.30", "pwdlib==0.3.1", "python-dateutil==4.0.0",
    "python-sql==1.8.1", "python-stdnum==2.2", "relatorio==1.0.0", "simpleeval==1.0.8", "tzdata==2026.6", "werkzeug==3.1.9",
)  # fmt: skip
MODULES = ("party", "sale", "sale_opportunity", "party_relationship")
READY_WITHIN = 60.0  # seconds; a cold start takes about two
# Set where a missing server is a failure and not a reason to skip.
MUST_RUN = "FULLCIRCLE_REQUIRE_SERVERS"
CONFIG = """[database]
uri = sqlite://
path = {folder}
[web]
listen = 127.0.0.1:{port}
[session]
authentication_ip_network_max_attempt = 300
"""


@dataclass
class TrytonServer:
    """A server process on a database of its own in `folder`."""

    folder: Path
    truth: Truth
    port: int = 0
    user: str = USER
    password: str = PASSWORD
    modules: Path | None = None  # a folder with modules beside those that are installed
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    _calls: Rpc | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """What belongs in the config: http://host:port/database."""
        return f"http://127.0.0.1:{self.port}/{DATABASE}"

    def rpc(self, method: str, *params: Any) -> Any:
        """The result of a call as the administrator; the user's context is appended. Raises `RpcError`."""
        if self._calls is None:
            self._calls = Rpc(self.url, self.user, self.password)
        return self._calls.call(method, *params)

    def merge(self, loser: int, winner: int) -> None:
        """Merge a party into another as Tryton's own client does: with the wizard, past its warnings."""
        tryton_seed.merge(self.rpc, loser, winner)

    def start(self) -> None:
        """Start it, on the port it had before if it ran already, and wait until it answers."""
        self.port = self.port or free_port()
        config = self.folder / "trytond.conf"
        config.write_text(CONFIG.format(folder=self.folder, port=self.port))
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(_program("trytond")), "-c", str(config), "-d", DATABASE],
                stdout=log, stderr=log, cwd=self.folder, env=_with_modules(self.modules),
            )  # fmt: skip
        self._calls = None
        self._wait()

    def stop(self) -> None:
        """End it in order."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """As when the machine loses power."""
        self._end(signal.SIGKILL)

    def log(self) -> str:
        """What the server wrote."""
        return (self.folder / "server.log").read_text(errors="replace")

    def _wait(self) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                raise RuntimeError(f"Tryton ended while starting:\n{self.log()[-3000:]}")
            try:
                body = {"id": 1, "method": "common.server.version", "params": []}
                requests.post(f"http://127.0.0.1:{self.port}/rpc/", json=body, timeout=5)
                return
            except requests.RequestException:
                time.sleep(0.05)
        self.kill()
        raise RuntimeError(f"Tryton did not answer within {READY_WITHIN:.0f} s:\n{self.log()[-3000:]}")

    def _end(self, how: signal.Signals) -> None:
        process, self.process = self.process, None
        if process is None or process.poll() is not None:
            return
        process.send_signal(how)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(20)


def _with_modules(modules: Path | None) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(modules)} if modules else dict(os.environ)


def add_module(server: TrytonServer, modules: Path, name: str) -> None:
    """Activate a module of this folder in the database of a server, which starts again with it."""
    server.stop()
    server.modules = modules
    (server.folder / "password").write_text(PASSWORD)
    done = subprocess.run(
        [str(_program("trytond-admin")), "-c", str(server.folder / "trytond.conf"), "-d", DATABASE, "-u", name],
        env={**_with_modules(modules), "TRYTONPASSFILE": str(server.folder / "password")},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise RuntimeError(f"the module {name} could not be activated:\n{done.stderr[-3000:]}")
    server.start()


@contextmanager
def running_tryton(folder: Path) -> Iterator[TrytonServer]:
    """A server on a fresh copy of the seeded database, kept in `folder`, gone when the block ends.

    Skips with the reason where it cannot run, or fails there if FULLCIRCLE_REQUIRE_SERVERS is set.
    """
    absent = prepare()
    if absent:
        missing(absent)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(_template() / f"{DATABASE}.sqlite", folder)
    server = TrytonServer(folder, Truth.read(_template() / "truth.json"))
    try:
        server.start()
        yield server
    finally:
        server.kill()


def missing(reason: str) -> None:
    """Skip, or fail where servers must run."""
    text = f"NOT TESTED against a real Tryton server: {reason}"
    if os.environ.get(MUST_RUN):
        pytest.fail(text)
    pytest.skip(text)


def free_port() -> int:
    """A loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# -- what is made once ---------------------------------------------------------------------------------------------------
def cache() -> Path:
    """Where test servers are kept between runs."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "fullcircle-tests"


def prepare() -> str:
    """Make the environment and the seeded database if they are not there, once for all workers; why not, if it fails."""
    cache().mkdir(parents=True, exist_ok=True)
    with (cache() / "tryton.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _program("trytond").exists():
            reason = _install()
            if reason:
                return reason
        if not _template().is_dir():
            _make_template()
    return ""


def _environment() -> Path:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return cache() / f"tryton-8.2-py{version}-{_digest(*PINS)}"


def _template() -> Path:
    """The folder with the seeded database and what is true of it; complete or not there at all."""
    made_by = (inspect.getsource(each) for each in (tryton_seed, _make_template, _settle, _initialise))
    parts = (*PINS, *MODULES, *made_by)
    return cache() / f"tryton-database-{_digest(*parts)}"


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def _program(name: str) -> Path:
    return _environment() / "bin" / name


def _install() -> str:
    """An environment with Tryton; the reason if it cannot be had. Its last program is put there when all else is."""
    shutil.rmtree(_environment(), ignore_errors=True)
    uv = shutil.which("uv")
    python = str(_environment() / "bin" / "python")
    make = [uv, "venv", "-q", "--python", sys.executable] if uv else [sys.executable, "-m", "venv"]
    fill = [uv, "pip", "install", "-q", "--python", python] if uv else [python, "-m", "pip", "install", "-q", "--no-input"]
    for command in ([*make, str(_environment())], [*fill, *PINS]):
        done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
        if done.returncode != 0:
            shutil.rmtree(_environment(), ignore_errors=True)
            lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
            return f"Tryton 8.2 cannot be installed from the package index ({lines[-1] if lines else 'no reason given'})"
    return ""


def _make_template() -> None:
    """Initialise a database, seed it over a running server, keep it. Put in place in one step, when it is complete."""
    with tempfile.TemporaryDirectory(dir=cache()) as place:
        folder = Path(place) / "made"
        folder.mkdir()
        _initialise(folder)
        server = TrytonServer(folder, Truth())
        try:
            server.start()
            truth = tryton_seed.seed(server.rpc)
            server.stop()
        finally:
            server.kill()
        _settle(folder / f"{DATABASE}.sqlite")
        (folder / "truth.json").write_text(json.dumps(truth.as_json()))
        folder.rename(_template())


def _settle(database: Path) -> None:
    """Bring what stands in SQLite's log into the file itself, which alone is copied."""
    with closing(sqlite3.connect(database)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("PRAGMA journal_mode = DELETE")


def _initialise(folder: Path) -> None:
    (folder / f"{DATABASE}.sqlite").touch()
    (folder / "trytond.conf").write_text(CONFIG.format(folder=folder, port=0))
    (folder / "password").write_text(PASSWORD)
    done = subprocess.run(
        [str(_program("trytond-admin")), "-c", str(folder / "trytond.conf"), "-d", DATABASE, "-u", *MODULES,
         "--activate-dependencies", "--email", "admin@example.org"],
        env={**os.environ, "TRYTONPASSFILE": str(folder / "password")},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise RuntimeError(f"trytond-admin could not make a database:\n{done.stderr[-3000:]}")
