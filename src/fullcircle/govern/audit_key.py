"""The key that signs checkpoints (Ed25519), and signatures as the notes of C2SP have them: one line below the text.

What others need to check a signature is one line, too: `<name>+<hash of the key>+<key>`.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from fullcircle.book.kept_file import write_new
from fullcircle.config.secrets import secret
from fullcircle.config.sections import Config
from fullcircle.errors import ConfigError, cannot_write

KEY = "audit.key"
ED25519 = b"\x01"  # the kind of signature, in front of the key
MAKE_ONE = "Make one: openssl genpkey -algorithm ed25519"


def new_key() -> bytes:
    """A new private key, as PEM."""
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What checks signatures. `name` is the origin of the log."""

    name: str
    key: bytes

    @classmethod
    def read(cls, line: str) -> PublicKey:
        """The key of a line `name+hash+key`; ConfigError if it is not one."""
        name, _, rest = line.strip().partition("+")  # a name has no +, the base64 of a key may
        shown, _, encoded = rest.partition("+")
        try:
            raw = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            raw = b""
        found = cls(name, raw[1:])
        if not name or raw[:1] != ED25519 or len(raw) != 33 or found.hash.hex() != shown:
            raise ConfigError(
                "This is not a public key of an audit log.", "`fullcircle audit checkpoint --public-key` prints one."
            )
        return found

    @property
    def hash(self) -> bytes:
        """The first bytes of a signature: they say which key made it."""
        return sha256(f"{self.name}\n".encode() + ED25519 + self.key).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.hash.hex()}+{base64.b64encode(ED25519 + self.key).decode()}"

    def signed(self, text: str, line: str) -> bool:
        """True if this line is a signature of the text by this key."""
        dash, _, rest = line.partition(" ")
        name, _, encoded = rest.partition(" ")
        try:
            signature = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            return False
        if dash != "\u2014" or name != self.name or signature[:4] != self.hash:
            return False
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(signature[4:], text.encode())
        except InvalidSignature:
            return False
        return True


class SigningKey:
    """The private key with the name under which it signs. It prints as ***."""

    def __init__(self, name: str, pem: bytes, what: str) -> None:
        try:
            key = load_pem_private_key(pem.strip() + b"\n", None)
        except (ValueError, TypeError) as error:  # not PEM; or closed by a password
            raise ConfigError(f"{what} is not a private key in PEM form without a password.", MAKE_ONE) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise ConfigError(f"{what} is a key of another kind: Ed25519 is needed.", MAKE_ONE)
        self._key = key
        self.public = PublicKey(name, key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    def __repr__(self) -> str:
        return "***"

    def signature(self, text: str) -> str:
        """The line that goes below the text."""
        signed = base64.b64encode(self.public.hash + self._key.sign(text.encode())).decode()
        return f"\u2014 {self.public.name} {signed}\n"


# -- the key of a home -------------------------------------------------------------------------------------------------


def signing_key(home: Path, settings: Config, origin: str) -> SigningKey:
    """The key that [audit] names, otherwise the one in the home, which is made the first time."""
    if settings.audit.key:
        what = "`key` in [audit]"
        return SigningKey(origin, secret(settings.audit.key, what, settings.folder).reveal().encode(), what)
    file = home / KEY
    try:
        if not file.exists():
            write_new(file, new_key())
        pem = file.read_bytes()
    except OSError as error:
        raise cannot_write(f"The key {file}", error) from error
    return SigningKey(origin, pem, f"The file {file}")
