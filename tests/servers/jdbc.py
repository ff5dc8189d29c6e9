"""PostgreSQL's JDBC driver, from Maven, in a small Java program that reads all that a login sees: JdbcReader.java.

from tests.servers.jdbc import read_by_jdbc
lines = read_by_jdbc("jdbc:postgresql://127.0.0.1:5460/fullcircle", {"maria": "secret"})
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.servers.gremlin import MAVEN_WITHIN, MUST_RUN, cache

ARTIFACT = "org.postgresql:postgresql:42.7.8"
PROGRAM = Path(__file__).with_name("JdbcReader.java")
WITHIN = 120


def read_by_jdbc(url: str, logins: Mapping[str, str]) -> list[list[str]]:
    """What each login (name -> password) sees: lines of login, what it is, and its parts. Skips, or fails, without Java."""
    if reason := why_not():
        text = f"NOT TESTED by JDBC: {reason}"
        if os.environ.get(MUST_RUN):
            pytest.fail(text)
        pytest.skip(text)
    done = subprocess.run(
        ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", str(_jar()), str(PROGRAM), url],
        input="".join(f"{name}\t{password}\n" for name, password in logins.items()),
        capture_output=True, text=True, encoding="utf-8", timeout=WITHIN, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [line.split("\t") for line in done.stdout.splitlines()]


def why_not() -> str:
    """Why it cannot run here; empty if it can."""
    if shutil.which("java") is None:
        return "java is not installed"
    modules = subprocess.run(["java", "--list-modules"], capture_output=True, text=True, check=False).stdout
    if "jdk.compiler" not in modules:
        return "this Java has no compiler (it is a JRE)"
    return "" if _jar().is_file() else _fetch()


def _jar() -> Path:
    return cache() / f"{ARTIFACT.replace(':', '-')}.jar"


def _fetch() -> str:
    """Copy the driver from Maven into the cache; the reason if that fails."""
    if shutil.which("mvn") is None:
        return "mvn is not installed"
    cache().mkdir(parents=True, exist_ok=True)
    with (cache() / "jdbc.lock").open("w") as lock, tempfile.TemporaryDirectory(dir=cache()) as folder:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _jar().is_file():
            return ""
        command = ["mvn", "-q", "-B", "dependency:copy", f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={folder}"]
        try:
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=MAVEN_WITHIN, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"Maven did not fetch {ARTIFACT} ({type(error).__name__})"
        jar = next(Path(folder).glob("*.jar"), None)
        if done.returncode or jar is None:
            return f"Maven could not fetch {ARTIFACT}"
        jar.rename(_jar())
    return ""
