"""Where a webhook may lead: nowhere inside, however the address is written."""

from __future__ import annotations

import socket

import pytest

from fullcircle.serve.hooks.address import AddressRefused, addresses, check, parsed

INSIDE = (
    "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.1.2.3", "172.16.0.9", "192.168.1.1", "169.254.169.254", "169.254.1.1", "100.64.0.1",
    "100.100.100.200", "168.63.129.16", "192.0.0.8", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::",
    "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254",
    "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1", "2001:0:1::1",
)  # fmt: skip
WRITTEN = (
    "", "ftp://example.org/", "http://example.org/", "https:///x", "https://user:pw@example.org/", "https://user@example.org/",
    "https://example.org/#x", "https://exa mple.org/", "https://example.org\\@127.0.0.1/", "https://example.org:99999/",
    "https://[::1/", "//example.org/", "https://exämple.org/", "https://example.org/\n", "javascript:alert(1)", "file:///etc/hosts",
)  # fmt: skip


def resolve(monkeypatch: pytest.MonkeyPatch, *ips: str) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (ip, 443)) for ip in ips])


@pytest.mark.parametrize("ip", INSIDE)
def test_a_name_that_leads_inside_is_refused(monkeypatch: pytest.MonkeyPatch, ip: str) -> None:
    resolve(monkeypatch, ip)
    with pytest.raises(AddressRefused):
        check("https://innocent.example.org/hook")
    resolve(monkeypatch, "93.184.216.34", ip)  # one of several is enough
    with pytest.raises(AddressRefused):
        check("https://innocent.example.org/hook")


@pytest.mark.parametrize("url", WRITTEN)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises((AddressRefused, ValueError) if url else Exception):
        check(url)


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost", "[::1]", "[::ffff:10.0.0.1]"])
def test_other_ways_to_write_this_machine_are_refused(host: str) -> None:
    with pytest.raises(AddressRefused):
        check(f"https://{host}/")


def test_the_public_internet_is_where_it_may_lead(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve(monkeypatch, "93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946")
    one = parsed("https://hooks.example.org:8443/c360?a=b")
    assert (one.https, one.host, one.port, one.path) == (True, "hooks.example.org", 8443, "/c360?a=b")
    assert set(addresses(one)) == {"93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"}


def test_this_machine_only_where_the_config_allows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    check("http://127.0.0.1:9/hook", loopback=True)
    for url in ("http://10.0.0.1/", "http://93.184.216.34/", "https://169.254.169.254/"):
        with pytest.raises(AddressRefused):
            check(url, loopback=True)
    resolve(monkeypatch, "127.0.0.1", "10.0.0.1")
    with pytest.raises(AddressRefused):
        check("https://both.example.org/", loopback=True)
