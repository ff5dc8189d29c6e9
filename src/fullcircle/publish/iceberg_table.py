"""Reads a table of a catalog of Iceberg tables, for a join. The settings are the properties that pyiceberg has for a catalog."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
from pyiceberg.catalog import load_catalog
from pyiceberg.exceptions import NoSuchTableError, ValidationError

from fullcircle.config.secrets import SCHEMES, secret
from fullcircle.config.sections import CatalogSettings
from fullcircle.errors import ConfigError, FullcircleError, SourceChanged, SourceUnreachable

if TYPE_CHECKING:
    from fullcircle.publish.join import JoinPlaces

OWN_NAME = "fullcircle"  # of the catalog of the lake that a project publishes


def read_iceberg(name: str, settings: CatalogSettings, table: str, places: JoinPlaces) -> pa.RecordBatchReader:
    """The rows of the newest snapshot of "namespace.table", as a stream."""
    what = f"[publish.catalogs.{name}]"
    try:
        called, properties = _catalog(name, settings, places)
        found = load_catalog(called, **properties).load_table(table)
        return found.scan().to_arrow_batch_reader()
    except FullcircleError:
        raise
    except (NoSuchTableError, ValidationError):
        raise SourceChanged(f'{what} has no table "{table}".', "Name it with its namespace: sales.campaigns.") from None
    except ModuleNotFoundError as error:
        raise ConfigError(f"{what} needs the library {error.name}.", f"Run: pip install {error.name}") from None
    except Exception as error:  # each kind of catalog has errors of its own, whose texts may hold its address and login
        raise SourceUnreachable(f"{what} cannot be read ({type(error).__name__}).", "Check its type, uri and access.") from None


def _catalog(name: str, settings: CatalogSettings, places: JoinPlaces) -> tuple[str, dict[str, str]]:
    """The name and the properties of the catalog; values may be secret references."""
    if not settings.type:
        path = str(settings.options.get("path") or places.home / "lake")
        catalog = (places.config_folder / Path(path).expanduser()).resolve() / "catalog.sqlite"
        if not catalog.is_file():
            raise SourceUnreachable(f"[publish.catalogs.{name}]: there is no lake in {catalog.parent}.", "Set its type and uri.")
        return OWN_NAME, {"type": "sql", "uri": f"sqlite:///{catalog}"}
    found = {"type": settings.type}
    for key, value in settings.options.items():
        if key == "name":
            continue
        text = str(value)
        reference = text.startswith(SCHEMES) and "://" not in text
        found[key] = secret(text, f"[publish.catalogs.{name}] {key}", places.config_folder).reveal() if reference else text
    return str(settings.options.get("name") or name), found
