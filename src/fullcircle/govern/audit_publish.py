"""A signed checkpoint of the audit log of a home, kept in the folder that [audit] names, to be published elsewhere."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from fullcircle.config.sections import Config
from fullcircle.govern.audit_checkpoint import Checkpoint, keep_checkpoint
from fullcircle.govern.audit_file import AUDIT, connect, state
from fullcircle.govern.audit_key import PublicKey, signing_key


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint as it is published, and what checks its signature."""

    text: str
    size: int
    public_key: PublicKey
    file: Path | None  # where it was kept


def signed_checkpoint(home: Path, settings: Config, keep: bool = True) -> SignedCheckpoint:
    """How far the log goes now, signed; `keep`: also written into the folder of [audit] checkpoints, if there is one."""
    with closing(connect(home / AUDIT, read_only=True)) as db:
        now = state(db, home / AUDIT)
    key = signing_key(home, settings, now.origin)
    checkpoint = Checkpoint(now.origin, now.size, now.tree.root)
    text = checkpoint.signed(key)
    folder = checkpoint_folder(settings)
    file = keep_checkpoint(folder, checkpoint, text) if keep and folder else None
    return SignedCheckpoint(text, now.size, key.public, file)


def checkpoint_folder(settings: Config) -> Path | None:
    """The folder of [audit] checkpoints."""
    return settings.folder / Path(settings.audit.checkpoints).expanduser() if settings.audit.checkpoints else None
