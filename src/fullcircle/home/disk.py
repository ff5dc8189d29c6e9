"""Whether the disk under a folder is encrypted, as far as the operating system shows it."""

from __future__ import annotations

import os
from pathlib import Path

ENCRYPTED_SYSTEMS = ("ecryptfs", "encfs", "gocryptfs", "fuse.encfs", "fuse.gocryptfs", "fuse.cryfs")
MOUNTS = Path("/proc/self/mountinfo")
DEVICES = Path("/sys/dev/block")


def disk_encrypted(folder: Path, mounts: Path = MOUNTS, devices: Path = DEVICES) -> bool | None:
    """True if it is (LUKS, or a file system that encrypts), False if it is a plain disk, None if that cannot be seen here."""
    try:
        lines = mounts.read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    found = _mount(folder.resolve(), lines)
    if found is None:
        return None
    device, system = found
    if system in ENCRYPTED_SYSTEMS:
        return True
    block = devices / device
    return _encrypted(block) if block.exists() else None


def _mount(folder: Path, lines: list[str]) -> tuple[str, str] | None:
    """Device (major:minor) and file system of the mount that a folder is in: the longest of those above it, of two the later."""
    best, found = -1, None
    for line in lines:
        fields, _, more = line.partition(" - ")
        parts = fields.split(" ")
        if len(parts) < 5 or not more:
            continue
        place = parts[4].encode().decode("unicode_escape")  # a blank is written \040
        if (str(folder) == place or str(folder).startswith(place.rstrip("/") + "/")) and len(place) >= best:
            best, found = len(place), (parts[2], more.split(" ")[0])
    return found


def _encrypted(block: Path) -> bool | None:
    """Whether a block device, or what it is made of, is a mapping of LUKS or dm-crypt."""
    try:
        if (block / "dm" / "uuid").read_text(encoding="ascii").startswith("CRYPT-"):
            return True
    except OSError:
        pass
    slaves = block / "slaves"
    below = [_encrypted(slaves / name) for name in (os.listdir(slaves) if slaves.is_dir() else ())]
    return all(below) if below else False
