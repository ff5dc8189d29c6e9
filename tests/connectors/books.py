"""Writes small workbooks of the kinds for which no library writes them any more: .xls and .ods."""

import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

Rows = Sequence[Sequence[object]]
SECTOR = 512


class Masked(int):
    """A number with the format 00000."""


class Day(int):
    """The number of a day, as Excel keeps it."""


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _text(text: str, size: str = "<H") -> bytes:
    return struct.pack(size, len(text)) + b"\x01" + text.encode("utf-16-le")


def _begin(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 1996, 0, 6))


def _cell(row: int, column: int, value: object) -> bytes:
    style = 2 if isinstance(value, Masked) else 3 if isinstance(value, Day) else 1
    at = struct.pack("<HHH", row, column, style)
    if isinstance(value, bool):
        return _record(0x0205, at + bytes([value, 0]))
    if isinstance(value, (int, float)):
        return _record(0x0203, at + struct.pack("<d", value))
    return _record(0x0204, at + _text(str(value)))


Range = tuple[int, int, int, int]  # the first and last row, the first and last column, from 0


def write_xls(path: Path, sheets: Mapping[str, Rows], hidden: Sequence[str] = (), merged: Sequence[Range] = ()) -> None:
    """A workbook of Excel 97; `merged` are ranges of all its sheets."""
    ranges = _record(0x00E5, struct.pack("<H", len(merged)) + b"".join(struct.pack("<HHHH", *one) for one in merged))
    bodies = []
    for rows in sheets.values():
        cells = [_cell(r, c, value) for r, row in enumerate(rows) for c, value in enumerate(row) if value is not None]
        size = _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows), default=0), 0))
        bodies.append(_begin(0x0010) + size + b"".join(cells) + (ranges if merged else b"") + _record(0x000A, b""))
    font = _record(0x0031, struct.pack("<HHHHHBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0) + _text("Arial", "<B"))
    formats = _record(0x041E, struct.pack("<H", 164) + _text("00000")) + _record(
        0x041E, struct.pack("<H", 165) + _text("yyyy-mm-dd")
    )
    styles = b"".join(
        _record(0x00E0, struct.pack("<HHHBBBBIIH", 0, number, kind, 0x20, 0, 0, 0, 0, 0, 0x20C0))
        for number, kind in ((0, 0xFFF5), (0, 1), (164, 1), (165, 1))
    )
    head = _begin(0x0005) + font + formats + styles
    listed = sum(4 + 8 + 2 * len(name) for name in sheets) + 4
    place, bounds = len(head) + listed, b""
    for name, body in zip(sheets, bodies, strict=True):
        bounds += _record(0x0085, struct.pack("<IBB", place, int(name in hidden), 0) + _text(name, "<B"))
        place += len(body)
    path.write_bytes(_compound(head + bounds + _record(0x000A, b"") + b"".join(bodies)))


def _compound(stream: bytes) -> bytes:
    """A file that holds one stream called Workbook."""
    stream = stream.ljust(max(4096, -(-len(stream) // SECTOR) * SECTOR), b"\0")
    count = len(stream) // SECTOR
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, count + 2), 0xFFFFFFFE]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(SECTOR, b"\xff")
    assert len(table) == SECTOR
    entries = [("Root Entry", 5, 0xFFFFFFFE, 0, 1), ("Workbook", 2, 2, len(stream), 0xFFFFFFFF)]
    directory = b"".join(
        name.encode("utf-16-le").ljust(64, b"\0")
        + struct.pack("<HBBIII", 2 * len(name) + 2, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
        + bytes(36)
        + struct.pack("<III", start, size, 0)
        for name, kind, start, size, child in entries
    ).ljust(SECTOR, b"\0")
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
        + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
        + struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    )
    return header + table + directory + stream


NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"))
)


def ods_cell(value: object) -> str:
    """A cell as LibreOffice writes it; a text that begins with < is taken as it is."""
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, bool):
        return f'<table:table-cell office:value-type="boolean" office:boolean-value="{str(value).lower()}"/>'
    if isinstance(value, Masked):
        shown = f"<text:p>{value:05d}</text:p>"
        return f'<table:table-cell office:value-type="float" office:value="{int(value)}">{shown}</table:table-cell>'
    if isinstance(value, (int, float)):
        shown = f"<text:p>{value}</text:p>"
        return f'<table:table-cell office:value-type="float" office:value="{value}">{shown}</table:table-cell>'
    if str(value).startswith("<"):
        return str(value)
    return f'<table:table-cell office:value-type="string"><text:p>{escape(str(value))}</text:p></table:table-cell>'


def write_ods(path: Path, sheets: Mapping[str, Rows], hidden: Sequence[str] = ()) -> None:
    """A workbook of LibreOffice."""
    tables = "".join(
        f'<table:table table:name="{escape(name)}" table:style-name="ta{int(name in hidden)}">'
        + "".join(
            "<table:table-row>"
            + "".join(map(ods_cell, row))
            + '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
            for row in rows
        )
        + '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/>'
        "</table:table-row></table:table>"
        for name, rows in sheets.items()
    )
    styles = "".join(
        f'<style:style style:name="ta{number}" style:family="table">'
        f'<style:table-properties table:display="{shown}"/></style:style>'
        for number, shown in ((0, "true"), (1, "false"))
    )
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content {NAMES}><office:automatic-styles>{styles}</office:automatic-styles>'
            f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>",
        )
