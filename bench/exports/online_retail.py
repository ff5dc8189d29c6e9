"""A web shop's real lines: its columns as they stand in the file."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path


def lines(data: Path) -> Iterator[tuple[str, str, str, str, str, str, str]] | None:
    """Invoice, product, its name, pieces, when (ISO), price, customer; None where the data are not there.

    Invoices that begin with C are returns; lines without a customer are nobody's.
    """
    path = data / "online_retail" / "online_retail.csv.gz"
    if not path.exists():
        return None
    with gzip.open(path, "rt", encoding="utf-8", errors="replace") as file:
        rows = list(csv.reader(file))[1:]
    return (
        (invoice, code, name, quantity, datetime.strptime(at, "%d/%m/%Y %H:%M").isoformat(), price, who)
        for invoice, code, name, quantity, at, price, who, *_ in (row for row in rows if len(row) == 8)
    )
