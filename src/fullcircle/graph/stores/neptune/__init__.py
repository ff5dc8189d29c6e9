"""The `neptune` store: Amazon Neptune, a Gremlin server with more interfaces. Start at store.py."""
