"""Checkpoints: how far the audit log went at a moment, signed (C2SP tlog-checkpoint). They are worth most when kept elsewhere.

my-company/audit/5f0c2e9a
1042
qINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=

- my-company/audit/5f0c2e9a Az3grlgt...     (the line begins with a long dash)
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fullcircle.errors import AuditBroken, ConfigError, cannot_write
from fullcircle.govern.audit_key import PublicKey, SigningKey
from fullcircle.govern.audit_tree import SIZE
from fullcircle.model.counting import counted

SUFFIX = ".checkpoint"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log was like at a moment. `where` is the file it was read from."""

    origin: str
    size: int
    root: bytes
    text: str = ""  # what was signed
    signatures: tuple[str, ...] = ()
    where: str = ""

    @property
    def body(self) -> str:
        """The text that is signed."""
        return self.text or f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    def signed(self, key: SigningKey) -> str:
        """The checkpoint as it is published."""
        return f"{self.body}\n{key.signature(self.body)}"

    def is_signed_by(self, keys: Iterable[PublicKey]) -> bool:
        """True if one of these keys signed it."""
        return any(key.signed(self.body, line) for key in keys for line in self.signatures)


def read_checkpoint(text: str, where: str) -> Checkpoint:
    """A checkpoint from its text; ConfigError if it is not one."""
    body, found, below = text.rpartition("\n\n")
    lines = body.split("\n")
    try:
        origin, size, root = lines[0], int(lines[1]), base64.b64decode(lines[2], validate=True)
    except (IndexError, ValueError, binascii.Error):
        origin, size, root = "", -1, b""
    signatures = tuple(line for line in below.split("\n") if line)
    if not found or not origin or size < 0 or str(size) != lines[1] or len(root) != SIZE or not signatures:
        raise ConfigError(f"{where} is not a checkpoint of an audit log.", "`fullcircle audit checkpoint` prints one.")
    return Checkpoint(origin, size, root, f"{body}\n", signatures, where)


def read_checkpoints(paths: Iterable[Path]) -> list[Checkpoint]:
    """The checkpoints of these files, and of the files `*.checkpoint` in these folders, the smallest first."""
    found = []
    for path in paths:
        for file in sorted(path.glob(f"*{SUFFIX}")) if path.is_dir() else (path,):
            try:
                found.append(read_checkpoint(file.read_text(encoding="utf-8"), str(file)))
            except (OSError, UnicodeDecodeError) as error:
                raise ConfigError(
                    f"The checkpoint {file} cannot be read.", "Check the path and the file's permissions."
                ) from error
    return sorted(found, key=lambda one: one.size)


def keep_checkpoint(folder: Path, checkpoint: Checkpoint, signed: str) -> Path:
    """Write a checkpoint into the folder, whole or not at all. AuditBroken if it contradicts the one that is there."""
    name = checkpoint.origin.rpartition("/")[2]
    file = folder / f"{name}-{checkpoint.size:012d}{SUFFIX}"
    draft = folder / f".{file.name}.{os.getpid()}"
    if file.exists() and read_checkpoints((file,))[0].body != checkpoint.body:
        entries = counted(checkpoint.size, "entry", "entries")
        raise AuditBroken(
            f"The checkpoint {file} says that the audit log was another one when it had {entries}.",
            "Keep that file, and run `fullcircle audit verify`.",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with draft.open("w", encoding="utf-8") as out:
            out.write(signed)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(file)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise cannot_write(f"The checkpoint {file}", error) from error
    return file
