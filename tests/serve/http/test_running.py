"""A real server on loopback: it encrypts, stops gracefully, cuts slow bodies, and says what to install."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.serve.conftest import Served
from tests.serve.http.running import ROOT, Running, running


@pytest.fixture(scope="module")
def alone(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project without a policy: the user of the operating system may serve it."""
    config = served.copied(tmp_path_factory.mktemp("alone") / "project").config
    config.write_text(config.read_text().partition("\n[govern]\n")[0])
    return config


@pytest.fixture(scope="module")
def server(alone: Path) -> Iterator[Running]:
    with running(alone) as one:
        yield one


def begin(port: int, length: int = 100) -> socket.socket:
    """A request whose body does not come yet."""
    one = socket.create_connection(("127.0.0.1", port), 60)
    one.sendall(
        f"POST /login HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {length}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\r\nkey=".encode()
    )
    return one


def rest_of(one: socket.socket) -> str:
    found = b""
    while part := one.recv(65_536):
        found += part
    return found.decode(errors="replace")


def test_it_answers_by_its_own_name_and_key_alone(server: Running) -> None:
    base = f"http://127.0.0.1:{server.port}"
    with httpx.Client(base_url=base, trust_env=False) as client:
        good = {"authorization": f"Bearer {server.key}"}
        assert client.get("/v1/customers/crm:contacts:17", headers=good).json()["customer"]["name"] == "Ada Quillfeather"
        assert client.get("/v1/customers/crm:contacts:17").status_code == 401
        assert client.get("/v1/customers/crm:contacts:17", headers={**good, "host": "evil.example.org"}).status_code == 421
    assert not any("Quillfeather" in line or "contacts" in line for line in server.lines)


def test_a_body_that_comes_too_slowly_is_cut(server: Running) -> None:
    with begin(server.port) as one:
        one.settimeout(60)
        answer = b""
        while b"\r\n\r\n" not in answer and (part := one.recv(65_536)):  # nothing is sent: the server does not wait for ever
            answer += part
    assert b" 408 " in answer.partition(b"\r\n")[0]


def test_asked_to_stop_it_ends_what_it_answers_and_takes_nothing_new(alone: Path) -> None:
    with running(alone) as one:
        slow = begin(one.port, 9)
        time.sleep(1)  # until the request has arrived
        one.process.terminate()
        time.sleep(1)
        assert not _answers(one.port)
        slow.sendall(b"wrong")
        answer = rest_of(slow)
        slow.close()
        assert " 401 " in answer.partition("\r\n")[0]
        assert "</html>" in answer
        assert one.process.wait(60) == 0


def test_it_speaks_tls_by_its_certificate_and_nothing_old(alone: Path) -> None:
    _certificate(alone.parent)
    config = alone.parent / "encrypted.toml"
    config.write_text(alone.read_text() + '\n[serve]\ncertificate = "cert.pem"\nkey = "key.pem"\n')
    trusts = ssl.create_default_context(cafile=str(alone.parent / "cert.pem"))
    with running(config) as one:
        with httpx.Client(verify=trusts, trust_env=False) as client:
            answer = client.get(f"https://127.0.0.1:{one.port}/login")
        assert answer.status_code == 200
        assert "max-age" in answer.headers["strict-transport-security"]
        trusts.maximum_version = ssl.TLSVersion.TLSv1_2
        with (
            pytest.raises(ssl.SSLError),
            socket.create_connection(("127.0.0.1", one.port), 30) as bare,
            trusts.wrap_socket(bare, server_hostname="127.0.0.1"),
        ):
            pass
        assert one.stop() == 0


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 5) as new:
            new.sendall(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            return bool(new.recv(10))
    except OSError:
        return False


def _certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "made for a test")]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


@pytest.mark.parametrize(("verb", "missing"), [("serve", "granian"), ("serve", "fastapi"), ("mcp", "mcp")])
def test_without_its_libraries_it_says_what_to_install(alone: Path, verb: str, missing: str) -> None:
    code = f"import sys; sys.modules[{missing!r}] = None\nfrom fullcircle.serve.cli.main import main\nmain()"
    done = subprocess.run(
        [sys.executable, "-c", code, verb, "--config", str(alone)], capture_output=True, text=True, check=False, timeout=120,
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert done.returncode == 2
    assert "fullcircle[serve]" in done.stderr
    assert "Traceback" not in done.stderr


STUCK = """
import asyncio, os, signal
from fullcircle.serve.http import server
server.LAST_SECONDS = 0.2
class Stuck:
    async def serve(self):
        await asyncio.sleep(3600)
    def stop(self):
        pass
asyncio.run(server._serve(Stuck(), lambda: os.kill(os.getpid(), signal.SIGTERM), lambda: None))
"""


def test_a_request_that_never_ends_does_not_keep_it_from_stopping() -> None:
    done = subprocess.run([sys.executable, "-c", STUCK], capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 1
    assert "a request that was still being answered was left" in done.stderr
    assert "Traceback" not in done.stderr
