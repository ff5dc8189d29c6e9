"""Landed files that are encrypted: Parquet's own encryption with one key for each source, the footer included.

pyarrow writes and reads them: DuckDB cannot write such files by itself, and fails to decrypt what it filters or what has several
pages. The name says that a file is encrypted.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from fullcircle.engine.base import Engine, located, quoted

ENDING = ".encrypted.parquet"


class FileKeys(Protocol):
    """The keys of landed files, of which old ones may be encrypted or plain."""

    @property
    def encrypts(self) -> bool:
        """Whether new files are encrypted."""
        ...

    def of(self, source: str) -> bytes:
        """The key of a source's files, of 32 bytes."""
        ...


def is_encrypted(path: Path) -> bool:
    """Whether a landed file is encrypted."""
    return path.name.endswith(ENDING)


def named(path: Path, encrypted: bool) -> Path:
    """The name of a landed file in its encrypted, or in its plain form."""
    plain = path.with_name(path.name.removesuffix(ENDING) + ".parquet") if is_encrypted(path) else path
    return plain.with_name(plain.name.removesuffix(".parquet") + ENDING) if encrypted else plain


def writing(key: bytes | None) -> dict[str, Any]:
    """The options with which pyarrow writes one file; they are for this one alone."""
    from pyarrow.parquet.encryption import create_encryption_properties

    return {} if key is None else {"encryption_properties": create_encryption_properties(footer_key=key)}


def read(path: Path, key: bytes | None) -> pa.Table:
    """All rows of one file."""
    from pyarrow.parquet.encryption import create_decryption_properties

    return pq.read_table(path) if key is None else pq.read_table(path, decryption_properties=create_decryption_properties(key))


def reader(engine: Engine, paths: Sequence[Path], key: bytes | None) -> str:
    """SQL: what reads these files, which are all encrypted with the key, or all plain; valid as long as the engine is open."""
    if key is None:
        return f"read_parquet([{', '.join(map(located, paths))}], hive_partitioning = false)"
    from pyarrow import dataset
    from pyarrow.parquet.encryption import create_decryption_properties

    scan = dataset.ParquetFragmentScanOptions(decryption_properties=create_decryption_properties(footer_key=key))
    name = f"landed_{sha256(repr(paths).encode()).hexdigest()[:16]}"
    engine.offer(name, dataset.dataset(paths, format=dataset.ParquetFileFormat(default_fragment_scan_options=scan)))
    return quoted(name)
