"""A graph store of another package: the embedded one under another name."""

from fullcircle.graph.stores.sqlite.store import Sqlite


class Shelf(Sqlite):
    """See `graph.base.GraphStore`."""


PLUGIN = Shelf
