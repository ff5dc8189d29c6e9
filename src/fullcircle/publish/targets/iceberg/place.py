"""Whether the lake in a folder is whole and is this folder's own. An Iceberg catalog and its files hold absolute places.

So the copy of a lake refers to the files of the original: whoever wrote into the copy would write into the original.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote

CATALOG, WAREHOUSE = "catalog.sqlite", "warehouse"
DELETES = "-deletes-"  # in the name of a file that names rows as deleted


def path_of(location: str) -> Path:
    """The path of a location in a catalog or in metadata."""
    return Path(location.removeprefix("file://"))


def elsewhere(folder: Path) -> str:
    """The place that the catalog of this folder refers to, if it is another one; empty if it is this one, or there is none."""
    for location in _locations(folder):
        path = path_of(location)
        if not _is_below(path, folder) and not _is_below(Path(unquote(str(path))), folder):
            return _lake_of(path)
    return ""


def _is_below(path: Path, folder: Path) -> bool:
    return folder in path.parents or folder.resolve() in path.resolve().parents


def _lake_of(path: Path) -> str:
    lakes = [parent.parent for parent in path.parents if parent.name == WAREHOUSE]
    return str(lakes[-1] if lakes else path.parent)


def _locations(folder: Path) -> list[str]:
    """Where the catalog says that the tables are. Raises sqlite3.Error if it cannot be read."""
    catalog = folder / CATALOG
    if not catalog.exists():
        return []
    with closing(sqlite3.connect(f"{catalog.absolute().as_uri()}?mode=ro", uri=True, timeout=30)) as db:
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'iceberg_tables'").fetchall():
            return []
        rows = db.execute("SELECT metadata_location, previous_metadata_location FROM iceberg_tables").fetchall()
    return [location for row in rows for location in row if location]


def broken(folder: Path) -> str:
    """Why the lake cannot be read: the catalog is damaged or lost, or a file it names; empty if all looks well."""
    warehouse = folder / WAREHOUSE
    try:
        missing = [location for location in _locations(folder) if not path_of(location).exists()]
        sound = not (folder / CATALOG).exists() or _is_sound(folder / CATALOG)
    except sqlite3.OperationalError as error:
        return "" if "locked" in str(error).lower() else f"its {CATALOG} is damaged"
    except sqlite3.Error:
        return f"its {CATALOG} is damaged"
    if not sound:
        return f"its {CATALOG} is damaged"
    if not (folder / CATALOG).exists() and warehouse.is_dir() and any(warehouse.iterdir()):
        return f"its {CATALOG} is lost"
    return f"the file {path_of(missing[0])} is lost" if missing and path_of(missing[0]).name else ""


def _is_sound(catalog: Path) -> bool:
    with closing(sqlite3.connect(f"{catalog.absolute().as_uri()}?mode=ro", uri=True, timeout=30)) as db:
        return catalog.stat().st_size > 0 and db.execute("PRAGMA quick_check").fetchall()[0][0] == "ok"


def clear(folder: Path) -> None:
    """Delete the catalog and the tables of this folder, nothing else."""
    for path in folder.glob(f"{CATALOG}*"):
        path.unlink(missing_ok=True)
    if (folder / WAREHOUSE).is_symlink():
        (folder / WAREHOUSE).unlink()
    shutil.rmtree(folder / WAREHOUSE, ignore_errors=True)
