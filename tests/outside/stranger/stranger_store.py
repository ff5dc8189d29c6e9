"""A graph store of another package: the embedded one under another name."""

from fullcircle.graph.stores.ladybug.store import Ladybug


class Shelf(Ladybug):
    """See `graph.base.GraphStore`."""


PLUGIN = Shelf
