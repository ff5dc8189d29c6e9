"""JSON: one object per line, or one array of objects. Values land as text, nested ones as JSON text; `_raw` is the original.

Of a JSON:API document (jsonapi.py) it is the resource as a plain object, its values as they are written.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from fullcircle.connectors.columns import unique
from fullcircle.connectors.sources.files.encoding import encoding_of
from fullcircle.connectors.sources.files.jsonapi import ATTRIBUTES, Included, lifted, places, resources
from fullcircle.connectors.sources.files.part import FilePart, How, Reject, opened
from fullcircle.connectors.sources.files.wrapped import AS_WRITTEN, inside
from fullcircle.engine.base import Engine, literal

LOADS: Callable[[str], Any] = AS_WRITTEN.decode


def read(path: Path, how: How, engine: Engine) -> Iterator[FilePart]:
    """The objects of a JSON lines file, or of a file with one array (or a single object) that spans many lines."""
    encoding = encoding_of(path, how)
    with opened(path, how.unpack_ratio) as file:
        lines = io.TextIOWrapper(file, encoding=encoding.name, errors="surrogateescape", newline="\n")
        if encoding.note:
            yield FilePart(pa.table({}), pa.array([], pa.int64()), notes=(encoding.note,))
        first = list(islice(lines, 1))
        if not first:
            return
        if _is_document(first[0]):
            yield from _document(first[0] + lines.read(), how.rows, engine)
            return
        at, block = 1, first + list(islice(lines, how.rows - 1))
        if not any(line.strip() for line in block[1:]) and (place := _rows_in(first[0]))[0]:
            yield from _document(first[0], how.rows, engine, place)
            return
        while block:
            yield _part(*_rows_of(at, block), engine)
            at, block = at + len(block), list(islice(lines, how.rows))


def _rows_of(at: int, block: list[str]) -> tuple[list[int], list[str]]:
    """The texts of the objects in lines, with the number of the line of each."""
    if not any(ATTRIBUTES in line for line in block):
        return list(range(at, at + len(block))), block
    rows = [(number, text) for number, line in enumerate(block, at) for text in _texts(line)]
    return [number for number, _ in rows], [text for _, text in rows]


def _texts(line: str) -> list[str]:
    """The objects of a line: one, or those of a JSON:API document, as pages of an API are kept line by line."""
    page = places(line)
    return resources(line, *page) if page else [lifted(line, {})]


def _is_document(first: str) -> bool:
    """True if the first line only starts a longer document: an array, or an object that spans many lines."""
    text = first.strip()
    if text.startswith("["):
        return True
    if not text.startswith("{"):
        return False
    try:
        json.loads(text)
    except RecursionError:  # it becomes a reject
        return False
    except ValueError:
        return text in {"{", ""} or text.endswith((",", "{", "["))
    return False


def _rows_in(text: str) -> tuple[tuple[int, int] | None, Included]:
    """Where in the text of an object its list of rows is, if it has one, and what is included beside them."""
    return places(text) or (inside(text), {})


def _document(
    text: str, rows: int, engine: Engine, within: tuple[tuple[int, int] | None, Included] | None = None
) -> Iterator[FilePart]:
    """The elements of an array, one after another. Everything after a damaged element becomes one reject."""
    decoder, place, line = json.JSONDecoder(), len(text) - len(text.lstrip()), 1
    found, included = within or (_rows_in(text) if text[place] == "{" else (None, {}))
    if found:
        line += text.count("\n", 0, found[0])
        text, place = text[: found[1]], found[0]
    is_array = text[place] == "["
    place += is_array
    lines: list[int] = []
    texts: list[str] = []
    while True:
        begin = _skip(text, place)
        line += text.count("\n", place, begin)
        if text[begin : begin + 1] in ("]", "") or (not is_array and texts):
            complete = text[begin : begin + 1] == "]" or not is_array
            break
        try:
            _, end = decoder.raw_decode(text, begin)
        except (ValueError, RecursionError):
            complete = False
            break
        lines.append(line)
        texts.append(lifted(text[begin:end].replace("\n", " "), included))
        line += text.count("\n", begin, end)
        place = end
        if len(texts) >= rows:
            yield _part(lines, texts, engine)
            lines, texts = [], []
    last = _part(lines, texts, engine)
    if not complete:
        last.rejects.append(Reject(line, "the JSON is damaged or cut from here on", _safe(text[begin : begin + 10_000])))
    yield last


def _skip(text: str, place: int) -> int:
    while place < len(text) and text[place] in " \t\r\n,":
        place += 1
    return place


def _safe(text: str) -> str:
    return text.rstrip("\r\n").replace("\x00", "\u2400").encode("utf-8", "replace").decode()


def _part(lines: list[int], texts: list[str], engine: Engine) -> FilePart:
    try:
        records = list(map(LOADS, texts))
        "".join(texts).encode("utf-8")
    except (ValueError, RecursionError):  # at least one is invalid: find out which
        records = [_record(text) for text in texts]
    rejects = [
        Reject(line, record if isinstance(record, str) else "is not an object", _safe(text))
        for line, record, text in zip(lines, records, texts, strict=True)
        if not isinstance(record, dict) and text.strip()
    ]
    kept = [place for place, record in enumerate(records) if isinstance(record, dict)]
    objects: list[dict[str, Any]] = [records[place] for place in kept]
    raw = pa.chunked_array([pa.array([texts[place].strip() for place in kept], pa.string())])
    given = list(dict.fromkeys(name for names in set(map(tuple, objects)) for name in names))
    given.sort()  # so that the order does not depend on the order of a set
    columns = [_column([record.get(name) for record in objects], name, raw, engine) for name in given]
    table = pa.table(columns, names=unique(given)) if given else pa.table({"value": pa.nulls(len(kept), pa.string())})
    return FilePart(table, pa.array([lines[place] for place in kept], pa.int64()), raw, rejects)


def _record(text: str) -> Any:
    """The parsed record, or the reason why the text is not valid."""
    if _safe(text) != text.rstrip("\r\n"):
        return "holds a NUL byte or bytes that are not of the file's encoding"
    try:
        found = LOADS(text)
    except (ValueError, RecursionError):
        return "is not valid JSON" if text.strip() else None
    return found if isinstance(found, dict) else None


def _column(values: list[Any], name: str, raw: pa.ChunkedArray, engine: Engine) -> pa.ChunkedArray:
    kinds = set(map(type, values))
    if kinds & {dict, list}:  # the nested value exactly as in the record
        table = pa.table({"raw": raw, "n": pa.array(range(len(raw)), pa.int64())})
        with engine.register("json_texts", table):
            sql = f"SELECT raw ->> {literal(_pointer(name))} AS c FROM json_texts ORDER BY n"
            return engine.arrow(sql)["c"]
    if bool in kinds:
        values = [("true" if value else "false") if isinstance(value, bool) else value for value in values]
    return pa.chunked_array([pa.array(values, pa.string())])


def _pointer(name: str) -> str:
    return "/" + name.replace("~", "~0").replace("/", "~1")
