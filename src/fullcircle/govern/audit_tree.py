"""The hashes that hold the audit log together: a chain over its entries, and the Merkle tree of RFC 6962 over the same leaves.

The chain says at which entry something was changed. The tree's root is one short text for the whole log: kept elsewhere, it
shows a tail that was cut and entries that were written anew with all the hashes after them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256

SIZE = 32  # bytes of a hash
NOTHING = bytes(SIZE)  # the head of a log without entries


def leaf(entry: bytes) -> bytes:
    """The hash of one entry (RFC 6962, 2.1)."""
    return sha256(b"\x00" + entry).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees (RFC 6962, 2.1)."""
    return sha256(b"\x01" + left + right).digest()


def chained(head: bytes, new: bytes) -> bytes:
    """The head of the chain after the leaf `new`."""
    return sha256(b"\x02" + head + new).digest()


@dataclass(slots=True)
class Tree:
    """A Merkle tree that only grows: its size, and the roots of its complete subtrees, the biggest first."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    @classmethod
    def read(cls, size: int, peaks: bytes) -> Tree:
        """A tree from what `packed` gave."""
        return cls(size, [peaks[at : at + SIZE] for at in range(0, len(peaks), SIZE)])

    @property
    def packed(self) -> bytes:
        """The peaks, one after the other."""
        return b"".join(self.peaks)

    def add(self, new: bytes) -> None:
        """Add one leaf."""
        complete = self.size
        while complete & 1:
            new = node(self.peaks.pop(), new)
            complete >>= 1
        self.peaks.append(new)
        self.size += 1

    @property
    def root(self) -> bytes:
        """The hash of the whole tree."""
        if not self.peaks:
            return sha256(b"").digest()
        *rest, found = self.peaks
        for peak in reversed(rest):
            found = node(peak, found)
        return found
