"""The key-encryption key: it wraps the data keys of a home, and is itself never in the home. Start at `key_encryption_key`.

`[security] key` names it: `env:NAME` or `file:PATH` of 32 bytes in base64 (`fullcircle security new-key` makes one), or
`aws-kms:KEY` of a key in AWS KMS, which never leaves it.
"""

from __future__ import annotations

import base64
import binascii
import os
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fullcircle.config.secrets import secret
from fullcircle.errors import ConfigError

SIZE = 32  # bytes of a key: AES-256
NONCE = 12  # bytes
WHAT = "The key of [security]"
MAKE = "`fullcircle security new-key` prints a new one."


class KeyEncryptionKey(Protocol):
    """Wraps data keys. `id` says which key it is, and nothing of it."""

    id: str

    def wrap(self, name: str, key: bytes) -> str:
        """The data key with this name, as it may be stored."""
        ...

    def unwrap(self, name: str, text: str) -> bytes:
        """The data key again; ConfigError if another key wrapped it, or it was changed, or kept under another name."""
        ...


def key_encryption_key(reference: str, folder: Path) -> KeyEncryptionKey:
    """The key that a reference names; a relative path starts at `folder`."""
    if not reference:
        raise ConfigError(
            "[security] encrypt is on, but no key is named.",
            f'Write key = "env:NAME" or "file:PATH" into [security], or "aws-kms:KEY". {MAKE}',
        )
    if reference.startswith("aws-kms:"):
        from fullcircle.govern.kms import KmsKey

        return KmsKey(reference.removeprefix("aws-kms:"))
    return LocalKey(_read(secret(reference, WHAT, folder).reveal()))


def new_key() -> str:
    """A new random key as text."""
    return base64.b64encode(os.urandom(SIZE)).decode()


def _read(text: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != SIZE:
        raise ConfigError(f"{WHAT} is not {SIZE} bytes in base64.", MAKE)
    return key


class LocalKey:
    """A key from the environment or a file: AES-256-GCM, with the name of the data key as associated data."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)
        self.id = "local:" + sha256(b"fullcircle key-encryption key\0" + key).hexdigest()[:12]

    def wrap(self, name: str, key: bytes) -> str:
        """See KeyEncryptionKey."""
        nonce = os.urandom(NONCE)
        return base64.b64encode(nonce + self._cipher.encrypt(nonce, key, name.encode())).decode()

    def unwrap(self, name: str, text: str) -> bytes:
        """See KeyEncryptionKey."""
        try:
            raw = base64.b64decode(text, validate=True)
            if base64.b64encode(raw).decode() != text:  # bits of the last character that nothing is read from
                raise ValueError
            return self._cipher.decrypt(raw[:NONCE], raw[NONCE:], name.encode())
        except (InvalidTag, binascii.Error, ValueError) as error:
            raise changed(name) from error


def changed(name: str) -> ConfigError:
    """What to say where a data key cannot be unwrapped by the key that wrapped it."""
    return ConfigError(
        f'The data key "{name}" in keys.json was changed or cut, and cannot be read.', "Copy a backup of keys.json into the home."
    )
