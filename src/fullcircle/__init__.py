"""A customer 360 view, kept as a graph. Read pipeline.py first: it is the whole story."""

__version__ = "0.1.0"
