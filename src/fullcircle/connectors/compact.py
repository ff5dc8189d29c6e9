"""Merges small landed files into larger ones: each pull leaves a file, and reading many small ones takes long.

No row is dropped: the history of a key, what comes back when a deletion is undone, and what is to be erased are all still there.
Only neighbours in landing order are merged, so that of two rows with one key the later one still counts. The landed data is the
same afterwards, and no stage has to run again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fullcircle.connectors.landing import LandedFile, Landing
from fullcircle.model.progress import Progress

SMALL = 8 << 20  # bytes; larger files stay as they are
LARGE = 64 << 20  # bytes of small files that are merged into one, which is read into memory for that
MANY = 64  # small files of an object, from which a pull merges them by itself


@dataclass(frozen=True, slots=True)
class Compacted:
    """The small files of one object, before and after, and their rows. After a dry run: what they would be."""

    source: str
    object: str
    files_before: int
    files_after: int
    rows: int


def compact(landing: Landing, progress: Progress, sources: Sequence[str] = (), dry_run: bool = False) -> list[Compacted]:
    """Merge the small files of these sources, else of all; returns the objects that had any to merge."""
    done = []
    for source, object in landing.objects():
        files = landing.listed(source, object)
        groups = list(_groups(files)) if not sources or source in sources else []
        if not groups:
            continue
        progress.step(f"{source}.{object}: merging landed files", sum(map(len, groups)))
        for group in groups:
            if not dry_run:
                landing.merge(source, object, group)
            progress.advance(len(group))
        saved = sum(len(group) - 1 for group in groups)
        done.append(Compacted(source, object, len(files), len(files) - saved, sum(one.rows for one in files)))
    return done


def compact_if_many(landing: Landing, source: str, object: str) -> None:
    """Merge the small files of one object once there are many of them."""
    files = landing.listed(source, object)
    if sum(one.bytes < SMALL for one in files) >= MANY:
        for group in _groups(files):
            landing.merge(source, object, group)


def _groups(files: Sequence[LandedFile]) -> Iterator[list[LandedFile]]:
    """Neighbours that are small and alike, two or more, and together not too large."""
    group: list[LandedFile] = []
    for one in files:
        fits = group and one.like == group[0].like and sum(each.bytes for each in group) + one.bytes <= LARGE
        if one.bytes >= SMALL or not fits:
            if len(group) > 1:
                yield group
            group = []
        if one.bytes < SMALL:
            group.append(one)
    if len(group) > 1:
        yield group
