"""Secrets: the config file contains only references. The values print as ***.

    env:NAME        an environment variable
    file:PATH       a file
    aws:NAME        a secret in AWS Secrets Manager, or its ARN; aws:NAME#KEY: one value of a JSON secret

Also the one place that takes a URL apart to find out whether it contains a password, and what of it may be shown: `url`,
`web_url` and `shown`. People write passwords with `@`, `/`, `#`, `?` and `:` into URLs without escaping them. Then it is not
certain where the password ends, and nothing after the scheme is shown.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_plus, urlsplit

from fullcircle.errors import ConfigError, MissingExtra

AWS_NAME = re.compile(
    r"([A-Za-z0-9/_+=.@-]{1,512}|arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]{1,520})(?:#([^#\s]+))?"
)
SCHEMES = ("env:", "file:", "aws:")


class Secret:
    """A secret value that prints as ***; call `reveal()` where it is used."""

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself: pass it on, but do not keep, print or log it."""
        return self._value

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__


def secret(reference: str, what: str, folder: Path = Path(".")) -> Secret:
    """Read the secret that a reference (`env:NAME`, `file:PATH` or `aws:NAME`) points to. Anything else is an error.

    `what` names the secret in messages; a relative PATH starts at `folder`.
    """
    scheme, _, rest = reference.partition(":")
    if scheme == "aws" and (named := AWS_NAME.fullmatch(rest)):
        return Secret(_from_aws(named[1], named[2] or "", what))
    if "://" in rest or has_password(rest):  # the URL itself, where a name belongs
        scheme = ""
    if scheme == "env" and re.fullmatch(r"[A-Za-z_]\w*", rest):
        if rest not in os.environ:
            raise ConfigError(
                f"{what} is read from the environment variable {rest}, which is not set.", f"Set it: export {rest}=..."
            )
        return Secret(os.environ[rest])
    if scheme == "file" and rest:
        try:
            return Secret((folder / rest).read_text(encoding="utf-8").strip())
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(
                f"{what} is read from the file {rest}, which cannot be read.", "Check the path and the file's permissions."
            ) from error
    raise ConfigError(
        f"{what} is in plain text in the config file.",
        "Put it into an environment variable and write env:NAME, into a file of its own and write file:PATH, or into AWS Secrets "
        "Manager and write aws:NAME.",
    )


def _from_aws(name: str, key: str, what: str) -> str:
    try:
        from fullcircle.config.aws_secrets import value_of  # brings boto3
    except ModuleNotFoundError:
        raise MissingExtra(
            f"{what} is in AWS Secrets Manager, and the library boto3 is not installed.", "Run: pip install 'fullcircle[neptune]'"
        ) from None
    return value_of(name, key, what)


# -- URLs --------------------------------------------------------------------------------------------------------------
HOST_PORT = re.compile(r"(?:\[[0-9A-Fa-f:.]*\]|[^:\[\]\s]*)(?::([0-9]{0,5}))?")
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(.*)", re.DOTALL)
# Parameters that carry a secret, in a query string, in the parts of a path, or in a text such as "host=x password=y".
SECRET_PARAMETER = re.compile(
    r"(?:passw|passphrase|passcode|pwd|secret|token|api[_-]?key|access[_-]?key|account[_-]?key|credential|signature|\bsig\b"
    r"|\bpass\b|\bpw\b|\bauth\b)[\w.-]*\s*=\s*[^\s&;]",
    re.IGNORECASE,
)
ESCAPES = "Write these characters of user and password as %40 for @, %2F for /, %23 for #, %3F for ?, %3A for : and %25 for %."


@dataclass(frozen=True, slots=True, repr=False)
class _Parts:
    """A URL taken apart. If it is not `certain`, a part of the password may stand anywhere after the scheme."""

    scheme: str
    login: str  # user:password
    place: str  # host:port
    path: str
    rest: str  # query and fragment
    certain: bool

    @property
    def place_is_sound(self) -> bool:
        """True if the place is a host or an IPv6 address, and its port a number."""
        found = HOST_PORT.fullmatch(self.place)
        return found is not None and int(found[1] or 0) < 65536


def _parts(value: str) -> _Parts | None:
    found = SCHEME.fullmatch(value.strip())
    if found is None:
        return None
    authority = re.match(r"[^/?#]*", found[2])[0]  # type: ignore[index]
    path = re.match(r"[^?#]*", found[2][len(authority) :])[0]  # type: ignore[index]
    rest = found[2][len(authority) + len(path) :]
    login, _, place = authority.rpartition("@")
    # Without a host the path is a file's: its @ says nothing.
    certain = authority.count("@") < 2 and ("@" not in path + rest or not authority)
    return _Parts(found[1], login, place, path, rest, certain)


def has_password(value: str) -> bool:
    """True if this URL has a password, or may: in the login, in the query, or unescaped so that it is hard to find."""
    decoded = value
    for _ in range(3):  # a parameter may contain a whole escaped connection string
        if SECRET_PARAMETER.search(decoded):
            return True
        decoded = unquote_plus(decoded)
    parts = _parts(value)
    if parts is None:
        return bool(re.search(r"[:/][^@]*@", value))
    if not parts.certain:
        return ":" in value.partition("://")[2].rpartition("@")[0]
    return bool(parts.login.partition(":")[2]) or not parts.place_is_sound


def shown(value: str) -> str:
    """What may be shown of a URL: scheme, host, port and path, if it is certain that nothing of the password is in them."""
    parts = _parts(value)
    if parts is None:
        return "***"
    if not parts.certain or not parts.place_is_sound or re.search("[;=]", parts.path):
        return f"{parts.scheme}://***"
    return f"{parts.scheme}://{parts.place}{parts.path}"


def url(value: str, what: str, folder: Path = Path(".")) -> Secret:
    """A URL by reference, as for `secret`, or in plain text if it contains no password."""
    if value.startswith(SCHEMES) and not SCHEME.match(value):
        return secret(value, what, folder)
    if has_password(value):
        raise ConfigError(
            f"{what} contains a password in plain text.",
            "Put the whole URL into an environment variable and write env:NAME (or file:PATH, aws:NAME).",
        )
    return Secret(value)


def web_url(value: str, what: str, schemes: tuple[str, ...], example: str, folder: Path = Path(".")) -> str:
    """The URL of a server, as for `url`, with one of these schemes, a host, and a port that is a number."""
    address = url(value, what, folder).reveal().strip()
    parts = _parts(address)
    if parts is None or parts.scheme.lower() not in schemes or not parts.place:
        kind = "WebSocket" if "ws" in schemes else "web"
        raise ConfigError(f"{what} is not a {kind} address.", f"Write it in the form {example}.")
    if not parts.certain or not parts.place_is_sound:
        raise ConfigError(f"{what} is not an address: its port is not a number, or its password is not escaped.", ESCAPES)
    try:
        urlsplit(address)
    except ValueError:
        raise ConfigError(f"{what} is not an address.", f"Write it in the form {example}.") from None
    return address
