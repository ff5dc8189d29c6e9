"""Projects with a policy, a key for every role, and clients of an application that serves them, in this process.

`served` is the small project of tests/govern with a planted value in every class of fields; `company` is a demo company, with
households, consents and offers. Both are made once and only read. A test that changes something takes `apart`: a copy of its own.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from fullcircle.ask.reader import Reader, open_reader
from fullcircle.config.read import read_config
from fullcircle.config.sections import Config
from fullcircle.demo.company import make
from fullcircle.desk import open_desk
from fullcircle.govern.home_keys import open_book
from fullcircle.govern.keys import ApiKeys
from fullcircle.govern.policy import ROLES
from fullcircle.govern.principal import Principal
from fullcircle.pipeline import run
from fullcircle.serve.http.app import Start, make_app
from tests.govern.conftest import OWN_RULES, made

OWN = ("viewer", "blind", "counter")  # see plain fields, nothing at all, hashes of everything
EVERY_ROLE = (*ROLES, *OWN)
GOVERN = '\n[govern]\npolicy = "policy"\nroles = ["viewer", "blind", "counter"]\n[serve]\nper_minute = 0\n'
ORIGIN = "http://testserver"


@dataclass
class Served:
    """A project that was run, and its application, opened by the first client."""

    config: Path
    keys: dict[str, str]  # role -> API key
    _opened: ExitStack = field(default_factory=ExitStack)
    _first: TestClient | None = None

    @property
    def folder(self) -> Path:
        return self.config.parent

    @property
    def settings(self) -> Config:
        return read_config(self.config)

    @property
    def app(self) -> FastAPI:
        return self._one().app  # type: ignore[return-value]

    def client(self, role: str = "") -> TestClient:
        """A client with the key of a role; without a role, of nobody. All share one application and its threads."""
        headers = {"authorization": f"Bearer {self.keys[role]}"} if role else {}
        one = TestClient(self.app, ORIGIN, raise_server_exceptions=False, headers=headers)
        one.portal = self._one().portal
        return one

    def reader(self, role: str) -> Reader:
        """The reading room as somebody of this role has it in Python; to be closed."""
        return open_reader(self.settings, Principal(f"os:{role}", frozenset({role})))

    def customer(self, record: str = "crm:contacts:17") -> str:
        """The id of the customer that a record belongs to."""
        with self.reader("steward") as reader:
            return str(reader.store.neighbours(f"record:{record}", ["RESOLVES_TO"], "out", limit=1)[0].vertex.id)

    def copied(self, to: Path) -> Served:
        """A copy in a new folder, with an application of its own; to be closed.

        Another process makes it: to read and close files here would take away the locks that this process has on them (POSIX),
        and the next process that opens the original would put away the journals that are in use.
        """
        subprocess.run(["cp", "-R", self.folder, to], check=True)
        return Served(to / self.config.name, self.keys)

    def close(self) -> None:
        self._opened.close()

    def _one(self) -> TestClient:
        if self._first is None:
            client = TestClient(make_app(self.settings, Start(ORIGIN)), ORIGIN, raise_server_exceptions=False)
            self._first = self._opened.enter_context(client)
        return self._first


def serve(config: Path) -> Served:
    """Give the project of a config a policy and keys. It has been run."""
    config.write_text(config.read_text() + GOVERN)
    (config.parent / "policy").mkdir()
    (config.parent / "policy" / "mine.cedar").write_text(OWN_RULES)
    with closing(open_book(read_config(config))) as book:
        keys = {role: ApiKeys(book).make(role, [role], "os:tests", 30)[1] for role in EVERY_ROLE}
    return Served(config, keys)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The small project; it is only read."""
    with closing(serve(made(tmp_path_factory.mktemp("served")))) as one:
        yield one


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A demo company of 80 people; it is only read."""
    config = make(tmp_path_factory.mktemp("company"), people=80)
    with open_desk(read_config(config)) as desk:
        run(desk)
    with closing(serve(config)) as one:
        yield one


@pytest.fixture
def client(served: Served) -> Callable[[str], TestClient]:
    """`client(role)`: a client of the small project with the key of this role."""
    return served.client


@pytest.fixture
def apart(served: Served, tmp_path: Path) -> Iterator[Served]:
    """A copy of the small project, with an application of its own: it may be changed, and run again."""
    with closing(served.copied(tmp_path / "apart")) as one:
        yield one
