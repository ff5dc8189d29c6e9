"""Where a webhook may lead: to an address of the public internet, by https. What a name resolves to is what is connected to."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from fullcircle.errors import ConfigError, FullcircleError

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address
# Public by their numbers, as some versions of Python know them: what answers inside a cloud, and what leads elsewhere.
NEVER = tuple(map(ipaddress.ip_network, ("168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15")))
TUNNELS = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))  # lead to IPv4 addresses
HINT = "A webhook leads to an address of the public internet, by https."


class AddressRefused(FullcircleError):
    """A webhook leads where it must not."""

    code, status = "address-refused", 400


@dataclass(frozen=True, slots=True)
class HookAddress:
    """An address, taken apart."""

    https: bool
    host: str
    port: int
    path: str  # with its query


def parsed(url: str, loopback: bool = False) -> HookAddress:
    """Take an address apart. AddressRefused for one that cannot be right, whatever its name resolves to."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise AddressRefused("The address of a webhook cannot be read.", HINT) from None
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url or len(url) > 2_000:
        raise AddressRefused("The address of a webhook has characters that do not belong there.", HINT)
    if parts.scheme not in (("https", "http") if loopback else ("https",)) or not host:
        raise AddressRefused("A webhook needs an address that begins with https://.", HINT)
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise AddressRefused("The address of a webhook has a login or a fragment in it.", "Leave it out; the secret signs.")
    https = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return HookAddress(https, host, port or (443 if https else 80), path)


def addresses(one: HookAddress, loopback: bool = False) -> list[str]:
    """The IP addresses to connect to. AddressRefused if any that the name resolves to is private, or may not be used."""
    try:
        found = {row[4][0] for row in socket.getaddrinfo(one.host, one.port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        raise AddressRefused(f"The name {one.host} does not resolve.", "Correct the address of the webhook.") from None
    ips = [ipaddress.ip_address(str(text).partition("%")[0]) for text in sorted(found, key=str)]
    if loopback and all(ip.is_loopback for ip in ips):
        return [str(ip) for ip in ips]
    if not one.https:
        raise AddressRefused("A webhook is sent by https.", HINT)
    if not all(map(is_public, ips)):
        raise AddressRefused(f"{one.host} resolves to an address that is not public.", HINT)
    return [str(ip) for ip in ips]


def is_public(ip: Ip) -> bool:
    """True for an address that anybody on the internet could have given us."""
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(ip.ipv4_mapped)
        if any(ip in net for net in TUNNELS):
            return False
    others = ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback or ip.is_link_local or ip.is_private
    return ip.is_global and not others and not any(ip in net for net in NEVER)


def check(url: str, loopback: bool = False) -> None:
    """ConfigError or AddressRefused for an address that nothing would be sent to."""
    if not url:
        raise ConfigError("A webhook needs an address.", HINT)
    addresses(parsed(url, loopback), loopback)
