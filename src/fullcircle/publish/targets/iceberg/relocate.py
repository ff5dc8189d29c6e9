"""Brings a lake that was moved in order: the absolute places in its metadata become those of the folder it is in now.

Iceberg keeps places in JSON files (metadata), in Avro files (manifests, and lists of them), in Parquet files (of deletes), and
in the catalog. The files are rewritten from the inside to the outside, the catalog last; what was rewritten already stays as it
is, so that it can be repeated.
"""

from __future__ import annotations

import io
import json
import os
import sqlite3
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fullcircle.publish.targets.iceberg.place import CATALOG, DELETES, WAREHOUSE, path_of

MAGIC = b"Obj\x01"
SYNC = 16  # bytes after the header and after each block
POSITION_DELETES = 1  # the content of a file, as a manifest says it
META: Any = {"type": "map", "values": "bytes"}
Places = Callable[[str], str]


def relocate(folder: Path, old: str) -> None:
    """Rewrite all places below `old` to places below `folder`. Raises ValueError, OSError or sqlite3.Error if that fails."""
    own = str(folder) if set("#?%") & set(str(folder)) else f"file://{folder}"  # as in a new lake, see target.py

    def moved(text: str) -> str:
        for prefix in (f"file://{old}/", f"{old}/"):
            if text.startswith(prefix):
                return f"{own}/{text[len(prefix) :]}"
        return text

    for path in sorted((folder / WAREHOUSE).rglob(f"*{DELETES}*.parquet")):
        _rewritten(path, lambda data: _deletes(data, moved))
    avro = sorted((folder / WAREHOUSE).rglob("*.avro"))
    lists = [path for path in avro if b'"manifest_path"' in _head(path)]
    for path in [path for path in avro if path not in lists] + lists:
        _rewritten(path, lambda data: _avro(data, moved))
    for path in sorted((folder / WAREHOUSE).rglob("*.metadata.json")):
        _rewritten(path, lambda data: json.dumps(_in_json(json.loads(data), moved)).encode())
    with closing(sqlite3.connect(folder / CATALOG, timeout=30)) as db, db:
        rows = db.execute("SELECT rowid, metadata_location, previous_metadata_location FROM iceberg_tables").fetchall()
        for row, *places in rows:
            ours = [place and moved(place) for place in places]
            update = "UPDATE iceberg_tables SET metadata_location = ?, previous_metadata_location = ? WHERE rowid = ?"
            db.execute(update, (*ours, row))


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(1 << 16)


def _rewritten(path: Path, change: Callable[[bytes], bytes]) -> None:
    before = path.read_bytes()
    after = change(before)
    if after != before:
        new = path.with_name(f".{path.name}.tmp")
        new.write_bytes(after)
        os.replace(new, path)


def _deletes(data: bytes, moved: Places) -> bytes:
    """A file of position deletes that names the data files by their other places."""
    before = pq.read_table(pa.BufferReader(data))
    files = before.column("file_path")
    others = {name: moved(name) for name in pc.unique(files).to_pylist()}
    if all(name == other for name, other in others.items()):
        return data
    paths = pa.chunked_array([pa.array([others[name] for name in files.to_pylist()], files.type)])
    out = io.BytesIO()
    pq.write_table(before.set_column(0, before.schema.field("file_path"), paths), out, compression="zstd")
    return out.getvalue()


def _in_json(value: Any, moved: Places) -> Any:
    if isinstance(value, str):
        return moved(value)
    if isinstance(value, list):
        return [_in_json(each, moved) for each in value]
    return {name: _in_json(each, moved) for name, each in value.items()} if isinstance(value, dict) else value


# -- Avro: the schema is in the file, so that any record can be read and written again -----------------------------------


def _avro(data: bytes, moved: Places) -> bytes:
    """The file with other places. A manifest is as long as its new self: the list that names it says so."""
    source, out = io.BytesIO(data), io.BytesIO()
    if source.read(len(MAGIC)) != MAGIC:
        raise ValueError("not an Avro file")
    meta = _read(META, source)
    schema = json.loads(meta["avro.schema"])
    codec = meta.get("avro.codec", b"null").decode()
    if codec not in ("null", "deflate"):
        raise ValueError(f"unknown compression {codec}")
    sync = source.read(SYNC)
    out.write(MAGIC)
    _write(META, meta, out)
    out.write(sync)
    while begin := source.read(1):
        source.seek(-len(begin), io.SEEK_CUR)
        count, size = _read_long(source), _read_long(source)
        block = source.read(size)
        records = io.BytesIO(zlib.decompress(block, -15) if codec == "deflate" else block)
        made = io.BytesIO()
        for _ in range(count):
            record = _in_json(_read(schema, records), moved)
            if "manifest_path" in record:
                record["manifest_length"] = path_of(record["manifest_path"]).stat().st_size
            file = record.get("data_file", {})
            if file.get("content") == POSITION_DELETES:
                file["file_size_in_bytes"] = path_of(file["file_path"]).stat().st_size
            _write(schema, record, made)
        content = made.getvalue()
        if codec == "deflate":
            packer = zlib.compressobj(wbits=-15)
            content = packer.compress(content) + packer.flush()
        _write_long(count, out)
        _write_long(len(content), out)
        out.write(content)
        out.write(source.read(SYNC))
    return out.getvalue()


def _read(schema: Any, source: io.BytesIO) -> Any:
    """A value; of a union, the number of its type and the value."""
    kind = schema["type"] if isinstance(schema, dict) else schema
    if isinstance(kind, list):
        branch = _read_long(source)
        return [branch, _read(kind[branch], source)]
    if isinstance(kind, dict):
        return _read(kind, source)
    if kind == "record":
        return {field["name"]: _read(field["type"], source) for field in schema["fields"]}
    if kind in ("array", "map"):
        return _read_blocks(schema, kind, source)
    if kind in ("string", "bytes"):
        text = source.read(_read_long(source))
        return text.decode() if kind == "string" else text
    return _read_long(source) if kind in ("int", "long") else source.read(_width(schema, kind))


def _read_blocks(schema: Any, kind: str, source: io.BytesIO) -> Any:
    found: list[Any] = []
    while count := _read_long(source):
        if count < 0:  # then the size of the block in bytes follows
            count, _ = -count, _read_long(source)
        for _ in range(count):
            name = source.read(_read_long(source)).decode() if kind == "map" else ""
            value = _read(schema["items" if kind == "array" else "values"], source)
            found.append((name, value) if kind == "map" else value)
    return dict(found) if kind == "map" else found


def _read_long(source: io.BytesIO) -> int:
    value, shift = 0, 0
    while True:
        (byte,) = source.read(1)
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return (value >> 1) ^ -(value & 1)


def _write(schema: Any, value: Any, out: io.BytesIO) -> None:
    kind = schema["type"] if isinstance(schema, dict) else schema
    if isinstance(kind, list):
        _write_long(value[0], out)
        _write(kind[value[0]], value[1], out)
    elif isinstance(kind, dict):
        _write(kind, value, out)
    elif kind == "record":
        for field in schema["fields"]:
            _write(field["type"], value[field["name"]], out)
    elif kind in ("array", "map"):
        _write_blocks(schema, kind, value, out)
    elif kind in ("string", "bytes"):
        content = value.encode() if kind == "string" else value
        _write_long(len(content), out)
        out.write(content)
    elif kind in ("int", "long"):
        _write_long(value, out)
    else:
        out.write(value)


def _write_blocks(schema: Any, kind: str, value: Any, out: io.BytesIO) -> None:
    if value:
        _write_long(len(value), out)
    for each in value.items() if kind == "map" else value:
        if kind == "map":
            _write("string", each[0], out)
        _write(schema["items" if kind == "array" else "values"], each[1] if kind == "map" else each, out)
    _write_long(0, out)


def _write_long(value: int, out: io.BytesIO) -> None:
    left = (value << 1) ^ (value >> 63)
    while left > 0x7F:
        out.write(bytes([left & 0x7F | 0x80]))
        left >>= 7
    out.write(bytes([left]))


def _width(schema: Any, kind: str) -> int:
    return int(schema["size"]) if kind == "fixed" else {"null": 0, "boolean": 1, "float": 4, "double": 8}[kind]
