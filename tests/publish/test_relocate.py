"""A lake that was moved: any Avro file is read and written again with other places, and nothing else changes."""

import io
import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullcircle.publish.targets.iceberg import relocate
from tests.properties import examples

PART: Any = {"type": "record", "name": "p", "fields": [{"name": "a", "type": "int"}]}
SCHEMA: Any = {
    "type": "record",
    "name": "entry",
    "fields": [
        {"name": "path", "type": "string"},
        {"name": "size", "type": "long"},
        {"name": "maybe", "type": ["null", "double"]},
        {"name": "raw", "type": {"type": "fixed", "name": "f", "size": 4}},
        {"name": "ok", "type": "boolean"},
        {"name": "bounds", "type": ["null", {"type": "map", "values": "bytes"}]},
        {"name": "parts", "type": {"type": "array", "items": PART}},
    ],
}  # fmt: skip
ENTRY = st.fixed_dictionaries(
    {
        "path": st.sampled_from(["file:///old/lake/warehouse/x", "/old/lake/warehouse/x", "/old/lakes/x", "s3://x"]) | st.text(),
        "size": st.integers(-(2**63), 2**63 - 1),
        "maybe": st.sampled_from([[0, b""], [1, b"12345678"]]),
        "raw": st.binary(min_size=4, max_size=4),
        "ok": st.sampled_from([b"\x00", b"\x01"]),
        "bounds": st.just([0, b""]) | st.dictionaries(st.text(), st.binary()).map(lambda found: [1, found]),
        "parts": st.lists(st.fixed_dictionaries({"a": st.integers(-(2**31), 2**31 - 1)})),
    }
)


def file_of(entries: list[dict[str, Any]], codec: str) -> bytes:
    out, block = io.BytesIO(), io.BytesIO()
    out.write(relocate.MAGIC)
    relocate._write(relocate.META, {"avro.schema": json.dumps(SCHEMA).encode(), "avro.codec": codec.encode()}, out)
    out.write(b"s" * 16)
    for entry in entries:
        relocate._write(SCHEMA, entry, block)
    content = block.getvalue()
    if codec == "deflate":
        packer = zlib.compressobj(wbits=-15)
        content = packer.compress(content) + packer.flush()
    relocate._write_long(len(entries), out)
    relocate._write_long(len(content), out)
    out.write(content + b"s" * 16)
    return out.getvalue()


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(ENTRY, max_size=4), st.sampled_from(["null", "deflate"]))
def test_only_places_change(entries: list[dict[str, Any]], codec: str) -> None:
    data = file_of(entries, codec)
    assert relocate._avro(data, lambda text: text) == data

    def moved(text: str) -> str:
        return text.replace("/old/lake/", "/new home/lake/", 1) if text.startswith(("file:///old/lake/", "/old/lake/")) else text

    expected = [{**entry, "path": moved(entry["path"])} for entry in entries]
    assert relocate._avro(data, moved) == file_of(expected, codec)


@pytest.mark.parametrize("content", [b"", b"garbage", relocate.MAGIC + b"\x00"])
def test_what_is_not_avro_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises((ValueError, KeyError)):
        relocate._avro(content, str)
