"""Excel workbooks (.xlsx): the first non-empty row of a sheet names the columns. All values land as text."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import openpyxl
import pyarrow as pa

from fullcircle.connectors.columns import unique
from fullcircle.connectors.sources.files.part import REPLACE_FILE, FilePart, How, Reject, opened, text_table
from fullcircle.engine.base import Engine
from fullcircle.errors import ConfigError, SourceBroken, did_you_mean


def read(path: Path, how: How, engine: Engine) -> Iterator[FilePart]:  # noqa: ARG001 - all readers have the same parameters
    """The rows of the sheet named in the config, else of the first one."""
    with opened(path) as file:
        try:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        except (BadZipFile, KeyError, ValueError, OSError) as error:
            raise SourceBroken(
                f"The workbook {path} cannot be read: it is truncated, locked or not an .xlsx file.", REPLACE_FILE
            ) from error
        if how.sheet and how.sheet not in book.sheetnames:
            raise ConfigError(f'{path} has no sheet "{how.sheet}".', did_you_mean(how.sheet, book.sheetnames))
        sheet = book[how.sheet] if how.sheet else book.worksheets[0]
        sheet.reset_dimensions()  # some programs write a wrong size, and rows beyond it would be lost
        try:
            yield from _parts(enumerate(sheet.iter_rows(values_only=True), 1), how.rows)
        except (BadZipFile, KeyError, ValueError, SyntaxError) as error:
            raise SourceBroken(f"The sheet {sheet.title} of {path} is damaged.", REPLACE_FILE) from error
        finally:
            book.close()


def _parts(rows: Iterator[tuple[int, tuple[Any, ...]]], size: int) -> Iterator[FilePart]:
    header = next((values for _, values in rows if any(value is not None for value in values)), None)
    if header is None:
        return
    texts = [_text(value) for value in header]
    while texts and not texts[-1].strip():
        texts.pop()
    names = unique(texts)
    while block := list(islice(rows, size)):
        records, lines, rejects = [], [], []
        for line, values in block:  # the library returns cells as Python values, one by one
            record = [_text(value) for value in values]
            if any(record[len(names) :]):
                rejects.append(Reject(line, f"has a value outside the {len(names)} columns of the header", "\t".join(record)))
            elif any(record):
                records.append((record + [""] * len(names))[: len(names)])
                lines.append(line)
        yield FilePart(text_table(names, records), pa.array(lines, pa.int64()), rejects=rejects)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(sep=" ")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return str(value)
